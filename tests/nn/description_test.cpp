// What layers tell of themselves: kind, attributes, and enough to be made again.

#include "nn/description.h"

#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "nn/rebuilt.h"

namespace impasto::test {
namespace {

void write(std::ostream& out, const LayerAttribute& value) {
  std::visit(
      [&](const auto& v) {
        using T = std::decay_t<decltype(v)>;
        if constexpr (std::is_arithmetic_v<T> || std::is_same_v<T, std::string>) {
          out << v;
        } else {
          for (const auto& element : v) out << (&element == v.data() ? "" : ",") << element;
        }
      },
      value);
}

std::string text_of(const LayerDescription& d) {
  std::ostringstream out;
  out << d.kind;
  for (const auto& [name, value] : d.attributes) {
    out << " " << name << "=";
    write(out, value);
  }
  return out.str();
}

struct Told {
  LayerPtr layer;
  std::string expected;
};

std::vector<Told> every_layer() {
  ConvOptions grouped{6, 4, 3, 2, 1, true, PadMode::reflect, 2};
  const std::string conv =
      " kernel_shape=3,3 strides=2,2 pads=1,1,1,1 group=2 mode=reflect activation=Relu";
  const PixelConvention convention{{1, 2, 3, 4, 5, 6, 7, 8, 9}, {-1, 0, 0.5f}};
  return {
      {make_conv(grouped), "Conv" + conv},
      {make_conv({3, 8, 5, 1, 0, false}),
       "Conv kernel_shape=5,5 strides=1,1 pads=0,0,0,0 group=1 mode=constant activation=Identity"},
      {make_pad(2, PadMode::zero), "Pad mode=constant pads=0,0,2,2,0,0,2,2"},
      {make_pad(1, PadMode::reflect), "Pad mode=reflect pads=0,0,1,1,0,0,1,1"},
      {make_pad(3, PadMode::circular), "Pad mode=wrap pads=0,0,3,3,0,0,3,3"},
      {make_pool(PoolKind::max), "MaxPool kernel_shape=2,2 strides=2,2"},
      {make_pool(PoolKind::average, 3), "AveragePool kernel_shape=3,3 strides=3,3"},
      {make_upsample(2, Interpolation::nearest),
       "Resize mode=nearest coordinate_transformation_mode=asymmetric nearest_mode=floor "
       "scales=1,1,2,2"},
      {make_upsample(3, Interpolation::bilinear),
       "Resize mode=linear coordinate_transformation_mode=half_pixel nearest_mode=floor "
       "scales=1,1,3,3"},
      {make_instance_norm(0.5f), "InstanceNormalization epsilon=0.5"},
      {make_affine(7), "Affine"},
      {make_modulate(), "Modulate"},
      {make_modulated_conv({grouped, true}), "ModulatedConv" + conv + " residual=1"},
      {make_modulated_conv({grouped, false}), "ModulatedConv" + conv + " residual=0"},
      {make_add_enlarged(), "AddEnlarged"},
      {make_add(), "Add"},
      {make_concat(), "Concat axis=1"},
      {make_scale(0.75f), "Scale factor=0.75"},
      {make_tanh(), "Tanh"},
      {make_render(), "Render"},
      {make_pixels(convention), "Pixels matrix=1,2,3,4,5,6,7,8,9 offset=-1,0,0.5"},
      {make_colours(convention), "Colours matrix=1,2,3,4,5,6,7,8,9 offset=-1,0,0.5"},
  };
}

TEST(Description, TellsKindAndAttributesOfEveryLayer) {
  for (const auto& [layer, expected] : every_layer()) {
    EXPECT_EQ(text_of(layer->description()), expected);
  }
}

TEST(Description, HasEachAttributeOnceAndFindsIt) {
  for (const auto& [layer, expected] : every_layer()) {
    const LayerDescription d = layer->description();
    std::set<std::string_view> names;
    for (const auto& [name, value] : d.attributes) {
      EXPECT_TRUE(names.insert(name).second) << expected;
      ASSERT_NE(d.find(name), nullptr) << expected;
      EXPECT_EQ(*d.find(name), value) << expected;
    }
    EXPECT_EQ(d.find("something else"), nullptr);
  }
}

TEST(Description, IsEnoughToMakeTheLayerAgain) {
  for (const auto& [layer, expected] : every_layer()) {
    const ParameterShapes parameters = layer->parameters();
    const LayerPtr again = rebuilt(layer->description(), parameters);
    EXPECT_EQ(text_of(again->description()), expected);
    EXPECT_EQ(again->parameters(), parameters) << expected;
  }
}

}  // namespace
}  // namespace impasto::test
