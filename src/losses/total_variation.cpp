#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include "base/parallel.h"
#include "impasto/error.h"
#include "losses/loss.h"
#include "losses/variation_rows.h"

namespace impasto {

namespace {

void check(const Tensor& image) {
  if (image.shape().rank() != 4 || image.shape().n() != 1) {
    throw Error(ErrorCode::internal,
                "total variation: expected one picture, found " + image.shape().str());
  }
}

// The sum of what `rows(begin, end, sums)` writes for each row: the same for any thread number.
double sum_over_rows(const Shape& shape,
                     const std::function<void(int64_t, int64_t, double*)>& rows) {
  std::vector<double> sums(static_cast<size_t>(shape.h()));
  parallel_for(shape.h(), 1 + (1 << 14) / (shape.w() * shape.c()),
               [&](int64_t begin, int64_t end) { rows(begin, end, sums.data()); });
  double total = 0;
  for (const double s : sums) total += s;
  return total;
}

// Factors that make means of the sums along x and y; without any differences those are 0 as well.
struct Means {
  explicit Means(const Shape& s)
      : along_x(1 / static_cast<double>(std::max<int64_t>(s.h() * (s.w() - 1) * s.c(), 1))),
        along_y(1 / static_cast<double>(std::max<int64_t>((s.h() - 1) * s.w() * s.c(), 1))) {}
  double along_x, along_y;
};

class SquaredVariation : public ImageLoss {
 public:
  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    check(image);
    return image.dtype() == DType::f64 ? run<double>(image, weight, gradient)
                                       : run<float>(image, weight, gradient);
  }

 private:
  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const int64_t h = image.shape().h(), c = image.shape().c(), size = image.shape().w() * c;
    const Means means(image.shape());
    return sum_over_rows(image.shape(), [&](int64_t begin, int64_t end, double* sums) {
      for (int64_t y = begin; y < end; ++y) {
        const T* row = image.data<T>() + y * size;
        const RowTriple<T> rows{y > 0 ? row - size : row, row, y + 1 < h ? row + size : row, size,
                                c};
        sums[y] = squared_variation(rows, means.along_x, means.along_y, weight,
                                    gradient ? gradient->data<T>() + y * size : nullptr);
      }
    });
  }
};

// With P = I - 1 1^T / 3 the chroma of a pixel is P rgb, and as P commutes with differences between
// pixels, the gradient P L P rgb is L of the chroma.
class ChromaVariation final : public ImageLoss {
 public:
  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    check(image);
    return image.dtype() == DType::f64 ? run<double>(image, weight, gradient)
                                       : run<float>(image, weight, gradient);
  }

 private:
  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const int64_t h = image.shape().h(), w = image.shape().w(), size = 3 * w;
    const Means means(image.shape());
    return sum_over_rows(image.shape(), [&](int64_t begin, int64_t end, double* sums) {
      // The chroma of the row, of the one above and of the one below, in turns.
      std::vector<T> room(static_cast<size_t>(3 * size));
      const auto chroma = [&](int64_t y) { return room.data() + (y % 3) * size; };
      const auto make = [&](int64_t y) {
        if (y < h) remove_grey(image.data<T>() + y * size, w, chroma(y));
      };
      if (begin > 0) make(begin - 1);
      make(begin);
      for (int64_t y = begin; y < end; ++y) {
        make(y + 1);
        const T* row = chroma(y);
        const RowTriple<T> rows{y > 0 ? chroma(y - 1) : row, row, y + 1 < h ? chroma(y + 1) : row,
                                size, 3};
        sums[y] = squared_variation(rows, means.along_x, means.along_y, weight,
                                    gradient ? gradient->data<T>() + y * size : nullptr);
      }
    });
  }
};

// Sums of absolute differences on a 0..255 scale.
class AbsoluteVariation : public ImageLoss {
 public:
  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    check(image);
    return image.dtype() == DType::f64 ? run<double>(image, weight, gradient)
                                       : run<float>(image, weight, gradient);
  }

 private:
  static int sign(double d) { return (d > 0) - (d < 0); }

  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const int64_t h = image.shape().h(), c = image.shape().c(), size = image.shape().w() * c;
    return sum_over_rows(image.shape(), [&](int64_t begin, int64_t end, double* sums) {
      for (int64_t y = begin; y < end; ++y) {
        const T* p = image.data<T>() + y * size;
        const T *below = y + 1 < h ? p + size : p, *above = y > 0 ? p - size : p;
        double sum = 0;
        for (int64_t i = 0; i < size; ++i) {
          const T left = i >= c ? p[i - c] : p[i], right = i + c < size ? p[i + c] : p[i];
          sum += static_cast<double>(std::abs(p[i] - left) + std::abs(below[i] - p[i]));
          if (!gradient) continue;
          const int slope = sign(p[i] - left) + sign(p[i] - right) + sign(p[i] - above[i]) +
                            sign(p[i] - below[i]);
          gradient->data<T>()[y * size + i] += static_cast<T>(255 * weight * slope);
        }
        sums[y] = 255 * sum;
      }
    });
  }
};

}  // namespace

std::unique_ptr<ImageLoss> make_total_variation_loss(TotalVariationKind kind) {
  if (kind == TotalVariationKind::absolute) return std::make_unique<AbsoluteVariation>();
  return std::make_unique<SquaredVariation>();
}

std::unique_ptr<ImageLoss> make_chroma_variation_loss() {
  return std::make_unique<ChromaVariation>();
}

}  // namespace impasto
