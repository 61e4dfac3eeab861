#include "backend/cpu/banded_conv.h"

#include <algorithm>
#include <cstring>

#include "backend/border.h"
#include "backend/cpu/cpu.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/packed_conv.h"
#include "backend/cpu/pad_row.h"
#include "base/parallel.h"

namespace impasto {

namespace {

constexpr int64_t band_bytes = 1 << 20;  // of what a band works on: fits the second cache

bool keeps_size(const Conv2dDesc& d) {
  return d.type != DType::f64 && d.stride == 1 && d.padding > 0 && d.kernel == 2 * d.padding + 1;
}

int64_t bytes_of(const Conv2dDesc& d, int64_t elements) {
  return elements * static_cast<int64_t>(size_of(d.type));
}

// A padded row is folded back: its middle becomes, or is added to, `to`; what lies beyond the frame
// is added where it came from.
template <class T>
void fold_row(const TypedKernels<T>& k, const Conv2dDesc& d, const T* padded, bool accumulate,
              T* to) {
  const int64_t w = d.src.w(), c = d.src.c(), p = d.padding;
  if (accumulate)
    k.accumulate(padded + p * c, 1.0f, to, w * c);
  else
    std::copy_n(padded + p * c, w * c, to);
  for (int64_t i = 0; i < p; ++i) {
    for (const int64_t x : {i - p, w + i}) {
      const int64_t from = border_index(x, w, d.border);
      if (from >= 0) k.accumulate(padded + (x + p) * c, 1.0f, to + from * c, c);
    }
  }
}

}  // namespace

bool forward_in_bands(const Conv2dDesc& d) {
  return keeps_size(d) && d.border != PadMode::zero;
}

bool backward_in_bands(const Conv2dDesc& d) {
  return keeps_size(d) && d.border != PadMode::zero;
}

Bands::Bands(int64_t pictures, int64_t rows, int64_t row_bytes, int64_t weight_bytes,
             int64_t fewest_rows)
    : rows_(rows) {
  const int64_t bytes = std::max(band_bytes, weight_bytes);  // weights are read for every band
  count_ = std::max<int64_t>(1, (rows * row_bytes + bytes - 1) / bytes);
  while (count_ * pictures % threads() != 0) ++count_;
  count_ = std::clamp<int64_t>(count_, 1, std::max<int64_t>(1, rows / fewest_rows));
}

PlainConv2d forward_band(const Conv2dDesc& d, int64_t rows) {
  PlainConv2d band(d);
  band.n = 1, band.h = rows + 2 * d.padding, band.w += 2 * d.padding;
  band.pad_h = band.pad_w = 0;
  band.banded = true;
  return band;
}

// Row y of the padded input's gradient comes from rows y - 2 p .. y of the output's.
PlainConv2d backward_band(const Conv2dDesc& d, int64_t rows) {
  PlainConv2d band(d);
  band.n = 1, band.h = rows, band.w += 2 * d.padding;
  band.pad_h = 2 * d.padding, band.pad_w = 0;
  band.relu = false;
  band.banded = true;
  return band;
}

int64_t shared_frame(const Conv2dDesc& d) {
  return d.border == PadMode::reflect ? d.padding : 0;
}

Bands forward_bands(const Conv2dDesc& d) {
  return {d.src.n(), d.src.h(), bytes_of(d, (d.src.w() + 2 * d.padding) * d.src.c()),
          bytes_of(d, d.weights().size())};
}

Bands backward_bands(const Conv2dDesc& d) {
  const int64_t rows = d.src.h() + 2 * shared_frame(d);
  int64_t fewest = 1;
  if (d.border == PadMode::reflect) fewest = d.src.h() > 2 * d.padding ? 2 * d.padding + 1 : rows;
  const int64_t row = (d.src.w() + 2 * d.padding) * d.src.c() + d.src.w() * d.out_channels;
  return {d.src.n(), rows, bytes_of(d, row), bytes_of(d, d.weights().size()), fewest};
}

Footprint forward_band_footprint(DnnlContext& context, const Conv2dDesc& d) {
  const Bands bands = forward_bands(d);
  const auto workers = static_cast<size_t>(threads());
  const PrimitiveNeeds needs = needs_of_forward(context, forward_band(d, bands.longest()));
  const int64_t rows = bands.longest() + 2 * d.padding, row = d.src.w() + 2 * d.padding;
  const auto band = static_cast<size_t>(bytes_of(d, rows * row * d.src.c()));
  return {needs.weights, {0, workers * needs.scratch, workers * band, 0}};
}

Footprint backward_band_footprint(DnnlContext& context, const Conv2dDesc& d) {
  const Bands bands = backward_bands(d);
  const auto workers = static_cast<size_t>(threads());
  const PrimitiveNeeds needs = needs_of_backward_data(context, backward_band(d, bands.longest()));
  const int64_t rows = bands.longest(), width = d.src.w(), p = d.padding;
  const auto gradient = static_cast<size_t>(bytes_of(d, (rows + 2 * p) * width * d.out_channels));
  const auto band = static_cast<size_t>(bytes_of(d, rows * (width + 2 * p) * d.src.c()));
  return {needs.weights, {0, workers * needs.scratch, workers * gradient, workers * band}};
}

void CpuBackend::conv2d_in_bands(const Conv2dDesc& d, const Tensor& src, const PackedConv& packed,
                                 const Tensor& dst) {
  const int64_t h = d.src.h(), w = d.src.w(), p = d.padding;
  const int64_t pixel = bytes_of(d, d.src.c()), src_row = w * pixel, row = (w + 2 * p) * pixel;
  const int64_t dst_row = bytes_of(d, w * d.out_channels);
  const Bands bands = forward_bands(d);
  const auto& longest = conv_forward(*dnnl_, forward_band(d, bands.longest()));
  const auto& shortest = conv_forward(*dnnl_, forward_band(d, bands.shortest()));
  dnnl_->make_workers();
  parallel_for(d.src.n() * bands.count(), 1, [&](int64_t first, int64_t last) {
    DnnlContext::Worker& worker = dnnl_->worker();
    std::byte* padded = worker.room(0, (bands.longest() + 2 * p) * row);
    for (int64_t task = first; task < last; ++task) {
      const int64_t n = task / bands.count(), band = task % bands.count();
      const int64_t begin = bands.begin(band), end = bands.begin(band + 1);
      const auto* picture = static_cast<const std::byte*>(src.raw()) + n * h * src_row;
      for (int64_t y = begin - p; y < end + p; ++y) {
        const int64_t from = border_index(y, h, d.border);
        pad_row(from < 0 ? nullptr : picture + from * src_row, w, p, pixel, d.border,
                padded + (y - begin + p) * row);
      }
      const bool whole = end - begin == bands.longest();
      const auto& primitive = whole ? longest : shortest;
      std::byte* to = static_cast<std::byte*>(dst.raw()) + (n * h + begin) * dst_row;
      dnnl_->run_here(worker, primitive,
                      {{DNNL_ARG_SRC, dnnl_->wrap(primitive.src, padded)},
                       {DNNL_ARG_WEIGHTS, whole ? packed.forward : packed.shorter_forward},
                       {DNNL_ARG_BIAS, dnnl_->wrap(primitive.bias, packed.bias)},
                       {DNNL_ARG_DST, dnnl_->wrap(primitive.dst, to)}});
    }
  });
}

template <class T>
void CpuBackend::conv2d_backward_data_in_bands(const Conv2dDesc& d, const Tensor& dst,
                                               const Tensor& ddst, const PackedConv& packed,
                                               const Tensor& dsrc) {
  const int64_t h = d.src.h(), w = d.src.w(), p = d.padding;
  const int64_t src_row = w * d.src.c(), padded_row = (w + 2 * p) * d.src.c(),
                out_row = w * d.out_channels;
  const Bands bands = backward_bands(d);
  const auto& longest = conv_backward_data(*dnnl_, backward_band(d, bands.longest()));
  const auto& shortest = conv_backward_data(*dnnl_, backward_band(d, bands.shortest()));
  const auto& k = kernels_.of<T>();
  dnnl_->make_workers();
  parallel_for(d.src.n() * bands.count(), 1, [&](int64_t first, int64_t last) {
    DnnlContext::Worker& worker = dnnl_->worker();
    const auto room = [&](size_t i, int64_t elements) {
      return reinterpret_cast<T*>(worker.room(i, bytes_of(d, elements)));
    };
    T* gradient = room(0, (bands.longest() + 2 * p) * out_row);
    T* padded = room(1, bands.longest() * padded_row);
    for (int64_t task = first; task < last; ++task) {
      const int64_t n = task / bands.count(), band = task % bands.count();
      const int64_t begin = bands.begin(band) - shared_frame(d),
                    end = bands.begin(band + 1) - shared_frame(d);
      for (int64_t y = begin - p; y < end + p; ++y) {
        T* to = gradient + (y - begin + p) * out_row;
        const int64_t from = d.border == PadMode::circular ? border_index(y, h, d.border) : y;
        const int64_t at = (n * h + from) * out_row;
        if (from < 0 || from >= h)
          std::memset(static_cast<void*>(to), 0, static_cast<size_t>(bytes_of(d, out_row)));
        else if (d.relu)
          k.relu_backward(dst.data<T>() + at, ddst.data<T>() + at, to, out_row);
        else
          std::copy_n(ddst.data<T>() + at, out_row, to);
      }
      const bool whole = end - begin == bands.longest();
      const auto& primitive = whole ? longest : shortest;
      dnnl_->run_here(worker, primitive,
                      {{DNNL_ARG_DIFF_DST, dnnl_->wrap(primitive.dst, gradient)},
                       {DNNL_ARG_WEIGHTS, whole ? packed.backward : packed.shorter_backward},
                       {DNNL_ARG_DIFF_SRC, dnnl_->wrap(primitive.src, padded)}});
      for (const bool inside : {true, false}) {  // first what is written, then what is added to it
        for (int64_t y = begin; y < end; ++y) {
          if ((y >= 0 && y < h) != inside) continue;
          const int64_t to = n * h + border_index(y, h, d.border);
          fold_row(k, d, padded + (y - begin) * padded_row, !inside, dsrc.data<T>() + to * src_row);
        }
      }
    }
  });
}

template void CpuBackend::conv2d_backward_data_in_bands<float>(const Conv2dDesc&, const Tensor&,
                                                               const Tensor&, const PackedConv&,
                                                               const Tensor&);
template void CpuBackend::conv2d_backward_data_in_bands<bfloat16>(const Conv2dDesc&, const Tensor&,
                                                                  const Tensor&, const PackedConv&,
                                                                  const Tensor&);

}  // namespace impasto
