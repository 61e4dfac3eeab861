// Features of whole networks against PyTorch's (make_goldens.py).

#include <fstream>
#include <nlohmann/json.hpp>

#include "formats/weights.h"
#include "models/conventions.h"
#include "models/synthetic.h"
#include "nn/plan.h"
#include "shared_data.h"

namespace impasto::test {
namespace {

const nlohmann::json& goldens() {
  static const auto json = nlohmann::json::parse(
      std::ifstream(std::string(IMPASTO_SOURCE_DIR) + "/tests/models/goldens.json"));
  return json;
}

// PyTorch computed in double. In f32 the rounding errors of up to 13 layers add up.
constexpr double tolerance = 1e-5;

void expect_golden(const std::string& name, const ImportedVgg& vgg) {
  const auto& golden = goldens().at(name);
  const auto graph = make_vgg(vgg.config);
  graph->load(vgg.tensors, name);
  const auto backend = make_cpu_backend();
  PlanOptions options;
  for (const auto& [tap, numbers] : golden.items()) options.taps.push_back(tap);
  ASSERT_EQ(options.taps.size(), graph->taps().size()) << name;
  Plan plan(graph, *backend, {1, 37, 45, 3}, options);
  plan.forward(synthetic_picture(37, 45, 7));

  for (const auto& [tap, expected] : golden.items()) {
    const Tensor found = plan.tap(tap);
    const auto shape = expected.at("shape").get<std::vector<int64_t>>();
    ASSERT_EQ(found.shape(), Shape(std::span<const int64_t>(shape))) << name << " " << tap;
    double sum = 0, squares = 0;
    for (int64_t i = 0; i < found.size(); ++i) {
      sum += found.at(i);
      squares += found.at(i) * found.at(i);
    }
    EXPECT_NEAR(sum / expected.at("sum").get<double>(), 1, tolerance) << name << " " << tap;
    EXPECT_NEAR(squares / expected.at("squares").get<double>(), 1, tolerance) << name << " " << tap;
    const double scale = std::sqrt(squares / static_cast<double>(found.size()));
    const auto at = expected.at("at").get<std::vector<int64_t>>();
    const auto values = expected.at("values").get<std::vector<double>>();
    for (size_t i = 0; i < at.size(); ++i) {
      EXPECT_NEAR(found.at(at[i]), values[i], tolerance * scale)
          << name << " " << tap << ", element " << at[i];
    }
  }
}

TEST(Features, SyntheticNetworkInEveryPaddingAndPooling) {
  const NamedTensors tensors = synthetic_vgg({{4, 6}, {8}, {5, 5, 7}, {9}, {3}}, 11);
  ImportedVgg vgg = import_vgg(tensors, {}, "synthetic");
  for (const PadMode padding : {PadMode::zero, PadMode::reflect}) {
    for (const PoolKind pooling : {PoolKind::max, PoolKind::average}) {
      vgg.config.padding = padding;
      vgg.config.pooling = pooling;
      expect_golden(std::string(padding == PadMode::zero ? "zero" : "reflect") +
                        (pooling == PoolKind::max ? " max" : " average"),
                    vgg);
    }
  }
}

TEST(Features, Vgg19OfOxford) {
  IMPASTO_SHARED_FILE(file, "models/vgg19/vgg19-caffe-partial-zip.pth");
  expect_golden("vgg19", import_vgg(read_weights(file), {}, file));
}

TEST(Features, Vgg19OfOxfordInLegacyFormAndUnderOurNames) {
  IMPASTO_SHARED_FILE(legacy, "models/vgg19/vgg19-caffe-partial-legacy.pth");
  IMPASTO_SHARED_FILE(ours, "models/vgg19/vgg19-conv1_1-conv3_4.safetensors");
  expect_golden("vgg19", import_vgg(read_weights(legacy), {}, legacy));
  expect_golden("vgg19", import_vgg(read_weights(ours), {}, ours));
}

TEST(Features, SmallVggOfCollaborativeDistillation) {
  IMPASTO_SHARED_FILE(
      file,
      "models/collaborative-distillation/trained_models/wct_se_16x_new/20191109-211322_E20.pth");
  const ImportedVgg vgg = import_vgg(read_weights(file), {}, file);
  EXPECT_EQ(vgg.convention, VggConvention::normalised);
  expect_golden("distilled", vgg);
}

}  // namespace
}  // namespace impasto::test
