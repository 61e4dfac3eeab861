// The classic: from small scales to large ones, a descent on the picture itself.

#include "descent/optimize.h"

#include <algorithm>
#include <cmath>

#include "base/clock.h"
#include "base/stop.h"
#include "canvas/joined.h"
#include "canvas/picture.h"
#include "canvas/weighted_style.h"
#include "descent/alike.h"
#include "image/resize.h"

namespace impasto {

namespace {

double work_of(const JobStage& s) {
  return s.cost * s.size.width * s.size.height * s.steps;
}

// One run: state that the scales share.
class Run {
 public:
  Run(Engine& engine, const Image& content, const std::vector<WeightedStyle>& styles,
      const Size& size, const StylizeOptions& o, const std::vector<JobStage>& scales,
      const StartingPicture& start, bool last_picture, Progress& progress)
      : engine_(engine),
        content_(content),
        styles_(styles),
        size_(size),
        options_(o),
        scales_(scales),
        start_(start),
        last_picture_(last_picture),
        progress_(progress),
        begin_(Clock::now()) {}

  StylizeResult paint() {
    const StopScope stop([this] { return progress_.cancelled(); });
    result_.network_sha256 = engine_.network.sha256;
    result_.precision = precision_of(engine_);

    Image picture;
    SharedImage photo_before;
    for (size_t i = 0; i < scales_.size() && !result_.cancelled; ++i) {
      const SharedImage photo = photo_at(i);
      Image first;
      try {
        if (progress_.cancelled()) throw Stopped();
        if (i == 0) find_what_is_alike();
        first = picture.empty()  ? start_(*photo)
                : engine_.joined ? resize_joined(picture, photo->width(), photo->height())
                                 : Image();
        const PictureSource start =
            first.empty() ? enlarged(picture, *photo_before, *photo) : source_of(first);
        ScaleRun run = begin_scale(i, *photo, start);
        first = picture = Image();  // the start was taken in
        photo_before.reset();
        picture = paint_scale(i, run);
        photo_before = photo;
      } catch (const Stopped&) {  // while paintings were looked at
        if (!first.empty()) picture = std::move(first);
        if (picture.empty()) picture = resize(*photo, photo->width(), photo->height());
        result_.cancelled = true;
      }
    }
    photo_before.reset();
    if (!same(size_of(picture), size_)) {
      picture = engine_.joined
                    ? to_image(to_tensor(resize_joined(picture, size_.width, size_.height)))
                    : to_image(to_tensor(source_of(picture, size_)));
    }
    result_.painted = !result_.losses.empty();
    result_.image = std::move(picture);
    // Alpha and metadata are the photograph's.
    result_.image.alpha = resize_alpha(content_, size_.width, size_.height);
    result_.image.metadata = content_.metadata;
    result_.image.bits = content_.bits;
    result_.seconds = seconds_since(begin_);
    return std::move(result_);
  }

 private:
  // Nothing of it where textures join, or styles have their areas.
  void find_what_is_alike() {
    if (options_.match == 0 || options_.content_weight == 0 || engine_.joined) return;
    for (WeightedStyle& style : styles_) {
      if (style.area || style.image->learned) continue;
      style.alike = find_alike_parts(engine_.network, *engine_.backend, engine_.type,
                                     source_of(content_), source_of(*style.image));
    }
  }

  // The photograph, which has to be there all the time that it is painted in windows: in a file.
  SharedImage photo_at(size_t index) const {
    const Size& size = scales_[index].size;
    if (!scales_[index].in_windows()) {
      return std::make_shared<const Image>(resize(content_, size.width, size.height));
    }
    if (same(size, size_of(content_))) return SharedImage(SharedImage(), &content_);
    return std::make_shared<const Image>(
        resize_colours(content_, size.width, size.height, Samples::wide, Storage::file));
  }

