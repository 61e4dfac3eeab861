#pragma once

#include "backend/backend.h"
#include "backend/cpu/dnnl_context.h"

namespace impasto {

/// A convolution as oneDNN knows it: zeros beyond the frame, as many above as below.
struct PlainConv2d {
  explicit PlainConv2d(const Conv2dDesc&);  ///< whose border is zero

  int64_t n, h, w, c, out, kernel, stride, groups;
  int64_t pad_h, pad_w;
  bool relu;  ///< forward only
  DType type;
  bool banded = false;  ///< compiled for one thread, to run on many beside each other

  int64_t out_h() const { return (h + 2 * pad_h - kernel) / stride + 1; }
  int64_t out_w() const { return (w + 2 * pad_w - kernel) / stride + 1; }
  /// OIHW; with groups they come first, {groups, out / groups, c / groups, kernel, kernel}.
  dnnl::memory::dims weights() const;
  /// Dense, f32: as parameters are stored.
  dnnl::memory::desc plain_weights() const;
};

/// Told without compiling.
PrimitiveNeeds needs_of_forward(DnnlContext&, const PlainConv2d&);
PrimitiveNeeds needs_of_backward_data(DnnlContext&, const PlainConv2d&);

/// Weights in whatever layout is best. By value, so that nobody takes the result, which the
/// context keeps, for part of a temporary description (GCC warns then).
const CompiledPrimitive& conv_forward(DnnlContext&, PlainConv2d);
const CompiledPrimitive& conv_backward_data(DnnlContext&, PlainConv2d);
const CompiledPrimitive& conv_backward_weights(DnnlContext&, PlainConv2d);

}  // namespace impasto
