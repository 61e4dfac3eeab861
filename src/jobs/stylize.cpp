#include "impasto/stylize.h"

#include <algorithm>
#include <optional>

#include "base/clock.h"
#include "base/forwarding.h"
#include "base/part_progress.h"
#include "base/stop.h"
#include "canvas/noise.h"
#include "canvas/picture.h"
#include "canvas/weighted_style.h"
#include "colour/colours.h"
#include "descent/optimize.h"
#include "image/resize.h"
#include "impasto/stylizer.h"
#include "instant/along_edges.h"
#include "instant/enlarge.h"
#include "instant/instant.h"
#include "instant/paint_areas.h"
#include "jobs/plan.h"
#include "jobs/quality.h"
#include "options/checks.h"
#include "zoo/session.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

// For the time of a call; nothing that is learned of it is kept.
SharedImage borrowed(const Image& image) {
  return SharedImage(SharedImage(), &image);
}

// On the way only the colours count.
Image colours_at(const Image& image, const Size& size, Storage storage) {
  return resize_colours(image, size.width, size.height, image.samples(), storage);
}

}  // namespace

struct Stylizer::Impl {
  Session& session;
  const size_t reserved;
  StylizeOptions options;
  Regions regions;
  std::shared_ptr<Engine> engine = {};    // of the method "optimize", once it is needed
  std::shared_ptr<Instant> instant = {};  // of the method "instant", and of that start
  size_t window_bytes = usual_window_bytes;

  // Whether no size of picture needs the other method.
  bool only_instant() const {
    return options.method == Method::instant || options.quality == Quality::draft;
  }
  bool only_optimize() const {
    return options.method == Method::optimize || options.quality == Quality::best ||
           options.quality == Quality::good;
  }
  Engine& opened_engine() { return *(engine = engine_of(session, options)); }
  // The decoder works on the built-in encoder's features: another encoder is not its business.
  StylizeOptions instant_options() const {
    StylizeOptions o = options;
    if (!only_instant()) o.network = default_network;
    return o;
  }
  Instant& opened_instant() {
    instant = instant_of(session, instant_options());
    instant->set_most_bytes(window_bytes);
    return *instant;
  }
  Networks networks() {
    return {[this]() -> Instant& { return opened_instant(); },
            [this]() -> Engine& { return opened_engine(); }};
  }
  void open() {
    if (only_instant()) opened_instant();
    if (only_optimize()) opened_engine();
  }
  StylizePlan plan(PlanInputs);

  // What is painted, and in what: the styles everywhere where there are no areas.
  struct Job {
    const std::vector<SharedImage>& styles;
    std::optional<Areas> areas;
  };
  StylizeResult paint_at_once(const SharedImage& content, const Job&, const Size&, Progress&);
  bool paint_at_once(const PictureSource&, const Job&, Image& canvas, Progress&);
  Image start(const Image& photo, const Job&, const StylizeOptions&, Progress&);
  StylizeResult paint(const SharedImage& content, const std::vector<SharedImage>& styles,
                      Progress&);
};

StylizePlan Stylizer::Impl::plan(PlanInputs inputs) {
  inputs.budget = budget_of(session, reserved);
  window_bytes = usual_window_bytes;
  return make_plan(inputs, options, networks());
}

StylizeResult Stylizer::Impl::paint_at_once(const SharedImage& content, const Job& job,
                                            const Size& size, Progress& progress) {
  Instant& painter = opened_instant();
  return job.areas ? paint_areas(painter, content, *job.areas, instant_options(), size, progress)
                   : painter.paint(content, job.styles, size, progress);
}

bool Stylizer::Impl::paint_at_once(const PictureSource& photo, const Job& job, Image& canvas,
                                   Progress& progress) {
  Instant& painter = opened_instant();
  return job.areas ? paint_areas(painter, photo, *job.areas, instant_options(), canvas, progress)
                   : painter.paint(photo, job.styles, canvas, progress);
}