  // The result of one scale as the start of the next. Below strength 50 the photograph's detail
  // that the smaller scale could not hold comes back, all of it at 0: what is not painted stays.
  PictureSource enlarged(const Image& picture, const Image& photo_before,
                         const Image& photo) const {
    const Size size = size_of(photo);
    const PictureSource start = source_of(picture, size);
    const bool from_photo = options_.start == "content" || options_.start == "instant";
    const double share = from_photo ? 1 - options_.strength / 50 : 0;
    if (share <= 0) return start;
    const auto add_detail = [start, sharp = source_of(photo),
                             blurred = source_of(photo_before, size),
                             k = static_cast<float>(share)](int x, int y, int count, float* to) {
      std::vector<float> with(static_cast<size_t>(count) * 3), without(with);
      start.read(x, y, count, to);
      sharp.read(x, y, count, with.data());
      blurred.read(x, y, count, without.data());
      for (size_t i = 0; i < with.size(); ++i) to[i] += k * (with[i] - without[i]);
    };
    return {size.width, size.height, add_detail};
  }

  // With --time: when this scale has to end, by its share of the work that is left.
  double deadline(size_t index) const {
    if (options_.time <= 0) return INFINITY;
    double left = 0;
    for (size_t i = index; i < scales_.size(); ++i) left += work_of(scales_[i]);
    const double now = seconds_since(begin_);
    return now + std::max(0.0, options_.time * 0.97 - now) * work_of(scales_[index]) / left;
  }

  void report(size_t index, int step, int steps, const LossPoint& point) {
    double done = 0, all = 0;
    for (size_t i = 0; i < scales_.size(); ++i) {
      all += work_of(scales_[i]);
      if (i < index) done += work_of(scales_[i]);
    }
    done += work_of(scales_[index]) * step / steps;
    ProgressReport r;
    r.seconds = seconds_since(begin_);
    r.fraction = options_.time > 0 ? std::min(1.0, r.seconds / options_.time) : done / all;
    r.fraction = last_fraction_ = std::max(r.fraction, last_fraction_);
    r.remaining = options_.time > 0 ? std::max(0.0, options_.time - r.seconds)
                                    : r.seconds / std::max(done / all, 1e-6) * (1 - done / all);
    r.stage = std::to_string(longer_side(scales_[index].size)) + " px, step " +
              std::to_string(step) + (options_.time > 0 ? "" : " of " + std::to_string(steps));
    r.step = static_cast<int>(result_.losses.size());
    r.losses = point.terms;
    progress_.report(r);
  }

  ScaleRun begin_scale(size_t index, const Image& photo, const PictureSource& start) const {
    StylizeOptions o = options_;
    // What the frame does to a small scale is painted over.
    if (index + 1 < scales_.size()) o.margin /= 2;
    return ScaleRun(engine_, source_of(photo), start, styles_, o, scales_[index]);
  }

  Image paint_scale(size_t index, ScaleRun& run) {
    const JobStage& scale = scales_[index];
    // The first step packs the parameters: the last picture's last scale needs no second copy.
    if (last_picture_ && index + 1 == scales_.size()) engine_.network.graph.reset();
    // With a time limit the clock ends a scale, not the count of steps.
    const int steps = options_.time > 0 ? std::max(scale.steps, 1000) : scale.steps;
    const double end = deadline(index);
    for (int step = 1; step <= steps; ++step) {
      if (!run.step()) {
        result_.cancelled = true;
        break;
      }
      result_.losses.push_back({longer_side(scale.size), step, run.terms()});
      report(index, step, steps, result_.losses.back());
      if (progress_.wants_preview() &&
          seconds_since(last_preview_) >= progress_.preview_interval()) {
        progress_.preview(run.preview());
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
  std::vector<WeightedStyle> styles_;
  const Size size_;
  const StylizeOptions& options_;
  const std::vector<JobStage>& scales_;
  const StartingPicture& start_;
  const bool last_picture_;
  Progress& progress_;
  const Clock::time_point begin_;
  Clock::time_point last_preview_;
  double last_fraction_ = 0;
  StylizeResult result_;
};

}  // namespace

StylizeResult optimize(Engine& engine, const Image& content,
                       const std::vector<WeightedStyle>& styles, const Size& size,
                       const StylizeOptions& o, const std::vector<JobStage>& scales,
                       const StartingPicture& start, bool last_picture, Progress& progress) {
  return Run(engine, content, styles, size, o, scales, start, last_picture, progress).paint();
}

}  // namespace impasto
