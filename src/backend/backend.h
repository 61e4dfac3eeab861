#pragma once

#include <array>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "impasto/choices.h"
#include "tensor/tensor.h"

namespace impasto {

// Descriptors: everything a primitive needs to know beside its operands, so that a backend can
// compile once and cache by value. `type` is the type of activations and their gradients
// (f64 on the reference only). Parameters and their gradients are f32 (f64 with f64 activations).

/// What lies beyond the frame: 0; the picture mirrored, its edge pixels not repeated; the picture
/// again.
enum class PadMode { zero, reflect, circular };

struct Conv2dDesc {
  Shape src;  ///< NHWC
  int out_channels = 0;
  int kernel = 3;  ///< square
  int stride = 1;
  int padding = 0;    ///< pixels on each side
  bool relu = false;  ///< clamps the result at 0
  DType type = DType::f32;
  PadMode border = PadMode::zero;  ///< what the padding holds
  /// Divides the source's channels and the result's: the i-th part of these reads the i-th part of
  /// those only. As many as channels: a depthwise convolution.
  int groups = 1;

  Shape dst() const;
  Shape weights() const;  ///< OIHW; I of one group
};

struct Pad2dDesc {
  Shape src;
  int border = 1;  ///< on each side
  PadMode mode = PadMode::reflect;
  DType type = DType::f32;

  Shape dst() const;
};

/// Windows of size x size every `size` pixels, without padding. What does not fill a window is left
/// out, as in PyTorch, but a side shorter than the window is pooled to 1 instead of nothing.
struct Pool2dDesc {
  Shape src;
  PoolKind kind = PoolKind::max;
  int size = 2;
  DType type = DType::f32;

  Shape dst() const;
};

/// A convolution as networks that paint have it, of one picture, and what goes on around it in the
/// same pass over memory: dst = [src +] conv(src * scale + shift), scale and shift by channel. The
/// border is not zero: what is shifted would be shifted there, too.
struct ModulatedConv2dDesc {
  Conv2dDesc conv;
  bool residual = false;  ///< adds the source, which has as many channels then
};

enum class Interpolation { nearest, bilinear };

/// Pixel centres are aligned (PyTorch's align_corners=False). Any size, up or down.
struct Upsample2dDesc {
  Shape src;
  int64_t dst_h = 0, dst_w = 0;
  Interpolation kind = Interpolation::nearest;
  DType type = DType::f32;

  Shape dst() const;
};

/// feature = matrix * rgb + offset, at each pixel; rgb is f32 sRGB 0..1.
struct PixelConvention {
  std::array<float, 9> matrix{1, 0, 0, 0, 1, 0, 0, 0, 1};  ///< row-major
  std::array<float, 3> offset{};
};

/// Memory that primitives take beside their operands, in bytes.
struct Footprint {
  size_t kept = 0;  ///< as long as what was prepared: weights in the backend's own layout
  /// Buffers that all primitives of a backend share, one after another: of each the largest counts.
  std::array<size_t, 4> shared{};

  Footprint& operator+=(const Footprint&);
  size_t total() const;
};

/// Convolution weights in a backend's own layout; made by Backend::prepare, opaque to callers.
class PreparedConv {
 public:
  virtual ~PreparedConv() = default;
};

/// A part of a tensor's positions, softly: those that count, in ascending order, and how much,
/// above 0. The others have weight 0.
struct Guide {
  std::vector<int32_t> positions;
  std::vector<float> weights;     ///< none: each is 1
  double sum = 0;                 ///< of the weights
  int64_t height = 0, width = 0;  ///< of the tensor

