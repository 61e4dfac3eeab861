#include "image/resize.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <string>
#include <vector>

#include "base/isa.h"
#include "base/parallel.h"
#include "base/promise.h"
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

void add_scaled(const float* row, float weight, int64_t n, float* sum) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) sum[i] += weight * row[i];
  });
}

}  // namespace

Resizer::Taps::Taps(int from, int to) : first(static_cast<size_t>(to)) {
  const double step = static_cast<double>(from) / to;
  const double stretch = std::max(step, 1.0);  // widened when shrinking: no aliasing
  const double radius = (step > 1 ? 3 : 2) * stretch;
  count = std::min(from, static_cast<int>(std::ceil(2 * radius)));
  weights.resize(static_cast<size_t>(to) * count);
  for (int i = 0; i < to; ++i) {
    const double centre = (i + 0.5) * step - 0.5;
    const int begin = static_cast<int>(std::floor(centre - radius)) + 1;
    const int end = static_cast<int>(std::ceil(centre + radius));
    first[i] = std::clamp(begin, 0, from - count);
    double sum = 0;
    std::vector<double> exact(static_cast<size_t>(count));
    for (int j = begin; j < end; ++j) {
      const double x = (j - centre) / stretch;
      const double weight = step > 1 ? lanczos3(x) : bicubic(x);
      exact[std::clamp(j, 0, from - 1) - first[i]] += weight;
      sum += weight;
    }
    for (int k = 0; k < count; ++k) {
      weights[static_cast<size_t>(i) * count + k] = static_cast<float>(exact[k] / sum);
    }
  }
}

Resizer::Resizer(const Size& from, Read read, const Size& to)
    : read_(std::move(read)), across_(from.width, to.width), down_(from.height, to.height) {}

Resizer::Resizer(const Image& image, int width, int height)
    : Resizer({image.width(), image.height()},
              [&image](int x, int y, int count, float* to) { image.read(x, y, count, to); },
              {width, height}) {}

void Resizer::row(int x, int y, int count, std::vector<float>& room, float* to) const {
  const int begin = across_.first[x];
  const int width = across_.first[x + count - 1] + across_.count - begin;
  const int64_t n = int64_t{3} * width;
  room.resize(static_cast<size_t>(2 * n));
  float *blended = room.data(), *one = room.data() + n;
  std::fill_n(blended, n, 0.0f);
  for (int k = 0; k < down_.count; ++k) {
    const float weight = down_.weights[static_cast<size_t>(y) * down_.count + k];
    if (weight == 0) continue;
    read_(begin, down_.first[y] + k, width, one);
    add_scaled(one, weight, n, blended);
  }
  const float* weight = &across_.weights[static_cast<size_t>(x) * across_.count];
  for (int i = x; i < x + count; ++i, to += 3) {
    const float* from = blended + 3 * (across_.first[i] - begin);
    float sum[3] = {};
    for (int k = 0; k < across_.count; ++k, ++weight, from += 3) {
      for (int c = 0; c < 3; ++c) sum[c] += *weight * from[c];
    }
    std::copy_n(sum, 3, to);
  }
}

std::vector<float> resize_alpha(const Image& image, int width, int height) {
  const size_t pixels = static_cast<size_t>(image.width()) * image.height();
  if (!image.alpha.empty() && image.alpha.size() != pixels) {
    throw Error(ErrorCode::internal, "the alpha plane has another size than the picture");
  }
  const bool same = width == image.width() && height == image.height();
  if (same || image.alpha.empty()) return image.alpha;
  const auto read = [&](int x, int y, int count, float* to) {
    const float* alpha = image.alpha.data() + static_cast<size_t>(y) * image.width() + x;
    for (int i = 0; i < 3 * count; ++i) to[i] = alpha[i / 3];
  };
  const Resizer resizer({image.width(), image.height()}, read, {width, height});
  std::vector<float> plane(static_cast<size_t>(width) * height);
  parallel_for(height, 4, [&](int64_t begin, int64_t end) {
    std::vector<float> room, row(static_cast<size_t>(width) * 3);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      resizer.row(0, y, width, room, row.data());
      // Both kernels overshoot.
      for (int x = 0; x < width; ++x) {
        plane[static_cast<size_t>(y) * width + x] =
            std::clamp(row[3 * static_cast<size_t>(x)], 0.0f, 1.0f);
      }
    }
  });
  return plane;
}

Image resize(const Image& image, int width, int height) try {
  return resize(image, width, height, Samples::f32);
} catch (...) {
  rethrow_as_error();
}

Image resize_colours(const Image& image, int width, int height, Samples samples, Storage storage) {
  if (image.empty() || width < 1 || height < 1) {
    throw Error(ErrorCode::usage,
                "size " + std::to_string(width) + "x" + std::to_string(height) +
                    ": expected at least 1x1 pixels, of a picture that is not empty");
  }
  const bool same = width == image.width() && height == image.height();
  Image result(width, height, samples, storage);
  const Resizer resizer(image, width, height);
  parallel_for(height, 4, [&](int64_t begin, int64_t end) {
    std::vector<float> room, row(static_cast<size_t>(width) * 3);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      if (same) {
        image.read(0, y, width, row.data());
      } else {
        resizer.row(0, y, width, room, row.data());
      }
      result.write(0, y, width, row.data());
    }
  });
  return result;
}

Image resize(const Image& image, int width, int height, Samples samples, Storage storage) try {
  const bool same = width == image.width() && height == image.height();
  if (same && !image.empty() && samples == image.samples() && storage == image.storage())
    return image;
  Image result = resize_colours(image, width, height, samples, storage);
  result.metadata = image.metadata;
  result.bits = image.bits;
  result.alpha = resize_alpha(image, width, height);
  return result;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
