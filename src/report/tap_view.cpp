#include "report/tap_view.h"

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "losses/loss.h"

namespace impasto {

namespace {

constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

struct Channel {
  double sum = 0, squares = 0;
  float least = std::numeric_limits<float>::infinity(), largest = -least;

  bool dead() const { return least == 0 && largest == 0; }
  double mean(double n) const { return sum / n; }
  double variance(double n) const { return std::max(0.0, squares / n - mean(n) * mean(n)); }
};

std::vector<Channel> measure_channels(const Tensor& features) {
  const auto count = static_cast<size_t>(features.shape().c());
  std::vector<Channel> channels(count);
  const float* f = features.data<float>();
  for (int64_t p = 0; p < features.shape().pixels(); ++p) {
    for (Channel& c : channels) {
      const float v = *f++;
      c.sum += v;
      c.squares += static_cast<double>(v) * v;
      c.least = std::min(c.least, v);
      c.largest = std::max(c.largest, v);
    }
  }
  return channels;
}

double condition(const FeatureStatistics& s, const std::vector<Channel>& channels) {
  std::vector<Eigen::Index> alive;
  for (size_t i = 0; i < channels.size(); ++i) {
    if (!channels[i].dead()) alive.push_back(static_cast<Eigen::Index>(i));
  }
  using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const Eigen::Map<const Matrix> all(s.covariance.data(), s.channels, s.channels);
  if (alive.empty() || !all.allFinite()) return not_a_number;
  if (s.positions <= static_cast<double>(alive.size())) return INFINITY;
  const Eigen::MatrixXd covariance = all(alive, alive);
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(covariance, Eigen::EigenvaluesOnly);
  if (solver.info() != Eigen::Success) return not_a_number;
  const double smallest = solver.eigenvalues().minCoeff();
  const double largest = solver.eigenvalues().maxCoeff();
  // The covariance is a difference of uncentred moments, which were summed in f32, run by run.
  const double rounding = 64 * static_cast<double>(std::numeric_limits<float>::epsilon());
  double moment = largest;
  for (const double m : s.mean) moment += m * m;
  return smallest > moment * rounding ? largest / smallest : INFINITY;
}

std::vector<float> matrix_of(const FeatureStatistics& s, ChannelStatistic statistic) {
  const auto c = static_cast<size_t>(s.channels);
  std::vector<float> matrix(c * c);
  for (size_t i = 0; i < c; ++i) {
    for (size_t j = 0; j < c; ++j) {
      double v = s.covariance[i * c + j];
      if (statistic == ChannelStatistic::gram) v += s.mean[i] * s.mean[j];
      if (statistic == ChannelStatistic::correlation) {
        const double variances = s.covariance[i * c + i] * s.covariance[j * c + j];
        v = variances > 0 ? std::clamp(v / std::sqrt(variances), -1.0, 1.0) : not_a_number;
      }
      matrix[i * c + j] = static_cast<float>(v);
    }
  }
  return matrix;
}

std::vector<int> by_falling_variance(const std::vector<Channel>& channels, double n) {
  std::vector<double> variances;
  for (const Channel& c : channels) {
    const double v = c.variance(n);
    variances.push_back(std::isnan(v) ? -1 : v);  // an order needs comparable numbers
  }
  std::vector<int> order(channels.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int a, int b) {
    return variances[static_cast<size_t>(a)] > variances[static_cast<size_t>(b)];
  });
  return order;
}

}  // namespace

TapView view_tap(Backend& backend, const std::string& tap, const Tensor& features,
                 ChannelStatistic statistic, int strongest) {
  const Shape& shape = features.shape();
  const std::vector<Channel> channels = measure_channels(features);
  const FeatureStatistics moments = feature_statistics(backend, features);
  const auto n = static_cast<double>(shape.pixels());

  TapView view;
  TapStatistics& s = view.statistics;
  s.tap = tap;
  s.width = static_cast<int>(shape.w());
  s.height = static_cast<int>(shape.h());
  s.channels = static_cast<int>(shape.c());
  Channel whole{0, 0, 0, channels.front().largest};
  for (const Channel& c : channels) {
    whole.sum += c.sum;
    whole.squares += c.squares;
    whole.largest = std::max(whole.largest, c.largest);
    s.dead_channels += c.dead();
  }
  s.mean = whole.mean(n * s.channels);
  s.deviation = std::sqrt(whole.variance(n * s.channels));
  s.largest = whole.largest;
  s.condition = condition(moments, channels);
  s.strongest = by_falling_variance(channels, n);
  s.strongest.resize(std::min(s.strongest.size(), static_cast<size_t>(strongest)));

  for (const int channel : s.strongest) {
    std::vector<float>& map = view.maps.emplace_back();
    for (int64_t i = channel; i < shape.size(); i += shape.c()) {
      map.push_back(features.data<float>()[i]);
    }
    view.deviations.push_back(std::sqrt(channels[static_cast<size_t>(channel)].variance(n)));
  }
  view.matrix = matrix_of(moments, statistic);
  return view;
}

}  // namespace impasto