Image Stylizer::Impl::start(const Image& photo, const Job& job, const StylizeOptions& o,
                            Progress& progress) {
  const Size size{photo.width(), photo.height()};
  if (o.start == "content") return photo;
  if (o.start == "noise") {
    Random random(o.seed);
    return noise(random, size, 0.5, 0.15);
  }
  const std::string file = start_file(o);
  if (!file.empty()) return resize(read_image(file), size.width, size.height);
  Quiet quiet(progress);
  StylizeResult painted = paint_at_once(borrowed(photo), job, size, quiet);
  if (!painted.painted) throw Stopped();
  return std::move(painted.image);
}

StylizeResult Stylizer::Impl::paint(const SharedImage& content,
                                    const std::vector<SharedImage>& styles, Progress& whole) {
  const auto begin = Clock::now();
  check_regions(*content, styles, regions, options);
  std::vector<const Image*> paintings = addresses(styles);
  std::vector<const Image*> masks;
  if (regions.mask) masks.push_back(regions.mask.get());
  for (const Region& region : regions.regions) {
    paintings.push_back(region.style.get());
    masks.push_back(region.mask.get());
  }
  const StylizePlan plan = this->plan({*content, paintings, masks});
  const Size& size = plan.size;
  Job job{styles, {}};
  std::optional<AreasProgress> with_photograph;
  if (!regions.empty()) {
    job.areas = make_areas(styles, regions, options, size);
    with_photograph.emplace(whole, *content, *job.areas);
  }
  ColouredPreviews progress(with_photograph ? *with_photograph : whole, *content, options);
  StylizeOptions with_quality = options;
  with_quality.quality = plan.quality;  // with too little memory not what it would be
  const PickedQuality picked =
      pick_quality(with_quality, size, [&] { return known_speeds(options); });
  const std::vector<Size>& sizes = picked.sizes;
  window_bytes = plan.window_bytes;
  // When each of the sizes is done, as a part of the whole.
  std::vector<double> done;
  for (double seconds = 0; const PlannedStage& stage : plan.stages) {
    seconds += stage.seconds;
    if (stage.name != "optimize" || same(stage.size, sizes[0]))
      done.push_back(seconds / plan.seconds);
  }
  // All but the largest of pictures are painted at their own size.
  const bool along_edges = !same(sizes.back(), size);
  const SharedImage source =
      along_edges ? std::make_shared<const Image>(colours_at(*content, sizes.back(), plan.storage))
                  : content;
  StylizeResult result;
  const auto expected = [&](const char* stage) {
    double seconds = 0;
    for (const PlannedStage& s : plan.stages) seconds += s.name == stage ? s.seconds : 0;
    return seconds;
  };
  {
    PartProgress part(progress, begin, 0, done[0]);
    bool begun_painted = false;
    const auto begin_with = [&](const Image& photo) {
      Image first = start(photo, job, picked.options, part);
      begun_painted = picked.options.start == "instant";
      return first;
    };
    if (picked.options.method == Method::instant) {
      result = paint_at_once(source, job, sizes[0], part);
    } else {
      Engine& opened = opened_engine();
      const bool last = spend_engine(session);
      result = optimize(opened, *source,
                        job.areas ? weighted(*job.areas) : weighted(addresses(styles), options),
                        sizes[0], picked.options, plan.scale_bytes, begin_with, last, part);
    }
    result.painted = result.painted || begun_painted;
  }
  const auto enlarging = Clock::now();
  if (!result.cancelled && options.time == 0) {
    if (picked.options.method == Method::instant) {
      learn_pass(options, expected("at once"), result.seconds);
    } else {
      learn_step(options, expected("optimize"), result.seconds);
    }
  }
  for (size_t i = 1; i < sizes.size() && !result.cancelled; ++i) {
    PartProgress part(progress, begin, done[i - 1], done[i]);
    const bool full = same(sizes[i], size_of(*source));
    const Image resized = full ? Image() : colours_at(*source, sizes[i], plan.storage);
    const auto at_once = [&](const PictureSource& picture, Image& canvas) {
      result.cancelled = !paint_at_once(picture, job, canvas, part);
      return !result.cancelled;
    };
    result.image =
        enlarge(result.image, full ? *source : resized, options.strength, at_once, plan.storage);
  }
  if (!result.cancelled) {
    learn_pass(options, expected("enlarge"), seconds_since(enlarging));
  }
  result.planned_bytes = plan.peak_bytes;
  result.threads = session.options().threads;
  result.quality = picked.name;
  result.seconds = seconds_since(begin);
  if (!result.painted) return result;                // nobody needs it finished
  if (!same(sizes.back(), size_of(result.image))) {  // cancelled before its end
    result.image = resize(result.image, sizes.back().width, sizes.back().height);
  }
  if (along_edges) {
    opened_instant().rest();
    const auto started = Clock::now();
    const double from = done[sizes.size() - 1];
    const auto told = [&](double share) {
      const double left =
          share > 0 ? remaining_after(seconds_since(started), share) : plan.stages.back().seconds;
      whole.report({from + (1 - from) * share, seconds_since(begin), left, "enlarging", {}});
    };
    const bool full = same(size, size_of(*content));
    const Image resized = full ? Image() : colours_at(*content, size, plan.storage);
    result.image = enlarged_along_edges(std::move(result.image), *source, full ? *content : resized,
                                        options.strength, plan.storage, told);
  }
  // Alpha and metadata are the photograph's.
  if (result.image.alpha.empty()) {
    result.image.alpha = resize_alpha(*content, size.width, size.height);
  }
  result.image.metadata = content->metadata;
  give_colours(*content, options, result.image);
  if (job.areas) result.image = over_photograph(result.image, *content, *job.areas);
  result.image.bits = result_bits(*content, options);
  result.seconds = seconds_since(begin);
  return result;
}

