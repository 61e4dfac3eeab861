// A job's stages, one after another: what is painted first, and what that is enlarged by.

#include "jobs/paint_job.h"

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/forwarding.h"
#include "base/part_progress.h"
#include "base/stop.h"
#include "canvas/noise.h"
#include "canvas/weighted_style.h"
#include "colour/colours.h"
#include "descent/optimize.h"
#include "image/resize.h"
#include "image/size.h"
#include "instant/along_edges.h"
#include "instant/enlarge.h"
#include "instant/paint_areas.h"
#include "instant/sketch.h"
#include "options/checks.h"

namespace impasto {

namespace {

// On the way only the colours count.
Image colours_at(const Image& image, const Size& size, Storage storage) {
  return resize_colours(image, size.width, size.height, image.samples(), storage);
}

class JobRun {
 public:
  JobRun(const Job& job, const JobPictures& pictures, const Networks& networks, Session& session)
      : job_(job),
        o_(job.options),
        content_(pictures.content),
        styles_(pictures.styles),
        networks_(networks),
        session_(session) {
    if (!pictures.regions.empty()) {
      areas_ = make_areas(styles_, pictures.regions, o_, job.size);
    }
    const auto kind = [&](size_t i) { return job.stages[i].kind; };
    while (scales_ < job.stages.size() && kind(scales_) == StageKind::optimize) ++scales_;
    by_edges_ = kind(job.stages.size() - 1) == StageKind::by_edges;
  }

  StylizeResult paint(Progress& callers) {
    std::optional<AreasProgress> with_photograph;
    if (areas_) with_photograph.emplace(callers, *content_, *areas_);
    ColouredPreviews progress(areas_ ? *with_photograph : callers, *content_, o_);
    const size_t first = std::max<size_t>(scales_, 1);  // stages of what is painted first
    const size_t painted = job_.stages.size() - (by_edges_ ? 1 : 0);
    // All but the largest of pictures are painted at their own size.
    const Size size = job_.stages[painted - 1].size;
    const SharedImage source =
        by_edges_ ? std::make_shared<const Image>(colours_at(*content_, size, job_.storage))
                  : content_;
    {
      PartProgress part(progress, begin_, 0, share_of(first));
      paint_first(source, part);
      learn(0, first, result_.seconds);
    }
    const auto enlarging = Clock::now();
    for (size_t i = first; i < painted && !result_.cancelled; ++i) {
      PartProgress part(progress, begin_, share_of(i), share_of(i + 1));
      enlarge_to(job_.stages[i].size, *source, part);
    }
    if (!result_.cancelled) learn(first, painted, seconds_since(enlarging));
    result_.planned_bytes = job_.peak_bytes;
    result_.threads = session_.options().threads;
    result_.quality = job_.quality;
    result_.seconds = seconds_since(begin_);
    if (!result_.painted) return std::move(result_);  // nobody needs it finished
    if (!same(size, size_of(result_.image))) {        // cancelled before its end
      result_.image = resize(result_.image, size.width, size.height);
    }
    if (by_edges_) enlarge_by_edges(*source, callers);
    finish();
    return std::move(result_);
  }

 private:
  // How much of the job is done before that stage, 0..1.
  double share_of(size_t end) const {
    double seconds = 0;
    for (size_t i = 0; i < end; ++i) seconds += job_.stages[i].seconds;
    return job_.seconds > 0 ? seconds / job_.seconds : 0;
  }
  void learn(size_t begin, size_t end, double seconds) const {
    if (result_.cancelled || begin == end) return;
    double expected = 0;
    for (size_t i = begin; i < end; ++i) expected += job_.stages[i].seconds;
    if (job_.stages[begin].kind != StageKind::optimize) {
      learn_pass(o_, expected, seconds);
    } else if (o_.time == 0) {
      learn_step(o_, expected, seconds);
    }
  }

  Instant& painter() {
    Instant& instant = networks_.instant();
    instant.set_most_bytes(job_.window_bytes);
    return instant;
  }
  StylizeResult at_once(const SharedImage& photo, const Size& size, Progress& progress) {
    return areas_ ? paint_areas(painter(), photo, *areas_, o_, size, progress)
                  : painter().paint(photo, styles_, size, progress);
  }

