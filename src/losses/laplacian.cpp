#include <algorithm>
#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

namespace {

constexpr double luminance[] = {0.2126, 0.7152, 0.0722};

// A plane of means over blocks; pixels beyond the last whole block do not count.
struct Pooled {
  Pooled(int64_t height, int64_t width, int64_t side)
      : block(side),
        rows(height / side),
        columns(width / side),
        values(static_cast<size_t>(rows * columns)) {}

  // Adds a row of RGB pixels to its blocks; blocks(y / block) has to be one that counts.
  template <class T>
  void add_row(int64_t y, const T* rgb) {
    double* to = values.data() + y / block * columns;
    const double share = 1 / static_cast<double>(block * block);
    for (int64_t x = 0; x < columns * block; ++x) {
      to[x / block] += share * (luminance[0] * static_cast<double>(rgb[3 * x]) +
                                luminance[1] * static_cast<double>(rgb[3 * x + 1]) +
                                luminance[2] * static_cast<double>(rgb[3 * x + 2]));
    }
  }
  // Every value minus its neighbours, as many as there are: symmetric, so its own transpose.
  std::vector<double> laplacian(const std::vector<double>& from) const {
    std::vector<double> result(from.size());
    const auto along = [&](size_t a, size_t b) {
      const double d = from[a] - from[b];
      result[a] += d;
      result[b] -= d;
    };
    for (int64_t y = 0; y < rows; ++y) {
      for (int64_t x = 0; x < columns; ++x) {
        const auto i = static_cast<size_t>(y * columns + x);
        if (x + 1 < columns) along(i, i + 1);
        if (y + 1 < rows) along(i, i + static_cast<size_t>(columns));
      }
    }
    return result;
  }

  int64_t block, rows, columns;
  std::vector<double> values;
};

class LaplacianLoss final : public ImageLoss {
 public:
  LaplacianLoss(int64_t height, int64_t width, int64_t block,
                const std::function<void(int64_t, float*)>& photo)
      : shape_{1, height, width, 3}, block_(block) {
    Pooled pooled(height, width, block);
    std::vector<float> row(static_cast<size_t>(3 * width));
    for (int64_t y = 0; y < pooled.rows * block; ++y) {
      photo(y, row.data());
      pooled.add_row(y, row.data());
    }
    target_ = pooled.laplacian(pooled.values);
    for (const double v : target_) divisor_ += v * v;
    // A photograph without edges: differences of a level of 8 bits are a unit, too.
    divisor_ = std::max(divisor_, static_cast<double>(target_.size()) / (255 * 255));
  }

  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    if (image.shape() != shape_) {
      throw Error(ErrorCode::internal,
                  "Laplacian loss: expected " + shape_.str() + ", found " + image.shape().str());
    }
    return image.dtype() == DType::f64 ? run<double>(image, weight, gradient)
                                       : run<float>(image, weight, gradient);
  }

 private:
  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const int64_t stride = 3 * shape_.w();
    Pooled pooled(shape_.h(), shape_.w(), block_);
    parallel_for(pooled.rows, 4, [&](int64_t begin, int64_t end) {
      for (int64_t y = begin * block_; y < end * block_; ++y) {
        pooled.add_row(y, image.data<T>() + y * stride);
      }
    });
    std::vector<double> off = pooled.laplacian(pooled.values);
    double sum = 0;
    for (size_t i = 0; i < off.size(); ++i) {
      off[i] -= target_[i];
      sum += off[i] * off[i];
    }
    if (!gradient) return sum / divisor_;
    const std::vector<double> back = pooled.laplacian(off);
    const double factor = 2 * weight / divisor_ / static_cast<double>(block_ * block_);
    parallel_for(pooled.rows * block_, 16, [&](int64_t begin, int64_t end) {
      for (int64_t y = begin; y < end; ++y) {
        T* to = gradient->data<T>() + y * stride;
        const double* from = back.data() + y / block_ * pooled.columns;
        for (int64_t x = 0; x < pooled.columns * block_; ++x) {
          const double v = factor * from[x / block_];
          for (int64_t c = 0; c < 3; ++c) to[3 * x + c] += static_cast<T>(v * luminance[c]);
        }
      }
    });
    return sum / divisor_;
  }

  const Shape shape_;
  const int64_t block_;
  std::vector<double> target_;  // the photograph's Laplacian
  double divisor_ = 0;
};

}  // namespace

std::unique_ptr<ImageLoss> make_laplacian_loss(
    int64_t height, int64_t width, int64_t block,
    const std::function<void(int64_t y, float* rgb)>& photo) {
  return std::make_unique<LaplacianLoss>(
      height, width, std::max<int64_t>(std::min({block, height, width}), 1), photo);
}

}  // namespace impasto
