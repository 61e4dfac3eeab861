// From pixels to what networks read, and back.

#include "impasto/error.h"
#include "nn/layer.h"

namespace impasto {

namespace {

LayerDescription described(std::string_view kind, const PixelConvention& convention) {
  const auto& [matrix, offset] = convention;
  return {kind,
          {{"matrix", std::vector<float>(matrix.begin(), matrix.end())},
           {"offset", std::vector<float>(offset.begin(), offset.end())}}};
}

class Pixels final : public Layer {
 public:
  explicit Pixels(const PixelConvention& convention) : convention_(convention) {}
  LayerDescription description() const override { return described("Pixels", convention_); }
  Shape output_shape(std::span<const Shape> in) const override {
    if (in[0].c() != 3) {
      throw Error(ErrorCode::internal, "a picture has 3 channels, got " + in[0].str());
    }
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.pixels(convention_, state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.pixels_backward(convention_, state.output_gradient, state.input_gradients[0]);
  }

 private:
  PixelConvention convention_;
};

class Colours final : public Layer {
 public:
  explicit Colours(const PixelConvention& convention) : convention_(convention) {}
  LayerDescription description() const override { return described("Colours", convention_); }
  Shape output_shape(std::span<const Shape> in) const override {
    if (in[0].c() != 3) {
      throw Error(ErrorCode::internal, "cannot make a picture of " + in[0].str());
    }
    return in[0];
  }
  bool backward_reads_inputs(bool) const override { return false; }
  bool backward_reads_output() const override { return false; }
  void forward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    b.render(convention_, state.inputs[0], state.output);
  }
  void backward(Backend& b, const LayerShapes&, const LayerState& state) const override {
    if (!state.input_gradients[0]) return;
    b.render_backward(convention_, state.output_gradient, state.input_gradients[0]);
  }

 private:
  PixelConvention convention_;
};

}  // namespace

LayerPtr make_pixels(const PixelConvention& c) {
  return std::make_shared<Pixels>(c);
}
LayerPtr make_colours(const PixelConvention& c) {
  return std::make_shared<Colours>(c);
}

}  // namespace impasto
