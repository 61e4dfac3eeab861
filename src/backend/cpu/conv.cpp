// Convolutions on the matrix units where they suit, else on oneDNN. Activations are NHWC; weights
// take whatever layout the primitive prefers, once, in prepare().

#include "backend/cpu/banded_conv.h"
#include "backend/cpu/cpu.h"
#include "backend/cpu/packed_conv.h"

namespace impasto {

namespace {

using Memory = dnnl::memory;

// The same convolution of a picture that has its border already.
Conv2dDesc padded(Conv2dDesc d) {
  d.src = {d.src.n(), d.src.h() + 2 * d.padding, d.src.w() + 2 * d.padding, d.src.c()};
  d.padding = 0;
  d.border = PadMode::zero;
  return d;
}

bool needs_border(const Conv2dDesc& d) {
  return d.padding > 0 && d.border != PadMode::zero;
}

Conv2dDesc whole(const Conv2dDesc& d) {
  return needs_border(d) ? padded(d) : d;
}

Pad2dDesc border_of(const Conv2dDesc& d) {
  return {d.src, d.padding, d.border, d.type};
}

}  // namespace

std::shared_ptr<const PreparedConv> CpuBackend::prepare(const Conv2dDesc& d, const Tensor& weights,
                                                        const Tensor& bias, bool forward,
                                                        bool backward) {
  auto packed = std::make_shared<PackedConv>();
  if (d.type == DType::f64) {
    packed->reference = ReferenceBackend::prepare(d, weights, bias, forward, backward);
    return packed;
  }
  const Memory plain = dnnl_->wrap(PlainConv2d(d).plain_weights(), weights);
  packed->bias = bias;
  const auto pack = [&](const CompiledPrimitive& p) {
    Memory result(p.weights, dnnl_->engine());
    dnnl_->pack(plain, result);
    return result;
  };
  const auto pack_another = [&](const CompiledPrimitive& p, const Memory& packed_before) {
    return p.weights == packed_before.get_desc() ? packed_before : pack(p);
  };
  if (forward && TileConv::suits(d, false)) {
    packed->tiles_forward = TileConv::forward(d, weights, bias);
  } else if (forward && forward_in_bands(d)) {
    const Bands bands = forward_bands(d);
    packed->forward = pack(conv_forward(*dnnl_, forward_band(d, bands.longest())));
    packed->shorter_forward =
        pack_another(conv_forward(*dnnl_, forward_band(d, bands.shortest())), packed->forward);
  } else if (forward) {
    packed->forward = pack(conv_forward(*dnnl_, PlainConv2d(whole(d))));
  }
  if (backward && TileConv::suits(d, true)) {
    packed->tiles_backward = TileConv::backward(d, weights);
  } else if (backward && backward_in_bands(d)) {
    const Bands bands = backward_bands(d);
    packed->backward = pack(conv_backward_data(*dnnl_, backward_band(d, bands.longest())));
    packed->shorter_backward = pack_another(
        conv_backward_data(*dnnl_, backward_band(d, bands.shortest())), packed->backward);
  } else if (backward) {
    packed->backward = pack(conv_backward_data(*dnnl_, PlainConv2d(whole(d))));
  }
  return packed;
}

std::shared_ptr<const PreparedConv> CpuBackend::prepare(const ModulatedConv2dDesc& d,
                                                        const Tensor& weights, const Tensor& bias) {
  if (!TileConv::suits(d.conv, false)) return ReferenceBackend::prepare(d, weights, bias);
  auto packed = std::make_shared<PackedConv>();
  packed->tiles_forward = TileConv::modulated(d, weights, bias);
  return packed;
}

Footprint CpuBackend::footprint(const Conv2dDesc& d, bool forward, bool backward) {
  Footprint sum;
  if (d.type == DType::f64) return sum;
  const auto whole_picture = [&](const PrimitiveNeeds& needs) {
    const size_t bordered =
        needs_border(d) ? static_cast<size_t>(padded(d).src.size()) * size_of(d.type) : 0;
    sum += {needs.weights, {needs.scratch, 0, 0, bordered}};
  };
  if (forward && TileConv::suits(d, false)) {
    sum += TileConv::footprint(d, false);
  } else if (forward && forward_in_bands(d)) {
    sum += forward_band_footprint(*dnnl_, d);
  } else if (forward) {
    whole_picture(needs_of_forward(*dnnl_, PlainConv2d(whole(d))));
  }
  if (backward && TileConv::suits(d, true)) {
    sum += TileConv::footprint(d, true);
  } else if (backward && backward_in_bands(d)) {
    sum += backward_band_footprint(*dnnl_, d);
  } else if (backward) {
    whole_picture(needs_of_backward_data(*dnnl_, PlainConv2d(whole(d))));
  }
  return sum;
}

void CpuBackend::modulated_conv2d(const ModulatedConv2dDesc& d, const Tensor& src,
                                  const PreparedConv& prepared, const Tensor& scale,
                                  const Tensor& shift, const Tensor& dst) {
  if (!TileConv::suits(d.conv, false)) {
    return ReferenceBackend::modulated_conv2d(d, src, prepared, scale, shift, dst);
  }
  const auto& packed = static_cast<const PackedConv&>(prepared);
  packed.tiles_forward->with(kernels_, scale, shift).run(kernels_, *dnnl_, src, nullptr, dst);
}

void CpuBackend::conv2d(const Conv2dDesc& d, const Tensor& src, const PreparedConv& prepared,
                        const Tensor& dst) {
  const auto& packed = static_cast<const PackedConv&>(prepared);
  if (packed.reference) return ReferenceBackend::conv2d(d, src, *packed.reference, dst);
  if (packed.tiles_forward) return packed.tiles_forward->run(kernels_, *dnnl_, src, nullptr, dst);
  if (forward_in_bands(d)) return conv2d_in_bands(d, src, packed, dst);
  Tensor input = src;
  if (needs_border(d)) {
    input = Tensor(border_of(d).dst(), d.type);
    pad2d(border_of(d), src, input);
  }
  const auto& p = conv_forward(*dnnl_, PlainConv2d(whole(d)));
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, input)},
                 {DNNL_ARG_WEIGHTS, packed.forward},
                 {DNNL_ARG_BIAS, dnnl_->wrap(p.bias, packed.bias)},
                 {DNNL_ARG_DST, dnnl_->wrap(p.dst, dst)}});
}

