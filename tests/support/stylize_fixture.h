#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "formats/safetensors.h"
#include "image/samples.h"
#include "impasto/style_file.h"
#include "impasto/stylize.h"
#include "models/conventions.h"
#include "support/instant_network.h"
#include "support/synthetic.h"

namespace impasto::test {

/// A small VGG with random weights as a file of our own: random features are good enough to move
/// towards, and tests do not depend on the networks that ship.
inline void write_random_network(const std::string& path) {
  VggConfig config;
  config.widths = {{8, 8}, {12, 12}, {16, 16, 16, 16}, {16, 16, 16, 16}, {16}};
  config.padding = PadMode::reflect;
  config.pixels.matrix = {4, 0, 0, 0, 4, 0, 0, 0, 4};
  config.pixels.offset = {-2, -2, -2};
  const auto graph = make_vgg(config);
  initialise(*graph, 11);
  write_safetensors(path, graph->named_parameters(), DType::f32, vgg_metadata(config));
}

/// Runs of stylize on small pictures, on one thread.
class StylizeTest : public testing::Test {
 protected:
  StylizeTest() {
    write_random_network(options_.network);
    options_.iterations = 6;
  }

  /// Of jobs from here on.
  void limit_memory(uint64_t most) { session_ = Session({.threads = 1, .max_memory = most}); }

  /// The method "instant" with a random decoder.
  void use_instant() {
    options_.method = Method::instant;
    options_.network = folder_ / "instant.safetensors";
    write_instant_network(options_.network);
  }

  /// The painting as its style file, for results of up to this longer side.
  Painting as_style_file(int size) {
    StyleFileOptions options;
    options.network = options_.network;
    options.size = size;
    const std::string path = folder_ / "painting.style";
    Progress quiet;
    EXPECT_TRUE(save_style(session_, painting_, path, options, quiet));
    return read_painting(path);
  }

  StylizeResult run(const Image& photo, const std::vector<Painting>& styles) {
    Progress quiet;
    return stylize(session_, photo, styles, options_, quiet);
  }
  StylizeResult run() { return run(photo_, {painting_}); }

  static double loss(const LossPoint& point) {
    double sum = 0;
    for (const auto& [term, value] : point.terms) sum += value;
    return sum;
  }
  /// A term where the sum was lowest: there the result was taken from, if there was one scale.
  static double term(const StylizeResult& result, const std::string& name) {
    const auto best =
        std::min_element(result.losses.begin(), result.losses.end(),
                         [](const auto& a, const auto& b) { return loss(a) < loss(b); });
    for (const auto& [term, value] : best->terms) {
      if (term == name) return value;
    }
    ADD_FAILURE() << "no term " << name;
    return NAN;
  }
  static double mean(const Image& image) {
    double sum = 0;
    for (int i = 0; i < 3 * image.width() * image.height(); ++i) sum += image.data()[i];
    return sum / (3.0 * image.width() * image.height());
  }
  /// A picture: of this size, every value a colour, and not all of one.
  static void expect_picture(const Image& image, int width, int height) {
    ASSERT_EQ(image.width(), width);
    ASSERT_EQ(image.height(), height);
    float low = 1, high = 0;
    for (int i = 0; i < 3 * width * height; ++i) {
      const float v = image.data()[i];
      ASSERT_TRUE(v >= 0 && v <= 1) << v << " at " << i;
      low = std::min(low, v), high = std::max(high, v);
    }
    EXPECT_GT(high - low, 0.1f);
    EXPECT_GT(mean(image), 0.02);
  }
  static bool same(const Image& a, const Image& b) {
    return a.width() == b.width() && a.height() == b.height() && max_difference(a, b) == 0;
  }

  TempFolder folder_;
  Session session_{{.threads = 1}};
  Image photo_ = synthetic_picture(80, 64, 1);
  Painting painting_ = synthetic_picture(64, 72, 2);
  StylizeOptions options_ = [this] {
    StylizeOptions o;
    o.network = folder_ / "random.safetensors";
    return o;
  }();
};

}  // namespace impasto::test
