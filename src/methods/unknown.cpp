#include "methods/unknown.h"

#include <Eigen/Dense>
#include <algorithm>
#include <vector>

namespace impasto {

namespace {

constexpr int octaves = 5;

class Pixels final : public Unknown {
 public:
  explicit Pixels(const Tensor& start) { values_ = start.clone().reshaped({start.size()}); }
  void render(const Tensor& values, const Tensor& picture) const override {
    picture.copy_from(values);
  }
  void pull_back(const Tensor& dpicture, const Tensor& dvalues) const override {
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

class Pyramid final : public Unknown {
 public:
  Pyramid(Backend& backend, const Tensor& start)
      : backend_(backend), colours_(decorrelated_colours()), sum_(start.shape()) {
    const int64_t h = start.shape().h(), w = start.shape().w();
    int64_t size = start.size();
    for (int i = 1; i < octaves; ++i) {
      const Shape coarse{1, std::max<int64_t>(h >> i, 2), std::max<int64_t>(w >> i, 2), 3};
      coarser_.push_back({coarse, h, w, Interpolation::bilinear, DType::f32});
      size += coarse.size();
    }
    values_ = Tensor::zeros({size});
    // The start's coordinates: inverse(matrix) * (start - 0.5).
    PixelConvention inverse;
    Eigen::Map<Eigen::Matrix<float, 3, 3, Eigen::RowMajor>> m(inverse.matrix.data());
    m = Eigen::Map<const Eigen::Matrix<float, 3, 3, Eigen::RowMajor>>(colours_.matrix.data())
            .inverse();
    for (int i = 0; i < 3; ++i) inverse.offset[static_cast<size_t>(i)] = -0.5f * m.row(i).sum();
    backend_.pixels(inverse, start, parts(values_)[0]);
  }

  void render(const Tensor& values, const Tensor& picture) const override {
    const std::vector<Tensor> part = parts(values);
    sum_.copy_from(part[0]);
    for (size_t i = 0; i < coarser_.size(); ++i) {
      backend_.upsample2d(coarser_[i], part[i + 1], picture);  // as scratch
      backend_.accumulate(picture, 1.0f, sum_);
    }
    backend_.pixels(colours_, sum_, picture);
  }

  void pull_back(const Tensor& dpicture, const Tensor& dvalues) const override {
    const std::vector<Tensor> part = parts(dvalues);
    backend_.pixels_backward(colours_, dpicture, part[0]);
    for (size_t i = 0; i < coarser_.size(); ++i) {
      backend_.upsample2d_backward(coarser_[i], part[0], part[i + 1]);
    }
  }

 private:
  // Views of the octaves in a flat vector, finest first.
  std::vector<Tensor> parts(const Tensor& values) const {
    std::vector<Tensor> views = {values.slice(0, sum_.shape())};
    int64_t offset = sum_.size();
    for (const Upsample2dDesc& d : coarser_) {
      views.push_back(values.slice(offset, d.src));
      offset += d.src.size();
    }
    return views;
  }

  Backend& backend_;
  PixelConvention colours_;
  std::vector<Upsample2dDesc> coarser_;
  Tensor sum_;  // scratch of render()
};

}  // namespace

std::unique_ptr<Unknown> make_pixels_unknown(const Tensor& start) {
  return std::make_unique<Pixels>(start);
}

std::unique_ptr<Unknown> make_pyramid_unknown(Backend& backend, const Tensor& start) {
  return std::make_unique<Pyramid>(backend, start);
}

}  // namespace impasto
