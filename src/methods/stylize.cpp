#include "impasto/stylize.h"

#include <algorithm>
#include <chrono>
#include <cmath>
#include <fstream>

#include "base/random.h"
#include "impasto/error.h"
#include "methods/picture.h"
#include "methods/scale_run.h"
#include "methods/schedule.h"

namespace impasto {

namespace {

using Clock = std::chrono::steady_clock;

constexpr int smallest_picture = 16;  // pixels of a side; below, there is nothing to paint

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

// Bytes that new allocations can get without swapping; a large number when it cannot be told.
uint64_t available_memory() {
  std::ifstream info("/proc/meminfo");
  std::string word;
  uint64_t kilobytes = 0;
  while (info >> word) {
    if (word == "MemAvailable:" && info >> kilobytes) return kilobytes * 1024;
  }
  return UINT64_MAX;
}

Image starting_picture(const StylizeOptions& o, const Image& photo) {
  if (o.start == "content") return photo;
  if (o.start != "noise") return resize(read_image(o.start), photo.width(), photo.height());
  Image noise(photo.width(), photo.height());
  Random random(o.seed);
  for (int64_t i = 0; i < int64_t{3} * noise.width() * noise.height(); ++i) {
    noise.data()[i] = static_cast<float>(0.5 + 0.15 * random.normal());
  }
  return noise;
}

void check(const Image& content, const std::vector<Image>& styles, const StylizeOptions& o) {
  const auto too_small = [](const Image& image) {
    return image.width() < smallest_picture || image.height() < smallest_picture;
  };
  const auto size = [](const Image& image) {
    return std::to_string(image.width()) + "x" + std::to_string(image.height());
  };
  if (too_small(content)) {
    throw Error(ErrorCode::input,
                "the photograph is too small to paint: expected at least 16x16 "
                "pixels, found " +
                    size(content));
  }
  if (styles.empty()) throw Error(ErrorCode::usage, "no painting to take the style from (--style)");
  for (size_t i = 0; i < styles.size(); ++i) {
    if (too_small(styles[i])) {
      throw Error(ErrorCode::input, "painting " + std::to_string(i + 1) +
                                        " is too small to learn from: expected at least 16x16 "
                                        "pixels, found " +
                                        size(styles[i]));
    }
  }
  if (!o.style_weights.empty() && o.style_weights.size() != styles.size()) {
    throw Error(ErrorCode::usage, std::to_string(styles.size()) + " paintings but " +
                                      std::to_string(o.style_weights.size()) + " weights");
  }
  double sum = o.style_weights.empty() ? 1 : 0;
  for (const double w : o.style_weights) {
    if (!(w >= 0) || !std::isfinite(w)) {
      throw Error(ErrorCode::usage, "a painting's weight must be 0 or more");
    }
    sum += w;
  }
  if (!(sum > 0)) throw Error(ErrorCode::usage, "all paintings have weight 0");
  if (o.content_weight == 0 && o.style_weight == 0) {
    throw Error(ErrorCode::usage, "--content-weight 0 and --style-weight 0 leave nothing to paint");
  }
  if (o.size > 0 && o.size < smallest_picture) {
    throw Error(ErrorCode::usage,
                "--size: expected at least 16 pixels, found " + std::to_string(o.size));
  }
}

// One run: state that the scales share.
class Run {
 public:
  Run(const Image& content, const std::vector<Image>& styles, const StylizeOptions& o,
      Progress& progress)
      : content_(content), options_(o), progress_(progress), begin_(Clock::now()) {
    for (size_t i = 0; i < styles.size(); ++i) {
      styles_.push_back({&styles[i], o.style_weights.empty() ? 1.0 : o.style_weights[i]});
    }
  }

  StylizeResult paint() {
    engine_ = open_engine(options_);
    result_.network_sha256 = engine_.network.sha256;
    result_.precision = name_of(engine_.type);

    const Size size = options_.size > 0 ? scaled_to(content_, options_.size)
                                        : Size{content_.width(), content_.height()};
    scales_ = plan_scales(size.width, size.height, options_);
    check_memory(scales_.back());
    Image picture, photo_before;
    for (size_t i = 0; i < scales_.size() && !result_.cancelled; ++i) {
      const Image photo = resize(content_, scales_[i].width, scales_[i].height);
      picture = picture.empty() ? starting_picture(options_, photo)
                                : enlarged(picture, photo_before, photo);
      picture = paint_scale(i, photo, picture);
      photo_before = photo;
    }
    result_.image = to_image(to_tensor(resize(picture, size.width, size.height)));
    // Alpha and metadata are the photograph's.
    const Image at_size = resize(content_, size.width, size.height);
    result_.image.alpha = at_size.alpha;
    result_.image.metadata = at_size.metadata;
    result_.seconds = seconds_since(begin_);
    return std::move(result_);
  }

