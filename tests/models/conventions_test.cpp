#include "models/conventions.h"

#include "formats/expect_error.h"
#include "models/synthetic.h"

namespace impasto::test {
namespace {

using testing::ElementsAre;
using testing::FloatEq;

const Widths vgg19 = {{2, 3}, {4, 5}, {4, 4, 4, 4}, {3, 3, 3, 3}, {2, 2, 2, 2}};
const Widths vgg16 = {{2, 3}, {4, 5}, {4, 4, 4}, {3, 3, 3}, {2, 2, 2}};

std::vector<std::string> numbered(const std::string& before, const std::vector<int>& numbers) {
  std::vector<std::string> names;
  for (const int n : numbers) names.push_back(before + std::to_string(n));
  return names;
}

// conv0's weights: rows of a colour matrix.
void add_colour_layer(NamedTensors& tensors, const std::string& prefix) {
  tensors[prefix + ".weight"] = Tensor::zeros({3, 3, 1, 1});
  for (int i = 0; i < 9; ++i) tensors[prefix + ".weight"].data<float>()[i] = static_cast<float>(i);
  tensors[prefix + ".bias"] = Tensor::full({3}, -0.5);
}

void expect_same_weights(const ImportedVgg& vgg, const NamedTensors& expected) {
  ASSERT_EQ(vgg.tensors.size(), expected.size());
  for (const auto& [name, tensor] : expected) {
    ASSERT_TRUE(vgg.tensors.contains(name)) << name;
    EXPECT_EQ(vgg.tensors.at(name).raw(), tensor.raw()) << name;
  }
}

TEST(Conventions, OwnNames) {
  const NamedTensors tensors = synthetic_vgg(vgg19, 1);
  const ImportedVgg vgg = import_vgg(tensors, {}, "file");
  EXPECT_EQ(vgg.config.widths, vgg19);
  EXPECT_EQ(vgg.convention, VggConvention::torchvision);
  expect_same_weights(vgg, tensors);
}

TEST(Conventions, NumbersOfTorchvision) {
  const NamedTensors deep = synthetic_vgg(vgg19, 2), less = synthetic_vgg(vgg16, 3);
  const auto of19 =
      numbered("features.", {0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34});
  const auto of16 = numbered("features.", {0, 2, 5, 7, 10, 12, 14, 17, 19, 21, 24, 26, 28});
  NamedTensors file = renamed(deep, of19);
  file["classifier.0.weight"] = Tensor::zeros({4, 98});
  file["classifier.0.bias"] = Tensor::zeros({4});
  const ImportedVgg a = import_vgg(file, {}, "file");
  EXPECT_EQ(a.config.widths, vgg19);
  expect_same_weights(a, deep);
  const ImportedVgg b = import_vgg(renamed(less, of16), {}, "file");
  EXPECT_EQ(b.config.widths, vgg16);
  expect_same_weights(b, less);
  EXPECT_EQ(a.config.padding, PadMode::zero);
  EXPECT_EQ(a.config.pooling, PoolKind::max);
}

TEST(Conventions, FilesThatStopEarly) {
  for (size_t blocks = 1; blocks <= 5; ++blocks) {
    const Widths widths(vgg19.begin(), vgg19.begin() + static_cast<ptrdiff_t>(blocks));
    const NamedTensors tensors = synthetic_vgg(widths, 4);
    const auto names =
        numbered("features.", {0, 2, 5, 7, 10, 12, 14, 16, 19, 21, 23, 25, 28, 30, 32, 34});
    EXPECT_EQ(import_vgg(renamed(tensors, names), {}, "file").config.widths, widths);
  }
  const NamedTensors one = synthetic_vgg({{2}}, 4);
  EXPECT_EQ(import_vgg(renamed(one, {"features.0"}), {}, "file").config.widths, (Widths{{2}}));
}

// vgg_normalised: reflection pads are layers too, and the first convolution is 1x1.
TEST(Conventions, NumbersOfNormalised) {
  const Widths widths = {{2, 3}, {4, 5}, {4, 4, 4, 4}, {3}};
  const NamedTensors tensors = synthetic_vgg(widths, 5);
  NamedTensors file = renamed(tensors, numbered("", {2, 5, 9, 12, 16, 19, 22, 25, 29}));
  add_colour_layer(file, "0");
  const ImportedVgg vgg = import_vgg(file, {}, "file");
  EXPECT_EQ(vgg.convention, VggConvention::normalised);
  EXPECT_EQ(vgg.config.widths, widths);
  EXPECT_EQ(vgg.config.padding, PadMode::reflect);
  EXPECT_THAT(vgg.config.pixels.matrix, ElementsAre(0, 1, 2, 3, 4, 5, 6, 7, 8));
  EXPECT_THAT(vgg.config.pixels.offset, ElementsAre(-0.5f, -0.5f, -0.5f));
  expect_same_weights(vgg, tensors);
}

TEST(Conventions, NamesOfCollaborativeDistillation) {
  const Widths widths = {{2, 3}, {4}};
  const NamedTensors tensors = synthetic_vgg(widths, 6);
  NamedTensors file = renamed(tensors, {"conv11", "conv12", "conv21"});
  add_colour_layer(file, "conv0");
  file["conv11_aux.weight"] = Tensor::zeros({64, 2, 1, 1});
  file["conv11_aux.bias"] = Tensor::zeros({64});
  const ImportedVgg vgg = import_vgg(file, {}, "file");
  EXPECT_EQ(vgg.convention, VggConvention::normalised);
  EXPECT_EQ(vgg.config.widths, widths);
  expect_same_weights(vgg, tensors);
}

TEST(Conventions, OxfordIsToldByItsFirstBias) {
  NamedTensors tensors = synthetic_vgg({{2}}, 7);
  tensors["conv1_1.bias"].data<float>()[0] = 0.73017758f;
  const ImportedVgg vgg = import_vgg(tensors, {}, "file");
  EXPECT_EQ(vgg.convention, VggConvention::caffe);
  EXPECT_THAT(vgg.config.pixels.matrix, ElementsAre(0, 0, 255, 0, 255, 0, 255, 0, 0));
  EXPECT_THAT(vgg.config.pixels.offset, ElementsAre(-103.939f, -116.779f, -123.68f));
}

TEST(Conventions, TheCallerKnowsBetter) {
  const NamedTensors tensors = synthetic_vgg({{2}}, 8);
  EXPECT_EQ(import_vgg(tensors, {}, "file", VggConvention::caffe).config.pixels.matrix[2], 255);
  EXPECT_THAT(
      import_vgg(tensors, {}, "file", VggConvention::torchvision).config.pixels.offset,
      ElementsAre(FloatEq(-0.485f / 0.229f), FloatEq(-0.456f / 0.224f), FloatEq(-0.406f / 0.225f)));
  expect_error(ErrorCode::input, "file: a normalised VGG begins with a 1x1 layer",
               [&] { import_vgg(tensors, {}, "file", VggConvention::normalised); });
  EXPECT_EQ(parse_convention("caffe"), VggConvention::caffe);
  expect_error(ErrorCode::usage, "unknown convention 'bgr'", [] { parse_convention("bgr"); });
}

TEST(Conventions, MetadataSaysEverything) {
  VggConfig config;
  config.widths = {{2}};
  config.padding = PadMode::reflect;
  config.pooling = PoolKind::average;
  config.pixels.matrix = {4, 0.1f, 0, 0, 4, 0, 0, 0, 4};
  config.pixels.offset = {-1.9f, -1.8f, -1.6f};
  NamedTensors tensors = synthetic_vgg(config.widths, 9);
  tensors["conv1_1.bias"].data<float>()[0] = 0.73017758f;  // metadata beat what values suggest
  const ImportedVgg vgg = import_vgg(tensors, vgg_metadata(config), "file");
  EXPECT_EQ(vgg.convention, VggConvention::native);
  EXPECT_EQ(vgg.config.padding, PadMode::reflect);
  EXPECT_EQ(vgg.config.pooling, PoolKind::average);
  EXPECT_EQ(vgg.config.pixels.matrix, config.pixels.matrix);
  EXPECT_EQ(vgg.config.pixels.offset, config.pixels.offset);
}

TEST(Conventions, DamagedMetadata) {
  const NamedTensors tensors = synthetic_vgg({{2}}, 10);
  for (const char* text : {"", "{}", "[1]", "{\"padding\":1,\"pooling\":2}",
                           "{\"padding\":\"zero\",\"pooling\":\"max\",\"pixel_matrix\":[1],"
                           "\"pixel_offset\":[1,2,3]}"}) {
    expect_error(ErrorCode::input, "metadata is damaged", [&] {
      import_vgg(tensors, {{"impasto.vgg", text}}, "file");
    });
  }
}

TEST(Conventions, NetworksThatAreNoPlainVgg) {
  NamedTensors batch_norm = renamed(synthetic_vgg({{2, 2}}, 11), {"features.0", "features.3"});
  batch_norm["features.1.running_mean"] = Tensor::zeros({2});
  expect_error(ErrorCode::unsupported, "file: is a VGG with batch normalisation",
               [&] { import_vgg(batch_norm, {}, "file"); });
  expect_error(ErrorCode::input, "file: holds no VGG network", [] {
    import_vgg({{"layer1.0.conv1.weight", Tensor::zeros({2, 2, 3, 3})}}, {}, "file");
  });
  expect_error(ErrorCode::input, "holds no VGG network", [] { import_vgg({}, {}, "file"); });
}

TEST(Conventions, ShapesThatDoNotFit) {
  const auto refuse = [](const std::string& name, const Shape& shape, const std::string& part) {
    NamedTensors tensors = synthetic_vgg({{2, 3}, {4}}, 12);
    tensors[name] = Tensor::zeros(shape);
    expect_error(ErrorCode::input, part, [&] {
      const ImportedVgg vgg = import_vgg(tensors, {}, "file");
      make_vgg(vgg.config)->load(vgg.tensors, "file");
    });
  };
  refuse("conv1_2.weight", {3, 5, 3, 3}, "'conv1_2.weight' of shape 3x5x3x3 does not fit");
  refuse("conv1_2.weight", {3, 2, 5, 5}, "does not fit a VGG network as conv1_2");
  refuse("conv1_1.weight", {2, 4, 3, 3}, "does not fit");
  refuse("conv1_1.weight", {0, 3, 3, 3}, "does not fit");
  refuse("conv1_1.bias", {0}, "conv1_1.bias");
  refuse("conv1_2.bias", {4}, "conv1_2.bias");
  refuse("conv1_2.weight", {3, 2}, "does not fit");  // then conv2_1 has the wrong input
}

TEST(Conventions, LayersThatAreMissing) {
  NamedTensors tensors = synthetic_vgg({{2, 2}, {2, 2}}, 13);
  tensors.erase("conv1_2.bias");
  tensors.erase("conv2_1.weight");
  expect_error(ErrorCode::input, "does not fit a VGG network as conv2_2",
               [&] { import_vgg(tensors, {}, "file"); });
}

}  // namespace
}  // namespace impasto::test
