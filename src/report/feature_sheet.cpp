#include "report/feature_sheet.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/number_text.h"
#include "image/draw.h"
#include "impasto/error.h"

namespace impasto {

namespace {

// Pixels of the sheet.
constexpr int margin = 28, gap = 10;
constexpr int longer_tile = 160, shortest_tile = 16, narrowest_cell = 108;
constexpr int maps_width = 8 * (longer_tile + gap);
constexpr int matrix_gap = 24, bar_width = 14, scale_width = 110;
constexpr int narrowest_sheet = 1250;  // the heading of a section has to fit
constexpr int smallest_matrix = 220, largest_matrix = 330;
constexpr int title_text = 30, heading_text = 24, body_text = 20, label_text = 17;
constexpr int64_t largest_sheet = 64'000'000;
constexpr double beyond_map = 0.005, beyond_matrix = 0.01;  // share of values that saturate
constexpr float ink = 0.1f, soft_ink = 0.35f, rule = 0.85f;

std::string size_text(int width, int height) {
  return std::to_string(width) + " \u00d7 " + std::to_string(height);
}

void fill(Image& canvas, int x, int y, int width, int height, float grey) {
  Image tile(width, height);
  std::fill_n(tile.data(), static_cast<size_t>(width) * height * 3, grey);
  blit(canvas, tile, x, y);
}

// Enlarges by repeating pixels, so that a feature stays a square, and shrinks smoothly.
Image fit(const Image& image, int width, int height) {
  Image large(std::max(width, image.width()), std::max(height, image.height()));
  for (int y = 0; y < large.height(); ++y) {
    const float* from = image.row(static_cast<int>(int64_t{y} * image.height() / large.height()));
    for (int x = 0; x < large.width(); ++x) {
      const int64_t column = int64_t{x} * image.width() / large.width();
      std::copy_n(from + 3 * column, 3, large.row(y) + 3 * x);
    }
  }
  if (large.width() == width && large.height() == height) return large;
  Image small = resize(large, width, height);
  const size_t values = static_cast<size_t>(width) * height * 3;
  std::transform(small.data(), small.data() + values, small.data(),
                 [](float v) { return std::clamp(v, 0.0f, 1.0f); });  // Lanczos overshoots
  return small;
}

std::string title_of(ChannelStatistic statistic) {
  if (statistic == ChannelStatistic::gram) return "Gram matrix";
  return statistic == ChannelStatistic::covariance ? "Covariance" : "Correlation";
}

struct Range {
  float low = 0, high = 0;
};

// What `cut` of the values lie above, and below when asked; so that a few extreme ones do not
// leave all others in the dark.
Range range_of(std::vector<float> values, double cut, bool cut_below) {
  std::erase_if(values, [](float v) { return !std::isfinite(v); });
  if (values.empty()) return {};
  std::sort(values.begin(), values.end());
  const size_t beyond = static_cast<size_t>(cut * static_cast<double>(values.size()));
  const Range range{values[cut_below ? beyond : 0], values[values.size() - 1 - beyond]};
  return range.low < range.high ? range : Range{values.front(), values.back()};
}

Image coloured(const std::vector<float>& values, int width, int height, Range range,
               MapColours map) {
  Image image = heat_map(values, width, height, range.low, range.high);
  if (map != MapColours::grey) return image;
  const float span = range.high > range.low ? range.high - range.low : 1;
  for (size_t i = 0; i < values.size(); ++i) {
    if (!std::isfinite(values[i])) continue;
    std::fill_n(image.data() + 3 * i, 3, std::clamp((values[i] - range.low) / span, 0.0f, 1.0f));
  }
  return image;
}

class Sheet {
 public:
  Sheet(const Image& photo, const std::vector<TapView>& views, const InspectOptions& options)
      : photo_(photo), options_(options) {
    const double longer = std::max(photo.width(), photo.height());
    const auto side = [&](int pixels) {
      return std::max(shortest_tile, static_cast<int>(std::lround(longer_tile * pixels / longer)));
    };
    tile_ = {side(photo.width()), side(photo.height())};
    cell_width_ = std::max(tile_.width, narrowest_cell) + gap;
    cell_height_ = tile_.height + label_text + gap;
    size_t most = 1;
    for (const TapView& view : views) most = std::max(most, view.maps.size());
    columns_ = std::clamp(maps_width / cell_width_, 1, static_cast<int>(most));
    // Rows of the same length look better than a full one and a rest.
    const int rows = rows_for(most);
    columns_ = (static_cast<int>(most) + rows - 1) / rows;
    matrix_side_ =
        std::clamp(rows * cell_height_ - gap - label_text, smallest_matrix, largest_matrix);
    matrix_left_ = margin + columns_ * cell_width_ - gap + matrix_gap;
    width_ = std::max(matrix_left_ + matrix_side_ + gap + bar_width + scale_width + margin,
                      narrowest_sheet);
    int height = margin + header_height();
    for (const TapView& view : views) height += section_height(view);
    if (int64_t{width_} * height > largest_sheet) {
      throw Error(ErrorCode::usage, "the sheet would have " + size_text(width_, height) +
                                        " pixels: choose fewer `layers` or `channels`");
    }
    canvas_ = Image(width_, height + margin);
    std::fill_n(canvas_.data(), static_cast<size_t>(width_) * canvas_.height() * 3, 1.0f);
  }