void CpuBackend::conv2d_backward_data(const Conv2dDesc& d, const Tensor& dst, const Tensor& ddst,
                                      const PreparedConv& prepared, const Tensor& dsrc) {
  const auto& packed = static_cast<const PackedConv&>(prepared);
  if (packed.reference) {
    return ReferenceBackend::conv2d_backward_data(d, dst, ddst, *packed.reference, dsrc);
  }
  if (packed.tiles_backward) {
    return packed.tiles_backward->run(kernels_, *dnnl_, ddst, d.relu ? &dst : nullptr, dsrc);
  }
  if (backward_in_bands(d)) {
    return d.type == DType::bf16
               ? conv2d_backward_data_in_bands<bfloat16>(d, dst, ddst, packed, dsrc)
               : conv2d_backward_data_in_bands<float>(d, dst, ddst, packed, dsrc);
  }
  if (d.relu) relu_backward(dst, ddst);
  Tensor gradient = dsrc;
  if (needs_border(d)) gradient = Tensor(border_of(d).dst(), d.type);
  PlainConv2d plain(whole(d));
  const auto& p = conv_backward_data(*dnnl_, plain);
  dnnl_->run(p, {{DNNL_ARG_DIFF_DST, dnnl_->wrap(p.dst, ddst)},
                 {DNNL_ARG_WEIGHTS, packed.backward},
                 {DNNL_ARG_DIFF_SRC, dnnl_->wrap(p.src, gradient)}});
  if (needs_border(d)) pad2d_backward(border_of(d), gradient, dsrc);
}

void CpuBackend::conv2d_backward_weights(const Conv2dDesc& d, const Tensor& src, const Tensor& ddst,
                                         const Tensor& dweights, const Tensor& dbias) {
  // oneDNN 2.6 reads memory that it never wrote for one-pixel-wide pictures in bf16 with strides.
  const bool broken = d.type == DType::bf16 && d.src.w() == 1 && d.stride > 1;
  if (d.type == DType::f64 || broken) {
    return ReferenceBackend::conv2d_backward_weights(d, src, ddst, dweights, dbias);
  }
  Tensor input = src;
  if (needs_border(d)) {
    input = Tensor(border_of(d).dst(), d.type);
    pad2d(border_of(d), src, input);
  }
  const PlainConv2d plain(whole(d));
  const auto& p = conv_backward_weights(*dnnl_, plain);
  const bool direct = p.weights == plain.plain_weights();
  const Memory gradient =
      direct ? dnnl_->wrap(plain.plain_weights(), dweights) : Memory(p.weights, dnnl_->engine());
  dnnl_->run(p, {{DNNL_ARG_SRC, dnnl_->wrap(p.src, input)},
                 {DNNL_ARG_DIFF_DST, dnnl_->wrap(p.dst, ddst)},
                 {DNNL_ARG_DIFF_WEIGHTS, gradient},
                 {DNNL_ARG_DIFF_BIAS, dnnl_->wrap(p.bias, dbias)}});
  if (!direct) dnnl_->reorder(gradient, dnnl_->wrap(plain.plain_weights(), dweights));
}

}  // namespace impasto
