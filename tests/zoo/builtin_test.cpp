#include "zoo/builtin.h"

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/sha256.h"
#include "models/synthetic.h"
#include "models/vgg.h"
#include "nn/plan.h"
#include "zoo/zoo.h"

namespace impasto::test {
namespace {

nlohmann::json manifest() {
  return nlohmann::json::parse(builtin_manifest()).at("models");
}

TEST(Builtin, BytesAreThoseOfTheManifest) {
  ASSERT_FALSE(builtins().empty());
  ASSERT_EQ(builtins().size(), manifest().size());
  for (const auto& entry : manifest()) {
    const Builtin* builtin = find_builtin(entry.at("name").get<std::string>());
    ASSERT_NE(builtin, nullptr);
    EXPECT_EQ(builtin->bytes.size(), entry.at("bytes").get<size_t>());
    EXPECT_EQ(sha256_hex(builtin->bytes), entry.at("sha256").get<std::string>())
        << "run scripts/update_manifest.py";
  }
  EXPECT_EQ(find_builtin("other"), nullptr);
}

// That the library was built from the files as they are now.
TEST(Builtin, BytesAreThoseOfTheSources) {
  const std::string folder = std::string(IMPASTO_SOURCE_DIR) + "/models/";
  for (const auto& entry : manifest()) {
    EXPECT_EQ(sha256_hex_of_file(folder + entry.at("file").get<std::string>()),
              entry.at("sha256").get<std::string>());
  }
  std::ifstream in(folder + "MANIFEST.json");
  EXPECT_EQ(std::string(std::istreambuf_iterator<char>(in), {}), builtin_manifest());
}

TEST(Builtin, ManifestSaysWhatTheLicenceAsks) {
  for (const auto& entry : manifest()) {
    EXPECT_EQ(entry.at("licence"), "MIT");
    EXPECT_THAT(
        entry.at("command").get<std::string>(),
        testing::AnyOf(testing::StartsWith("impasto train "), testing::StartsWith("training/")));
    ASSERT_FALSE(entry.at("teachers").empty());
    for (const auto& teacher : entry.at("teachers")) {
      EXPECT_EQ(teacher.at("sha256").get<std::string>().size(), 64u);
      EXPECT_FALSE(teacher.at("licence").get<std::string>().empty());
      EXPECT_FALSE(teacher.at("origin").get<std::string>().empty());
    }
  }
}

TEST(Builtin, SmallIsTheSmallVgg) {
  const Network small = open_network(default_network);
  const VggConfig expected = small_vgg_config();
  EXPECT_EQ(small.name, "small");
  EXPECT_EQ(small.sha256, find_builtin("small")->sha256);
  EXPECT_EQ(small.config.widths, expected.widths);
  EXPECT_EQ(small.config.padding, expected.padding);
  EXPECT_EQ(small.config.pooling, expected.pooling);
  EXPECT_EQ(small.config.pixels.matrix, expected.pixels.matrix);
  EXPECT_EQ(small.config.pixels.offset, expected.pixels.offset);
}

// Trained weights answer every picture with features that live: neither dead nor exploding.
TEST(Builtin, SmallHasLivingFeatures) {
  const Network small = open_network("small");
  const auto backend = make_cpu_backend();
  PlanOptions options;
  for (const auto& [tap, node] : small.graph->taps()) options.taps.push_back(tap);
  Plan plan(small.graph, *backend, {1, 64, 48, 3}, options);
  plan.forward(synthetic_picture(64, 48, 3));
  for (const std::string& tap : options.taps) {
    const Tensor features = plan.tap(tap);
    double squares = 0;
    for (int64_t i = 0; i < features.size(); ++i) squares += features.at(i) * features.at(i);
    const double size = std::sqrt(squares / static_cast<double>(features.size()));
    EXPECT_GT(size, 1e-3) << tap;
    EXPECT_LT(size, 1e3) << tap;
  }
}

}  // namespace
}  // namespace impasto::test
