#include "train/picture_set.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <filesystem>

#include "base/parallel.h"
#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

std::vector<std::string> files_below(const std::vector<std::string>& folders) {
  std::vector<std::string> files;
  for (const std::string& folder : folders) {
    std::error_code failed;
    for (fs::recursive_directory_iterator it(folder, failed), end; it != end;
         it.increment(failed)) {
      if (failed) break;
      if (it->is_regular_file()) files.push_back(it->path().string());
    }
    if (failed) {
      throw Error(ErrorCode::input,
                  folder + ": expected a folder of pictures: " + failed.message());
    }
  }
  std::sort(files.begin(), files.end());  // the same order on every machine
  return files;
}

using Colours = std::array<float, 9>;  // row-major

// Half of the time the colours stay; else a rotation about the grey axis, which keeps grey and
// lightness, sometimes mirrored (two primaries swapped).
Colours random_colours(Random& random) {
  const bool keep = random.uniform() < 0.5, swap = random.uniform() < 0.5;
  const double angle = random.uniform(0, 2 * M_PI);
  if (keep) return {1, 0, 0, 0, 1, 0, 0, 0, 1};
  const auto entry = [&](double turn) {
    return static_cast<float>((1 + 2 * std::cos(angle + turn * 2 * M_PI / 3)) / 3);
  };
  const float a = entry(0), b = entry(1), c = entry(2);
  return swap ? Colours{b, a, c, a, c, b, c, b, a} : Colours{a, b, c, c, a, b, b, c, a};
}

constexpr float third = 1 / 3.0f;
constexpr Colours grey = {third, third, third, third, third, third, third, third, third};

void mix(const Colours& m, float* rgb, int64_t pixels) {
  for (int64_t i = 0; i < pixels; ++i, rgb += 3) {
    const float r = rgb[0], g = rgb[1], b = rgb[2];
    for (size_t k = 0; k < 3; ++k) rgb[k] = m[3 * k] * r + m[3 * k + 1] * g + m[3 * k + 2] * b;
  }
}

}  // namespace

PictureSet::PictureSet(const std::vector<std::string>& folders, int longest_side,
                       Progress& progress) {
  const std::vector<std::string> files = files_below(folders);
  ProgressReport report;
  report.stage = "reading pictures";
  for (size_t i = 0; i < files.size() && !progress.cancelled(); ++i) {
    try {
      Image image = read_image(files[i]);
      if (std::max(image.width(), image.height()) > longest_side) {
        const Size size = scaled_to(image, longest_side);
        image = resize(image, size.width, size.height);
      }
      Picture p{image.width(), image.height(), {}};
      p.rgb.resize(static_cast<size_t>(p.width) * p.height * 3);
      for (size_t k = 0; k < p.rgb.size(); ++k) {
        p.rgb[k] = static_cast<uint8_t>(std::clamp(image.data()[k], 0.0f, 1.0f) * 255 + 0.5f);
      }
      pictures_.push_back(std::move(p));
    } catch (const Error& e) {
      if (e.code() != ErrorCode::input && e.code() != ErrorCode::unsupported) throw;
    }
    report.fraction = static_cast<double>(i + 1) / static_cast<double>(files.size());
    progress.report(report);
  }
  if (pictures_.empty() && !progress.cancelled()) {
    throw Error(ErrorCode::input, (folders.empty() ? std::string("no folder") : folders[0]) +
                                      ": holds no picture to train on");
  }
}

// A square of `side` source pixels, bilinear, averaged over 2x2 points where it shrinks.
void PictureSet::cut(const Picture& p, double x0, double y0, double side, bool mirror, int crop,
                     float* out) const {
  const double step = side / crop;
  const int samples = step > 1.25 ? 2 : 1;
  const auto weight = static_cast<float>(1.0 / (255 * samples * samples));
  const auto at = [&](int x, int y) {
    return &p.rgb[(static_cast<size_t>(std::clamp(y, 0, p.height - 1)) * p.width +
                   std::clamp(x, 0, p.width - 1)) *
                  3];
  };
  for (int y = 0; y < crop; ++y) {
    for (int x = 0; x < crop; ++x) {
      float* pixel = out + (static_cast<size_t>(y) * crop + (mirror ? crop - 1 - x : x)) * 3;
      std::fill_n(pixel, 3, 0.0f);
      for (int s = 0; s < samples * samples; ++s) {
        const double sx = x0 + (x + (s % samples + 0.5) / samples) * step - 0.5;
        const double sy = y0 + (y + (s / samples + 0.5) / samples) * step - 0.5;
        const int ix = static_cast<int>(std::floor(sx)), iy = static_cast<int>(std::floor(sy));
        const auto fx = static_cast<float>(sx - ix), fy = static_cast<float>(sy - iy);
        const uint8_t *a = at(ix, iy), *b = at(ix + 1, iy), *c = at(ix, iy + 1),
                      *d = at(ix + 1, iy + 1);
        for (int k = 0; k < 3; ++k) {
          const float top = a[k] + fx * (b[k] - a[k]), bottom = c[k] + fx * (d[k] - c[k]);
          pixel[k] += weight * (top + fy * (bottom - top));
        }
      }
    }
  }
}

Tensor PictureSet::batch(Random& random, int count, int crop, const CropOptions& o) const {
  struct Choice {
    const Picture* picture;
    double x, y, side;
    bool mirror;
    float gain[3], contrast;
    Colours colours = {1, 0, 0, 0, 1, 0, 0, 0, 1};
  };
  std::vector<Choice> choices;
  for (int i = 0; i < count; ++i) {
    Choice c;
    c.picture =
        &pictures_[static_cast<size_t>(random.below(static_cast<int64_t>(pictures_.size())))];
    const double shorter = std::min(c.picture->width, c.picture->height);
    const double scale = std::exp2(random.uniform(std::log2(o.smallest), std::log2(o.largest)));
    c.side = std::clamp(crop * scale, shorter * o.least_share, shorter);
    c.x = random.uniform() * (c.picture->width - c.side);
    c.y = random.uniform() * (c.picture->height - c.side);
    c.mirror = random.uniform() < 0.5;
    c.contrast = static_cast<float>(random.uniform(0.7, 1.4));
    for (float& g : c.gain) g = static_cast<float>(random.uniform(-0.12, 0.12));
    if (o.bold_colours) c.colours = random_colours(random);
    if (o.grey_share > 0 && random.uniform() < o.grey_share) c.colours = grey;
    choices.push_back(c);
  }
  const Tensor out({count, crop, crop, 3});
  parallel_for(count, 1, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const Choice& c = choices[static_cast<size_t>(i)];
      float* pixels = out.data<float>() + i * crop * crop * 3;
      cut(*c.picture, c.x, c.y, c.side, c.mirror, crop, pixels);
      if (o.bold_colours || o.grey_share > 0) mix(c.colours, pixels, int64_t{1} * crop * crop);
      for (int64_t k = 0; k < int64_t{3} * crop * crop; ++k) {
        pixels[k] = std::clamp((pixels[k] - 0.5f) * c.contrast + 0.5f + c.gain[k % 3], 0.0f, 1.0f);
      }
    }
  });
  return out;
}

Tensor PictureSet::middle(size_t index, int crop) const {
  const Picture& p = pictures_.at(index);
  const double side = std::min<double>(crop, std::min(p.width, p.height));
  const Tensor out({1, crop, crop, 3});
  cut(p, (p.width - side) / 2, (p.height - side) / 2, side, false, crop, out.data<float>());
  return out;
}

}  // namespace impasto
