#include <benchmark/benchmark.h>

#include "losses/loss.h"
#include "losses/style.h"
#include "primitives.h"

namespace impasto::bench {

namespace {

void add_image_loss(const std::string& name, std::unique_ptr<ImageLoss> made) {
  add(name + "/512x512", [loss = std::shared_ptr(std::move(made))](benchmark::State& state) {
    const Tensor picture = random_tensor({1, 512, 512, 3}, DType::f32),
                 gradient = Tensor::zeros(picture.shape());
    measure(state, {0, 3.0 * static_cast<double>(picture.bytes())},
            [&] { loss->evaluate(picture, 1e-3, &gradient); });
  });
}

// Value and gradient from the statistics alone: the matrix roots of w2.
void add_distance(const std::string& name, int64_t channels,
                  std::unique_ptr<StyleDistance> (*make)(const FeatureStatistics&)) {
  add(name + "/" + std::to_string(channels), [=](benchmark::State& state) {
    const Shape s{1, 64, 64, channels};
    const auto painting = feature_statistics(backend(), random_tensor(s, DType::f32));
    const Tensor mixed(s);  // another covariance
    backend().channel_mix(random_tensor(s, DType::f32),
                          random_tensor({channels, channels}, DType::f32),
                          random_tensor({channels}, DType::f32), false, mixed);
    const auto picture = feature_statistics(backend(), mixed);
    const auto distance = make(painting);
    MomentGradient gradient;
    measure(state, {}, [&] { distance->evaluate(picture, &gradient); });
  });
}

void add_feature_statistics(const Shape& s, DType type) {
  add("feature_statistics/" + s.str() + "/" + name_of(type), [=](benchmark::State& state) {
    const Tensor f = random_tensor(s, type);
    measure(state,
            {2.0 * static_cast<double>(s.size() * s.c()), static_cast<double>(f.bytes()), type},
            [&] { feature_statistics(backend(), f); });
  });
}

}  // namespace

void add_losses() {
  add_image_loss("tv_squared", make_total_variation_loss(TotalVariationKind::squared));
  add_image_loss("tv_absolute", make_total_variation_loss(TotalVariationKind::absolute));
  add_image_loss("chroma", make_chroma_variation_loss());
  for (const int64_t channels : {16, 32, 64, 128, 256, 512}) {
    add_distance("w2_distance", channels, make_wasserstein_distance);
    add_distance("moments_distance", channels, make_moments_distance);
    add_distance("gram_distance", channels, make_gram_distance);
  }
  for (const DType type : types()) {
    for (const int64_t width : {16, 64}) {
      for (int64_t block = 0; block < 5; ++block) {
        const int64_t side = int64_t{512} >> block;
        add_feature_statistics({1, side, side, width << std::min<int64_t>(block, 3)}, type);
      }
    }
  }
}

}  // namespace impasto::bench
