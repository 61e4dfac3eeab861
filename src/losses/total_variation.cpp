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
// (Those over a seam are few, and count as much as each of the others.)
struct Means {
  explicit Means(const Shape& s)
      : along_x(1 / static_cast<double>(std::max<int64_t>(s.h() * (s.w() - 1) * s.c(), 1))),
        along_y(1 / static_cast<double>(std::max<int64_t>((s.h() - 1) * s.w() * s.c(), 1))) {}
  double along_x, along_y;
};

// The rows before and after one of `h`: over the seam, or itself at the frame.
int64_t above(int64_t y, int64_t h, bool joined) {
  return y > 0 ? y - 1 : joined ? h - 1 : y;
}
int64_t below(int64_t y, int64_t h, bool joined) {
  return y + 1 < h ? y + 1 : joined ? 0 : y;
}

template <class T>
double squared_row(const RowTriple<T>& rows, const Means& means, double weight, bool joined, T* g) {
  const double sum = squared_variation(rows, means.along_x, means.along_y, weight, g);
  return joined ? sum + squared_seam(rows, means.along_x, weight, g) : sum;
}

class SquaredVariation : public ImageLoss {
 public:
  explicit SquaredVariation(bool joined) : joined_(joined) {}
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
        const auto row = [&](int64_t at) { return image.data<T>() + at * size; };
        const RowTriple<T> rows{row(above(y, h, joined_)), row(y), row(below(y, h, joined_)), size,
                                c};
        sums[y] = squared_row(rows, means, weight, joined_,
                              gradient ? gradient->data<T>() + y * size : nullptr);
      }
    });
  }

  const bool joined_;
};

// With P = I - 1 1^T / 3 the chroma of a pixel is P rgb, and as P commutes with differences between
// pixels, the gradient P L P rgb is L of the chroma.
class ChromaVariation final : public ImageLoss {
 public:
  explicit ChromaVariation(bool joined) : joined_(joined) {}
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
      const auto chroma = [&](int64_t turn) { return room.data() + (turn % 3) * size; };
      const auto make = [&](int64_t y, int64_t turn) {
        remove_grey(image.data<T>() + y * size, w, chroma(turn));
      };
      make(above(begin, h, joined_), begin);
      make(begin, begin + 1);
      for (int64_t y = begin; y < end; ++y) {
        make(below(y, h, joined_), y + 2);
        const RowTriple<T> rows{chroma(y), chroma(y + 1), chroma(y + 2), size, 3};
        sums[y] = squared_row(rows, means, weight, joined_,
                              gradient ? gradient->data<T>() + y * size : nullptr);
      }
    });
  }

  const bool joined_;
};

// Sums of absolute differences on a 0..255 scale.
class AbsoluteVariation : public ImageLoss {
 public:
  explicit AbsoluteVariation(bool joined) : joined_(joined) {}
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
        const T* up = image.data<T>() + above(y, h, joined_) * size;
        const T* down = image.data<T>() + below(y, h, joined_) * size;
        double sum = 0;
        for (int64_t i = 0; i < size; ++i) {
          const T left = p[i >= c ? i - c : joined_ ? size - c + i : i];
          const T right = p[i + c < size ? i + c : joined_ ? i + c - size : i];
          sum += static_cast<double>(std::abs(p[i] - left) + std::abs(down[i] - p[i]));
          if (!gradient) continue;
          const int slope =
              sign(p[i] - left) + sign(p[i] - right) + sign(p[i] - up[i]) + sign(p[i] - down[i]);
          gradient->data<T>()[y * size + i] += static_cast<T>(255 * weight * slope);
        }
        sums[y] = 255 * sum;
      }
    });
  }

  const bool joined_;
};

}  // namespace

std::unique_ptr<ImageLoss> make_total_variation_loss(TotalVariationKind kind, bool joined) {
  if (kind == TotalVariationKind::absolute) return std::make_unique<AbsoluteVariation>(joined);
  return std::make_unique<SquaredVariation>(joined);
}

std::unique_ptr<ImageLoss> make_chroma_variation_loss(bool joined) {
  return std::make_unique<ChromaVariation>(joined);
}

}  // namespace impasto
