#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace {

double lanczos3(double x) {
  x = std::abs(x);
  if (x < 1e-8) return 1;
  if (x >= 3) return 0;
  const double a = std::numbers::pi * x;
  return 3 * std::sin(a) * std::sin(a / 3) / (a * a);
}

/// Keys' cubic convolution with a = -1/2 (1981), also known as Catmull-Rom.
double bicubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  if (x < 2) return ((-0.5 * x + 2.5) * x - 4) * x + 2;
  return 0;
}

/// For every output position along one axis: the inputs it reads and their weights, which sum to 1.
/// Positions beyond the border repeat the outermost pixel.
class Taps {
 public:
  Taps(int from, int to) {
    const double step = static_cast<double>(from) / to;
    const double stretch = std::max(step, 1.0);  // widened when shrinking: no aliasing
    const double radius = (step > 1 ? 3 : 2) * stretch;
    starts_.reserve(to + 1);
    for (int i = 0; i < to; ++i) {
      starts_.push_back(indices_.size());
      const double centre = (i + 0.5) * step - 0.5;
      const int first = static_cast<int>(std::floor(centre - radius)) + 1;
      const int last = static_cast<int>(std::ceil(centre + radius)) - 1;
      double sum = 0;
      std::vector<double> weights;
      for (int j = first; j <= last; ++j) {
        const double x = (j - centre) / stretch;
        weights.push_back(step > 1 ? lanczos3(x) : bicubic(x));
        sum += weights.back();
      }
      for (int j = first; j <= last; ++j) {
        indices_.push_back(std::clamp(j, 0, from - 1));
        weights_.push_back(static_cast<float>(weights[j - first] / sum));
      }
    }
    starts_.push_back(indices_.size());
  }

  size_t begin(int i) const { return starts_[i]; }
  size_t end(int i) const { return starts_[i + 1]; }
  int index(size_t tap) const { return indices_[tap]; }
  float weight(size_t tap) const { return weights_[tap]; }

 private:
  std::vector<size_t> starts_;
  std::vector<int> indices_;
  std::vector<float> weights_;
};

/// Interleaved rows of pixels, from `width` to the taps' sizes: put(at, value) for each of them.
template <int channels, class Put>
void resample(const float* in, int width, const Taps& across, int out_width, const Taps& down,
              int out_height, Put&& put) {
  const size_t in_row = static_cast<size_t>(width) * channels;
  const size_t out_row = static_cast<size_t>(out_width) * channels;
  parallel_for(out_height, 4, [&](int64_t begin, int64_t end) {
    std::vector<float> blended(in_row);
    for (int64_t y = begin; y < end; ++y) {
      std::fill(blended.begin(), blended.end(), 0.0f);
      for (size_t t = down.begin(static_cast<int>(y)); t < down.end(static_cast<int>(y)); ++t) {
        const float* row = in + in_row * down.index(t);
        const float weight = down.weight(t);
        for (size_t i = 0; i < in_row; ++i) blended[i] += weight * row[i];
      }
      size_t to = out_row * y;
      for (int x = 0; x < out_width; ++x) {
        float sum[channels] = {};
        for (size_t t = across.begin(x); t < across.end(x); ++t) {
          const float* from = blended.data() + static_cast<size_t>(across.index(t)) * channels;
          for (int c = 0; c < channels; ++c) sum[c] += across.weight(t) * from[c];
        }
        for (int c = 0; c < channels; ++c) put(to++, sum[c]);
      }
    }
  });
}

}  // namespace

Image resize(const Image& image, int width, int height) {
  if (image.empty() || width < 1 || height < 1) {
    throw Error(ErrorCode::usage,
                "size " + std::to_string(width) + "x" + std::to_string(height) +
                    ": expected at least 1x1 pixels, of a picture that is not empty");
  }
  if (width == image.width() && height == image.height()) return image;
  const size_t pixels = static_cast<size_t>(image.width()) * image.height();
  if (!image.alpha.empty() && image.alpha.size() != pixels) {
    throw Error(ErrorCode::internal, "the alpha plane has another size than the picture");
  }
  const Taps across(image.width(), width), down(image.height(), height);
  Image result(width, height);
  result.metadata = image.metadata;
  result.bits = image.bits;
  const auto into = [](float* out) { return [out](size_t at, float v) { out[at] = v; }; };
  resample<3>(image.data(), image.width(), across, width, down, height, into(result.data()));
  if (!image.alpha.empty()) {
    result.alpha.resize(static_cast<size_t>(width) * height);
    resample<1>(image.alpha.data(), image.width(), across, width, down, height,
                into(result.alpha.data()));
    for (float& a : result.alpha) a = std::clamp(a, 0.0f, 1.0f);  // both kernels overshoot
  }
  return result;
}

void add_resized(const Image& image, float share, Image& sum) {
  const Taps across(image.width(), sum.width()), down(image.height(), sum.height());
  float* out = sum.data();
  resample<3>(image.data(), image.width(), across, sum.width(), down, sum.height(),
              [out, share](size_t at, float v) { out[at] += share * v; });
}

}  // namespace impasto
