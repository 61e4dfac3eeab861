#pragma once

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backend/backend.h"
#include "nn/description.h"

namespace impasto {

/// One trainable array of a network.
struct Parameter {
  std::string name;  ///< "conv1_1.weight"
  Tensor value;      ///< f32 (f64 in tests); weights OIHW
};

/// What a layer works on at one place of a plan. Tensors a pass does not need are empty.
struct LayerState {
  std::vector<Tensor> inputs;
  Tensor output;
  Tensor extra;                             ///< what forward keeps for backward beside these (f32)
  std::vector<Tensor> input_gradients;      ///< to be overwritten; empty tensor: not wanted
  Tensor output_gradient;                   ///< may be destroyed by backward
  std::vector<Tensor> parameters;           ///< values, in the layer's order
  std::vector<Tensor> parameter_gradients;  ///< to be overwritten; empty: not wanted
  std::shared_ptr<const PreparedConv> prepared;
};

/// Shape and type that one place of a network has for one input size.
struct LayerShapes {
  std::vector<Shape> inputs;
  Shape output;
  DType type;
};

/// What one output position of a layer reads: its own `step` x `step` inputs, and others up to
/// `reach` from these.
struct LayerField {
  int step = 1, reach = 0;
};

/// An operator of a network: forward and backward, no state (that lives in the plan).
class Layer {
 public:
  virtual ~Layer() = default;
  virtual LayerDescription description() const = 0;
  virtual Shape output_shape(std::span<const Shape> inputs) const = 0;
  /// Names the layer's parameters within its node, with their shapes: {"weight", ...}.
  virtual std::vector<std::pair<std::string, Shape>> parameters() const { return {}; }

  /// Nothing when an output position has no such place, or reads the whole picture.
  virtual std::optional<LayerField> field() const { return LayerField{}; }

  // What backward reads, so that the plan keeps no more than that.
  virtual bool backward_reads_inputs(bool parameter_gradients) const = 0;
  virtual bool backward_reads_output() const = 0;
  /// Shape of LayerState::extra; rank 0: none.
  virtual Shape extra_shape(const LayerShapes&) const { return {}; }
  /// What its primitives take beside its tensors.
  virtual Footprint footprint(Backend&, const LayerShapes&, bool /*backward*/) const { return {}; }

  /// Brings parameters into the backend's layout; called once, and again when they change.
  virtual void prepare(Backend&, const LayerShapes&, LayerState&, bool) const {}
  virtual void forward(Backend&, const LayerShapes&, const LayerState&) const = 0;
  virtual void backward(Backend&, const LayerShapes&, const LayerState&) const = 0;
};

using LayerPtr = std::shared_ptr<const Layer>;

struct ConvOptions {
  int in_channels = 0, out_channels = 0;
  int kernel = 3, stride = 1;
  int padding = 0;  ///< pixels on each side
  bool relu = false;
  PadMode border = PadMode::zero;  ///< what the padding holds
  int groups = 1;                  ///< as in Conv2dDesc
};
/// Error{internal} where the groups do not divide the channels.
LayerPtr make_conv(const ConvOptions&);
LayerPtr make_pad(int border, PadMode);
LayerPtr make_pool(PoolKind, int size = 2);
/// Enlarges by a whole factor.
LayerPtr make_upsample(int factor, Interpolation);
LayerPtr make_instance_norm(float epsilon = 1e-5f);
/// Per-channel scale and shift, the same for all pictures.
LayerPtr make_affine(int channels);
/// What a style asks of each channel: inputs x [n, h, w, c] and m [n, 1, 1, 2c];
/// y = x * (1 + tanh m[0..c)) + m[c..2c), for each picture of the batch by itself (AdaIN's affine,
/// Huang and Belongie 2017, without the normalisation). No scale is above 2, so that a dozen in a
/// row stay bounded for a style unlike all others.
LayerPtr make_modulate();

/// What a network for painting does in one pass over memory: modulate, convolve (3x3, a border that
/// is not zero) [residual: and add to what was modulated].
struct ModulatedConvOptions {
  ConvOptions conv;
  bool residual = false;
};
/// Inputs as those of make_modulate(), one picture; parameters those of make_conv(). No gradients.
LayerPtr make_modulated_conv(const ModulatedConvOptions&);
/// Inputs low [n, h, w, c], b and perhaps c [n, 2h, 2w, c]: low enlarged, pixel by pixel, + b [+
/// c]. No gradients.
LayerPtr make_add_enlarged();
LayerPtr make_add();
LayerPtr make_concat();
LayerPtr make_scale(float factor);
LayerPtr make_tanh();
/// From features of 3 channels to pixels, in colours of each picture's own: inputs x [n, h, w, 3]
/// and m [n, 1, 1, 12], a matrix (row-major) and an offset; rgb = matrix * x + offset. Both m's
/// node and this one's must Graph::keep_pixel_type(); m gets no gradient.
LayerPtr make_render();
/// From pixels (f32 RGB 0..1) to what a network was trained on; the first layer of every network.
LayerPtr make_pixels(const PixelConvention&);
/// The other way round, the last layer of a network that paints: rgb = matrix * x + offset, of
/// features of 3 channels. Its node must Graph::keep_pixel_type().
LayerPtr make_colours(const PixelConvention&);

}  // namespace impasto
