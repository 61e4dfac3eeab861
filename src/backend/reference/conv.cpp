#include <algorithm>
#include <vector>

#include "backend/border.h"
#include "backend/reference/access.h"
#include "backend/reference/reference.h"
#include "base/parallel.h"

namespace impasto {

namespace {

struct PlainConv : PreparedConv {
  Tensor weights, bias;
};

// Calls f(ky, kx, iy, ix) for every product of one output position that is not with a 0 beyond the
// frame.
template <class F>
void for_each_tap(const Conv2dDesc& d, int64_t oy, int64_t ox, F&& f) {
  for (int ky = 0; ky < d.kernel; ++ky) {
    const int64_t iy = border_index(oy * d.stride + ky - d.padding, d.src.h(), d.border);
    if (iy < 0) continue;
    for (int kx = 0; kx < d.kernel; ++kx) {
      const int64_t ix = border_index(ox * d.stride + kx - d.padding, d.src.w(), d.border);
      if (ix < 0) continue;
      f(ky, kx, iy, ix);
    }
  }
}

// The source's channels that output channel o reads: `count` from `first` on.
struct SourceChannels {
  SourceChannels(const Conv2dDesc& d, int64_t o)
      : count(d.src.c() / d.groups), first(o / (d.out_channels / d.groups) * count) {}
  int64_t count, first;
};

}  // namespace

std::shared_ptr<const PreparedConv> ReferenceBackend::prepare(const Conv2dDesc& d,
                                                              const Tensor& weights,
                                                              const Tensor& bias, bool, bool) {
  auto prepared = std::make_shared<PlainConv>();
  // bf16 features meet bf16 weights, as on the matrix units.
  prepared->weights = weights.to(d.type);
  prepared->bias = bias.clone();
  return prepared;
}

void ReferenceBackend::conv2d(const Conv2dDesc& d, const Tensor& src, const PreparedConv& prepared,
                              const Tensor& dst) {
  const auto& conv = static_cast<const PlainConv&>(prepared);
  const Access x(src), w(conv.weights), b(conv.bias), y(dst);
  const Shape out = d.dst();
  parallel_for(out.n() * out.h(), 1, [&](int64_t begin, int64_t end) {
    for (int64_t row = begin; row < end; ++row) {
      const int64_t n = row / out.h(), oy = row % out.h();
      for (int64_t ox = 0; ox < out.w(); ++ox) {
        for (int64_t o = 0; o < out.c(); ++o) {
          double sum = b.get(o);
          const SourceChannels read(d, o);
          for_each_tap(d, oy, ox, [&](int ky, int kx, int64_t iy, int64_t ix) {
            for (int64_t i = 0; i < read.count; ++i) {
              sum += x.get(x.at(n, iy, ix, read.first + i)) * w.get(w.at(o, i, ky, kx));
            }
          });
          y.set(y.at(n, oy, ox, o), d.relu ? std::max(sum, 0.0) : sum);
        }
      }
    }
  });
}

void ReferenceBackend::conv2d_backward_data(const Conv2dDesc& d, const Tensor& dst,
                                            const Tensor& ddst, const PreparedConv& prepared,
                                            const Tensor& dsrc) {
  const Access w(static_cast<const PlainConv&>(prepared).weights), y(d.relu ? dst : ddst), dy(ddst);
  const Shape out = d.dst();
  std::vector<double> sums(static_cast<size_t>(d.src.size()));
  const Access at(dsrc);
  for (int64_t n = 0; n < out.n(); ++n) {
    for (int64_t oy = 0; oy < out.h(); ++oy) {
      for (int64_t ox = 0; ox < out.w(); ++ox) {
        for_each_tap(d, oy, ox, [&](int ky, int kx, int64_t iy, int64_t ix) {
          for (int64_t o = 0; o < out.c(); ++o) {
            const double g = dy.get(dy.at(n, oy, ox, o));
            if (d.relu && !(y.get(dy.at(n, oy, ox, o)) > 0)) continue;
            const SourceChannels read(d, o);
            for (int64_t i = 0; i < read.count; ++i) {
              sums[static_cast<size_t>(at.at(n, iy, ix, read.first + i))] +=
                  g * w.get(w.at(o, i, ky, kx));
            }
          }
        });
      }
    }
  }
  for (int64_t i = 0; i < d.src.size(); ++i) at.set(i, sums[static_cast<size_t>(i)]);
}

void ReferenceBackend::conv2d_backward_weights(const Conv2dDesc& d, const Tensor& src,
                                               const Tensor& ddst, const Tensor& dweights,
                                               const Tensor& dbias) {
  const Access x(src), dy(ddst), dw(dweights), db(dbias);
  const Shape out = d.dst();
  std::vector<double> sums(static_cast<size_t>(dweights.size()));
  std::vector<double> biases(static_cast<size_t>(out.c()));
  for (int64_t n = 0; n < out.n(); ++n) {
    for (int64_t oy = 0; oy < out.h(); ++oy) {
      for (int64_t ox = 0; ox < out.w(); ++ox) {
        for (int64_t o = 0; o < out.c(); ++o) {
          const double g = dy.get(dy.at(n, oy, ox, o));
          biases[static_cast<size_t>(o)] += g;
          const SourceChannels read(d, o);
          for_each_tap(d, oy, ox, [&](int ky, int kx, int64_t iy, int64_t ix) {
            for (int64_t i = 0; i < read.count; ++i) {
              sums[static_cast<size_t>(dw.at(o, i, ky, kx))] +=
                  g * x.get(x.at(n, iy, ix, read.first + i));
            }
          });
        }
      }
    }
  }
  for (int64_t i = 0; i < dweights.size(); ++i) dw.set(i, sums[static_cast<size_t>(i)]);
  for (int64_t o = 0; o < out.c(); ++o) db.set(o, biases[static_cast<size_t>(o)]);
}

void ReferenceBackend::relu_backward(const Tensor& dst, const Tensor& ddst) {
  const Access y(dst), dy(ddst);
  for (int64_t i = 0; i < dst.size(); ++i) {
    if (!(y.get(i) > 0)) dy.set(i, 0);
  }
}

std::unique_ptr<Backend> make_reference_backend() {
  return std::make_unique<ReferenceBackend>();
}

}  // namespace impasto
