// The two layers that only networks for painting need: modulation by a style, and the picture.

#include <cmath>

#include "impasto/error.h"
#include "nn/layer.h"

namespace impasto {

namespace {

class Modulate final : public Layer {
 public:
  Shape output_shape(std::span<const Shape> in) const override {
    if (!(in[1] == Shape{in[0].n(), 1, 1, 2 * in[0].c()})) {
      throw Error(ErrorCode::internal, "cannot modulate " + in[0].str() + " by " + in[1].str());
    }
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return true; }
  bool backward_reads_output() const override { return false; }
  /// Scale [n, c], then shift [n, c]: parameters of the primitive are never narrow.
  Shape extra_shape(const LayerShapes& s) const override { return {2, s.output.n(), s.output.c()}; }

  void forward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    const int64_t n = s.output.n(), c = s.output.c();
    const Tensor modulation = state.inputs[1].to(state.extra.dtype());
    dispatch(state.extra.dtype(), [&](auto tag) {
      using T = decltype(tag);
      if constexpr (!std::is_same_v<T, bfloat16>) {
        const T* m = modulation.template data<T>();
        T* scale = state.extra.template data<T>();
        T* shift = scale + n * c;
        for (int64_t i = 0; i < n * c; ++i) {
          scale[i] = 1 + std::tanh(m[i / c * 2 * c + i % c]);
          shift[i] = m[i / c * 2 * c + c + i % c];
        }
      }
    });
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

class Render final : public Layer {
 public:
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
      b.render(colours(state, i), picture(state.inputs[0], i), picture(state.output, i));
    }
  }
  void backward(Backend& b, const LayerShapes& s, const LayerState& state) const override {
    if (!state.input_gradients[0]) return;
    for (int64_t i = 0; i < s.output.n(); ++i) {
      b.render_backward(colours(state, i), picture(state.output_gradient, i),
                        picture(state.input_gradients[0], i));
    }
  }

 private:
  static Tensor picture(const Tensor& batch, int64_t i) {
    const Shape& s = batch.shape();
    const Shape one{1, s.h(), s.w(), s.c()};
    return batch.slice(i * one.size(), one);
  }
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
LayerPtr make_render() {
  return std::make_shared<Render>();
}

}  // namespace impasto
