#pragma once

#include "backend/backend.h"

namespace impasto {

/// Every primitive as its definition reads, accumulated in f64. The base of faster backends, which
/// override what they do better.
class ReferenceBackend : public Backend {
 public:
  std::string name() const override { return "reference"; }
  DType preferred_type() const override { return DType::f32; }
  bool supports(DType) const override { return true; }
  size_t scratch_bytes() const override { return 0; }
  Footprint footprint(const Conv2dDesc&, bool, bool) override { return {}; }

  std::shared_ptr<const PreparedConv> prepare(const Conv2dDesc&, const Tensor& weights,
                                              const Tensor& bias, bool forward,
                                              bool backward) override;
  void conv2d(const Conv2dDesc&, const Tensor& src, const PreparedConv&,
              const Tensor& dst) override;
  void conv2d_backward_data(const Conv2dDesc&, const Tensor& dst, const Tensor& ddst,
                            const PreparedConv&, const Tensor& dsrc) override;
  void conv2d_backward_weights(const Conv2dDesc&, const Tensor& src, const Tensor& ddst,
                               const Tensor& dweights, const Tensor& dbias) override;
  void relu_backward(const Tensor& dst, const Tensor& ddst) override;

  std::shared_ptr<const PreparedConv> prepare(const ModulatedConv2dDesc&, const Tensor& weights,
                                              const Tensor& bias) override;
  /// By the primitives around it, those of a faster backend where it has them.
  void modulated_conv2d(const ModulatedConv2dDesc&, const Tensor& src, const PreparedConv&,
                        const Tensor& scale, const Tensor& shift, const Tensor& dst) override;

  void pad2d(const Pad2dDesc&, const Tensor& src, const Tensor& dst) override;
  void pad2d_backward(const Pad2dDesc&, const Tensor& ddst, const Tensor& dsrc) override;
  void pool2d(const Pool2dDesc&, const Tensor& src, const Tensor& dst) override;
  void pool2d_backward(const Pool2dDesc&, const Tensor& src, const Tensor& ddst,
                       const Tensor& dsrc) override;
  void upsample2d(const Upsample2dDesc&, const Tensor& src, const Tensor& dst) override;
  void upsample2d_backward(const Upsample2dDesc&, const Tensor& ddst, const Tensor& dsrc) override;

  void instance_norm(const Tensor& src, float epsilon, const Tensor& dst,
                     const Tensor& inverse_std) override;
  void instance_norm_backward(const Tensor& dst, const Tensor& inverse_std, const Tensor& ddst,
                              const Tensor& dsrc) override;
  void affine(const Tensor& src, const Tensor& scale, const Tensor& shift,
              const Tensor& dst) override;
  void affine_backward(const Tensor& src, const Tensor& scale, const Tensor& ddst,
                       const Tensor& dsrc, const Tensor& dscale, const Tensor& dshift) override;

  void accumulate(const Tensor& src, float factor, const Tensor& dst) override;
  void scale(const Tensor& src, float factor, const Tensor& dst) override;
  void add(const Tensor& a, const Tensor& b, const Tensor& dst) override;
  void add_enlarged(const Tensor& low, const Tensor& b, const Tensor& c,
                    const Tensor& dst) override;
  void concat(const Tensor& a, const Tensor& b, const Tensor& dst) override;
  void concat_backward(const Tensor& ddst, const Tensor& da, const Tensor& db) override;
  void tanh(const Tensor& src, const Tensor& dst) override;
  void tanh_backward(const Tensor& dst, const Tensor& ddst, const Tensor& dsrc) override;

  void pixels(const PixelConvention&, const Tensor& rgb, const Tensor& dst) override;
  void pixels_backward(const PixelConvention&, const Tensor& ddst, const Tensor& drgb) override;

  void render(const PixelConvention&, const Tensor& src, const Tensor& rgb) override;
  void render_backward(const PixelConvention&, const Tensor& drgb, const Tensor& dsrc) override;
  void multiply(const Tensor& a, const Tensor& b, const Tensor& dst) override;

  void second_moments(const Tensor& features, const Tensor& sums, const Tensor& products) override;
  void channel_mix(const Tensor& src, const Tensor& matrix, const Tensor& bias, bool accumulate,
                   const Tensor& dst) override;
  void channel_sums(const Tensor& features, const Tensor& target, const Tensor& sums) override;
  void channel_blend(const Tensor& features, const Tensor& target, const Tensor& coefficients,
                     bool accumulate, const Tensor& dst) override;
  void guided_moments(const Tensor& features, const Guide&, const Tensor& sums,
                      const Tensor& products) override;
  void guided_mix(const Tensor& src, const Guide&, const Tensor& matrix, const Tensor& bias,
                  bool accumulate, const Tensor& dst) override;
};

}  // namespace impasto
