#pragma once

#include <memory>

#include "backend/reference/reference.h"

namespace impasto {

struct Kernels;
struct PackedConv;
class DnnlContext;

/// Elements worth a thread, in loops over memory.
inline constexpr int64_t grain = 16384;

/// oneDNN for the matrix work, vectorised kernels for the rest; what is not overridden, and f64,
/// falls back to the reference. Activations stay plain NHWC between primitives.
class CpuBackend final : public ReferenceBackend {
 public:
  CpuBackend();
  ~CpuBackend() override;

  std::string name() const override;
  DType preferred_type() const override;
  bool supports(DType) const override;
  size_t scratch_bytes() const override;
  Footprint footprint(const Conv2dDesc&, bool forward, bool backward) override;

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
  void affine(const Tensor& src, const Tensor& scale, const Tensor& shift,
              const Tensor& dst) override;
  void affine_backward(const Tensor& src, const Tensor& scale, const Tensor& ddst,
                       const Tensor& dsrc, const Tensor& dscale, const Tensor& dshift) override;
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
  void forget_compiled() override;

 private:
  // banded_conv.cpp
  void conv2d_in_bands(const Conv2dDesc&, const Tensor& src, const PackedConv&, const Tensor& dst);
  template <class T>
  void conv2d_backward_data_in_bands(const Conv2dDesc&, const Tensor& dst, const Tensor& ddst,
                                     const PackedConv&, const Tensor& dsrc);
  // spatial.cpp
  void repeat_pixels(const Upsample2dDesc&, const Tensor& src, const Tensor& dst);
  // statistics.cpp
  void sum_positions(const Tensor& features, const Tensor& sums);
  void second_moments_in_tiles(const Tensor& features, const Tensor& sums, const Tensor& products);
  void channel_mix_in_tiles(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                            bool accumulate, const Tensor& dst);

  std::unique_ptr<DnnlContext> dnnl_;
  const Kernels& kernels_;
};

}  // namespace impasto
