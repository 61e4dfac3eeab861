#include "transfer/code.h"

#include <algorithm>
#include <cmath>

#include "impasto/error.h"
#include "losses/style.h"

namespace impasto {

namespace {

std::vector<double> numbers(const PictureStatistics& statistics) {
  std::vector<double> v;
  for (const FeatureStatistics& s : statistics) {
    v.insert(v.end(), s.mean.begin(), s.mean.end());
    for (size_t i = 0; i < s.mean.size(); ++i) v.push_back(std::sqrt(variance_of(s, i)));
  }
  return v;
}

}  // namespace

int64_t StyleCode::length(const PictureStatistics& statistics) {
  return static_cast<int64_t>(numbers(statistics).size()) + 1;
}

StyleCode::StyleCode(const std::vector<PictureStatistics>& pictures) {
  std::vector<double> sum, square;
  for (const PictureStatistics& p : pictures) {
    const std::vector<double> v = numbers(p);
    sum.resize(v.size());
    square.resize(v.size());
    for (size_t i = 0; i < v.size(); ++i) sum[i] += v[i], square[i] += v[i] * v[i];
  }
  const auto n = static_cast<double>(pictures.size());
  const Shape shape{static_cast<int64_t>(sum.size())};
  mean_ = Tensor(shape);
  deviation_ = Tensor(shape);
  for (size_t i = 0; i < sum.size(); ++i) {
    const double mean = sum[i] / n, variance = square[i] / n - mean * mean;
    mean_.data<float>()[i] = static_cast<float>(mean);
    // A channel that never changes says nothing.
    deviation_.data<float>()[i] = static_cast<float>(std::sqrt(std::max(variance, 0.0)) + 1e-4);
  }
}

StyleCode::StyleCode(const NamedTensors& tensors, const std::string& source) {
  const auto mean = tensors.find("code.mean"), deviation = tensors.find("code.deviation");
  if (mean == tensors.end() || deviation == tensors.end() ||
      !(mean->second.shape() == deviation->second.shape())) {
    throw Error(ErrorCode::input,
                source + ": expected the tensors code.mean and code.deviation of the same shape");
  }
  mean_ = mean->second.to(DType::f32);
  deviation_ = deviation->second.to(DType::f32);
}

NamedTensors StyleCode::tensors() const {
  return {{"code.mean", mean_}, {"code.deviation", deviation_}};
}

void StyleCode::write(const PictureStatistics& statistics, double boldness,
                      const Tensor& code) const {
  const std::vector<double> v = numbers(statistics);
  if (static_cast<int64_t>(v.size()) != mean_.size() || code.size() < mean_.size() + 1) {
    throw Error(ErrorCode::input, "the decoder is for styles of " + std::to_string(mean_.size()) +
                                      " numbers, this encoder's have " + std::to_string(v.size()));
  }
  const Tensor values = Tensor::zeros(code.shape());
  float* to = values.data<float>();
  for (size_t i = 0; i < v.size(); ++i) {
    // Beyond a few deviations there are no pictures to learn from.
    to[i] = std::clamp(
        (static_cast<float>(v[i]) - mean_.data<float>()[i]) / deviation_.data<float>()[i], -3.0f,
        3.0f);
  }
  to[v.size()] = static_cast<float>(2 * boldness - 1);
  code.copy_from(values);
}

}  // namespace impasto