  void draw_header(const std::vector<std::pair<std::string, int>>& lines) {
    blit(canvas_, fit(photo_, 3 * tile_.width / 2, 3 * tile_.height / 2), margin, top_);
    int y = top_;
    for (const auto& [line, height] : lines) {
      text(line, margin + 3 * tile_.width / 2 + matrix_gap, y, height,
           height == title_text ? ink : soft_ink);
      y += height + 6;
    }
    top_ += header_height();
  }

  void draw_section(const TapView& view) {
    const TapStatistics& s = view.statistics;
    fill(canvas_, margin, top_, width_ - 2 * margin, 1, rule);
    int y = top_ + gap;
    const int heading = text(s.tap, margin, y, heading_text, ink);
    text(std::to_string(s.channels) + " channels of " + size_text(s.width, s.height) +
             "      mean " + significant(s.mean, 3) + "      deviation " +
             significant(s.deviation, 3) + "      largest " + significant(s.largest, 3) +
             "      dead channels " + std::to_string(s.dead_channels) +
             "      condition of the covariance " +
             (std::isinf(s.condition) ? "infinite" : significant(s.condition, 3)),
         margin + heading + 2 * gap, y + heading_text - body_text, body_text, soft_ink);
    y += heading_text + gap;
    for (size_t i = 0; i < view.maps.size(); ++i) {
      const int x = margin + static_cast<int>(i) % columns_ * cell_width_;
      draw_map(view, i, x, y + static_cast<int>(i) / columns_ * cell_height_);
    }
    draw_matrix(view, y);
    top_ += section_height(view);
  }

  Image take() { return std::move(canvas_); }

 private:
  int rows_for(size_t maps) const { return (static_cast<int>(maps) + columns_ - 1) / columns_; }
  int header_height() const {
    return std::max(3 * tile_.height / 2, title_text + 5 * (body_text + 6)) + 2 * gap;
  }
  int section_height(const TapView& view) const {
    const int maps = rows_for(view.maps.size()) * cell_height_;
    return gap + heading_text + gap + std::max(maps, matrix_side_ + label_text + gap) + gap;
  }

  // Returns the width of what was written.
  int text(const std::string& line, int x, int y, int height, float grey) {
    const Image drawn = render_text(line, height, grey);
    blit(canvas_, drawn, x, y);
    return drawn.width();
  }

