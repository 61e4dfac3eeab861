#include "backend/reference/reference.h"

namespace impasto {

namespace {

struct ModulatedWeights : PreparedConv {
  Tensor weights, bias;
};

// The convolution (of so many groups) that does to a picture what `conv` does to the modulated one.
ModulatedWeights fold(const ModulatedWeights& conv, int groups, const Tensor& scale,
                      const Tensor& shift) {
  ModulatedWeights folded;
  folded.weights = conv.weights.clone();
  folded.bias = conv.bias.clone();
  const Shape& s = folded.weights.shape();  // OIHW
  const int64_t taps = s[2] * s[3];
  dispatch(folded.weights.dtype(), [&](auto tag) {
    using T = decltype(tag);
    if constexpr (!std::is_same_v<T, bfloat16>) {
      T* w = folded.weights.template data<T>();
      for (int64_t o = 0; o < s[0]; ++o) {
        double shifted = 0;
        const int64_t first = o / (s[0] / groups) * s[1];  // that it reads
        for (int64_t i = first; i < first + s[1]; ++i) {
          const T factor = scale.data<T>()[i];
          double sum = 0;
          for (int64_t k = 0; k < taps; ++k, ++w) {
            sum += static_cast<double>(*w);
            *w *= factor;
          }
          shifted += sum * static_cast<double>(shift.data<T>()[i]);
        }
        folded.bias.template data<T>()[o] += static_cast<T>(shifted);
      }
    }
  });
  return folded;
}

}  // namespace

std::shared_ptr<const PreparedConv> ReferenceBackend::prepare(const ModulatedConv2dDesc& d,
                                                              const Tensor& weights,
                                                              const Tensor& bias) {
  auto prepared = std::make_shared<ModulatedWeights>();
  prepared->weights = weights.to(d.conv.type).to(weights.dtype());
  prepared->bias = bias.clone();
  return prepared;
}

void ReferenceBackend::modulated_conv2d(const ModulatedConv2dDesc& d, const Tensor& src,
                                        const PreparedConv& prepared, const Tensor& scale,
                                        const Tensor& shift, const Tensor& dst) {
  const ModulatedWeights w =
      fold(static_cast<const ModulatedWeights&>(prepared), d.conv.groups, scale, shift);
  conv2d(d.conv, src, *prepare(d.conv, w.weights, w.bias, true, false), dst);
  if (d.residual) accumulate(src, 1, dst);
}

}  // namespace impasto
