#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace impasto {

/// The types of attributes that ONNX has: INT, FLOAT, STRING, INTS, FLOATS.
using LayerAttribute =
    std::variant<int64_t, float, std::string, std::vector<int64_t>, std::vector<float>>;

/// What a layer does, for those who write networks down in another form: with its parameters it is
/// all that the layer could be made from again. Where an operator of ONNX (version 19 of its
/// standard set, https://onnx.ai/onnx/operators) does the same, kind and attributes have its names,
/// and axes its order, NCHW; what it takes as inputs that never change are attributes here.
///
/// | kind                  | attributes, by ONNX's names unless they are explained             |
/// |-----------------------|-------------------------------------------------------------------|
/// | Conv                  | kernel_shape, strides, pads, group; mode: of the Pad before it    |
/// |                       | that the pads stand for; activation: what follows, Relu, Identity |
/// | Pad                   | mode: constant (0), reflect (which bounces), wrap; pads           |
/// | MaxPool, AveragePool  | kernel_shape, strides; a side shorter than the kernel gives 1     |
/// | Resize                | mode, coordinate_transformation_mode, nearest_mode, scales        |
/// | InstanceNormalization | epsilon; scale is 1, B is 0                                       |
/// | Add, Tanh             |                                                                   |
/// | Concat                | axis                                                              |
///
/// Kinds of ours:
///
/// | kind          | what it stands for                                                        |
/// |---------------|---------------------------------------------------------------------------|
/// | Affine        | Mul by its scale, then Add of its shift, by channel                       |
/// | Scale         | Mul by factor                                                             |
/// | Modulate      | see make_modulate()                                                       |
/// | ModulatedConv | see make_modulated_conv(): what Conv has, and residual: 0 or 1            |
/// | AddEnlarged   | Resize of the first input to twice its size, then Add of the others       |
/// | Pixels        | matrix (9, row-major), offset (3): a Conv of 1 x 1                        |
/// | Colours       | the same, at the end of a network that paints                             |
/// | Render        | see make_render()                                                         |
struct LayerDescription {
  std::string_view kind;  ///< as it stands above: a literal
  std::vector<std::pair<std::string_view, LayerAttribute>> attributes{};

  /// Null: it has no attribute of that name.
  const LayerAttribute* find(std::string_view name) const {
    for (const auto& [own, value] : attributes) {
      if (own == name) return &value;
    }
    return nullptr;
  }
};

}  // namespace impasto
