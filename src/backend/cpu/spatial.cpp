// Padding, pooling and resampling: row loops over the kernels, rows shared out among threads.

#include <algorithm>
#include <cstring>
#include <vector>

#include "backend/border.h"
#include "backend/cpu/cpu.h"
#include "backend/cpu/kernels.h"
#include "backend/cpu/pad_row.h"
#include "base/parallel.h"

namespace impasto {

namespace {

int64_t rows_per_thread(int64_t row_elements) {
  return std::max<int64_t>(1, grain / std::max<int64_t>(1, row_elements));
}

// The taps of every output position, and for every source position the range of outputs that
// read it (they are contiguous): what a gather-only backward pass needs.
struct Resampling {
  Resampling(int64_t src, int64_t dst, Interpolation kind) : first(src, dst), last(src, -1) {
    for (int64_t i = 0; i < dst; ++i) {
      const int64_t nearest = nearest_tap(i, src, dst);
      taps.push_back(kind == Interpolation::nearest ? LinearTap{nearest, nearest, 0.0}
                                                    : linear_tap(i, src, dst));
      for (const int64_t s : {taps.back().low, taps.back().high}) {
        first[s] = std::min(first[s], i);
        last[s] = std::max(last[s], i);
      }
    }
  }
  // Share of source s in output i.
  float weight(int64_t s, int64_t i) const {
    const LinearTap& t = taps[i];
    return static_cast<float>((t.low == s ? 1 - t.weight : 0) + (t.high == s ? t.weight : 0));
  }
  std::vector<LinearTap> taps;
  std::vector<int64_t> first, last;
};

}  // namespace

void CpuBackend::pad2d(const Pad2dDesc& d, const Tensor& src, const Tensor& dst) {
  const int64_t h = d.src.h(), w = d.src.w(), out_h = h + 2 * d.border;
  const int64_t pixel = d.src.c() * static_cast<int64_t>(size_of(d.type));
  const int64_t src_row = pixel * w, dst_row = pixel * (w + 2 * d.border);
  const auto* x = static_cast<const std::byte*>(src.raw());
  auto* y = static_cast<std::byte*>(dst.raw());
  parallel_for(d.src.n() * out_h, rows_per_thread(w * d.src.c()), [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t n = row / out_h, iy = border_index(row % out_h - d.border, h, d.mode);
      pad_row(iy < 0 ? nullptr : x + (n * h + iy) * src_row, w, d.border, pixel, d.mode,
              y + row * dst_row);
    }
  });
}

void CpuBackend::pad2d_backward(const Pad2dDesc& d, const Tensor& ddst, const Tensor& dsrc) {
  if (d.type == DType::f64) return ReferenceBackend::pad2d_backward(d, ddst, dsrc);
  const int64_t c = d.src.c(), w = d.src.w(), h = d.src.h(), b = d.border;
  // The padded rows that each source row receives from.
  std::vector<std::vector<int64_t>> sources(h);
  for (int64_t oy = -b; oy < h + b; ++oy) {
    const int64_t iy = border_index(oy, h, d.mode);
    if (iy >= 0) sources[iy].push_back(oy + b);
  }
  dispatch(d.type, [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, double>) {
      const auto& k = kernels_.of<T>();
      parallel_for(d.src.n() * h, rows_per_thread(w * c), [&](int64_t begin, int64_t end) {
        std::vector<float> sum(w * c);
        for (int64_t row = begin; row < end; ++row) {
          const int64_t n = row / h;
          const auto& from = sources[row % h];
          T* to = dsrc.data<T>() + row * w * c;
          const auto padded = [&](int64_t oy) {
            return ddst.data<T>() + (n * (h + 2 * b) + oy) * (w + 2 * b) * c;
          };
          std::fill(sum.begin(), sum.end(), 0.0f);
          for (const int64_t oy : from) {
            k.add_scaled(padded(oy) + b * c, 1.0f, sum.data(), w * c);
            for (int64_t i = 0; i < b; ++i) {
              for (const int64_t ox : {i - b, w + i}) {
                const int64_t ix = border_index(ox, w, d.mode);
                if (ix >= 0) k.add_scaled(padded(oy) + (ox + b) * c, 1.0f, sum.data() + ix * c, c);
              }
            }
          }
          k.store(sum.data(), to, w * c);
        }
      });
    }
  });
}

