#pragma once

#include <algorithm>
#include <functional>

#include "backend/cpu/cpu.h"
#include "base/parallel.h"
#include "tensor/tensor.h"

namespace impasto {

/// sums (f64) = what add(begin, end, into) adds up over 0..count, in one part per thread; the parts
/// are added in order, so that every run gives the same. `work`: elements read in all.
inline void sum_in_parts(int64_t count, int64_t work, const Tensor& sums,
                         const std::function<void(int64_t begin, int64_t end, double* into)>& add) {
  const int64_t parts = std::clamp<int64_t>(std::min(work / grain, count), 1, threads());
  const Tensor partial = Tensor::zeros({parts, sums.size()}, DType::f64);
  parallel_for(parts, 1, [&](int64_t first, int64_t last) {
    for (int64_t part = first; part < last; ++part) {
      add(count * part / parts, count * (part + 1) / parts,
          partial.data<double>() + part * sums.size());
    }
  });
  sums.fill(0);
  for (int64_t i = 0; i < partial.size(); ++i) {
    sums.data<double>()[i % sums.size()] += partial.data<double>()[i];
  }
}

}  // namespace impasto
