// The layers that only networks for painting need: modulation by a style, and the picture.

#include <cmath>

#include "impasto/error.h"
#include "nn/layer.h"

namespace impasto {

namespace {

// m as the primitives want it: scale [n, c], then shift [n, c], never narrow. They are here in
// `extra` [2, n, c].
void read_modulation(const Tensor& m, const Tensor& extra) {
  const int64_t n = extra.shape()[1], c = extra.shape()[2];
  const Tensor modulation = m.to(extra.dtype());
  dispatch(extra.dtype(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bfloat16>) {
      const T* from = modulation.template data<T>();
      T* scale = extra.template data<T>();
      T* shift = scale + n * c;
      for (int64_t i = 0; i < n * c; ++i) {
        scale[i] = 1 + std::tanh(from[i / c * 2 * c + i % c]);
        shift[i] = from[i / c * 2 * c + c + i % c];
      }
    }
  });
}

void require_modulation(const Shape& x, const Shape& m) {
  if (m == Shape{x.n(), 1, 1, 2 * x.c()}) return;
  throw Error(ErrorCode::internal, "cannot modulate " + x.str() + " by " + m.str());
}

class Modulate final : public Layer {
 public:
  LayerDescription description() const override { return {"Modulate"}; }
  Shape output_shape(std::span<const Shape> in) const override {
    require_modulation(in[0], in[1]);
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return true; }
  bool backward_reads_output() const override { return false; }
  Shape extra_shape(const LayerShapes& s) const override { return {2, s.output.n(), s.output.c()}; }

  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    read_modulation(state.inputs[1], state.extra);
    b.affine(state.inputs[0], part(state, 0, s), part(state, 1, s), state.output);
  }

  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    const int64_t n = s.output.n(), c = s.output.c();
    const Tensor dscale({n, c}, state.extra.dtype()), dshift({n, c}, state.extra.dtype());
    // A gradient that nobody asked for may go where nobody looks.
    const Tensor dx = state.input_gradients[0] ? state.input_gradients[0] : state.output_gradient;
    b.affine_backward(state.inputs[0], part(state, 0, s), state.output_gradient, dx, dscale,
                      dshift);
    if (!state.input_gradients[1]) return;
    const Tensor& dm = state.input_gradients[1];
    const Tensor scale = part(state, 0, s);
    dispatch(dscale.dtype(), [&](auto tag) {
      using T = decltype(tag);
      for (int64_t i = 0; i < n * c; ++i) {
        const double t = scale.at(i) - 1;
        T& d = dscale.template data<T>()[i];
        if constexpr (!std::is_same_v<T, bfloat16>) d = static_cast<T>(d * (1 - t * t));
      }
    });
    for (int64_t i = 0; i < n; ++i) {
      dm.slice(i * 2 * c, {c}).copy_from(dscale.slice(i * c, {c}));
      dm.slice(i * 2 * c + c, {c}).copy_from(dshift.slice(i * c, {c}));
    }
  }

 private:
  static Tensor part(const LayerState& state, int64_t which, const LayerShapes& s) {
    const int64_t n = s.output.n(), c = s.output.c();
    return state.extra.slice(which * n * c, {n, c});
  }
};

