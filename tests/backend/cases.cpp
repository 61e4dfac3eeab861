#include "backend/cases.h"

#include <algorithm>
#include <array>

#include "base/random.h"

namespace impasto::test {

namespace {

const std::vector<int> channel_counts{1, 3, 4, 16, 17, 64};

std::vector<BackendCase> pads() {
  std::vector<BackendCase> cases;
  const auto add = [&](Shape src, int border, PadMode mode) {
    const char* modes[] = {"zero", "reflect", "circular"};
    const auto desc = [=](DType type) { return Pad2dDesc{src, border, mode, type}; };
    cases.push_back({std::string("pad_") + modes[static_cast<int>(mode)] + "_" + src.str() + "_by" +
                         std::to_string(border),
                     {{src}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(desc(type).dst(), type);
                       b.pad2d(desc(type), in[0], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(src, type);
                       b.pad2d_backward(desc(type), dout, dsrc);
                       return {dsrc};
                     }});
  };
  for (const PadMode mode : {PadMode::zero, PadMode::reflect, PadMode::circular}) {
    for (const int c : channel_counts) add({1, 5, 7, c}, 1, mode);
    for (const int border : {0, 2, 4}) add({2, 6, 5, 3}, border, mode);
    // Borders wider than the picture bounce or wrap several times.
    for (const Shape src : {Shape{1, 1, 1, 3}, Shape{1, 2, 1, 3}, Shape{1, 1, 2, 16},
                            Shape{1, 2, 2, 3}, Shape{1, 2, 9, 1}}) {
      for (const int border : {1, 4}) add(src, border, mode);
    }
  }
  return cases;
}

std::vector<BackendCase> pools() {
  std::vector<BackendCase> cases;
  const auto add = [&](Shape src, int size, PoolKind kind) {
    const auto desc = [=](DType type) { return Pool2dDesc{src, kind, size, type}; };
    cases.push_back({std::string(kind == PoolKind::max ? "max" : "average") + "_pool_" + src.str() +
                         "_by" + std::to_string(size),
                     {{src}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(desc(type).dst(), type);
                       b.pool2d(desc(type), in[0], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors& in, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(src, type);
                       b.pool2d_backward(desc(type), in[0], dout, dsrc);
                       return {dsrc};
                     }});
  };
  for (const PoolKind kind : {PoolKind::max, PoolKind::average}) {
    for (const int c : channel_counts) add({1, 6, 8, c}, 2, kind);
    for (const Shape src : {Shape{2, 5, 7, 3}, Shape{1, 1, 1, 4}, Shape{1, 1, 9, 16},
                            Shape{1, 9, 1, 3}, Shape{1, 2, 3, 17}, Shape{1, 3, 2, 1}}) {
      for (const int size : {2, 3}) add(src, size, kind);
    }
  }
  return cases;
}

std::vector<BackendCase> upsamples() {
  std::vector<BackendCase> cases;
  const auto add = [&](Shape src, int64_t h, int64_t w, Interpolation kind) {
    const auto desc = [=](DType type) { return Upsample2dDesc{src, h, w, kind, type}; };
    cases.push_back({std::string(kind == Interpolation::nearest ? "nearest_" : "bilinear_") +
                         src.str() + "_to_" + std::to_string(h) + "x" + std::to_string(w),
                     {{src}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(desc(type).dst(), type);
                       b.upsample2d(desc(type), in[0], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(src, type);
                       b.upsample2d_backward(desc(type), dout, dsrc);
                       return {dsrc};
                     }});
  };
  for (const Interpolation kind : {Interpolation::nearest, Interpolation::bilinear}) {
    for (const int c : channel_counts) add({1, 3, 5, c}, 6, 10, kind);
    add({2, 4, 3, 3}, 7, 11, kind);   // odd factors up
    add({1, 11, 9, 3}, 4, 5, kind);   // down
    add({1, 9, 4, 16}, 5, 13, kind);  // down and up
    add({1, 5, 7, 4}, 5, 7, kind);    // the same size
    add({1, 1, 1, 3}, 4, 3, kind);
    add({1, 6, 5, 17}, 1, 1, kind);
    add({1, 2, 2, 1}, 32, 31, kind);
  }
  return cases;
}

std::vector<BackendCase> normalisations() {
  std::vector<BackendCase> cases;
  // A single position, a strip, more than one thread's share, more channels than a block of sums.
  std::vector<Shape> shapes{{1, 1, 2, 3},  {3, 5, 7, 4},    {2, 9, 5, 17},  {2, 1, 1, 17},
                            {1, 1, 1, 64}, {1, 2, 1301, 5}, {2, 67, 61, 9}, {1, 5, 7, 515}};
  for (const int c : channel_counts) shapes.push_back({1, 5, 6, c});
  for (const Shape& s : shapes) {
    cases.push_back({"instance_norm_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(s, type), inverse({s.n(), s.c()}, parameter_type(type));
                       b.instance_norm(in[0], 1e-5f, dst, inverse);
                       return {dst, inverse};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors& out,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(s, type);
                       b.instance_norm_backward(out[0], out[1], dout, dsrc);
                       return {dsrc};
                     }});
    for (const bool shared : {true, false}) {
      const Shape parameters{shared ? 1 : s.n(), s.c()};
      cases.push_back({std::string(shared ? "affine_shared_" : "affine_each_") + s.str(),
                       {{s}, {parameters, true}, {parameters, true}},
                       [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                         const Tensor dst(s, type);
                         b.affine(in[0], in[1], in[2], dst);
                         return {dst};
                       },
                       [=](Backend& b, DType type, const Tensors& in, const Tensors&,
                           const Tensor& dout) -> Tensors {
                         const Tensor dsrc(s, type), dscale(parameters, parameter_type(type)),
                             dshift(parameters, parameter_type(type));
                         b.affine_backward(in[0], in[1], dout, dsrc, dscale, dshift);
                         return {dsrc, dscale, dshift};
                       }});
    }
  }
  return cases;
}

std::vector<BackendCase> pointwise() {
  std::vector<BackendCase> cases;
  for (const Shape& s : {Shape{1, 1, 1, 1}, Shape{2, 5, 7, 3}, Shape{1, 3, 11, 17},
                         Shape{1, 31, 33, 16}, Shape{1, 3, 1501, 11}}) {
    cases.push_back({"tanh_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(s, type);
                       b.tanh(in[0], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors& out,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(s, type);
                       b.tanh_backward(out[0], dout, dsrc);
                       return {dsrc};
                     }});
    cases.push_back({"accumulate_" + s.str(),
                     {{s}, {s}},
                     [](Backend& b, DType, const Tensors& in) -> Tensors {
                       const Tensor dst = in[1].clone();
                       b.accumulate(in[0], -0.75f, dst);
                       return {dst};
                     },
                     nullptr});
    cases.push_back({"add_" + s.str(),
                     {{s}, {s}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(s, type);
                       b.add(in[0], in[1], dst);
                       return {dst};
                     },
                     nullptr});
    cases.push_back({"scale_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(s, type);
                       b.scale(in[0], 1.25f, dst);
                       return {dst};
                     },
                     nullptr});
  }
  for (const Shape& s : {Shape{1, 2, 2, 3}, Shape{2, 4, 6, 17}, Shape{1, 130, 66, 16}}) {
    const Shape low{s.n(), s.h() / 2, s.w() / 2, s.c()};
    for (const bool three : {false, true}) {
      cases.push_back({"add_enlarged_" + s.str() + (three ? "_three" : ""),
                       {{low}, {s}, {s}},
                       [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                         const Tensor dst(s, type);
                         b.add_enlarged(in[0], in[1], three ? in[2] : Tensor(), dst);
                         return {dst};
                       },
                       nullptr});
    }
  }
  for (const auto& [h, w, ca, cb] :
       {std::array{3, 5, 1, 3}, {3, 5, 16, 17}, {3, 5, 4, 64}, {1, 1, 17, 3}, {61, 67, 3, 5}}) {
    const Shape a{2, h, w, ca}, b_shape{2, h, w, cb}, both{2, h, w, ca + cb};
    cases.push_back({"concat_" + a.str() + "_" + std::to_string(cb),
                     {{a}, {b_shape}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(both, type);
                       b.concat(in[0], in[1], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor da(a, type), db(b_shape, type);
                       b.concat_backward(dout, da, db);
                       return {da, db};
                     }});
  }
  const PixelConvention convention{{0.5f, -1, 2, 0, 3, 0.25f, 1, -2, 0.125f}, {-0.5f, 0, 4}};
  for (const Shape& s : {Shape{1, 1, 1, 3}, Shape{2, 7, 5, 3}, Shape{1, 3, 33, 3}}) {
    cases.push_back({"pixels_" + s.str(),
                     {{s, true}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(s, type);
                       b.pixels(convention, in[0], dst);
                       return {dst};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor drgb(s, parameter_type(type));
                       b.pixels_backward(convention, dout, drgb);
                       return {drgb};
                     }});
    cases.push_back({"render_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor rgb(s, parameter_type(type));
                       b.render(convention, in[0], rgb);
                       return {rgb};
                     },
                     [=](Backend& b, DType type, const Tensors&, const Tensors&,
                         const Tensor& dout) -> Tensors {
                       const Tensor dsrc(s, type);
                       b.render_backward(convention, dout, dsrc);
                       return {dsrc};
                     }});
  }
  for (const auto& [m, k, n] : {std::array{1, 1, 1}, {3, 5, 2}, {17, 16, 17}, {64, 64, 64}}) {
    const Shape a{m, k}, b_shape{k, n}, product{m, n};
    cases.push_back({"multiply_" + a.str() + "_" + std::to_string(n),
                     {{a, true}, {b_shape, true}},
                     [=](Backend& b, DType type, const Tensors& in) -> Tensors {
                       const Tensor dst(product, parameter_type(type));
                       b.multiply(in[0], in[1], dst);
                       return {dst};
                     },
                     nullptr});
  }
  return cases;
}

// Two of three positions, some of them by a quarter: its root is exact in bf16, too.
Guide some_positions(int64_t count) {
  Guide guide;
  for (int64_t i = 0; i < count; ++i) {
    if (i % 3 == 1 && count > 1) continue;
    guide.positions.push_back(static_cast<int32_t>(i));
    guide.weights.push_back(i % 2 == 0 ? 1.0f : 0.25f);
    guide.sum += static_cast<double>(guide.weights.back());
  }
  return guide;
}

std::vector<BackendCase> statistics() {
  std::vector<BackendCase> cases;
  std::vector<Shape> shapes{{1, 1, 1, 3},      {1, 37, 41, 17}, {2, 5, 3, 4},
                            {1, 131, 129, 16}, {1, 67, 65, 32}, {1, 9, 37, 96}};
  for (const int c : channel_counts) shapes.push_back({1, 9, 11, c});
  for (const Shape& s : shapes) {
    const int64_t c = s.c();
    cases.push_back({"second_moments_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType, const Tensors& in) -> Tensors {
                       const Tensor sums({c}, DType::f64), products({c, c}, DType::f64);
                       b.second_moments(in[0], sums, products);
                       return {sums, products};
                     },
                     nullptr});
    cases.push_back({"channel_sums_" + s.str(),
                     {{s}, {s}},
                     [=](Backend& b, DType, const Tensors& in) -> Tensors {
                       const Tensor sums({3, c}, DType::f64);
                       b.channel_sums(in[0], in[1], sums);
                       return {sums};
                     },
                     nullptr});
    cases.push_back({"guided_moments_" + s.str(),
                     {{s}},
                     [=](Backend& b, DType, const Tensors& in) -> Tensors {
                       const Tensor sums({c}, DType::f64), products({c, c}, DType::f64);
                       b.guided_moments(in[0], some_positions(s.pixels()), sums, products);
                       return {sums, products};
                     },
                     nullptr});
    for (const bool accumulate : {false, true}) {
      const std::string suffix = s.str() + (accumulate ? "_accumulating" : "");
      const auto start = [=](const Tensor& before) {
        return accumulate ? before.clone() : Tensor::full(before.shape(), NAN, before.dtype());
      };
      cases.push_back({"channel_blend_" + suffix,
                       {{s}, {s}, {Shape{3, c}, true}, {s}},
                       [=](Backend& b, DType, const Tensors& in) -> Tensors {
                         const Tensor dst = start(in[3]);
                         b.channel_blend(in[0], in[1], in[2], accumulate, dst);
                         return {dst};
                       },
                       nullptr});
      cases.push_back({"guided_mix_" + suffix,
                       {{s}, {Shape{c, c}, true}, {Shape{c}, true}, {s}},
                       [=](Backend& b, DType, const Tensors& in) -> Tensors {
                         const Tensor dst = start(in[3]);
                         b.guided_mix(in[0], some_positions(s.pixels()), in[1], in[2], accumulate,
                                      dst);
                         return {dst};
                       },
                       nullptr});
      for (const int64_t out : {c, int64_t{3}}) {
        const Shape mixed{s.n(), s.h(), s.w(), out};
        cases.push_back({"channel_mix_to" + std::to_string(out) + "_" + suffix,
                         {{s}, {Shape{c, out}, true}, {Shape{out}, true}, {mixed}},
                         [=](Backend& b, DType, const Tensors& in) -> Tensors {
                           const Tensor dst = start(in[3]);
                           b.channel_mix(in[0], in[1], in[2], accumulate, dst);
                           return {dst};
                         },
                         nullptr});
        if (c == 3) break;
      }
    }
  }
  return cases;
}

}  // namespace

Tensor random_tensor(Shape shape, DType type, uint64_t seed) {
  Random random(seed);
  Tensor t(shape, DType::f64);
  for (int64_t i = 0; i < t.size(); ++i) t.data<double>()[i] = random.normal();
  return t.to(type);
}

Tensors random_inputs(const BackendCase& c, DType type, uint64_t seed) {
  Tensors result;
  for (const CaseInput& input : c.inputs) {
    result.push_back(
        random_tensor(input.shape, input.parameter ? parameter_type(type) : type, ++seed));
  }
  return result;
}

std::vector<BackendCase> backend_cases() {
  std::vector<BackendCase> all = conv_cases();
  for (auto&& some : {pads(), pools(), upsamples(), normalisations(), pointwise(), statistics()}) {
    all.insert(all.end(), some.begin(), some.end());
  }
  return all;
}

}  // namespace impasto::test
