#include "image/mask.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

#include "base/parallel.h"
#include "image/resize.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr float nearly = 0.03f;  // black, or white

uint8_t level(float share) {
  const float stretched = (share - nearly) / (1 - 2 * nearly);
  return static_cast<uint8_t>(std::lround(255 * std::clamp(stretched, 0.0f, 1.0f)));
}

// Grey times opacity as a picture.
Image shares(const Image& picture) {
  Image grey(picture.width(), picture.height(), Samples::u16);
  parallel_for(picture.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(picture.width()) * 3);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      picture.read(0, y, picture.width(), row.data());
      const float* alpha = picture.alpha.empty()
                               ? nullptr
                               : picture.alpha.data() + static_cast<size_t>(y) * picture.width();
      for (size_t i = 0; i < row.size(); i += 3) {
        const float mean = (row[i] + row[i + 1] + row[i + 2]) / 3;
        std::fill_n(&row[i], 3, alpha ? mean * alpha[i / 3] : mean);
      }
      grey.write(0, y, picture.width(), row.data());
    }
  });
  return grey;
}

// For each of `to` output positions, the inputs that it covers and how much of each.
struct Cover {
  int first = 0;
  std::vector<float> weights;  // sum 1
};

std::vector<Cover> covers(int from, int to) {
  std::vector<Cover> result(static_cast<size_t>(to));
  const double step = static_cast<double>(from) / to;
  for (int i = 0; i < to; ++i) {
    const double begin = i * step, end = (i + 1) * step;
    Cover& cover = result[static_cast<size_t>(i)];
    cover.first = std::min(static_cast<int>(begin), from - 1);
    for (int k = cover.first; k < from && (k < end - 1e-9 || k == cover.first); ++k) {
      const double part = std::min(end, k + 1.0) - std::max(begin, static_cast<double>(k));
      cover.weights.push_back(static_cast<float>(std::max(part, 0.0) / step));
    }
  }
  return result;
}

// a = f(a, b), pixel by pixel.
template <class F>
void combine(Mask& a, const Mask& b, const F& f) {
  if (a.width != b.width || a.height != b.height) {
    throw Error(ErrorCode::internal, "masks of different sizes");
  }
  for (size_t i = 0; i < a.values.size(); ++i) {
    a.values[i] = static_cast<uint8_t>(f(unsigned{a.values[i]}, unsigned{b.values[i]}));
  }
}

unsigned product(unsigned a, unsigned b) {
  return (a * b + 127) / 255;
}

}  // namespace

bool Mask::empty() const {
  return std::all_of(values.begin(), values.end(), [](uint8_t v) { return v == 0; });
}

double share_of_all(const Mask& mask) {
  if (mask.values.empty()) return 0;
  const double sum = std::accumulate(mask.values.begin(), mask.values.end(), 0.0);
  return sum / (255.0 * static_cast<double>(mask.values.size()));
}

Mask make_mask(const Image& picture, const Size& size) {
  const Image grey = shares(picture);
  const Resizer resizer(grey, size.width, size.height);
  const bool as_it_is = size.width == grey.width() && size.height == grey.height();
  Mask mask{
      size.width, size.height,
      std::vector<uint8_t>(static_cast<size_t>(size.width) * static_cast<size_t>(size.height))};
  parallel_for(size.height, 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(size.width) * 3), room;
    for (int y = static_cast<int>(begin); y < end; ++y) {
      if (as_it_is) {
        grey.read(0, y, size.width, row.data());
      } else {
        resizer.row(0, y, size.width, room, row.data());
      }
      for (int x = 0; x < size.width; ++x) mask.row(y)[x] = level(row[static_cast<size_t>(3 * x)]);
    }
  });
  return mask;
}

