// A map painted in flat colours becomes a picture.

#include "impasto/doodle.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <set>

#include "canvas/areas.h"
#include "canvas/doodle_parts.h"
#include "canvas/noise.h"
#include "canvas/picture.h"
#include "canvas/weighted_style.h"
#include "descent/optimize.h"
#include "image/resize.h"
#include "impasto/error.h"
#include "jobs/plan_parts.h"
#include "losses/guided_style.h"
#include "options/checks.h"
#include "options/option_table.h"
#include "zoo/session.h"

namespace impasto {

namespace {

// Of a painting's colours, so many pixels tell enough.
constexpr int colours_side = 256;
// Noise to start from: in blots of so many pixels, and of single pixels.
constexpr int blot = 16;
constexpr double fine_share = 0.5;
// Larger results begin with the same, enlarged: the first scale is smaller than that anyway.
constexpr int most_noise = 512;
// A map takes so many bytes a pixel while it is read, and is reckoned to have so many labels.
constexpr size_t map_bytes = 32, usual_labels = 8;
// With no photograph to keep, what holds style back is smoothness alone (judged by eye).
constexpr double strength_of_its_own = 85;

// Standard normal numbers, in blots and fine ones.
Image blotted_noise(const Size& size, uint64_t seed) {
  Random random(seed);
  Image fine = noise(random, size, 0, fine_share);
  const Size small{std::max(1, size.width / blot), std::max(1, size.height / blot)};
  const Image blots = resize(noise(random, small, 0, 1 - fine_share), size.width, size.height);
  for (int64_t i = 0; i < int64_t{3} * size.width * size.height; ++i) {
    fine.data()[i] += blots.data()[i];
  }
  return fine;
}

// Of a result of this size. Each part in colours with the mean and the covariance of its part of
// the painting.
Image coloured_noise(const Image& painting, const DoodleParts& parts, const Size& whole,
                     uint64_t seed) {
  const double reduced =
      std::min(1.0, most_noise / static_cast<double>(std::max(whole.width, whole.height)));
  const auto side = [&](int v) { return std::max(1, static_cast<int>(std::lround(v * reduced))); };
  const Size size{side(whole.width), side(whole.height)};
  const Size small =
      scaled_to(painting, std::min(colours_side, std::max(painting.width(), painting.height())));
  const Tensor pixels = to_tensor(resize(painting, small.width, small.height));
  const auto backend = make_reference_backend();
  const Image standard = blotted_noise(size, seed);
  Image result(size.width, size.height);
  for (size_t part = 0; part < parts.of_style.size(); ++part) {
    const Guide guide = guide_at(resized(parts.of_style[part], small), 0, pixels.shape());
    if (guide.positions.empty()) continue;
    const FeatureStatistics s = guided_statistics(*backend, pixels, guide);
    Eigen::Matrix3d covariance = Eigen::Map<const Eigen::Matrix3d>(s.covariance.data());
    covariance.diagonal().array() += 1e-6;
    const Eigen::Matrix3d root = covariance.llt().matrixL();
    Image colours(size.width, size.height);
    for (int64_t i = 0; i < int64_t{3} * size.width * size.height; i += 3) {
      const float* n = standard.data() + i;
      const Eigen::Vector3d v = root * Eigen::Vector3d(n[0], n[1], n[2]);
      for (int c = 0; c < 3; ++c) {
        colours.data()[i + c] = in_gamut(static_cast<float>(s.mean[static_cast<size_t>(c)] + v[c]));
      }
    }
    lay_over(result, colours, resized(parts.of_result[part], size));
  }
  return result;
}

// What a doodle is made from, as far as planning goes.
struct Shown {
  DoodleHeaders headers;
  std::string style_map_name = "the painting's map", map_name = "the map";

