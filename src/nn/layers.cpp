// The layers: each hands its description and operands to one or two backend primitives.

#include <algorithm>

#include "impasto/error.h"
#include "nn/layer.h"

namespace impasto {

namespace {

using Ints = std::vector<int64_t>;
using Floats = std::vector<float>;

std::string mode_of(PadMode border) {
  return border == PadMode::zero ? "constant" : border == PadMode::reflect ? "reflect" : "wrap";
}

class Conv final : public Layer {
 public:
  explicit Conv(const ConvOptions& o) : o_(o) {
    if (o.groups < 1 || o.in_channels % o.groups != 0 || o.out_channels % o.groups != 0) {
      throw Error(ErrorCode::internal, "a convolution of " + std::to_string(o.in_channels) +
                                           " to " + std::to_string(o.out_channels) +
                                           " channels cannot be of " + std::to_string(o.groups) +
                                           " groups");
    }
  }

  LayerDescription description() const override {
    return {"Conv",
            {{"kernel_shape", Ints(2, o_.kernel)},
             {"strides", Ints(2, o_.stride)},
             {"pads", Ints(4, o_.padding)},
             {"group", o_.groups},
             {"mode", mode_of(o_.border)},
             {"activation", o_.relu ? "Relu" : "Identity"}}};
  }
  Shape output_shape(std::span<const Shape> in) const override {
    if (in[0].c() != o_.in_channels) {
      throw Error(ErrorCode::internal, "a convolution expects " + std::to_string(o_.in_channels) +
                                           " channels, got a tensor of " + in[0].str());
    }
    const Shape out = desc({{in[0]}, {}, DType::f32}).dst();
    if (out.h() < 1 || out.w() < 1) {
      throw Error(ErrorCode::internal, "a tensor of " + in[0].str() +
                                           " is too small for a kernel of " +
                                           std::to_string(o_.kernel));
    }
    return out;
  }
  std::vector<std::pair<std::string, Shape>> parameters() const override {
    return {{"weight", {o_.out_channels, o_.in_channels / o_.groups, o_.kernel, o_.kernel}},
            {"bias", {o_.out_channels}}};
  }
  std::optional<LayerField> field() const override {
    return LayerField{o_.stride, std::max(o_.padding, o_.kernel - o_.padding - o_.stride)};
  }
  bool backward_reads_inputs(bool parameter_gradients) const override {
    return parameter_gradients;
  }
  bool backward_reads_output() const override { return o_.relu; }
  Footprint footprint(Backend& b, const LayerShapes& s, bool backward) const override {
    return b.footprint(desc(s), true, backward);
  }
  void prepare(Backend& b, const LayerShapes& s, LayerState& state, bool backward) const override {
    state.prepared = b.prepare(desc(s), state.parameters[0], state.parameters[1], true, backward);
  }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.conv2d(desc(s), state.inputs[0], *state.prepared, state.output);
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    Conv2dDesc d = desc(s);
    if (!state.parameter_gradients.empty() && state.parameter_gradients[0]) {
      if (d.relu) b.relu_backward(state.output, state.output_gradient);
      d.relu = false;  // is done
      b.conv2d_backward_weights(d, state.inputs[0], state.output_gradient,
                                state.parameter_gradients[0], state.parameter_gradients[1]);
    }
    if (state.input_gradients[0]) {
      b.conv2d_backward_data(d, state.output, state.output_gradient, *state.prepared,
                             state.input_gradients[0]);
    }
  }

 private:
  Conv2dDesc desc(const LayerShapes& s) const {
    return {s.inputs[0], o_.out_channels, o_.kernel, o_.stride, o_.padding,
            o_.relu,     s.type,          o_.border, o_.groups};
  }
  ConvOptions o_;
};

class Pad final : public Layer {
 public:
  Pad(int border, PadMode mode) : border_(border), mode_(mode) {}
  LayerDescription description() const override {
    const int64_t b = border_;
    return {"Pad", {{"mode", mode_of(mode_)}, {"pads", Ints{0, 0, b, b, 0, 0, b, b}}}};
  }
  Shape output_shape(std::span<const Shape> in) const override {
    return Pad2dDesc{in[0], border_, mode_, DType::f32}.dst();
  }
  std::optional<LayerField> field() const override { return LayerField{1, border_}; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.pad2d({s.inputs[0], border_, mode_, s.type}, state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.pad2d_backward({s.inputs[0], border_, mode_, s.type}, state.output_gradient,
                     state.input_gradients[0]);
  }

 private:
  int border_;
  PadMode mode_;
};

class Pool final : public Layer {
 public:
  Pool(PoolKind kind, int size) : kind_(kind), size_(size) {}
  LayerDescription description() const override {
    return {kind_ == PoolKind::max ? "MaxPool" : "AveragePool",
            {{"kernel_shape", Ints(2, size_)}, {"strides", Ints(2, size_)}}};
  }
  Shape output_shape(std::span<const Shape> in) const override {
    return Pool2dDesc{in[0], kind_, size_, DType::f32}.dst();
  }
  std::optional<LayerField> field() const override { return LayerField{size_, 0}; }
  bool backward_reads_inputs(bool) const override { return kind_ == PoolKind::max; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.pool2d({s.inputs[0], kind_, size_, s.type}, state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.pool2d_backward({s.inputs[0], kind_, size_, s.type}, state.inputs[0], state.output_gradient,
                      state.input_gradients[0]);
  }

 private:
  PoolKind kind_;
  int size_;
};

class Upsample final : public Layer {
 public:
  Upsample(int factor, Interpolation kind) : factor_(factor), kind_(kind) {}
  LayerDescription description() const override {
    const bool nearest = kind_ == Interpolation::nearest;
    const auto factor = static_cast<float>(factor_);
    return {"Resize",
            {{"mode", nearest ? "nearest" : "linear"},
             {"coordinate_transformation_mode", nearest ? "asymmetric" : "half_pixel"},
             {"nearest_mode", "floor"},
             {"scales", Floats{1, 1, factor, factor}}}};
  }
  Shape output_shape(std::span<const Shape> in) const override { return desc(in[0]).dst(); }
  std::optional<LayerField> field() const override { return {}; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.upsample2d(desc(s.inputs[0], s.type), state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    b.upsample2d_backward(desc(s.inputs[0], s.type), state.output_gradient,
                          state.input_gradients[0]);
  }

 private:
  Upsample2dDesc desc(const Shape& in, DType type = DType::f32) const {
    return {in, in.h() * factor_, in.w() * factor_, kind_, type};
  }
  int factor_;
  Interpolation kind_;
};

class InstanceNorm final : public Layer {
 public:
  explicit InstanceNorm(float epsilon) : epsilon_(epsilon) {}
  LayerDescription description() const override {
    return {"InstanceNormalization", {{"epsilon", epsilon_}}};
  }
  Shape output_shape(std::span<const Shape> in) const override { return in[0]; }
  std::optional<LayerField> field() const override { return {}; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return true; }
  Shape extra_shape(const LayerShapes& s) const override { return {s.output.n(), s.output.c()}; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.instance_norm(state.inputs[0], epsilon_, state.output, state.extra);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.instance_norm_backward(state.output, state.extra, state.output_gradient,
                             state.input_gradients[0]);
  }