  float weight(size_t k) const { return weights.empty() ? 1 : weights[k]; }
};

/// The primitives that networks and losses are made of. Operands are dense NHWC tensors of the
/// descriptor's type; outputs are written in full unless a function says that it accumulates.
/// `dx` is the gradient of the objective with respect to `x`. Functions do not check shapes twice:
/// callers (nn, losses) pass what the descriptor says, and implementations may trust it.
/// A backend object is used by one thread at a time; it uses threads() inside.
class Backend {
 public:
  virtual ~Backend() = default;
  /// Lets go of what was compiled for the shapes so far and of scratch memory; both come back as
  /// they are needed.
  virtual void forget_compiled() {}
  virtual std::string name() const = 0;
  /// The fastest type that this processor multiplies natively: bf16, else f32.
  virtual DType preferred_type() const = 0;
  virtual bool supports(DType type) const = 0;
  /// Memory that the primitives compiled so far share while they run, in bytes.
  virtual size_t scratch_bytes() const = 0;

  /// What a convolution that is prepared for these directions takes, beside its operands.
  virtual Footprint footprint(const Conv2dDesc&, bool forward, bool backward) = 0;

  // Convolution. `forward` / `backward` say which directions the weights are prepared for.
  virtual std::shared_ptr<const PreparedConv> prepare(const Conv2dDesc&, const Tensor& weights,
                                                      const Tensor& bias, bool forward,
                                                      bool backward) = 0;
  virtual void conv2d(const Conv2dDesc&, const Tensor& src, const PreparedConv&,
                      const Tensor& dst) = 0;
  /// `dst` (the clamped output) is read for `relu` only: where it is 0, ddst counts as 0, and may
  /// become so.
  virtual void conv2d_backward_data(const Conv2dDesc&, const Tensor& dst, const Tensor& ddst,
                                    const PreparedConv&, const Tensor& dsrc) = 0;
  /// `relu` is not looked at: see relu_backward.
  virtual void conv2d_backward_weights(const Conv2dDesc&, const Tensor& src, const Tensor& ddst,
                                       const Tensor& dweights, const Tensor& dbias) = 0;
  /// ddst becomes 0 where dst (the clamped output) is 0.
  virtual void relu_backward(const Tensor& dst, const Tensor& ddst) = 0;

  virtual std::shared_ptr<const PreparedConv> prepare(const ModulatedConv2dDesc&,
                                                      const Tensor& weights,
                                                      const Tensor& bias) = 0;
  /// `scale` and `shift` [c] f32 (f64).
  virtual void modulated_conv2d(const ModulatedConv2dDesc&, const Tensor& src, const PreparedConv&,
                                const Tensor& scale, const Tensor& shift, const Tensor& dst) = 0;

  virtual void pad2d(const Pad2dDesc&, const Tensor& src, const Tensor& dst) = 0;
  virtual void pad2d_backward(const Pad2dDesc&, const Tensor& ddst, const Tensor& dsrc) = 0;
  virtual void pool2d(const Pool2dDesc&, const Tensor& src, const Tensor& dst) = 0;
  /// `src` is read for max pooling only (the first largest element of a window gets the gradient).
  virtual void pool2d_backward(const Pool2dDesc&, const Tensor& src, const Tensor& ddst,
                               const Tensor& dsrc) = 0;
  virtual void upsample2d(const Upsample2dDesc&, const Tensor& src, const Tensor& dst) = 0;
  virtual void upsample2d_backward(const Upsample2dDesc&, const Tensor& ddst,
                                   const Tensor& dsrc) = 0;

  /// Each channel of each picture to mean 0 and variance 1 (Ulyanov et al. 2016). `inverse_std`
  /// [n, c] f32 is what the backward pass needs.
  virtual void instance_norm(const Tensor& src, float epsilon, const Tensor& dst,
                             const Tensor& inverse_std) = 0;
  virtual void instance_norm_backward(const Tensor& dst, const Tensor& inverse_std,
                                      const Tensor& ddst, const Tensor& dsrc) = 0;
  /// dst = src * scale + shift with scale, shift [n, c] (AdaIN) or [1, c] for all pictures.
  virtual void affine(const Tensor& src, const Tensor& scale, const Tensor& shift,
                      const Tensor& dst) = 0;
  virtual void affine_backward(const Tensor& src, const Tensor& scale, const Tensor& ddst,
                               const Tensor& dsrc, const Tensor& dscale, const Tensor& dshift) = 0;

