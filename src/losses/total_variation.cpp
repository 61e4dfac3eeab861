#include <cmath>
#include <vector>

#include "base/parallel.h"
#include "impasto/error.h"
#include "losses/loss.h"

namespace impasto {

namespace {

class TotalVariation : public ImageLoss {
 public:
  explicit TotalVariation(TotalVariationKind kind) : kind_(kind) {}

  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    if (image.shape().rank() != 4 || image.shape().n() != 1) {
      throw Error(ErrorCode::internal,
                  "total variation: expected one picture, found " + image.shape().str());
    }
    if (image.dtype() == DType::f64) return run<double>(image, weight, gradient);
    return run<float>(image, weight, gradient);
  }

 private:
  // The differences' own losses and derivatives.
  double value(double d) const {
    return kind_ == TotalVariationKind::squared ? d * d : std::abs(d);
  }
  double slope(double d) const {
    return kind_ == TotalVariationKind::squared ? 2 * d : static_cast<double>((d > 0) - (d < 0));
  }

  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const int64_t h = image.shape().h(), row = image.shape().w() * image.shape().c(),
                  c = image.shape().c();
    // Factors of the sums along x and y; without any differences the sum is 0 as well.
    double along_x = 255, along_y = 255;
    if (kind_ == TotalVariationKind::squared) {
      along_x = 1 / static_cast<double>(std::max<int64_t>(h * (row - c), 1));
      along_y = 1 / static_cast<double>(std::max<int64_t>((h - 1) * row, 1));
    }
    const T* pixels = image.data<T>();
    std::vector<double> sums(static_cast<size_t>(h));  // by row: the same for any thread number
    parallel_for(h, 1 + (1 << 14) / row, [&](int64_t begin, int64_t end) {
      for (int64_t y = begin; y < end; ++y) {
        const T* p = pixels + y * row;
        const T* below = y + 1 < h ? p + row : p;  // at the border a difference of 0
        const T* above = y > 0 ? p - row : p;
        double sum_x = 0, sum_y = 0;
        for (int64_t i = c; i < row; ++i) sum_x += value(p[i] - p[i - c]);
        for (int64_t i = 0; i < row; ++i) sum_y += value(below[i] - p[i]);
        sums[static_cast<size_t>(y)] = along_x * sum_x + along_y * sum_y;
        if (!gradient) continue;
        T* g = gradient->data<T>() + y * row;
        for (int64_t i = 0; i < row; ++i) {
          const T left = i >= c ? p[i - c] : p[i], right = i + c < row ? p[i + c] : p[i];
          g[i] += static_cast<T>(weight *
                                 (along_x * (slope(p[i] - left) + slope(p[i] - right)) +
                                  along_y * (slope(p[i] - above[i]) + slope(p[i] - below[i]))));
        }
      }
    });
    double total = 0;
    for (const double s : sums) total += s;
    return total;
  }

  TotalVariationKind kind_;
};

}  // namespace

std::unique_ptr<ImageLoss> make_total_variation_loss(TotalVariationKind kind) {
  return std::make_unique<TotalVariation>(kind);
}

}  // namespace impasto
