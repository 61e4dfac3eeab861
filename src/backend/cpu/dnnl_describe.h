#pragma once

#include <dnnl.hpp>

/// The difference between oneDNN 2 (Debian 12) and 3 (Debian 13): how a primitive is described.
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
