#include "judge/artefacts.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "image/luma.h"
#include "judge/similarity.h"

namespace impasto {

namespace {

constexpr int bands = 16;                  // added up in this order, whatever the threads
constexpr int around = 8;                  // steps on either side that a seam is compared with
constexpr double unseen_step = 0.5 / 255;  // a step that nobody sees
constexpr size_t outermost = 3, inner = 20;

struct Band {
  std::vector<double> across, down;
  double sum = 0, squares = 0, clipped = 0, not_finite = 0, pixels = 0;
};

void add_row(const std::vector<float>& rgb, std::vector<float>& light, Band& band) {
  for (const float v : rgb) {
    band.clipped += v <= 0 || v >= 1;
    band.not_finite += !std::isfinite(v);
  }
  for (size_t x = 0; x < light.size(); ++x) {
    light[x] = luma(rgb.data() + 3 * x);
    if (!std::isfinite(light[x])) light[x] = 0;
    band.sum += light[x];
    band.squares += light[x] * light[x];
  }
  band.pixels += static_cast<double>(light.size());
}

double median(std::vector<double>& v) {
  const auto middle = v.begin() + static_cast<std::ptrdiff_t>(v.size() / 2);
  std::nth_element(v.begin(), middle, v.end());
  return *middle;
}

// How far each step stands out from those around it.
std::vector<double> standing_out(const std::vector<double>& steps) {
  const int n = static_cast<int>(steps.size());
  std::vector<double> result(steps.size()), near;
  for (int i = 0; i < n; ++i) {
    near.clear();
    for (int k = std::max(0, i - around); k <= std::min(n - 1, i + around); ++k) {
      if (std::abs(k - i) > 1) near.push_back(steps[static_cast<size_t>(k)]);
    }
    const double usual = near.empty() ? steps[static_cast<size_t>(i)] : median(near);
    result[static_cast<size_t>(i)] = steps[static_cast<size_t>(i)] / (usual + unseen_step) - 1;
  }
  return result;
}

double strongest_seam(const std::vector<double>& steps, const std::vector<double>& photo) {
  const std::vector<double> own = standing_out(steps), there = standing_out(photo);
  const double scale = static_cast<double>(photo.size()) / static_cast<double>(steps.size());
  double strongest = 0;
  for (size_t i = 1; i + 1 < own.size(); ++i) {
    // The photograph's own step there, or as near as its size lets us tell.
    double known = 0;
    const auto at = static_cast<int>(std::lround(static_cast<double>(i) * scale));
    const int slack = 2 + static_cast<int>(scale);
    for (int k = at - slack; k <= at + slack; ++k) {
      if (k >= 0 && k < static_cast<int>(there.size())) {
        known = std::max(known, there[static_cast<size_t>(k)]);
      }
    }
    strongest = std::max(strongest, own[i] - known);
  }
  return strongest;
}

struct FrameVariation {
  double edge = 0, inside = 0;
  void add(const std::vector<double>& steps) {
    for (size_t i = 0; i < outermost + inner; ++i) {
      (i < outermost ? edge : inside) += steps[i] + steps[steps.size() - 1 - i];
    }
  }
  double ratio() const {
    return (edge / outermost + unseen_step) / (inside / static_cast<double>(inner) + unseen_step);
  }
};

double frame_ratio(const PixelSurvey& s) {
  if (std::min(s.across.size(), s.down.size()) < 63) return 1;
  FrameVariation v;
  v.add(s.across);
  v.add(s.down);
  return v.ratio();
}

}  // namespace

PixelSurvey survey(const Image& image) {
  const int w = image.width(), h = image.height();
  std::vector<Band> parts(bands);
  PixelSurvey result;
  result.down.assign(static_cast<size_t>(h - 1), 0);
  parallel_for(bands, 1, [&](int64_t begin, int64_t end) {
    std::vector<float> rgb(static_cast<size_t>(w) * 3), row(static_cast<size_t>(w)), next = row;
    for (auto b = static_cast<int>(begin); b < end; ++b) {
      Band& band = parts[static_cast<size_t>(b)];
      band.across.assign(static_cast<size_t>(w - 1), 0);
      const int first = static_cast<int>(int64_t{h} * b / bands),
                last = static_cast<int>(int64_t{h} * (b + 1) / bands);
      for (int y = first; y < last; ++y) {
        if (y == first) {
          image.read(0, y, w, rgb.data());
          add_row(rgb, row, band);
        }
        for (size_t x = 0; x + 1 < row.size(); ++x) band.across[x] += std::abs(row[x + 1] - row[x]);
        if (y + 1 == h) break;
        image.read(0, y + 1, w, rgb.data());
        Band other;  // the next band counts its first row itself
        add_row(rgb, next, y + 1 < last ? band : other);
        double sum = 0;
        for (size_t x = 0; x < row.size(); ++x) sum += std::abs(next[x] - row[x]);
        result.down[static_cast<size_t>(y)] = sum / w;
        std::swap(row, next);
      }
    }
  });
  Band all;
  result.across.assign(static_cast<size_t>(w - 1), 0);
  for (const Band& band : parts) {
    for (size_t x = 0; x < result.across.size(); ++x) result.across[x] += band.across[x] / h;
    all.sum += band.sum, all.squares += band.squares, all.pixels += band.pixels;
    all.clipped += band.clipped, all.not_finite += band.not_finite;
  }
  result.lightness = all.sum / all.pixels;
  result.contrast =
      std::sqrt(std::max(0.0, all.squares / all.pixels - result.lightness * result.lightness));
  result.clipped = all.clipped / (3 * all.pixels);
  result.not_finite = all.not_finite / (3 * all.pixels);
  return result;
}

double seam_score(const PixelSurvey& s, const PixelSurvey& photo) {
  return std::max(strongest_seam(s.across, photo.across), strongest_seam(s.down, photo.down));
}

double wrapped_seam(const Image& image) {
  const int w = image.width(), h = image.height();
  const auto wrapped = [](int v, int n) { return ((v % n) + n) % n; };
  std::vector<float> rgb(static_cast<size_t>(w) * 3);
  std::vector<double> before, row(static_cast<size_t>(w)), across(2 * around + 1), down;
  const auto read = [&](int y) {
    image.read(0, y, w, rgb.data());
    for (size_t x = 0; x < row.size(); ++x) row[x] = luma(rgb.data() + 3 * x);
  };
  for (int y = 0; y < h; ++y) {
    read(y);
    for (int k = -around; k <= around; ++k) {
      across[static_cast<size_t>(k + around)] += std::abs(
          row[static_cast<size_t>(wrapped(k, w))] - row[static_cast<size_t>(wrapped(k - 1, w))]);
    }
  }
  for (double& step : across) step /= h;
  for (int k = -around - 1; k <= around; ++k) {
    read(wrapped(k, h));
    double sum = 0;
    for (size_t x = 0; x < before.size(); ++x) sum += std::abs(row[x] - before[x]);
    if (!before.empty()) down.push_back(sum / w);
    before = row;
  }
  return std::max({0.0, standing_out(across)[around], standing_out(down)[around]});
}

double frame_score(const PixelSurvey& s, const PixelSurvey& photo) {
  return frame_ratio(s) / frame_ratio(photo) - 1;
}

}  // namespace impasto
