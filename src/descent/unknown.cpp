#include "descent/unknown.h"

#include <Eigen/Dense>
#include <algorithm>
#include <vector>

#include "backend/backend.h"
#include "base/isa.h"
#include "base/parallel.h"
#include "descent/octave.h"

namespace impasto {

namespace {

// Of octave i; the finest is 0.
Shape octave_shape(const Shape& picture, int i) {
  if (i == 0) return picture;
  return {1, std::max<int64_t>(picture.h() >> i, 2), std::max<int64_t>(picture.w() >> i, 2), 3};
}

class Pixels final : public Unknown {
 public:
  explicit Pixels(const Tensor& start) : Unknown(start.shape()) {
    values_ = start.clone().reshaped({start.size()});
  }
  void render(const Tensor& values, const Tensor& picture) override {
    if (picture.raw() != values.raw()) picture.copy_from(values);
  }
  void pull_back(const Tensor& dpicture, const Tensor& dvalues) override {
    if (dvalues.raw() != dpicture.raw()) dvalues.copy_from(dpicture);
  }
  void restore(const Tensor&) override {}
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

// The way back: inverse(matrix) * (rgb - 0.5).
PixelConvention inverse(const PixelConvention& colours) {
  using Matrix = Eigen::Matrix<float, 3, 3, Eigen::RowMajor>;
  PixelConvention result;
  Eigen::Map<Matrix> m(result.matrix.data());
  m = Eigen::Map<const Matrix>(colours.matrix.data()).inverse();
  for (int i = 0; i < 3; ++i) result.offset[static_cast<size_t>(i)] = -0.5f * m.row(i).sum();
  return result;
}

// rgb = matrix * v + offset, or its transpose without offset, over a row of pixels.
void to_rgb(const PixelConvention& k, const float* v, int64_t pixels, float* rgb) {
  vectorised([=] {
    const auto m = k.matrix;
    const auto o = k.offset;
    for (int64_t i = 0; i < 3 * pixels; i += 3) {
      const float a = v[i], b = v[i + 1], c = v[i + 2];
      rgb[i] = m[0] * a + m[1] * b + m[2] * c + o[0];
      rgb[i + 1] = m[3] * a + m[4] * b + m[5] * c + o[1];
      rgb[i + 2] = m[6] * a + m[7] * b + m[8] * c + o[2];
    }
  });
}
void from_rgb(const PixelConvention& k, const float* rgb, int64_t pixels, float* v) {
  vectorised([=] {
    const auto m = k.matrix;
    for (int64_t i = 0; i < 3 * pixels; i += 3) {
      const float r = rgb[i], g = rgb[i + 1], b = rgb[i + 2];
      v[i] = m[0] * r + m[3] * g + m[6] * b;
      v[i + 1] = m[1] * r + m[4] * g + m[7] * b;
      v[i + 2] = m[2] * r + m[5] * g + m[8] * b;
    }
  });
}

class Pyramid final : public Unknown {
 public:
  Pyramid(const Tensor& start, bool joined, int octaves)
      : Unknown(start.shape()),
        colours_(decorrelated_colours()),
        coordinates_(inverse(colours_)),
        h_(start.shape().h()),
        w_(start.shape().w()) {
    for (int i = 1; i < octaves; ++i) {
      const Shape coarse = octave_shape(start.shape(), i);
      coarser_.emplace_back(coarse.h(), coarse.w(), h_, w_, joined);
    }
    values_ = Tensor::zeros({pyramid_size(start.shape(), octaves)});
    to_rgb(coordinates_, start.data<float>(), h_ * w_, values_.data<float>());
  }

  void render(const Tensor& values, const Tensor& picture) override {
    each_row(values, [&](int64_t y, std::vector<Octave::Rows>& coarser, float* sum) {
      std::copy_n(values.data<float>() + y * 3 * w_, 3 * w_, sum);
      for (Octave::Rows& rows : coarser) rows.add(y, sum);
      to_rgb(colours_, sum, w_, picture.data<float>() + y * 3 * w_);
    });
  }

  void restore(const Tensor& values) override {
    each_row(values, [&](int64_t y, std::vector<Octave::Rows>& coarser, float* sum) {
      float* row = values.data<float>() + y * 3 * w_;
      to_rgb(coordinates_, row, w_, row);
      std::fill_n(sum, 3 * w_, 0.0f);
      for (Octave::Rows& rows : coarser) rows.add(y, sum);
      for (int64_t i = 0; i < 3 * w_; ++i) row[i] -= sum[i];
    });
  }

  void pull_back(const Tensor& dpicture, const Tensor& dvalues) override {
    float* fine = dvalues.data<float>();
    parallel_for(h_, rows_per_thread(), [&](int64_t begin, int64_t end) {
      from_rgb(colours_, dpicture.data<float>() + begin * 3 * w_, (end - begin) * w_,
               fine + begin * 3 * w_);
    });
    int64_t offset = h_ * w_ * 3;
    for (const Octave& octave : coarser_) {
      parallel_for(octave.coarse().h(), rows_per_thread(), [&](int64_t begin, int64_t end) {
        std::vector<float> room(static_cast<size_t>(3 * w_));
        for (int64_t y = begin; y < end; ++y) {
          octave.gather_row(fine, y, room.data(), fine + offset + y * octave.coarse().w() * 3);
        }
      });
      offset += octave.coarse().size();
    }
  }

 private:
  int64_t rows_per_thread() const { return 1 + (1 << 14) / (3 * w_); }

  // f(y, the coarser octaves' rows, room for one), shared out among threads.
  template <class F>
  void each_row(const Tensor& values, const F& f) const {
    parallel_for(h_, rows_per_thread(), [&](int64_t begin, int64_t end) {
      std::vector<Octave::Rows> coarser;
      const float* octave_values = values.data<float>() + h_ * w_ * 3;
      for (const Octave& octave : coarser_) {
        coarser.emplace_back(octave, octave_values);
        octave_values += octave.coarse().size();
      }
      std::vector<float> room(static_cast<size_t>(3 * w_));
      for (int64_t y = begin; y < end; ++y) f(y, coarser, room.data());
    });
  }

  const PixelConvention colours_, coordinates_;  // from and to an octave's numbers
  const int64_t h_, w_;
  std::vector<Octave> coarser_;  // the finest first
};

}  // namespace

std::unique_ptr<Unknown> make_pixels_unknown(const Tensor& start) {
  return std::make_unique<Pixels>(start);
}

std::unique_ptr<Unknown> make_pyramid_unknown(const Tensor& start, bool joined, int octaves) {
  return std::make_unique<Pyramid>(start, joined, octaves);
}

int64_t pyramid_size(const Shape& picture, int octaves) {
  int64_t size = 0;
  for (int i = 0; i < octaves; ++i) size += octave_shape(picture, i).size();
  return size;
}

}  // namespace impasto
