#include "colour/colours.h"

#include <algorithm>
#include <functional>
#include <optional>

#include "canvas/picture.h"
#include "canvas/strip.h"
#include "colour/palette.h"
#include "image/oklab.h"
#include "image/resize.h"
#include "options/checks.h"

namespace impasto {

namespace {

// What has a colour of its own in the photograph, and what is a stroke: the stroke_side() at which
// colours are compared. Judged by eye: with more, strokes have no colours left.
constexpr int shapes_side = 32;
// A palette may miss that part of the wanted colourfulness before it counts as monochrome.
constexpr double hardly_missed = 0.1;
constexpr int judged_side = 768;  // of a painting that a result is measured against

// Whether each place has the photograph's colours.
bool keeps_places(const StylizeOptions& o) {
  return o.colors == Colors::luminance || o.colors == Colors::content;
}

// What is missing of the photograph's colours in each place of a painted picture, small; in Oklab,
// with a lightness of 0.
Image missing_colours(const Image& content, const Image& painted, const ColourMap& map,
                      double share) {
  const int longer = std::max(painted.width(), painted.height());
  const int strokes = stroke_side({painted.width(), painted.height()});
  const auto side = static_cast<int>(int64_t{longer} * shapes_side / strokes);
  const Size size = scaled_to(painted, std::clamp(side, 1, longer));
  const Image small = resize(painted, size.width, size.height);
  Image missing = resize(content, size.width, size.height);
  missing.alpha.clear();
  change_rows(missing,
              [&](int y, std::vector<float>& row, std::vector<float>& other, std::vector<float>&) {
                small.read(0, y, size.width, other.data());
                to_oklab(row.data(), size.width, row.data());
                to_oklab(other.data(), size.width, other.data());
                map.apply(other.data(), size.width);
                for (size_t i = 0; i < row.size(); ++i) {
                  row[i] = i % 3 == 0 ? 0 : static_cast<float>(share) * (row[i] - other[i]);
                }
              });
  return missing;
}

// How much of the colourfulness a map could not make, as there was none: 0..1.
double missed(const Palette& from, const ColourMap& map, const Palette& wanted) {
  const double reached = colourfulness(from, map), whole = colourfulness(wanted);
  if (!(reached < whole)) return 0;
  return std::max(0.0, 1 - reached / whole - hardly_missed) / (1 - hardly_missed);
}

// Another's hue and colourfulness.
void take_colours(const std::vector<float>& from, std::vector<float>& to) {
  for (size_t i = 0; i < to.size(); i += 3) std::copy_n(&from[i + 1], 2, &to[i + 1]);
}

}  // namespace

void give_colours(const Image& content, const StylizeOptions& o, Image& painted) {
  const bool luminance = o.colors == Colors::luminance;
  const double share = keeps_palette(o) ? 1 : 1 - o.palette / 100;
  if (share == 0 && !luminance) return;
  const Palette from = palette_of(painted), to = palette_of(content);
  const ColourMap map = luminance ? tone_map(from, to, share) : colour_map(from, to, share);
  const double local = o.colors == Colors::content ? 1 : share * missed(from, map, to);
  const Size size{painted.width(), painted.height()};
  const PictureSource photo = source_of(content, size);
  const Image missing =
      luminance || local == 0 ? Image() : missing_colours(content, painted, map, local);
  std::optional<Resizer> added;
  if (!missing.empty()) added.emplace(missing, size.width, size.height);
  change_rows(painted, [&](int y, std::vector<float>& row, std::vector<float>& other,
                           std::vector<float>& room) {
    to_oklab(row.data(), size.width, row.data());
    map.apply(row.data(), size.width);
    if (luminance) {
      photo.read(0, y, size.width, other.data());
      to_oklab(other.data(), size.width, other.data());
      take_colours(other, row);
    }
    if (added) {
      added->row(0, y, size.width, room, other.data());
      std::transform(row.begin(), row.end(), other.begin(), row.begin(), std::plus<>());
    }
    from_oklab(row.data(), size.width, row.data());
  });
}

bool changes_colours(const StylizeOptions& o) {
  return o.colors == Colors::luminance || keeps_palette(o) || o.palette < 100;
}

Image painted_colours(Image picture, const StylizeOptions& o) {
  if (!keeps_places(o)) return picture;
  const int width = picture.width();
  change_rows(picture, [&](int, std::vector<float>& row, std::vector<float>&, std::vector<float>&) {
    to_oklab(row.data(), width, row.data());
    for (size_t i = 0; i < row.size(); ++i) {
      if (i % 3 != 0) row[i] = 0;
    }
    from_oklab(row.data(), width, row.data());
  });
  return picture;
}

Image painting_in_colours(const Image& content, const StylizeOptions& o, const Image& painting) {
  const int longer = std::max(painting.width(), painting.height());
  const Size size = scaled_to(painting, std::min(longer, judged_side));
  Image result = resize(painting, size.width, size.height);
  const double share = keeps_palette(o) ? 1 : 1 - o.palette / 100;
  const Palette from = palette_of(result), to = palette_of(content);
  const ColourMap map = keeps_places(o) ? tone_map(from, to, share) : colour_map(from, to, share);
  change_rows(result, [&](int, std::vector<float>& row, std::vector<float>&, std::vector<float>&) {
    to_oklab(row.data(), size.width, row.data());
    map.apply(row.data(), size.width);
    from_oklab(row.data(), size.width, row.data());
  });
  return result;
}

void ColouredPreviews::preview(const Image& picture) {
  Image coloured = picture;
  give_colours(content_, options_, coloured);
  whole_.preview(coloured);
}

}  // namespace impasto
