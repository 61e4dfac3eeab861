// The classic: from small scales to large ones, a descent on the picture itself.

#include "methods/optimize.h"

#include <algorithm>
#include <chrono>
#include <cmath>

#include "methods/checks.h"
#include "methods/joined.h"
#include "methods/picture.h"
#include "methods/schedule.h"

namespace impasto {

namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

// One run: state that the scales share.
class Run {
 public:
  Run(Engine& engine, const Image& content, const std::vector<WeightedStyle>& styles,
      const Size& size, const StylizeOptions& o, const StartingPicture& start, bool last_picture,
      Progress& progress)
      : engine_(engine),
        content_(content),
        styles_(styles),
        size_(size),
        options_(o),
        start_(start),
        last_picture_(last_picture),
        progress_(progress),
        begin_(Clock::now()) {}

  StylizeResult paint() {
    result_.network_sha256 = engine_.network.sha256;
    result_.precision = name_of(engine_.type);

    scales_ = plan_scales(size_.width, size_.height, options_);
    for (ScaleStage& s : scales_) {
      if (!engine_.joined) break;
      s.width = joined_side(s.width);
      s.height = joined_side(s.height);
    }
    result_.planned_bytes =
        checked_bytes(engine_, {scales_.back().width, scales_.back().height}, styles_, options_);
    Image picture, photo_before;
    for (size_t i = 0; i < scales_.size() && !result_.cancelled; ++i) {
      const Image photo = resize(content_, scales_[i].width, scales_[i].height);
      picture = picture.empty() ? start_(photo) : enlarged(picture, photo_before, photo);
      picture = paint_scale(i, photo, picture);
      photo_before = photo;
    }
    result_.image = to_image(to_tensor(resized(picture, size_.width, size_.height)));
    // Alpha and metadata are the photograph's.
    const Image at_size = resize(content_, size_.width, size_.height);
    result_.image.alpha = at_size.alpha;
    result_.image.metadata = at_size.metadata;
    result_.image.bits = at_size.bits;
    result_.seconds = seconds_since(begin_);
    return std::move(result_);
  }

 private:
  Image resized(const Image& picture, int width, int height) const {
    return engine_.joined ? resize_joined(picture, width, height) : resize(picture, width, height);
  }

  // The result of one scale as the start of the next. Below strength 50 the photograph's detail
  // that the smaller scale could not hold comes back, all of it at 0: what is not painted stays.
  Image enlarged(const Image& picture, const Image& photo_before, const Image& photo) const {
    Image start = resized(picture, photo.width(), photo.height());
    const bool painted = options_.start == "content" || options_.start == "instant";
    const double share = painted ? 1 - options_.strength / 50 : 0;
    if (share <= 0) return start;
    const Image blurred = resize(photo_before, photo.width(), photo.height());
    for (int64_t i = 0; i < int64_t{3} * photo.width() * photo.height(); ++i) {
      start.data()[i] += static_cast<float>(share) * (photo.data()[i] - blurred.data()[i]);
    }
    return start;
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
    const bool last = index + 1 == scales_.size();
    StylizeOptions o = options_;
    if (!last) o.margin /= 2;  // what the frame does to a small scale is painted over
    ScaleRun run(engine_, photo, start, styles_, o);
    // The first step packs the parameters: the last picture's last scale needs no second copy.
    if (last_picture_ && last) engine_.network.graph.reset();
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

  Engine& engine_;
  const Image& content_;
  const std::vector<WeightedStyle>& styles_;
  const Size size_;
  const StylizeOptions& options_;
  const StartingPicture& start_;
  const bool last_picture_;
  Progress& progress_;
  const Clock::time_point begin_;
  Clock::time_point last_preview_;
  double last_fraction_ = 0;
  std::vector<ScaleStage> scales_;
  StylizeResult result_;
};

}  // namespace

StylizeResult optimize(Engine& engine, const Image& content,
                       const std::vector<WeightedStyle>& styles, const Size& size,
                       const StylizeOptions& o, const StartingPicture& start, bool last_picture,
                       Progress& progress) {
  return Run(engine, content, styles, size, o, start, last_picture, progress).paint();
}

}  // namespace impasto
