// A map painted in flat colours becomes a picture.

#include "impasto/doodle.h"

#include <Eigen/Dense>
#include <algorithm>
#include <chrono>
#include <set>

#include "base/random.h"
#include "image/label_map.h"
#include "image/resize.h"
#include "impasto/error.h"
#include "losses/guided_style.h"
#include "methods/areas.h"
#include "methods/checks.h"
#include "methods/optimize.h"
#include "methods/picture.h"

namespace impasto {

namespace {

// Of a painting's colours, so many pixels tell enough.
constexpr int colours_side = 256;
// Noise to start from: in blots of so many pixels, and of single pixels.
constexpr int blot = 16;
constexpr double fine_share = 0.5;
// With no photograph to keep, what holds style back is smoothness alone (judged by eye).
constexpr double strength_of_its_own = 85;

struct Parts {
  std::vector<Mask> of_style, of_result;  // one per label
};

Parts read_maps(const DoodlePictures& pictures, const Size& result) {
  const LabelMap style = read_label_map(pictures.style_map, pictures.style_map_name);
  LabelMap map = read_label_map(pictures.map, pictures.map_name);
  match_labels(style, pictures.style_map_name, map, pictures.map_name);
  Parts parts;
  for (size_t i = 0; i < style.colours.size(); ++i) {
    parts.of_style.push_back(style.mask(i));
    parts.of_result.push_back(resized(map.mask(i), result));
  }
  return parts;
}

// Standard normal numbers, in blots and fine ones.
Image noise(const Size& size, uint64_t seed) {
  Random random(seed);
  const auto normal = [&](int width, int height, double deviation) {
    Image image(width, height);
    for (int64_t i = 0; i < int64_t{3} * width * height; ++i) {
      image.data()[i] = static_cast<float>(deviation * random.normal());
    }
    return image;
  };
  Image fine = normal(size.width, size.height, fine_share);
  const Image blots = resize(
      normal(std::max(1, size.width / blot), std::max(1, size.height / blot), 1 - fine_share),
      size.width, size.height);
  for (int64_t i = 0; i < int64_t{3} * size.width * size.height; ++i) {
    fine.data()[i] += blots.data()[i];
  }
  return fine;
}

// Each part in colours with the mean and the covariance of its part of the painting.
Image coloured_noise(const Image& painting, const Parts& parts, const Size& size, uint64_t seed) {
  const Size small =
      scaled_to(painting, std::min(colours_side, std::max(painting.width(), painting.height())));
  const Tensor pixels = to_tensor(resize(painting, small.width, small.height));
  const auto backend = make_reference_backend();
  const Image standard = noise(size, seed);
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
    lay_over(result, colours, parts.of_result[part]);
  }
  return result;
}

void check(const DoodlePictures& pictures, const StylizeOptions& o) {
  if (pictures.style.saved_style) {
    throw Error(ErrorCode::usage,
                "a doodle needs the painting itself, a style file holds no places");
  }
  const auto refuse_empty = [](const Image& image, const std::string& name) {
    if (image.empty()) throw Error(ErrorCode::input, name + " is empty");
  };
  refuse_empty(pictures.style_map, pictures.style_map_name);
  refuse_empty(pictures.map, pictures.map_name);
  check_pictures(pictures.content ? *pictures.content : pictures.map, {&pictures.style}, o);
}

}  // namespace

StylizeOptions doodle_defaults() {
  StylizeOptions o;
  o.method = "optimize";
  o.quality = "best";
  o.start = "auto";
  return o;
}

std::vector<Option> doodle_options(StylizeOptions& options) {
  static const std::set<std::string> left_out = {"quality", "method", "feather",
                                                 "start",   "colors", "palette"};
  std::vector<Option> table = stylize_options(options);
  std::erase_if(table, [](const Option& option) { return left_out.contains(option.name); });
  return table;
}

StylizeResult doodle(const DoodlePictures& pictures, const StylizeOptions& options,
                     Progress& progress) {
  StylizeOptions o = options;
  check_ranges(doodle_options(o));
  check(pictures, o);
  const Image& model = pictures.content ? *pictures.content : pictures.map;
  const Size size = result_size(model, o);
  const Parts parts = read_maps(pictures, size);
  if (!pictures.content) o.strength = strength_of_its_own;
  std::vector<WeightedStyle> styles;
  for (size_t i = 0; i < parts.of_style.size(); ++i) {
    if (parts.of_result[i].empty()) continue;  // too small for this size
    styles.push_back({&pictures.style, 1, &parts.of_result[i], o.strength, &parts.of_style[i]});
  }
  Engine engine = open_engine(o);
  StylizeResult result;
  if (pictures.content) {
    o.start = "content";
    const auto begin_with = [](const Image& photo) { return photo; };
    result = optimize(engine, model, styles, size, o, begin_with, true, progress);
  } else {
    o.start = "noise";
    o.content_weight = 0;
    const Image start = coloured_noise(pictures.style, parts, size, o.seed);
    const auto begin_with = [&](const Image& photo) {
      return resize(start, photo.width(), photo.height());
    };
    result = optimize(engine, start, styles, size, o, begin_with, true, progress);
  }
  result.image.bits = result_bits(result.image, o);
  result.quality = "best";
  return result;
}

}  // namespace impasto
