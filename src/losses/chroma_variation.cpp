#include "base/parallel.h"
#include "losses/loss.h"

namespace impasto {

namespace {

// What is left of an RGB vector without its grey part: I - 1 1^T / 3, symmetric and idempotent.
template <class T>
void remove_grey(const Tensor& from, const Tensor& to, bool accumulate) {
  const T* x = from.data<T>();
  T* y = to.data<T>();
  parallel_for(from.size() / 3, 1 << 14, [&](int64_t begin, int64_t end) {
    for (int64_t i = 3 * begin; i < 3 * end; i += 3) {
      const T grey = (x[i] + x[i + 1] + x[i + 2]) / 3;
      for (int64_t k = i; k < i + 3; ++k) y[k] = x[k] - grey + (accumulate ? y[k] : T{0});
    }
  });
}

class ChromaVariation final : public ImageLoss {
 public:
  double evaluate(const Tensor& image, double weight, const Tensor* gradient) const override {
    return image.dtype() == DType::f64 ? run<double>(image, weight, gradient)
                                       : run<float>(image, weight, gradient);
  }

 private:
  template <class T>
  double run(const Tensor& image, double weight, const Tensor* gradient) const {
    const Tensor chroma(image.shape(), image.dtype());
    remove_grey<T>(image, chroma, false);
    if (!gradient) return variation_->evaluate(chroma, weight, nullptr);
    const Tensor dchroma = Tensor::zeros(image.shape(), image.dtype());
    const double value = variation_->evaluate(chroma, weight, &dchroma);
    remove_grey<T>(dchroma, *gradient, true);
    return value;
  }
  std::unique_ptr<ImageLoss> variation_ = make_total_variation_loss(TotalVariationKind::squared);
};

}  // namespace

std::unique_ptr<ImageLoss> make_chroma_variation_loss() {
  return std::make_unique<ChromaVariation>();
}

}  // namespace impasto
