#include "instant/along_edges.h"

#include <algorithm>
#include <cmath>
#include <vector>

#include "backend/border.h"
#include "base/isa.h"
#include "base/parallel.h"
#include "image/resize.h"

namespace impasto {

namespace {

constexpr double most_painted = 24e6;  // pixels; of larger results a quarter, so that sides double
constexpr double hardly_larger = 1.5;  // times as many are painted all the same

// Rows of the result between two words on how far it is.
constexpr int band = 256;

// Slopes are found in blocks of that many pixels of the painting, and blended between them.
constexpr int block = 8;
// Of the variance of lightness: below, there is nothing in the photograph to follow.
constexpr double noise = 2e-4;
// A painting may turn light and dark around, but not make edges much stronger.
constexpr double least_slope = -0.3, most_slope = 1;

/// One number for each block of a picture.
struct Blocks {
  Blocks(int w, int h)
      : width((w + block - 1) / block),
        height((h + block - 1) / block),
        values(static_cast<size_t>(width) * height) {}
  const float* row(int64_t y) const { return values.data() + y * width; }
  float* row(int64_t y) { return values.data() + y * width; }

  int width, height;
  std::vector<float> values;
};

float lightness(const float* rgb) {
  return 0.3f * rgb[0] + 0.6f * rgb[1] + 0.1f * rgb[2];
}

struct Moments {
  double n = 0, p = 0, s = 0, pp = 0, ps = 0;
  void add(const Moments& m) { n += m.n, p += m.p, s += m.s, pp += m.pp, ps += m.ps; }
  double slope(double least) const {
    const double variance = pp / n - p / n * (p / n), covariance = ps / n - p / n * (s / n);
    return std::clamp(covariance / (variance + noise), std::max(least_slope, least), most_slope);
  }
};

/// The slope of the painting over the photograph in each block and those around it.
Blocks slopes(const Image& painting, const Image& photo, double least) {
  Blocks result(photo.width(), photo.height());
  const int across = result.width, down = result.height;
  std::vector<Moments> moments(static_cast<size_t>(across) * down);
  parallel_for(down, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> p(static_cast<size_t>(photo.width()) * 3), s(p.size());
    for (auto y = static_cast<int>(begin) * block;
         y < std::min<int64_t>(end * block, photo.height()); ++y) {
      photo.read(0, y, photo.width(), p.data());
      painting.read(0, y, photo.width(), s.data());
      Moments* sum = &moments[static_cast<size_t>(y / block) * across];
      for (int x = 0; x < photo.width(); ++x) {
        const double a = lightness(&p[3 * static_cast<size_t>(x)]);
        const double b = lightness(&s[3 * static_cast<size_t>(x)]);
        sum[x / block].add({1, a, b, a * a, a * b});
      }
    }
  });
  parallel_for(down, 8, [&](int64_t begin, int64_t end) {
    for (auto y = static_cast<int>(begin); y < end; ++y) {
      for (int x = 0; x < across; ++x) {
        Moments around;
        for (int j = std::max(y - 1, 0); j <= std::min(y + 1, down - 1); ++j) {
          for (int i = std::max(x - 1, 0); i <= std::min(x + 1, across - 1); ++i) {
            around.add(moments[static_cast<size_t>(j) * across + i]);
          }
        }
        result.row(y)[x] = static_cast<float>(around.slope(least));
      }
    }
  });
  return result;
}

/// Slopes at every pixel of a row of a picture of some size.
class SlopeRows {
 public:
  SlopeRows(const Blocks& slopes, int width, int height) : slopes_(slopes), height_(height) {
    for (int x = 0; x < width; ++x) taps_.push_back(linear_tap(x, slopes.width, width));
  }
  void row(int y, std::vector<float>& blended, float* to) const {
    const LinearTap t = linear_tap(y, slopes_.height, height_);
    const float *low = slopes_.row(t.low), *high = slopes_.row(t.high);
    blended.resize(static_cast<size_t>(slopes_.width));
    for (size_t i = 0; i < blended.size(); ++i) {
      blended[i] = low[i] + static_cast<float>(t.weight) * (high[i] - low[i]);
    }
    for (const LinearTap& x : taps_) {
      const float from = blended[static_cast<size_t>(x.low)];
      *to++ = from + static_cast<float>(x.weight) * (blended[static_cast<size_t>(x.high)] - from);
    }
  }

 private:
  const Blocks& slopes_;
  const int height_;
  std::vector<LinearTap> taps_;
};

// sum += sign * slope * photo, pixel by pixel.
void add_sloped(const float* photo, const float* slope, float sign, int64_t pixels, float* sum) {
  vectorised([=] {
    for (int64_t x = 0; x < pixels; ++x) {
      for (int64_t c = 3 * x; c < 3 * x + 3; ++c) sum[c] += sign * slope[x] * photo[c];
    }
  });
}

}  // namespace

Size painted_size(const Size& result) {
  const double pixels = static_cast<double>(result.width) * result.height;
  const double painted = std::max(most_painted, pixels / 4);
  if (pixels <= hardly_larger * painted) return result;
  const double factor = std::sqrt(painted / pixels);
  return {std::max(1, static_cast<int>(std::lround(result.width * factor))),
          std::max(1, static_cast<int>(std::lround(result.height * factor)))};
}

Image enlarged_along_edges(Image painting, const Image& small, const Image& photo, double strength,
                           Storage storage, const std::function<void(double)>& told) {
  const int width = photo.width();
  told(0);
  const Blocks slope = slopes(painting, small, 1 - strength / 50);
  const SlopeRows reduced(slope, small.width(), small.height());
  const SlopeRows full(slope, width, photo.height());
  parallel_for(small.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(small.width()) * 3), photo_row(row.size()), a(row),
        room;
    for (int y = static_cast<int>(begin); y < end; ++y) {
      painting.read(0, y, small.width(), row.data());
      small.read(0, y, small.width(), photo_row.data());
      reduced.row(y, room, a.data());
      add_sloped(photo_row.data(), a.data(), -1, small.width(), row.data());
      painting.write(0, y, small.width(), row.data());
    }
  });
  Image result(width, photo.height(), photo.samples(), storage);
  const Resizer enlarged(painting, width, photo.height());
  const auto rows = [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(width) * 3), photo_row(row.size()), a(row), room,
        blended;
    for (int y = static_cast<int>(begin); y < end; ++y) {
      enlarged.row(0, y, width, room, row.data());
      photo.read(0, y, width, photo_row.data());
      full.row(y, blended, a.data());
      add_sloped(photo_row.data(), a.data(), 1, width, row.data());
      for (float& v : row) v = std::clamp(v, 0.0f, 1.0f);
      result.write(0, y, width, row.data());
    }
  };
  for (int y = 0; y < photo.height(); y += band) {
    const int count = std::min(band, photo.height() - y);
    parallel_for(count, 16, [&](int64_t begin, int64_t end) { rows(y + begin, y + end); });
    told(static_cast<double>(y + count) / photo.height());
  }
  result.alpha = photo.alpha;
  result.metadata = photo.metadata;
  result.bits = photo.bits;
  return result;
}

}  // namespace impasto