Stylizer::Stylizer(Session& session, const StylizeOptions& options, size_t reserved)
    : impl_(run_in(session, [&] {
        auto impl = std::make_unique<Impl>(Impl{session, reserved, settled(options), {}});
        impl->open();
        return impl;
      })) {}

Stylizer::~Stylizer() = default;
Stylizer::Stylizer(Stylizer&&) noexcept = default;
Stylizer& Stylizer::operator=(Stylizer&&) noexcept = default;

void Stylizer::set_options(const StylizeOptions& options) {
  run_in(impl_->session, [&] { impl_->options = settled(options); });
}

StylizePlan Stylizer::plan(const PictureHeader& content, const std::vector<PictureHeader>& styles,
                           const std::string& output, const std::vector<PictureHeader>& masks) {
  return run_in(impl_->session, [&] {
    std::vector<const Image*> paintings, areas;
    size_t decoding = content.decoding_bytes;
    const auto take = [&](const std::vector<PictureHeader>& from, std::vector<const Image*>& to) {
      for (const PictureHeader& header : from) {
        to.push_back(&header.outline);
        decoding = std::max(decoding, header.decoding_bytes);
      }
    };
    take(styles, paintings);
    take(masks, areas);
    check_paintings(content.outline, paintings, areas.size(), impl_->options);
    measure_speeds(impl_->options, impl_->networks());
    return impl_->plan({content.outline, paintings, areas, {}, decoding, output});
  });
}

StylizeResult Stylizer::paint(const SharedImage& content, const std::vector<SharedImage>& styles,
                              Progress& callers) {
  return run_in(impl_->session, callers,
                [&](Progress& progress) { return impl_->paint(content, styles, progress); });
}

void Stylizer::set_regions(Regions regions) {
  impl_->regions = std::move(regions);
}

const std::string& Stylizer::network_sha256() const {
  return run_in(impl_->session, [&]() -> const std::string& {
    if (impl_->only_instant()) return impl_->opened_instant().network_sha256();
    return impl_->opened_engine().network.sha256;
  });
}

StylizeResult stylize(Session& session, const Image& content, const std::vector<Image>& styles,
                      const StylizeOptions& options, Progress& progress) {
  return stylize(session, content, styles, Regions(), options, progress);
}

StylizeResult stylize(Session& session, const Image& content, const std::vector<Image>& styles,
                      const Regions& regions, const StylizeOptions& options, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    std::vector<SharedImage> paintings;
    for (const Image& style : styles) paintings.push_back(borrowed(style));
    // Wrong pictures are told before networks are opened.
    check_regions(content, paintings, regions, checked(options));
    Stylizer stylizer(session, options);
    stylizer.set_regions(regions);
    return stylizer.impl_->paint(borrowed(content), paintings, progress);
  });
}

}  // namespace impasto