 private:
  // The result of one scale as the start of the next. Below strength 50 the photograph's detail
  // that the smaller scale could not hold comes back, all of it at 0: what is not painted stays.
  Image enlarged(const Image& picture, const Image& photo_before, const Image& photo) const {
    Image start = resize(picture, photo.width(), photo.height());
    const double share = options_.start == "content" ? 1 - options_.strength / 50 : 0;
    if (share <= 0) return start;
    const Image blurred = resize(photo_before, photo.width(), photo.height());
    for (int64_t i = 0; i < int64_t{3} * photo.width() * photo.height(); ++i) {
      start.data()[i] += static_cast<float>(share) * (photo.data()[i] - blurred.data()[i]);
    }
    return start;
  }

  void check_memory(const ScaleStage& scale) {
    const auto bytes_for = [&](int width, int height) {
      return scale_bytes(engine_, {width, height}, styles_, options_);
    };
    result_.planned_bytes = bytes_for(scale.width, scale.height);
    const uint64_t available = available_memory();
    if (result_.planned_bytes < available) return;
    int fits = scale.longer_side();
    for (double factor = 0.9; fits > smallest_picture; factor *= 0.9) {
      fits = static_cast<int>(scale.longer_side() * factor);
      const int w = std::max(1, static_cast<int>(scale.width * factor));
      const int h = std::max(1, static_cast<int>(scale.height * factor));
      if (bytes_for(w, h) < available) break;
    }
    throw Error(ErrorCode::memory, "painting " + std::to_string(scale.width) + "x" +
                                       std::to_string(scale.height) + " needs " +
                                       std::to_string(result_.planned_bytes >> 20) + " MiB, " +
                                       std::to_string(available >> 20) + " MiB are free; --size " +
                                       std::to_string(fits) + " would fit");
  }

  // With --time: when this scale has to end, by its share of the work that is left.
  double deadline(size_t index) const {
    if (options_.time <= 0) return INFINITY;
    double left = 0;
    for (size_t i = index; i < scales_.size(); ++i) left += scales_[i].work();
    const double now = seconds_since(begin_);
    return now + std::max(0.0, options_.time * 0.97 - now) * scales_[index].work() / left;
  }

  void report(size_t index, int step, int steps, const LossPoint& point) {
    double done = 0, all = 0;
    for (size_t i = 0; i < scales_.size(); ++i) {
      all += scales_[i].work();
      if (i < index) done += scales_[i].work();
    }
    done += scales_[index].work() * step / steps;
    ProgressReport r;
    r.seconds = seconds_since(begin_);
    r.fraction = options_.time > 0 ? std::min(1.0, r.seconds / options_.time) : done / all;
    r.fraction = last_fraction_ = std::max(r.fraction, last_fraction_);
    r.remaining = options_.time > 0 ? std::max(0.0, options_.time - r.seconds)
                                    : r.seconds / std::max(done / all, 1e-6) * (1 - done / all);
    r.stage = std::to_string(scales_[index].longer_side()) + " px, step " + std::to_string(step) +
              (options_.time > 0 ? "" : " of " + std::to_string(steps));
    r.losses = point.terms;
    progress_.report(r);
  }

  Image paint_scale(size_t index, const Image& photo, const Image& start) {
    const ScaleStage& scale = scales_[index];
    ScaleRun run(engine_, photo, start, styles_, options_);
    // With a time limit the clock ends a scale, not the count of steps.
    const int steps = options_.time > 0 ? std::max(scale.steps, 1000) : scale.steps;
    const double end = deadline(index);
    for (int step = 1; step <= steps; ++step) {
      run.step();
      result_.losses.push_back({scale.longer_side(), step, run.terms()});
      report(index, step, steps, result_.losses.back());
      if (progress_.wants_preview() &&
          seconds_since(last_preview_) >= progress_.preview_interval()) {
        progress_.preview(run.picture());
        last_preview_ = Clock::now();
      }
      if (progress_.cancelled()) {
        result_.cancelled = true;
        break;
      }
      if (seconds_since(begin_) >= end) break;
    }
    return run.finish();
  }

  const Image& content_;
  std::vector<WeightedStyle> styles_;
  const StylizeOptions& options_;
  Progress& progress_;
  const Clock::time_point begin_;
  Clock::time_point last_preview_;
  double last_fraction_ = 0;
  Engine engine_;
  std::vector<ScaleStage> scales_;
  StylizeResult result_;
};

}  // namespace

StylizeResult stylize(const Image& content, const std::vector<Image>& styles,
                      const StylizeOptions& options, Progress& progress) {
  StylizeOptions checked = options;
  for (const Option& option : stylize_options(checked)) option.set(option.get());  // ranges
  check(content, styles, checked);
  return Run(content, styles, checked, progress).paint();
}

}  // namespace impasto