  const PictureHeader& like() const { return headers.content ? *headers.content : headers.map; }
  Size result(const StylizeOptions& o) const { return result_size(like(), o.size); }
  int bits(const StylizeOptions& o) const {
    return result_bits(headers.content.value_or(PictureHeader()), o);
  }
};

void check(const Shown& shown, const StylizeOptions& o) {
  if (shown.headers.style.learned) {
    throw Error(ErrorCode::usage,
                "a doodle needs the painting itself, a style file holds no places");
  }
  const auto refuse_empty = [](const PictureHeader& picture, const std::string& name) {
    if (picture.empty()) throw Error(ErrorCode::input, name + " is empty");
  };
  refuse_empty(shown.headers.style_map, shown.style_map_name);
  refuse_empty(shown.headers.map, shown.map_name);
  check_pictures(shown.like(), {shown.headers.style}, o);
}

// The options that paint it.
StylizeOptions settled_for(const Shown& shown, const StylizeOptions& options) {
  StylizeOptions o = options;
  check_ranges(doodle_options(), o);
  check(shown, o);
  o.start = shown.headers.content ? "content" : "noise";
  if (shown.headers.content) return o;
  o.strength = strength_of_its_own;
  o.content_weight = 0;
  return o;
}

Job job_of(const Shown& shown, size_t labels, const Budget& budget, const Engine& engine,
           const StylizeOptions& o, size_t decoding_bytes, const std::string& output) {
  const DoodleHeaders& h = shown.headers;
  Descent d;
  d.size = shown.result(o);
  d.budget = budget;
  d.styles = {{h.style}, true};
  for (const PictureHeader& picture : {PictureHeader(h.style), h.style_map, h.map}) {
    d.given_bytes += given_bytes(picture, Storage::memory);
  }
  if (h.content) d.given_bytes += given_bytes(*h.content, Storage::memory);
  d.decoding_bytes = decoding_bytes;
  const auto pixels = [](const PictureHeader& picture) { return pixels_of(size_of(picture)); };
  d.reading_bytes = map_bytes * std::max(pixels(h.style_map), pixels(h.map));
  d.beside_bytes = [&, labels](const Size& size) {
    return labels * (pixels_of(size) + pixels(h.style_map));
  };
  d.alpha = h.content && h.content->has_alpha;
  d.bits = shown.bits(o);
  d.output = output;
  d.size_text = [](const Size& size) { return std::to_string(std::max(size.width, size.height)); };
  return make_job(engine, d, o);
}

}  // namespace

StylizeOptions doodle_defaults() {
  StylizeOptions o;
  o.method = Method::optimize;
  o.quality = Quality::best;
  o.start = automatic;
  return o;
}

const OptionTable<StylizeOptions>& doodle_options() {
  static const OptionTable<StylizeOptions> table = [] {
    const std::set<std::string> left_out = {"quality", "method", "feather", "match",
                                            "start",   "colors", "palette"};
    OptionTable<StylizeOptions> obeyed = stylize_options();
    std::erase_if(obeyed, [&](const OptionInfo& option) { return left_out.contains(option.name); });
    return with_initial(std::move(obeyed), doodle_defaults());
  }();
  return table;
}

Job plan_doodle(Session& session, const DoodleHeaders& headers, const StylizeOptions& options,
                const std::string& output) {
  return run_in(session, [&] {
    const Shown shown{headers};
    const StylizeOptions o = settled_for(shown, options);
    size_t decoding = std::max({headers.style.decoding_bytes, headers.style_map.decoding_bytes,
                                headers.map.decoding_bytes});
    if (headers.content) decoding = std::max(decoding, headers.content->decoding_bytes);
    const std::shared_ptr<Engine> engine = engine_of(session, o);
    measure_step_speed(o, *engine);
    return job_of(shown, usual_labels, budget_of(session), *engine, o, decoding, output);
  });
}

StylizeResult doodle(Session& session, const DoodlePictures& pictures,
                     const StylizeOptions& options, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    Shown shown{{pictures.style, pictures.style_map, pictures.map, {}},
                pictures.style_map_name,
                pictures.map_name};
    if (pictures.content) shown.headers.content = *pictures.content;
    const StylizeOptions o = settled_for(shown, options);
    const Size size = shown.result(o);
    const DoodleParts parts = read_maps(pictures, size);
    std::vector<WeightedStyle> styles;
    for (size_t i = 0; i < parts.of_style.size(); ++i) {
      if (parts.of_result[i].empty()) continue;  // too small for this size
      styles.push_back({&pictures.style, 1, &parts.of_result[i], o.strength, &parts.of_style[i]});
    }
    const std::shared_ptr<Engine> engine = engine_of(session, o);
    const Job job = job_of(shown, parts.of_style.size(), budget_of(session), *engine, o, 0, "");
    const Image any(1, 1);  // where there is no photograph
    const auto begin_with = [&](const Image& photo) {
      return pictures.content ? photo
                              : resize(coloured_noise(pictures.style, parts, size, o.seed),
                                       photo.width(), photo.height());
    };
    StylizeResult result =
        optimize(*engine, pictures.content ? *pictures.content : any, styles, size, o, job.stages,
                 begin_with, spend_engine(session), progress);
    result.planned_bytes = job.peak_bytes;
    result.image.bits = shown.bits(o);
    result.quality = Quality::best;
    result.threads = session.options().threads;
    return result;
  });
}

}  // namespace impasto