 private:
  float epsilon_;
};

class Affine final : public Layer {
 public:
  explicit Affine(int channels) : channels_(channels) {}
  LayerDescription description() const override { return {"Affine"}; }
  Shape output_shape(std::span<const Shape> in) const override { return in[0]; }
  std::vector<std::pair<std::string, Shape>> parameters() const override {
    return {{"scale", {1, channels_}}, {"shift", {1, channels_}}};
  }
  bool backward_reads_inputs(bool) const override { return true; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.affine(state.inputs[0], state.parameters[0], state.parameters[1], state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    const bool wanted = !state.parameter_gradients.empty() && state.parameter_gradients[0];
    // Gradients of scale and shift that nobody asked for still need a place.
    const auto place = [&](size_t i) {
      return wanted ? state.parameter_gradients[i]
                    : Tensor({1, channels_}, state.parameters[i].dtype());
    };
    const Tensor input =
        state.input_gradients[0] ? state.input_gradients[0] : state.output_gradient;
    b.affine_backward(state.inputs[0], state.parameters[0], state.output_gradient, input, place(0),
                      place(1));
  }

 private:
  int channels_;
};

class Add final : public Layer {
 public:
  LayerDescription description() const override { return {"Add"}; }
  Shape output_shape(std::span<const Shape> in) const override {
    if (!(in[0] == in[1])) {
      throw Error(ErrorCode::internal, "cannot add " + in[0].str() + " and " + in[1].str());
    }
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.add(state.inputs[0], state.inputs[1], state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    for (const Tensor& gradient : state.input_gradients) {
      if (gradient) b.scale(state.output_gradient, 1.0f, gradient);
    }
  }
};

class Concat final : public Layer {
 public:
  LayerDescription description() const override { return {"Concat", {{"axis", 1}}}; }
  Shape output_shape(std::span<const Shape> in) const override {
    return {in[0].n(), in[0].h(), in[0].w(), in[0].c() + in[1].c()};
  }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.concat(state.inputs[0], state.inputs[1], state.output);
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    const auto wanted = [&](size_t i) {
      return state.input_gradients[i] ? state.input_gradients[i] : Tensor(s.inputs[i], s.type);
    };
    b.concat_backward(state.output_gradient, wanted(0), wanted(1));
  }
};

class Scale final : public Layer {
 public:
  explicit Scale(float factor) : factor_(factor) {}
  LayerDescription description() const override { return {"Scale", {{"factor", factor_}}}; }
  Shape output_shape(std::span<const Shape> in) const override { return in[0]; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.scale(state.inputs[0], factor_, state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.scale(state.output_gradient, factor_, state.input_gradients[0]);
  }

 private:
  float factor_;
};

class Tanh final : public Layer {
 public:
  LayerDescription description() const override { return {"Tanh"}; }
  Shape output_shape(std::span<const Shape> in) const override { return in[0]; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return true; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.tanh(state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.tanh_backward(state.output, state.output_gradient, state.input_gradients[0]);
  }
};

}  // namespace

LayerPtr make_conv(const ConvOptions& o) {
  return std::make_shared<Conv>(o);
}
LayerPtr make_pad(int border, PadMode mode) {
  return std::make_shared<Pad>(border, mode);
}
LayerPtr make_pool(PoolKind kind, int size) {
  return std::make_shared<Pool>(kind, size);
}
LayerPtr make_upsample(int factor, Interpolation kind) {
  return std::make_shared<Upsample>(factor, kind);
}
LayerPtr make_instance_norm(float epsilon) {
  return std::make_shared<InstanceNorm>(epsilon);
}
LayerPtr make_affine(int channels) {
  return std::make_shared<Affine>(channels);
}
LayerPtr make_add() {
  return std::make_shared<Add>();
}
LayerPtr make_concat() {
  return std::make_shared<Concat>();
}
LayerPtr make_scale(float factor) {
  return std::make_shared<Scale>(factor);
}
LayerPtr make_tanh() {
  return std::make_shared<Tanh>();
}

}  // namespace impasto