  double gentlest() const {
    if (!areas_) return o_.strength;
    double least = 100;
    for (const StyleArea& area : areas_->areas) least = std::min(least, area.strength);
    return least;
  }

  // What the descent begins with.
  Image start(const Image& photo, Progress& progress) {
    const Size size = size_of(photo);
    if (o_.start == "content") return photo;
    if (o_.start == "noise") {
      Random random(o_.seed);
      return noise(random, size, 0.5, 0.15);
    }
    const std::string file = start_file(o_);
    if (!file.empty()) return resize(read_image(file), size.width, size.height);
    Quiet quiet(progress);
    const SharedImage borrowed(SharedImage(), &photo);
    StylizeResult painted = at_once(borrowed, size, quiet);
    if (!painted.painted) throw Stopped();
    return sketch_from(std::move(painted.image), photo, gentlest());
  }

  void paint_first(const SharedImage& source, Progress& progress) {
    const Size size = job_.stages[std::max<size_t>(scales_, 1) - 1].size;
    if (scales_ == 0) {
      result_ = at_once(source, size, progress);
      return;
    }
    bool begun_painted = false;
    const auto begin_with = [&](const Image& photo) {
      Image first = start(photo, progress);
      begun_painted = o_.start == "instant";
      return first;
    };
    Engine& engine = networks_.engine();
    const bool last = spend_engine(session_);
    const std::vector<JobStage> scales(job_.stages.begin(),
                                       job_.stages.begin() + static_cast<ptrdiff_t>(scales_));
    const std::vector<WeightedStyle> styles =
        areas_ ? weighted(*areas_) : weighted(addresses(styles_), o_);
    result_ = optimize(engine, *source, styles, size, o_, scales, begin_with, last, progress);
    result_.painted = result_.painted || begun_painted;
    if (last) engine.backend->forget_compiled();
  }

  void enlarge_to(const Size& size, const Image& source, Progress& progress) {
    const bool full = same(size, size_of(source));
    const Image resized = full ? Image() : colours_at(source, size, job_.storage);
    const auto paint = [&](const PictureSource& picture, Image& canvas) {
      const bool done = areas_ ? paint_areas(painter(), picture, *areas_, o_, canvas, progress)
                               : painter().paint(picture, styles_, canvas, progress);
      result_.cancelled = !done;
      return done;
    };
    result_.image =
        enlarge(result_.image, full ? source : resized, o_.strength, paint, job_.storage);
  }

  void enlarge_by_edges(const Image& source, Progress& callers) {
    networks_.instant().rest();
    const auto started = Clock::now();
    const double from = share_of(job_.stages.size() - 1);
    const auto told = [&](double share) {
      const double left =
          share > 0 ? remaining_after(seconds_since(started), share) : job_.stages.back().seconds;
      callers.report({from + (1 - from) * share, seconds_since(begin_), left, "enlarging", {}});
    };
    const bool full = same(job_.size, size_of(*content_));
    const Image resized = full ? Image() : colours_at(*content_, job_.size, job_.storage);
    result_.image =
        enlarged_along_edges(std::move(result_.image), source, full ? *content_ : resized,
                             o_.strength, job_.storage, told);
  }

  // Alpha and metadata are the photograph's.
  void finish() {
    if (result_.image.alpha.empty()) {
      result_.image.alpha = resize_alpha(*content_, job_.size.width, job_.size.height);
    }
    result_.image.metadata = content_->metadata;
    give_colours(*content_, o_, result_.image);
    if (areas_) result_.image = over_photograph(result_.image, *content_, *areas_);
    result_.image.bits = result_bits(*content_, o_);
    result_.seconds = seconds_since(begin_);
  }

  const Job& job_;
  const StylizeOptions& o_;
  const SharedImage& content_;
  const std::vector<SharedPainting>& styles_;
  const Networks& networks_;
  Session& session_;
  const Clock::time_point begin_ = Clock::now();
  std::optional<Areas> areas_;
  size_t scales_ = 0;  // of the descent; 0: painted at once
  bool by_edges_ = false;
  StylizeResult result_;
};

}  // namespace

StylizeResult paint_job(const Job& job, const JobPictures& pictures, const Networks& networks,
                        Session& session, Progress& progress) {
  return JobRun(job, pictures, networks, session).paint(progress);
}

}  // namespace impasto