  /// dst += factor * src.
  virtual void accumulate(const Tensor& src, float factor, const Tensor& dst) = 0;
  /// dst = factor * src.
  virtual void scale(const Tensor& src, float factor, const Tensor& dst) = 0;
  /// dst = a + b.
  virtual void add(const Tensor& a, const Tensor& b, const Tensor& dst) = 0;
  /// dst = low + b [+ c], low [n, h / 2, w / 2, c] enlarged: each of its pixels counts for 2 x 2.
  virtual void add_enlarged(const Tensor& low, const Tensor& b, const Tensor& c,
                            const Tensor& dst) = 0;
  /// Channels of a, then those of b.
  virtual void concat(const Tensor& a, const Tensor& b, const Tensor& dst) = 0;
  virtual void concat_backward(const Tensor& ddst, const Tensor& da, const Tensor& db) = 0;
  virtual void tanh(const Tensor& src, const Tensor& dst) = 0;
  virtual void tanh_backward(const Tensor& dst, const Tensor& ddst, const Tensor& dsrc) = 0;

  /// The bridge between pictures (f32, or f64 with f64 features) and features.
  virtual void pixels(const PixelConvention&, const Tensor& rgb, const Tensor& dst) = 0;
  virtual void pixels_backward(const PixelConvention&, const Tensor& ddst, const Tensor& drgb) = 0;

  /// The way back: rgb = matrix * feature + offset, from 3 channels, and its gradient.
  virtual void render(const PixelConvention&, const Tensor& src, const Tensor& rgb) = 0;
  virtual void render_backward(const PixelConvention&, const Tensor& drgb, const Tensor& dsrc) = 0;

  /// dst [m, n] = a [m, k] * b [k, n], f32 (f64): small dense matrices, as for roots of
  /// covariances.
  virtual void multiply(const Tensor& a, const Tensor& b, const Tensor& dst) = 0;

  // Statistics over all positions of an NHWC tensor, for losses and style transforms.
  /// sums[c] = sum f, products[c, c] = sum f f^T; f64.
  virtual void second_moments(const Tensor& features, const Tensor& sums,
                              const Tensor& products) = 0;
  /// dst (+)= src * matrix + bias: every position's channels through matrix [c_in, c_out] and
  /// bias [c_out], both f32 (f64). Accumulates when asked.
  virtual void channel_mix(const Tensor& src, const Tensor& matrix, const Tensor& bias,
                           bool accumulate, const Tensor& dst) = 0;
  /// Per channel, sums [3, c]: sum f, sum f^2, sum f * target; f64.
  virtual void channel_sums(const Tensor& features, const Tensor& target, const Tensor& sums) = 0;
  /// dst (+)= a[c] * features + b[c] * target + c[c], coefficients [3, c] f32 (f64).
  virtual void channel_blend(const Tensor& features, const Tensor& target,
                             const Tensor& coefficients, bool accumulate, const Tensor& dst) = 0;

  /// second_moments() of a part: sums[c] = sum w f, products[c, c] = sum w f f^T; f64.
  virtual void guided_moments(const Tensor& features, const Guide&, const Tensor& sums,
                              const Tensor& products) = 0;
  /// channel_mix() of a part: dst (+)= w * (src * matrix + bias), where the weights w are 0 off the
  /// guide's positions. [c_in, c_in], so that dst is like src.
  virtual void guided_mix(const Tensor& src, const Guide&, const Tensor& matrix, const Tensor& bias,
                          bool accumulate, const Tensor& dst) = 0;
};

/// Naive loops in plain C++, for every type: the oracle for the others.
std::unique_ptr<Backend> make_reference_backend();
/// oneDNN and vectorised kernels.
std::unique_ptr<Backend> make_cpu_backend();

}  // namespace impasto