void feather(Mask& mask, double pixels) {
  if (!(pixels > 0)) return;
  const int reach = static_cast<int>(std::ceil(pixels + 0.5)), far = reach + 1;
  const int w = mask.width, h = mask.height;
  // Along each row, the distance from the nearest pixel that is not in it, as far as it matters.
  std::vector<uint16_t> along(mask.values.size());
  parallel_for(h, 16, [&](int64_t begin, int64_t end) {
    for (int y = static_cast<int>(begin); y < end; ++y) {
      uint16_t* distance = along.data() + static_cast<size_t>(y) * w;
      for (int x = 0, d = far; x < w; ++x) {
        d = mask.row(y)[x] == 0 ? 0 : std::min(d + 1, far);
        distance[x] = static_cast<uint16_t>(d);
      }
      for (int x = w - 1, d = far; x >= 0; --x) {
        d = mask.row(y)[x] == 0 ? 0 : std::min(d + 1, far);
        distance[x] = static_cast<uint16_t>(std::min<int>(distance[x], d));
      }
    }
  });
  parallel_for(h, 16, [&](int64_t begin, int64_t end) {
    std::vector<int> nearest(static_cast<size_t>(w));  // squared
    for (int y = static_cast<int>(begin); y < end; ++y) {
      std::fill(nearest.begin(), nearest.end(), far * far);
      for (int i = std::max(0, y - reach); i <= std::min(h - 1, y + reach); ++i) {
        const uint16_t* distance = along.data() + static_cast<size_t>(i) * w;
        for (int x = 0; x < w; ++x) {
          nearest[static_cast<size_t>(x)] = std::min(nearest[static_cast<size_t>(x)],
                                                     distance[x] * distance[x] + (i - y) * (i - y));
        }
      }
      for (int x = 0; x < w; ++x) {
        // The border runs half a pixel from where nothing is.
        const double d = std::sqrt(nearest[static_cast<size_t>(x)]) - 0.5;
        const double t = std::clamp(d / pixels, 0.0, 1.0);
        mask.row(y)[x] = static_cast<uint8_t>(std::lround(mask.row(y)[x] * t * t * (3 - 2 * t)));
      }
    }
  });
}

Mask resized(const Mask& mask, const Size& size) {
  if (size.width == mask.width && size.height == mask.height) return mask;
  const auto across = covers(mask.width, size.width), down = covers(mask.height, size.height);
  Mask result{
      size.width, size.height,
      std::vector<uint8_t>(static_cast<size_t>(size.width) * static_cast<size_t>(size.height))};
  parallel_for(size.height, 8, [&](int64_t begin, int64_t end) {
    std::vector<float> sums(static_cast<size_t>(mask.width));
    for (int y = static_cast<int>(begin); y < end; ++y) {
      std::fill(sums.begin(), sums.end(), 0.0f);
      const Cover& rows = down[static_cast<size_t>(y)];
      for (size_t k = 0; k < rows.weights.size(); ++k) {
        const uint8_t* from = mask.row(rows.first + static_cast<int>(k));
        for (size_t x = 0; x < sums.size(); ++x) sums[x] += rows.weights[k] * from[x];
      }
      for (int x = 0; x < size.width; ++x) {
        const Cover& columns = across[static_cast<size_t>(x)];
        float sum = 0;
        for (size_t k = 0; k < columns.weights.size(); ++k) {
          sum += columns.weights[k] * sums[static_cast<size_t>(columns.first) + k];
        }
        result.row(y)[x] = static_cast<uint8_t>(std::lround(std::min(sum, 255.0f)));
      }
    }
  });
  return result;
}

Mask both(Mask a, const Mask& b) {
  combine(a, b, product);
  return a;
}
Mask without(Mask a, const Mask& b) {
  combine(a, b, [](unsigned p, unsigned q) { return product(p, 255 - q); });
  return a;
}
void add(Mask& to, const Mask& other) {
  combine(to, other, [](unsigned p, unsigned q) { return std::min(p + q, 255U); });
}
Mask share_of(Mask part, const Mask& whole) {
  combine(part, whole, [](unsigned p, unsigned q) {
    return q > 0 ? std::min((255 * p + q / 2) / q, 255U) : 0U;
  });
  return part;
}

void lay_over(Image& canvas, const Image& picture, const Mask& mask) {
  const int w = canvas.width();
  if (w != picture.width() || w != mask.width || canvas.height() != picture.height() ||
      canvas.height() != mask.height) {
    throw Error(ErrorCode::internal, "pictures of different sizes are laid over each other");
  }
  parallel_for(canvas.height(), 16, [&](int64_t begin, int64_t end) {
    std::vector<float> from(static_cast<size_t>(w) * 3), to(from.size());
    for (int y = static_cast<int>(begin); y < end; ++y) {
      const uint8_t* share = mask.row(y);
      picture.read(0, y, w, from.data());
      canvas.read(0, y, w, to.data());
      for (size_t i = 0; i < to.size(); ++i) {
        const uint8_t s = share[i / 3];
        if (s == 255) to[i] = from[i];
        if (s > 0 && s < 255) to[i] += static_cast<float>(s) / 255 * (from[i] - to[i]);
      }
      canvas.write(0, y, w, to.data());
    }
  });
}

}  // namespace impasto
