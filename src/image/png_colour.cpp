#include "image/png_colour.h"

#include <lcms2.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <memory>

#include "image/embedded_profile.h"
#include "image/png_chunks.h"

namespace impasto::png {

namespace {

/// White, red, green and blue: x and y each.
using Chromaticities = std::array<double, 8>;

constexpr Chromaticities bt_709 = {0.3127, 0.3290, 0.64, 0.33, 0.30, 0.60, 0.15, 0.06};
constexpr Chromaticities bt_2020 = {0.3127, 0.3290, 0.708, 0.292, 0.170, 0.797, 0.131, 0.046};
constexpr Chromaticities display_p3 = {0.3127, 0.3290, 0.680, 0.320, 0.265, 0.690, 0.150, 0.060};
constexpr uint32_t gamma_of_srgb = 45455;  // what gAMA holds there: 1 / 2.2

struct FreeCurve {
  void operator()(cmsToneCurve* curve) const { cmsFreeToneCurve(curve); }
};
using Curve = std::unique_ptr<cmsToneCurve, FreeCurve>;

uint32_t number(std::span<const uint8_t> chunk, size_t index) {
  uint32_t value = 0;
  for (const uint8_t byte : chunk.subspan(4 * index, 4)) value = value << 8 | byte;
  return value;
}

bool is_grey(std::span<const uint8_t> file) {
  const std::span<const uint8_t> header = chunk(file, "IHDR");
  return header.size() == 13 && (header[9] == 0 || header[9] == 4);
}

bool close(const Chromaticities& a, const Chromaticities& b) {
  constexpr double rounding = 0.002;  // programs write some of these numbers with three places
  return std::equal(a.begin(), a.end(), b.begin(),
                    [](double x, double y) { return std::abs(x - y) < rounding; });
}

Curve power(double gamma) {
  return Curve(cmsBuildGamma(nullptr, gamma));
}

/// y = ((x + a) / (1 + a))^gamma above a linear beginning, as sRGB and BT.709 have it.
Curve with_toe(double gamma, double a, double slope, double until) {
  const double parameters[] = {gamma, 1 / (1 + a), a / (1 + a), 1 / slope, until};
  return Curve(cmsBuildParametricToneCurve(nullptr, 4, parameters));
}

std::vector<uint8_t> profile_of(const Chromaticities& c, const Curve& curve, bool grey) {
  if (!curve) return {};
  const cmsCIExyY white{c[0], c[1], 1};
  const cmsCIExyYTRIPLE primaries{{c[2], c[3], 1}, {c[4], c[5], 1}, {c[6], c[7], 1}};
  cmsToneCurve* const curves[3] = {curve.get(), curve.get(), curve.get()};
  const ProfileHandle profile(grey ? cmsCreateGrayProfile(&white, curve.get())
                                   : cmsCreateRGBProfile(&white, &primaries, curves));
  cmsUInt32Number size = 0;
  if (!profile || !cmsSaveProfileToMem(profile.get(), nullptr, &size)) return {};
  std::vector<uint8_t> bytes(size);
  if (!cmsSaveProfileToMem(profile.get(), bytes.data(), &size)) return {};
  return bytes;
}

/// ITU-T H.273: primaries, transfer, matrix, range.
Colour by_code_points(std::span<const uint8_t> chunk, bool grey) {
  const int primaries = chunk[0], transfer = chunk[1];
  const Chromaticities* colours = primaries == 1    ? &bt_709
                                  : primaries == 9  ? &bt_2020
                                  : primaries == 12 ? &display_p3
                                                    : nullptr;
  const auto curve = [&]() -> Curve {
    switch (transfer) {
      case 1:
      case 6:
      case 14:
      case 15:
        return with_toe(1 / 0.45, 0.099, 4.5, 0.081);
      case 4:
        return power(2.2);
      case 5:
        return power(2.8);
      case 8:
        return power(1);
      case 13:
        return with_toe(2.4, 0.055, 12.92, 0.04045);
      default:
        return nullptr;
    }
  }();
  if (!colours || !curve) {
    const bool hdr = transfer == 16 || transfer == 18;
    return {{}, false, hdr ? "holds HDR colours, which are taken for sRGB" : ""};
  }
  const bool wide = colours != &bt_709;
  if (!wide && transfer == 13) return {};
  return {profile_of(*colours, curve, grey), wide, ""};
}

/// False for primaries that no picture has.
bool read_primaries(std::span<const uint8_t> chunk, Chromaticities& colours) {
  for (size_t i = 0; i < colours.size(); ++i) colours[i] = number(chunk, i) / 100'000.0;
  const auto& [wx, wy, rx, ry, gx, gy, bx, by] = colours;
  const double area = (gx - rx) * (by - ry) - (bx - rx) * (gy - ry);
  return std::abs(area) > 0.01 && wy > 0.01 &&
         std::all_of(colours.begin(), colours.end(), [](double v) { return v >= 0 && v <= 1; });
}

}  // namespace

Colour colour_of(std::span<const uint8_t> file) {
  const bool grey = is_grey(file);
  if (const auto points = chunk(file, "cICP"); points.size() == 4) {
    return by_code_points(points, grey);
  }
  if (!chunk(file, "iCCP").empty() || !chunk(file, "sRGB").empty()) return {};
  const std::span<const uint8_t> gamma_chunk = chunk(file, "gAMA"), colours = chunk(file, "cHRM");
  const uint32_t gamma = gamma_chunk.size() == 4 ? number(gamma_chunk, 0) : gamma_of_srgb;
  Chromaticities primaries = bt_709;
  if (colours.size() != 32 || !read_primaries(colours, primaries)) primaries = bt_709;
  const bool wide = !grey && !close(primaries, bt_709),
             srgb = std::abs(int(gamma) - int(gamma_of_srgb)) < 500;
  if (gamma < 10'000 || gamma > 1'000'000 || (srgb && !wide)) return {};
  const Curve curve = srgb ? with_toe(2.4, 0.055, 12.92, 0.04045) : power(100'000.0 / gamma);
  return {profile_of(wide ? primaries : bt_709, curve, grey), wide, ""};
}

}  // namespace impasto::png