void CpuBackend::pool2d(const Pool2dDesc& d, const Tensor& src, const Tensor& dst) {
  if (d.type == DType::f64 || d.size != 2 || d.src.h() < 2 || d.src.w() < 2) {
    return ReferenceBackend::pool2d(d, src, dst);
  }
  const Shape out = d.dst();
  const int64_t c = d.src.c(), src_row = d.src.w() * c, dst_row = out.w() * c;
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    parallel_for(out.n() * out.h(), rows_per_thread(src_row), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const T* top = src.data<T>() + (row / out.h() * d.src.h() + row % out.h() * 2) * src_row;
        k.pool_row(top, top + src_row, d.kind == PoolKind::max, dst.data<T>() + row * dst_row,
                   out.w(), c);
      }
    });
  };
  if (d.type == DType::bf16)
    run(bfloat16{});
  else
    run(float{});
}

void CpuBackend::pool2d_backward(const Pool2dDesc& d, const Tensor& src, const Tensor& ddst,
                                 const Tensor& dsrc) {
  if (d.type == DType::f64 || d.size != 2 || d.src.h() < 2 || d.src.w() < 2) {
    return ReferenceBackend::pool2d_backward(d, src, ddst, dsrc);
  }
  const Shape out = d.dst();
  const int64_t c = d.src.c(), src_row = d.src.w() * c, dst_row = out.w() * c;
  const bool maximum = d.kind == PoolKind::max;
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    parallel_for(out.n() * out.h(), rows_per_thread(src_row), [&](int64_t begin, int64_t end) {
      for (int64_t row = begin; row < end; ++row) {
        const int64_t n = row / out.h(), oy = row % out.h();
        const int64_t at = (n * d.src.h() + oy * 2) * src_row;
        const T* top = maximum ? src.data<T>() + at : nullptr;
        T* dtop = dsrc.data<T>() + at;
        k.pool_row_backward(top, maximum ? top + src_row : nullptr, ddst.data<T>() + row * dst_row,
                            maximum, dtop, dtop + src_row, out.w(), c);
        // What no window reads: an odd last column, and after the last row an odd last row.
        if (d.src.w() % 2) {
          std::memset(static_cast<void*>(dtop + src_row - c), 0, c * sizeof(T));
          std::memset(static_cast<void*>(dtop + 2 * src_row - c), 0, c * sizeof(T));
        }
        if (d.src.h() % 2 && oy == out.h() - 1) {
          std::memset(static_cast<void*>(dtop + 2 * src_row), 0, src_row * sizeof(T));
        }
      }
    });
  };
  if (d.type == DType::bf16)
    run(bfloat16{});
  else
    run(float{});
}

// Nearest neighbours by whole factors: nothing but copies.
void CpuBackend::repeat_pixels(const Upsample2dDesc& d, const Tensor& src, const Tensor& dst) {
  const int64_t rows = d.dst_h / d.src.h(), columns = d.dst_w / d.src.w();
  const int64_t pixel = d.src.c() * static_cast<int64_t>(size_of(d.type));
  const int64_t src_row = d.src.w() * pixel, dst_row = d.dst_w * pixel;
  parallel_for(d.src.n() * d.src.h(), rows_per_thread(rows * d.dst_w * d.src.c()),
               [&](int64_t begin, int64_t end) {
                 const auto copy = [](std::byte* to, const std::byte* from, int64_t bytes) {
                   std::memcpy(to, from, static_cast<size_t>(bytes));
                 };
                 const auto* from = static_cast<const std::byte*>(src.raw()) + begin * src_row;
                 auto* to = static_cast<std::byte*>(dst.raw()) + begin * rows * dst_row;
                 for (int64_t y = begin; y < end; ++y, from += src_row) {
                   for (int64_t x = 0; x < d.dst_w; ++x) {
                     copy(to + x * pixel, from + x / columns * pixel, pixel);
                   }
                   for (int64_t r = 1; r < rows; ++r) copy(to + r * dst_row, to, dst_row);
                   to += rows * dst_row;
                 }
               });
}

