#include "transfer/transfer.h"

#include <algorithm>

#include "losses/style.h"
#include "transfer/roots.h"

namespace impasto {

namespace {

constexpr double ridge = 0.01;  // of the mean variance
// Of the style's, added to the content's: where a photograph is flat there is nothing to amplify.
constexpr double style_ridge = 0.003;

Tensor covariance_with_ridge(const FeatureStatistics& s, double more) {
  const int64_t c = s.channels;
  const Tensor t({c, c});
  double square = 0;
  for (const double m : s.mean) square += m * m / static_cast<double>(c);
  for (int64_t i = 0; i < c * c; ++i) {
    t.data<float>()[i] = static_cast<float>(s.covariance[static_cast<size_t>(i)]);
  }
  // The last terms outweigh the rounding of sums in single precision, which can make eigenvalues of
  // flat pictures negative, and keep the roots of a black one finite.
  const double sum = ridge * mean_variance_of(s) + more + 1e-5 * square + 1e-8;
  for (int64_t i = 0; i < c; ++i) t.data<float>()[i * c + i] += static_cast<float>(sum);
  return t;
}

Tensor product(Backend& backend, const Tensor& a, const Tensor& b) {
  const Tensor result({a.shape()[0], b.shape()[1]});
  backend.multiply(a, b, result);
  return result;
}

void symmetrise(const Tensor& t) {
  const int64_t c = t.shape()[0];
  float* v = t.data<float>();
  for (int64_t i = 0; i < c; ++i) {
    for (int64_t j = 0; j < i; ++j) {
      v[i * c + j] = v[j * c + i] = 0.5f * (v[i * c + j] + v[j * c + i]);
    }
  }
}

// T = R (R C R)^-1/2 R with R = S^1/2 takes covariance C to S.
Tensor transport(Backend& backend, const FeatureStatistics& content, const FeatureStatistics& style,
                 const Tensor& root) {
  const Tensor c = covariance_with_ridge(content, style_ridge * mean_variance_of(style));
  const Tensor inner = product(backend, product(backend, root, c), root);
  symmetrise(inner);
  const Tensor t =
      product(backend, product(backend, root, symmetric_roots(backend, inner).inverse), root);
  symmetrise(t);
  return t;
}

// What a map that reaches this mean makes of the content's statistics.
FeatureStatistics reached_by(Backend& backend, const Tensor& matrix,
                             const FeatureStatistics& content, const std::vector<double>& mean) {
  const int64_t c = content.channels;
  const Tensor covariance({c, c});
  for (int64_t i = 0; i < c * c; ++i) {
    covariance.data<float>()[i] = static_cast<float>(content.covariance[static_cast<size_t>(i)]);
  }
  const Tensor moved = product(backend, product(backend, matrix, covariance), matrix);
  symmetrise(moved);
  FeatureStatistics reached{c, content.positions, mean, content.covariance};
  for (int64_t i = 0; i < c * c; ++i) {
    reached.covariance[static_cast<size_t>(i)] = moved.data<float>()[i];
  }
  return reached;
}

}  // namespace

ChannelMap map_to_mean(const Tensor& matrix, const FeatureStatistics& features,
                       const std::vector<double>& mean) {
  const int64_t c = features.channels;
  const ChannelMap map{matrix, Tensor({c})};
  for (int64_t to = 0; to < c; ++to) {
    double moved = 0;
    for (int64_t from = 0; from < c; ++from) {
      moved += matrix.data<float>()[from * c + to] * features.mean[static_cast<size_t>(from)];
    }
    map.bias.data<float>()[to] = static_cast<float>(mean[static_cast<size_t>(to)] - moved);
  }
  return map;
}

PictureStatistics picture_statistics(Backend& backend, const Tensor& pictures, const Plan& encoder,
                                     int64_t index) {
  PictureStatistics result;
  const auto add = [&](const Tensor& f) {
    result.push_back(feature_statistics(backend, f.picture(index)));
  };
  add(pictures);
  for (const std::string& tap : style_taps()) add(encoder.tap(tap));
  return result;
}

StyleStatistics prepare_style(Backend& backend, PictureStatistics statistics) {
  StyleStatistics style{std::move(statistics), {}};
  for (const FeatureStatistics& s : style.statistics) {
    style.roots.push_back(symmetric_roots(backend, covariance_with_ridge(s, 0)).root);
  }
  return style;
}

Transfer make_transfer(Backend& backend, const PictureStatistics& content,
                       const StyleStatistics& style, double share) {
  return make_transfer(backend, content, std::vector<WeightedStatistics>{{style, 1}}, share);
}

Transfer make_transfer(Backend& backend, const PictureStatistics& content,
                       const std::vector<WeightedStatistics>& styles, double share) {
  double sum = 0;
  for (const WeightedStatistics& s : styles) sum += s.weight;
  Transfer transfer;
  for (size_t k = 0; k < content.size(); ++k) {
    const int64_t c = content[k].channels;
    // Content and styles are corners; what is mixed is (1 - share) of the one, share of the others.
    const Tensor matrix = Tensor::zeros({c, c});
    float* m = matrix.data<float>();
    std::vector<double> mean = content[k].mean;
    for (double& v : mean) v *= 1 - share;
    for (int64_t i = 0; i < c; ++i) m[i * c + i] = static_cast<float>(1 - share);
    for (const WeightedStatistics& s : styles) {
      const double weight = share * s.weight / sum;
      if (weight == 0) continue;
      const Tensor t = transport(backend, content[k], s.style.statistics[k], s.style.roots[k]);
      for (int64_t i = 0; i < c * c; ++i) m[i] += static_cast<float>(weight) * t.data<float>()[i];
      for (size_t i = 0; i < mean.size(); ++i) mean[i] += weight * s.style.statistics[k].mean[i];
    }
    transfer.reached.push_back(reached_by(backend, matrix, content[k], mean));
    transfer.maps.push_back(map_to_mean(matrix, content[k], mean));
  }
  return transfer;
}

}  // namespace impasto
