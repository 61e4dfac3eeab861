// A part of the positions is gathered, so many at a time that they stay in a cache, and the dense
// primitives do the rest.

#include <algorithm>
#include <cmath>

#include "backend/cpu/cpu.h"
#include "backend/cpu/dnnl_context.h"
#include "backend/cpu/kernels.h"
#include "base/parallel.h"

namespace impasto {

namespace {

constexpr int64_t gathered_elements = 1 << 18;
// Beside what second_moments() needs: of the context, as new memory takes longer than what is done
// in it.
constexpr size_t rows_room = 1, mixed_room = 2;

struct Part {
  int64_t first, count;
};

// body(part) for one run of the guide's positions after another.
template <class Body>
void in_parts(const Guide& guide, int64_t channels, const Body& body) {
  const auto n = static_cast<int64_t>(guide.positions.size());
  const int64_t longest = std::max<int64_t>(gathered_elements / channels, 1);
  for (int64_t first = 0; first < n; first += longest) {
    body(Part{first, std::min(longest, n - first)});
  }
}

// body(place in the part, position, weight), shared out among threads.
template <class Body>
void each_position(const Guide& guide, const Part& part, int64_t channels, const Body& body) {
  parallel_for(part.count, std::max<int64_t>(1, grain / channels), [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const auto k = static_cast<size_t>(part.first + i);
      body(i, int64_t{guide.positions[k]}, guide.weight(k));
    }
  });
}

void add_to(const Tensor& sums, const Tensor& part) {
  for (int64_t k = 0; k < sums.size(); ++k) sums.data<double>()[k] += part.data<double>()[k];
}

}  // namespace

void CpuBackend::guided_moments(const Tensor& features, const Guide& guide, const Tensor& sums,
                                const Tensor& products) {
  if (features.dtype() == DType::f64 || sums.dtype() != DType::f64) {
    return ReferenceBackend::guided_moments(features, guide, sums, products);
  }
  const int64_t c = features.shape().c();
  const Tensor part_sums({c}, DType::f64), part_products({c, c}, DType::f64);
  sums.fill(0);
  products.fill(0);
  const auto add = [&](auto tag) {
    using T = decltype(tag);
    const auto& kernels = kernels_.of<T>();
    const T* f = features.data<T>();
    in_parts(guide, c, [&](const Part& part) {
      const Tensor rows = dnnl_->room({1, 1, part.count, c}, features.dtype(), rows_room);
      T* to = rows.data<T>();
      // Roots of the weights, whose products are the weights; then the weights themselves.
      each_position(guide, part, c, [&](int64_t i, int64_t position, float weight) {
        kernels.scale(f + position * c, std::sqrt(weight), to + i * c, c);
      });
      second_moments(rows, part_sums, part_products);
      if (!guide.weights.empty()) {
        each_position(guide, part, c, [&](int64_t i, int64_t, float weight) {
          kernels.scale(to + i * c, std::sqrt(weight), to + i * c, c);
        });
        sum_positions(rows, part_sums);
      }
      add_to(products, part_products);
      add_to(sums, part_sums);
    });
  };
  features.dtype() == DType::bf16 ? add(bfloat16{}) : add(float{});
}

void CpuBackend::guided_mix(const Tensor& src, const Guide& guide, const Tensor& matrix,
                            const Tensor& bias, bool accumulated, const Tensor& dst) {
  if (src.dtype() == DType::f64) {
    return ReferenceBackend::guided_mix(src, guide, matrix, bias, accumulated, dst);
  }
  if (!accumulated) dst.fill(0);
  const int64_t c = src.shape().c();
  const auto add = [&](auto tag) {
    using T = decltype(tag);
    const auto& kernels = kernels_.of<T>();
    const T* x = src.data<T>();
    T* y = dst.data<T>();
    in_parts(guide, c, [&](const Part& part) {
      const Shape shape{1, 1, part.count, c};
      const Tensor rows = dnnl_->room(shape, src.dtype(), rows_room),
                   mixed = dnnl_->room(shape, src.dtype(), mixed_room);
      each_position(guide, part, c, [&](int64_t i, int64_t position, float) {
        std::copy_n(x + position * c, c, rows.data<T>() + i * c);
      });
      channel_mix(rows, matrix, bias, false, mixed);
      each_position(guide, part, c, [&](int64_t i, int64_t position, float weight) {
        kernels.accumulate(mixed.data<T>() + i * c, weight, y + position * c, c);
      });
    });
  };
  src.dtype() == DType::bf16 ? add(bfloat16{}) : add(float{});
}

}  // namespace impasto
