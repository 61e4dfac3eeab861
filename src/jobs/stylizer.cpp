#include "impasto/stylizer.h"

#include <algorithm>

#include "canvas/areas.h"
#include "canvas/weighted_style.h"
#include "image/size.h"
#include "impasto/error.h"
#include "jobs/paint_job.h"
#include "jobs/plan.h"
#include "options/checks.h"
#include "zoo/session.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

// For the time of a call; nothing that is learned of it is kept.
template <class Picture>
std::shared_ptr<const Picture> borrowed(const Picture& picture) {
  return {std::shared_ptr<const Picture>(), &picture};
}

bool only_instant(const StylizeOptions& o) {
  return o.method == Method::instant;
}
bool only_optimize(const StylizeOptions& o) {
  return !only_instant(o) && (o.method == Method::optimize || o.quality != Quality::automatic);
}

// The decoder works on the built-in encoder's features: another encoder is not its business.
StylizeOptions instant_options(const StylizeOptions& options) {
  StylizeOptions o = options;
  if (!only_instant(o)) o.network = default_network;
  return o;
}

}  // namespace

struct Stylizer::Impl {
  Session& session;
  const size_t reserved;
  StylizeOptions options;
  Regions regions;
  std::shared_ptr<Engine> engine = {};    // of the method "optimize", once it is needed
  std::shared_ptr<Instant> instant = {};  // of the method "instant", and of that start

  Engine& opened_engine(const StylizeOptions& o) { return *(engine = engine_of(session, o)); }
  Instant& opened_instant(const StylizeOptions& o) {
    return *(instant = instant_of(session, instant_options(o)));
  }
  Networks networks(const StylizeOptions& o) {
    return {[this, &o]() -> Instant& { return opened_instant(o); },
            [this, &o]() -> Engine& { return opened_engine(o); }};
  }
  // What any size of picture needs.
  void open() {
    if (only_instant(options)) opened_instant(options);
    if (only_optimize(options)) opened_engine(options);
  }

  Job plan(PlanInputs inputs) {
    inputs.budget = budget_of(session, reserved);
    return make_job(inputs, options, networks(options));
  }
  Job plan(const Image& content, const std::vector<SharedPainting>& styles) {
    check_regions(content, styles, regions, options);
    PlanInputs inputs{content, headers_of(addresses(styles))};
    if (regions.mask) inputs.masks.emplace_back(*regions.mask);
    for (const Region& region : regions.regions) {
      inputs.styles.emplace_back(*region.style);
      inputs.masks.emplace_back(*region.mask);
    }
    return plan(std::move(inputs));
  }

  StylizeResult paint(const Job& job, const SharedImage& content,
                      const std::vector<SharedPainting>& styles, Progress& progress) {
    check_regions(*content, styles, regions, checked(job.options));
    if (job.stages.empty()) throw Error(ErrorCode::usage, "a job that was not planned");
    const Size size = result_size(*content, job.options.size);
    if (!same(size, job.size)) {
      throw Error(ErrorCode::usage, "a job for a result of " + text_of(job.size) +
                                        " got pictures for one of " + text_of(size));
    }
    return paint_job(job, {content, styles, regions}, networks(job.options), session, progress);
  }
};

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

Job Stylizer::plan(const PictureHeader& content, const std::vector<PaintingHeader>& styles,
                   const std::string& output, const std::vector<PictureHeader>& masks) {
  return run_in(impl_->session, [&] {
    check_paintings(content, styles, masks.size(), impl_->options);
    measure_speeds(impl_->options, impl_->networks(impl_->options));
    PlanInputs inputs{content, styles, masks, {}, content.decoding_bytes, output};
    const auto count = [&](const PictureHeader& picture) {
      inputs.decoding_bytes = std::max(inputs.decoding_bytes, picture.decoding_bytes);
    };
    std::for_each(styles.begin(), styles.end(), count);
    std::for_each(masks.begin(), masks.end(), count);
    return impl_->plan(std::move(inputs));
  });
}

StylizeResult Stylizer::paint(const Job& job, const SharedImage& content,
                              const std::vector<SharedPainting>& styles, Progress& callers) {
  return run_in(impl_->session, callers,
                [&](Progress& progress) { return impl_->paint(job, content, styles, progress); });
}

StylizeResult Stylizer::paint(const SharedImage& content, const std::vector<SharedPainting>& styles,
                              Progress& callers) {
  return run_in(impl_->session, callers, [&](Progress& progress) {
    return impl_->paint(impl_->plan(*content, styles), content, styles, progress);
  });
}

void Stylizer::set_regions(Regions regions) {
  impl_->regions = std::move(regions);
}

const std::string& Stylizer::network_sha256() const {
  return run_in(impl_->session, [&]() -> const std::string& {
    if (only_instant(impl_->options)) {
      return impl_->opened_instant(impl_->options).network_sha256();
    }
    return impl_->opened_engine(impl_->options).network.sha256;
  });
}

StylizeResult stylize(Session& session, const Image& content, const std::vector<Painting>& styles,
                      const StylizeOptions& options, Progress& progress) {
  return stylize(session, content, styles, Regions(), options, progress);
}

StylizeResult stylize(Session& session, const Image& content, const std::vector<Painting>& styles,
                      const Regions& regions, const StylizeOptions& options, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    std::vector<SharedPainting> paintings;
    for (const Painting& style : styles) paintings.push_back(borrowed(style));
    // Wrong pictures are told before networks are opened.
    check_regions(content, paintings, regions, checked(options));
    Stylizer stylizer(session, options);
    stylizer.set_regions(regions);
    return stylizer.paint(borrowed(content), paintings, progress);
  });
}

}  // namespace impasto