  void draw_map(const TapView& view, size_t i, int x, int y) {
    const TapStatistics& s = view.statistics;
    const Range range = range_of(view.maps[i], beyond_map, false);
    blit(canvas_,
         fit(coloured(view.maps[i], s.width, s.height, range, options_.map), tile_.width,
             tile_.height),
         x, y);
    const int number =
        text("#" + std::to_string(s.strongest[i]), x, y + tile_.height + 1, label_text, ink);
    text("\u03c3 " + significant(view.deviations[i], 3), x + number + gap, y + tile_.height + 1,
         label_text, soft_ink);
  }

  void draw_matrix(const TapView& view, int y) {
    const int channels = view.statistics.channels;
    const Range range = options_.statistic == ChannelStatistic::correlation
                            ? Range{-1, 1}
                            : range_of(view.matrix, beyond_matrix, true);
    blit(canvas_,
         fit(heat_map(view.matrix, channels, channels, range.low, range.high), matrix_side_,
             matrix_side_),
         matrix_left_, y);
    const int named = text(title_of(options_.statistic) + ", " + size_text(channels, channels),
                           matrix_left_, y + matrix_side_ + 1, label_text, ink);
    const Range whole = range_of(view.matrix, 0, false);
    text(significant(whole.low, 3) + " to " + significant(whole.high, 3),
         matrix_left_ + named + gap, y + matrix_side_ + 1, label_text, soft_ink);

    std::vector<float> ramp;
    for (int i = 0; i < matrix_side_; ++i) {
      ramp.push_back(1 - static_cast<float>(i) / static_cast<float>(matrix_side_ - 1));
    }
    const int bar = matrix_left_ + matrix_side_ + gap;
    blit(canvas_, fit(heat_map(ramp, 1, matrix_side_, 0, 1), bar_width, matrix_side_), bar, y);
    for (int i = 0; i <= 4; ++i) {
      const int tick = y + i * (matrix_side_ - 1) / 4;
      const double value = range.high - (range.high - range.low) * (i / 4.0);
      fill(canvas_, bar + bar_width, tick, 4, 1, soft_ink);
      text(significant(value, 3), bar + bar_width + 8,
           std::clamp(tick - label_text / 2, y, y + matrix_side_ - label_text), label_text,
           soft_ink);
    }
  }

  const Image& photo_;
  const InspectOptions& options_;
  Size tile_{};
  int cell_width_, cell_height_, columns_, matrix_side_, matrix_left_, width_;
  int top_ = margin;
  Image canvas_;
};

std::string meaning(ChannelStatistic statistic) {
  const std::string name = title_of(statistic);
  if (statistic == ChannelStatistic::correlation) {
    return name + " of the channels over the positions; grey: a channel that does not vary.";
  }
  return name +
         (statistic == ChannelStatistic::gram ? ": mean over the positions of channel times channel"
                                              : " of the channels over the positions") +
         "; 1 % at each end of the scale saturate.";
}

// A file's path says more about a machine than about the network.
std::string short_name(const Network& network) {
  return std::filesystem::path(network.name).filename().string();
}

}  // namespace

Image draw_feature_sheet(const Image& photo, const std::vector<TapView>& views,
                         const InspectOptions& options, const Network& network) {
  Sheet sheet(photo, views, options);
  const std::string title = options.title.empty() ? "Features" : options.title;
  sheet.draw_header(
      {{title, title_text},
       {size_text(photo.width(), photo.height()) + " pixels, network " + short_name(network) +
            " (SHA-256 " + network.sha256.substr(0, 12) + "...)",
        body_text},
       {"Channels by falling variance; \u03c3 their deviation.", body_text},
       {"Each map from its least value, " +
            std::string(options.map == MapColours::grey ? "black" : "dark blue") +
            ", to the one that 0.5 % exceed, " +
            (options.map == MapColours::grey ? "white." : "yellow."),
        body_text},
       {meaning(options.statistic), body_text}});
  for (const TapView& view : views) sheet.draw_section(view);
  return sheet.take();
}

}  // namespace impasto