void CpuBackend::upsample2d(const Upsample2dDesc& d, const Tensor& src, const Tensor& dst) {
  if (d.type == DType::f64) return ReferenceBackend::upsample2d(d, src, dst);
  if (d.kind == Interpolation::nearest && d.dst_h % d.src.h() == 0 && d.dst_w % d.src.w() == 0) {
    return repeat_pixels(d, src, dst);
  }
  const Resampling vertical(d.src.h(), d.dst_h, d.kind), horizontal(d.src.w(), d.dst_w, d.kind);
  const int64_t c = d.src.c(), src_row = d.src.w() * c, dst_row = d.dst_w * c;
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    parallel_for(d.src.n() * d.dst_h, rows_per_thread(dst_row), [&](int64_t begin, int64_t end) {
      std::vector<float> blended(src_row), row(dst_row);
      for (int64_t r = begin; r < end; ++r) {
        const LinearTap& v = vertical.taps[r % d.dst_h];
        const T* picture = src.data<T>() + r / d.dst_h * d.src.h() * src_row;
        std::fill(blended.begin(), blended.end(), 0.0f);
        k.add_scaled(picture + v.low * src_row, static_cast<float>(1 - v.weight), blended.data(),
                     src_row);
        if (v.weight > 0) {
          k.add_scaled(picture + v.high * src_row, static_cast<float>(v.weight), blended.data(),
                       src_row);
        }
        for (int64_t x = 0; x < d.dst_w; ++x) {
          const LinearTap& h = horizontal.taps[x];
          const float *low = &blended[h.low * c], *high = &blended[h.high * c];
          const auto t = static_cast<float>(h.weight);
          for (int64_t i = 0; i < c; ++i) row[x * c + i] = low[i] + t * (high[i] - low[i]);
        }
        k.store(row.data(), dst.data<T>() + r * dst_row, dst_row);
      }
    });
  };
  if (d.type == DType::bf16)
    run(bfloat16{});
  else
    run(float{});
}

void CpuBackend::upsample2d_backward(const Upsample2dDesc& d, const Tensor& ddst,
                                     const Tensor& dsrc) {
  if (d.type == DType::f64) return ReferenceBackend::upsample2d_backward(d, ddst, dsrc);
  const Resampling vertical(d.src.h(), d.dst_h, d.kind), horizontal(d.src.w(), d.dst_w, d.kind);
  const int64_t c = d.src.c(), src_row = d.src.w() * c, dst_row = d.dst_w * c;
  const auto run = [&](auto tag) {
    using T = decltype(tag);
    const auto& k = kernels_.of<T>();
    parallel_for(d.src.n() * d.src.h(), rows_per_thread(dst_row), [&](int64_t begin, int64_t end) {
      std::vector<float> gathered(dst_row), row(src_row);
      for (int64_t r = begin; r < end; ++r) {
        const int64_t y = r % d.src.h();
        const T* gradient = ddst.data<T>() + r / d.src.h() * d.dst_h * dst_row;
        std::fill(gathered.begin(), gathered.end(), 0.0f);
        for (int64_t o = vertical.first[y]; o <= vertical.last[y]; ++o) {
          const float w = vertical.weight(y, o);
          if (w > 0) k.add_scaled(gradient + o * dst_row, w, gathered.data(), dst_row);
        }
        std::fill(row.begin(), row.end(), 0.0f);
        for (int64_t x = 0; x < d.dst_w; ++x) {
          const LinearTap& h = horizontal.taps[x];
          const auto t = static_cast<float>(h.weight);
          for (int64_t i = 0; i < c; ++i) {
            row[h.low * c + i] += (1 - t) * gathered[x * c + i];
            row[h.high * c + i] += t * gathered[x * c + i];
          }
        }
        k.store(row.data(), dsrc.data<T>() + r * src_row, src_row);
      }
    });
  };
  if (d.type == DType::bf16)
    run(bfloat16{});
  else
    run(float{});
}

}  // namespace impasto