class ModulatedConv final : public Layer {
 public:
  explicit ModulatedConv(const ModulatedConvOptions& o) : o_(o), conv_(make_conv(o.conv)) {}
  LayerDescription description() const override {
    LayerDescription d = conv_->description();
    d.kind = "ModulatedConv";
    d.attributes.emplace_back("residual", o_.residual);
    return d;
  }
  Shape output_shape(std::span<const Shape> in) const override {
    require_modulation(in[0], in[1]);
    const Shape out = desc({{in[0]}, {}, DType::f32}).conv.dst();
    if (in[0].n() != 1 || in[0].c() != o_.conv.in_channels) {
      throw Error(ErrorCode::internal, "a modulated convolution expects one picture of " +
                                           std::to_string(o_.conv.in_channels) +
                                           " channels, got a tensor of " + in[0].str());
    }
    return out;
  }
  std::vector<std::pair<std::string, Shape>> parameters() const override {
    return conv_->parameters();
  }
  std::optional<LayerField> field() const override { return {}; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  /// Scale and shift.
  Shape extra_shape(const LayerShapes&) const override { return {2 * o_.conv.in_channels}; }
  Footprint footprint(Backend& b, const LayerShapes& s, bool) const override {
    return b.footprint(desc(s).conv, true, false);
  }
  void prepare(Backend& b, const LayerShapes& s, LayerState& state, bool) const override {
    state.prepared = b.prepare(desc(s), state.parameters[0], state.parameters[1]);
  }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    const int64_t c = o_.conv.in_channels;
    read_modulation(state.inputs[1], state.extra.slice(0, {2, 1, c}));
    b.modulated_conv2d(desc(s), state.inputs[0], *state.prepared, state.extra.slice(0, {c}),
                       state.extra.slice(c, {c}), state.output);
  }
  void backward(Backend&, const LayerShapes&, const LayerState&) const override {
    throw Error(ErrorCode::internal, "a modulated convolution is for painting only");
  }

 private:
  ModulatedConv2dDesc desc(const LayerShapes& s) const {
    const ConvOptions& c = o_.conv;
    return {{s.inputs[0], c.out_channels, c.kernel, c.stride, c.padding, c.relu, s.type, c.border,
             c.groups},
            o_.residual};
  }
  ModulatedConvOptions o_;
  LayerPtr conv_;
};

class AddEnlarged final : public Layer {
 public:
  LayerDescription description() const override { return {"AddEnlarged"}; }
  Shape output_shape(std::span<const Shape> in) const override {
    const Shape &low = in[0], &s = in[1];
    if (!(s == Shape{low.n(), 2 * low.h(), 2 * low.w(), low.c()}) ||
        (in.size() > 2 && !(in[2] == s))) {
      throw Error(ErrorCode::internal, "cannot add " + low.str() + " enlarged to " + s.str());
    }
    return s;
  }
  std::optional<LayerField> field() const override { return {}; }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.add_enlarged(state.inputs[0], state.inputs[1],
                   state.inputs.size() > 2 ? state.inputs[2] : Tensor(), state.output);
  }
  void backward(Backend&, const LayerShapes&, const LayerState&) const override {
    throw Error(ErrorCode::internal, "adding while enlarging is for painting only");
  }
};

class Render final : public Layer {
 public:
  LayerDescription description() const override { return {"Render"}; }
  Shape output_shape(std::span<const Shape> in) const override {
    if (in[0].c() != 3 || !(in[1] == Shape{in[0].n(), 1, 1, 12})) {
      throw Error(ErrorCode::internal,
                  "cannot make a picture of " + in[0].str() + " in colours " + in[1].str());
    }
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return true; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    for (int64_t i = 0; i < s.output.n(); ++i) {
      b.render(colours(state, i), state.inputs[0].picture(i), state.output.picture(i));
    }
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    if (!state.input_gradients[0]) return;
    for (int64_t i = 0; i < s.output.n(); ++i) {
      b.render_backward(colours(state, i), state.output_gradient.picture(i),
                        state.input_gradients[0].picture(i));
    }
  }

 private:
  static PixelConvention colours(const LayerState& state, int64_t i) {
    PixelConvention c;
    for (int64_t k = 0; k < 12; ++k) {
      const auto v = static_cast<float>(state.inputs[1].at(i * 12 + k));
      (k < 9 ? c.matrix[static_cast<size_t>(k)] : c.offset[static_cast<size_t>(k - 9)]) = v;
    }
    return c;
  }
};

}  // namespace

LayerPtr make_modulate() {
  return std::make_shared<Modulate>();
}
LayerPtr make_modulated_conv(const ModulatedConvOptions& o) {
  return std::make_shared<ModulatedConv>(o);
}
LayerPtr make_add_enlarged() {
  return std::make_shared<AddEnlarged>();
}
LayerPtr make_render() {
  return std::make_shared<Render>();
}

}  // namespace impasto
