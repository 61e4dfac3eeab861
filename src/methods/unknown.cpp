#include "methods/unknown.h"

#include <Eigen/Dense>
#include <algorithm>
#include <vector>

#include "backend/backend.h"
#include "base/parallel.h"
#include "base/vectorised.h"
#include "methods/octave.h"

namespace impasto {

namespace {

constexpr int octaves = 5;

class Pixels final : public Unknown {
 public:
  explicit Pixels(const Tensor& start) { values_ = start.clone().reshaped({start.size()}); }
  void render(const Tensor& values, const Tensor& picture) override { picture.copy_from(values); }
  void pull_back(const Tensor& dpicture, const Tensor& dvalues) override {
    dvalues.copy_from(dpicture);
  }
};

// Columns: a luminance-like axis and two chroma axes of natural photographs, the longest of
// length 1. A picture is 0.5 + matrix * coordinates.
PixelConvention decorrelated_colours() {
  PixelConvention colours;
  colours.matrix = {0.26f, 0.09f, 0.02f, 0.27f, 0.00f, -0.05f, 0.27f, -0.09f, 0.03f};
  Eigen::Map<Eigen::Matrix<float, 3, 3, Eigen::RowMajor>> m(colours.matrix.data());
  m /= m.colwise().norm().maxCoeff();
  colours.offset = {0.5f, 0.5f, 0.5f};
  return colours;
}

// rgb = matrix * v + offset, or its transpose without offset, over a row of pixels.
IMPASTO_VECTORISED void to_rgb(const PixelConvention& k, const float* v, int64_t pixels,
                               float* rgb) {
  const auto m = k.matrix;
  const auto o = k.offset;
  for (int64_t i = 0; i < 3 * pixels; i += 3) {
    const float a = v[i], b = v[i + 1], c = v[i + 2];
    rgb[i] = m[0] * a + m[1] * b + m[2] * c + o[0];
    rgb[i + 1] = m[3] * a + m[4] * b + m[5] * c + o[1];
    rgb[i + 2] = m[6] * a + m[7] * b + m[8] * c + o[2];
  }
}
IMPASTO_VECTORISED void from_rgb(const PixelConvention& k, const float* rgb, int64_t pixels,
                                 float* v) {
  const auto m = k.matrix;
  for (int64_t i = 0; i < 3 * pixels; i += 3) {
    const float r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
    v[i] = m[0] * r + m[3] * g + m[6] * b;
    v[i + 1] = m[1] * r + m[4] * g + m[7] * b;
    v[i + 2] = m[2] * r + m[5] * g + m[8] * b;
  }
}

class Pyramid final : public Unknown {
 public:
  Pyramid(const Tensor& start, bool joined)
      : colours_(decorrelated_colours()), h_(start.shape().h()), w_(start.shape().w()) {
    int64_t size = start.size();
    for (int i = 1; i < octaves; ++i) {
      coarser_.emplace_back(std::max<int64_t>(h_ >> i, 2), std::max<int64_t>(w_ >> i, 2), h_, w_,
                            joined);
      size += coarser_.back().coarse().size();
    }
    values_ = Tensor::zeros({size});
    // The start's coordinates: inverse(matrix) * (start - 0.5).
    PixelConvention inverse;
    Eigen::Map<Eigen::Matrix<float, 3, 3, Eigen::RowMajor>> m(inverse.matrix.data());
    m = Eigen::Map<const Eigen::Matrix<float, 3, 3, Eigen::RowMajor>>(colours_.matrix.data())
            .inverse();
    for (int i = 0; i < 3; ++i) inverse.offset[static_cast<size_t>(i)] = -0.5f * m.row(i).sum();
    to_rgb(inverse, start.data<float>(), h_ * w_, values_.data<float>());
  }

  void render(const Tensor& values, const Tensor& picture) override {
    each_coarse_row([&](Octave& octave, int64_t offset, int64_t begin, int64_t end) {
      octave.widen(values.data<float>() + offset, begin, end);
    });
    parallel_for(h_, rows_per_thread(), [&](int64_t begin, int64_t end) {
      std::vector<float> sum(static_cast<size_t>(3 * w_));
      for (int64_t y = begin; y < end; ++y) {
        std::copy_n(values.data<float>() + y * 3 * w_, 3 * w_, sum.data());
        for (const Octave& octave : coarser_) octave.add_row(y, sum.data());
        to_rgb(colours_, sum.data(), w_, picture.data<float>() + y * 3 * w_);
      }
    });
  }

  void pull_back(const Tensor& dpicture, const Tensor& dvalues) override {
    float* fine = dvalues.data<float>();
    parallel_for(h_, rows_per_thread(), [&](int64_t begin, int64_t end) {
      from_rgb(colours_, dpicture.data<float>() + begin * 3 * w_, (end - begin) * w_,
               fine + begin * 3 * w_);
    });
    each_coarse_row([&](Octave& octave, int64_t offset, int64_t begin, int64_t end) {
      std::vector<float> room(static_cast<size_t>(3 * w_));
      for (int64_t y = begin; y < end; ++y) {
        octave.gather_row(fine, y, room.data(), fine + offset + y * octave.coarse().w() * 3);
      }
    });
  }

 private:
  int64_t rows_per_thread() const { return 1 + (1 << 14) / (3 * w_); }

  // f(octave, its place in the flat vector, first row, last row), shared out among threads.
  template <class F>
  void each_coarse_row(F&& f) {
    int64_t offset = h_ * w_ * 3;
    for (Octave& octave : coarser_) {
      parallel_for(octave.coarse().h(), rows_per_thread(),
                   [&](int64_t begin, int64_t end) { f(octave, offset, begin, end); });
      offset += octave.coarse().size();
    }
  }

  PixelConvention colours_;
  int64_t h_, w_;
  std::vector<Octave> coarser_;  // the finest first
};

}  // namespace

std::unique_ptr<Unknown> make_pixels_unknown(const Tensor& start) {
  return std::make_unique<Pixels>(start);
}

std::unique_ptr<Unknown> make_pyramid_unknown(const Tensor& start, bool joined) {
  return std::make_unique<Pyramid>(start, joined);
}

}  // namespace impasto
