// Push-pull (Gortler et al. 1996, "The Lumigraph", 3.4): what is seen goes down a pyramid, with
// weights, and comes back up from the finest level that knows something.

#include <algorithm>
#include <vector>

#include "base/parallel.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace {

constexpr float nothing_seen = 0.5f;  // a picture that is hidden everywhere becomes grey

/// How much a pixel's colour counts. From an eighth of opacity on fully: below, files hold colours
/// to a few levels.
float weight_of(float alpha) {
  return std::clamp(8 * alpha, 0.0f, 1.0f);
}

/// A reduced picture of colours times weight, and weight, interleaved.
struct Level {
  Level(int w, int h) : width(w), height(h), values(static_cast<size_t>(w) * h * 4) {}
  float* row(int y) { return values.data() + static_cast<size_t>(y) * width * 4; }
  const float* row(int y) const { return values.data() + static_cast<size_t>(y) * width * 4; }

  int width, height;
  std::vector<float> values;
};

template <class Body>
void each_row(int height, const Body& body) {
  parallel_for(height, 16, [&](int64_t begin, int64_t end) {
    for (int y = static_cast<int>(begin); y < end; ++y) body(y);
  });
}

/// At half the size: of up to four pixels the sum, of weight 1 at most. `adder(y, room)` gives what
/// adds a pixel of row y: add(x, sum).
template <class Adder>
Level halved(int width, int height, const Adder& adder) {
  Level half((width + 1) / 2, (height + 1) / 2);
  each_row(half.height, [&](int y) {
    std::vector<float> room;
    for (int j = 2 * y; j < std::min(2 * y + 2, height); ++j) {
      const auto add = adder(j, room);
      for (int x = 0; x < width; ++x) add(x, half.row(y) + 4 * (x / 2));
    }
    for (int x = 0; x < half.width; ++x) {
      float* sum = half.row(y) + 4 * x;
      const float weight = std::max(sum[3], 1.0f);
      for (int c = 0; c < 4; ++c) sum[c] /= weight;
    }
  });
  return half;
}

/// color[3] += share of the coarse picture, linearly between its pixels, at (x, y) of twice the
/// size.
void add_coarse(const Level& coarse, int x, int y, float share, float* color) {
  // The pixel's own quarter counts 3 to 1 along either axis.
  const int near_x = x / 2, near_y = y / 2;
  const int far_x = std::clamp(near_x + (x % 2 * 2 - 1), 0, coarse.width - 1);
  const int far_y = std::clamp(near_y + (y % 2 * 2 - 1), 0, coarse.height - 1);
  const float *near_row = coarse.row(near_y), *far_row = coarse.row(far_y);
  for (int c = 0; c < 3; ++c) {
    color[c] += share * (0.5625f * near_row[4 * near_x + c] + 0.1875f * near_row[4 * far_x + c] +
                         0.1875f * far_row[4 * near_x + c] + 0.0625f * far_row[4 * far_x + c]);
  }
}

}  // namespace

void fill_hidden(Image& image) {
  const size_t pixels = static_cast<size_t>(image.width()) * static_cast<size_t>(image.height());
  if (!image.alpha.empty() && image.alpha.size() != pixels) {
    throw Error(ErrorCode::internal, "the alpha plane has another size than the picture");
  }
  if (std::all_of(image.alpha.begin(), image.alpha.end(), [](float a) { return a >= 0.125f; })) {
    return;
  }
  const auto weight_at = [&](int x, int y) {
    return weight_of(image.alpha[static_cast<size_t>(y) * image.width() + x]);
  };
  std::vector<Level> levels;
  levels.push_back(halved(image.width(), image.height(), [&](int y, std::vector<float>& row) {
    row.resize(static_cast<size_t>(image.width()) * 3);
    image.read(0, y, image.width(), row.data());
    return [&row, &weight_at, y](int x, float* sum) {
      const float weight = weight_at(x, y);
      if (weight == 0) return;  // whatever stands there, finite or not
      for (int c = 0; c < 3; ++c) sum[c] += weight * row[3 * static_cast<size_t>(x) + c];
      sum[3] += weight;
    };
  }));
  while (levels.back().width > 1 || levels.back().height > 1) {
    const Level& fine = levels.back();
    Level half = halved(fine.width, fine.height, [&](int y, std::vector<float>&) {
      return [row = fine.row(y)](int x, float* sum) {
        for (int c = 0; c < 4; ++c) sum[c] += row[4 * x + c];
      };
    });
    levels.push_back(std::move(half));
  }
  float* top = levels.back().values.data();
  for (int c = 0; c < 3; ++c) top[c] += (1 - top[3]) * nothing_seen;
  for (size_t i = levels.size() - 1; i-- > 0;) {
    each_row(levels[i].height, [&](int y) {
      for (int x = 0; x < levels[i].width; ++x) {
        float* here = levels[i].row(y) + 4 * x;
        if (here[3] < 1) add_coarse(levels[i + 1], x, y, 1 - here[3], here);
      }
    });
  }
  each_row(image.height(), [&](int y) {
    std::vector<float> row(static_cast<size_t>(image.width()) * 3);
    image.read(0, y, image.width(), row.data());
    for (int x = 0; x < image.width(); ++x) {
      const float weight = weight_at(x, y);
      if (weight == 1) continue;
      float* here = row.data() + 3 * static_cast<size_t>(x);
      for (int c = 0; c < 3; ++c) here[c] = weight == 0 ? 0 : weight * here[c];
      add_coarse(levels[0], x, y, 1 - weight, here);
    }
    image.write(0, y, image.width(), row.data());
  });
}

}  // namespace impasto
