#pragma once

#include <cstdint>
#include <cstring>
#include <dnnl.hpp>

#include "tensor/dtype.h"

/// The difference between oneDNN 2 (Debian 12) and 3 (Debian 13): how a primitive is described, and
/// what that of Debian 13 has wrong.
/// (This header is included by the .cpp files of backend/cpu only.)

namespace impasto {

/// The descriptor of a primitive: describe<dnnl::matmul>(engine, attributes, src, weights, dst).
/// Everything after the attributes is what oneDNN's constructor takes, in its order.
/// Throws dnnl::error where oneDNN has no such primitive.
template <class Primitive, class... What>
typename Primitive::primitive_desc describe(const dnnl::engine& engine,
                                            const dnnl::primitive_attr& attributes,
                                            const What&... what) {
#if DNNL_VERSION_MAJOR < 3
  return {typename Primitive::desc(what...), attributes, engine};
#else
  return {engine, what..., attributes};
#endif
}

/// Likewise of a primitive that computes gradients, for which oneDNN asks for the forward one's.
template <class Primitive, class Forward, class... What>
typename Primitive::primitive_desc describe_backward(const dnnl::engine& engine,
                                                     const dnnl::primitive_attr& attributes,
                                                     const Forward& forward, const What&... what) {
#if DNNL_VERSION_MAJOR < 3
  return {typename Primitive::desc(what...), attributes, engine, forward};
#else
  return {engine, what..., forward, attributes};
#endif
}

#if DNNL_VERSION_MAJOR >= 3
/// Where the elements of a layout of blocks are.
class BlockedPlaces {
 public:
  explicit BlockedPlaces(const dnnl::memory::desc& layout)
      : blocks_(layout.get_inner_blks()),
        of_(layout.get_inner_idxs()),
        strides_(layout.get_strides()) {}

  /// In elements.
  dnnl::memory::dim of(dnnl::memory::dims index) const {
    dnnl::memory::dim place = 0, stride = 1;
    for (size_t i = blocks_.size(); i-- > 0; stride *= blocks_[i]) {
      dnnl::memory::dim& at = index[static_cast<size_t>(of_[i])];
      place += at % blocks_[i] * stride;
      at /= blocks_[i];
    }
    for (size_t i = 0; i < index.size(); ++i) place += index[i] * strides_[i];
    return place;
  }

 private:
  const dnnl::memory::dims blocks_, of_, strides_;
};
#endif

/// Brings parameters, dense f32 in the order of their dimensions, into a layout that oneDNN's own
/// reorder gets wrong: that of 3.7, in Debian 13, leaves as it was what has to be filled up with
/// zeros to whole blocks, and puts zeros where numbers belong. False: it does not.
inline bool packed_by_hand(const dnnl::memory& parameters, const dnnl::memory& packed) {
#if DNNL_VERSION_MAJOR < 3
  static_cast<void>(parameters), static_cast<void>(packed);
  return false;
#else
  const dnnl::memory::desc layout = packed.get_desc();
  const dnnl::memory::dims dims = layout.get_dims();
  if (layout.get_padded_dims() == dims) return false;
  const auto* from = static_cast<const float*>(parameters.get_data_handle());
  void* to = packed.get_data_handle();
  std::memset(to, 0, layout.get_size());
  const BlockedPlaces places(layout);
  const bool wide = layout.get_data_type() == dnnl::memory::data_type::f32;
  for (dnnl::memory::dims index(dims.size(), 0);;) {
    const dnnl::memory::dim place = places.of(index);
    if (wide) {
      static_cast<float*>(to)[place] = *from++;
    } else {
      static_cast<bfloat16*>(to)[place] = bfloat16(*from++);
    }
    size_t last = dims.size();
    while (last-- > 0 && ++index[last] == dims[last]) index[last] = 0;
    if (last == SIZE_MAX) return true;
  }
#endif
}

/// A primitive's result goes through a ReLU.
inline dnnl::post_ops then_relu() {
  dnnl::post_ops relu;
#if DNNL_VERSION_MAJOR < 3
  relu.append_eltwise(1.0f, dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
#else
  relu.append_eltwise(dnnl::algorithm::eltwise_relu, 0.0f, 0.0f);
#endif
  return relu;
}

}  // namespace impasto
