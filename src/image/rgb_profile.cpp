#include "image/rgb_profile.h"

#include <lcms2.h>

#include <algorithm>
#include <cmath>

#include "image/embedded_profile.h"

namespace impasto {

namespace {

constexpr int top = 65535;  // of 16 bits

using Matrix = std::array<double, 9>;

// Both curves go on beyond 0 and 1, mirrored at 0.
float light_of(float v) {
  const float a = std::abs(v);
  return std::copysign(a <= 0.04045f ? a / 12.92f : std::pow((a + 0.055f) / 1.055f, 2.4f), v);
}
float value_of(float light) {
  const float a = std::abs(light);
  return std::copysign(a <= 0.0031308f ? a * 12.92f : 1.055f * std::pow(a, 1 / 2.4f) - 0.055f,
                       light);
}

/// Light of the three primaries as columns of XYZ.
bool primaries(cmsHPROFILE profile, Matrix& m) {
  const cmsTagSignature tags[] = {cmsSigRedColorantTag, cmsSigGreenColorantTag,
                                  cmsSigBlueColorantTag};
  for (size_t c = 0; c < 3; ++c) {
    const auto* xyz = static_cast<const cmsCIEXYZ*>(cmsReadTag(profile, tags[c]));
    if (xyz == nullptr) return false;
    m[c] = xyz->X;
    m[3 + c] = xyz->Y;
    m[6 + c] = xyz->Z;
  }
  return true;
}

Matrix product(const Matrix& a, const Matrix& b) {
  Matrix m{};
  for (size_t i = 0; i < 9; ++i) {
    for (size_t k = 0; k < 3; ++k) m[i] += a[i / 3 * 3 + k] * b[3 * k + i % 3];
  }
  return m;
}

/// False for a matrix without a usable inverse.
bool invert(const Matrix& m, Matrix& inverse) {
  const auto minor = [&](size_t r, size_t c) {
    const size_t r1 = (r + 1) % 3, r2 = (r + 2) % 3, c1 = (c + 1) % 3, c2 = (c + 2) % 3;
    return m[3 * r1 + c1] * m[3 * r2 + c2] - m[3 * r1 + c2] * m[3 * r2 + c1];
  };
  const double determinant = m[0] * minor(0, 0) + m[1] * minor(0, 1) + m[2] * minor(0, 2);
  if (!(std::abs(determinant) > 1e-4) || !std::isfinite(determinant)) return false;
  for (size_t i = 0; i < 9; ++i) inverse[i] = minor(i % 3, i / 3) / determinant;
  return true;
}

/// What a profile's curve makes of every level; empty for one that does not rise from 0 to 1.
std::vector<float> sampled(cmsHPROFILE profile, cmsTagSignature tag) {
  const auto* curve = static_cast<const cmsToneCurve*>(cmsReadTag(profile, tag));
  if (curve == nullptr) return {};
  std::vector<float> light(top + 1);
  for (int i = 0; i <= top; ++i) {
    light[i] = cmsEvalToneCurveFloat(curve, static_cast<float>(i) / top);
    if (!std::isfinite(light[i]) || (i > 0 && light[i] < light[i - 1])) return {};
  }
  const bool whole =
      light.front() > -0.01f && light.front() < 0.1f && light.back() > 0.9f && light.back() < 1.1f;
  return whole ? light : std::vector<float>();
}

std::vector<float> inverse_of(const std::vector<float>& light) {
  std::vector<float> levels(top + 1);
  int at = 0;
  for (int i = 0; i <= top; ++i) {
    const double root = static_cast<double>(i) / top, wanted = root * root;
    while (at < top - 1 && light[at + 1] < wanted) ++at;
    const double step = light[at + 1] - light[at];
    const double part = step > 0 ? std::clamp((wanted - light[at]) / step, 0.0, 1.0) : 0;
    levels[i] = static_cast<float>((at + part) / top);
  }
  return levels;
}

void apply(const std::array<float, 9>& m, float* rgb) {
  const float r = rgb[0], g = rgb[1], b = rgb[2];
  for (int i = 0; i < 3; ++i) rgb[i] = m[3 * i] * r + m[3 * i + 1] * g + m[3 * i + 2] * b;
}

/// 0..1, also for what is not a number.
float inside(float v) {
  return v >= 1 ? 1.0f : v > 0 ? v : 0.0f;
}

}  // namespace

std::optional<RgbProfile> RgbProfile::parse(std::span<const uint8_t> icc) {
  const ProfileHandle profile = open_profile(icc);
  if (!profile || cmsGetColorSpace(profile.get()) != cmsSigRgbData ||
      cmsGetPCS(profile.get()) != cmsSigXYZData || !cmsIsMatrixShaper(profile.get()) ||
      cmsIsTag(profile.get(), cmsSigAToB0Tag)) {
    return {};
  }
  const ProfileHandle srgb(cmsCreate_sRGBProfile());
  Matrix from{}, to{}, from_inverse{}, to_inverse{};
  if (!srgb || !primaries(profile.get(), from) || !primaries(srgb.get(), to) ||
      !invert(from, from_inverse) || !invert(to, to_inverse)) {
    return {};
  }
  RgbProfile result;
  const Matrix forward = product(to_inverse, from), backward = product(from_inverse, to);
  std::copy(forward.begin(), forward.end(), result.to_srgb_.begin());
  std::copy(backward.begin(), backward.end(), result.from_srgb_.begin());
  const cmsTagSignature tags[] = {cmsSigRedTRCTag, cmsSigGreenTRCTag, cmsSigBlueTRCTag};
  for (size_t c = 0; c < 3; ++c) {
    result.decode_[c] = sampled(profile.get(), tags[c]);
    if (result.decode_[c].empty()) return {};
    result.encode_[c] = inverse_of(result.decode_[c]);
  }
  return result;
}

bool RgbProfile::is_srgb() const {
  constexpr int steps = 9;
  for (int i = 0; i < steps * steps * steps; ++i) {
    const float before[3] = {i % steps / 8.0f, i / steps % steps / 8.0f, i / steps / steps / 8.0f};
    float after[3] = {before[0], before[1], before[2]};
    to_srgb(after, 1);
    for (int c = 0; c < 3; ++c) {
      if (std::abs(after[c] - before[c]) > 2.0f / 255) return false;
    }
  }
  return true;
}

void RgbProfile::to_srgb(float* rgb, int64_t count) const {
  for (const float* end = rgb + 3 * count; rgb != end; rgb += 3) {
    for (size_t c = 0; c < 3; ++c) {
      rgb[c] = decode_[c][static_cast<size_t>(inside(rgb[c]) * top + 0.5f)];
    }
    apply(to_srgb_, rgb);
    for (int c = 0; c < 3; ++c) rgb[c] = value_of(rgb[c]);
  }
}

void RgbProfile::from_srgb(float* rgb, int64_t count) const {
  for (const float* end = rgb + 3 * count; rgb != end; rgb += 3) {
    for (int c = 0; c < 3; ++c) rgb[c] = light_of(rgb[c]);
    apply(from_srgb_, rgb);
    for (size_t c = 0; c < 3; ++c) {
      const float place = std::sqrt(inside(rgb[c])) * top;
      const int low = std::min(static_cast<int>(place), top - 1);
      const float part = place - static_cast<float>(low);
      rgb[c] = encode_[c][low] + part * (encode_[c][low + 1] - encode_[c][low]);
    }
  }
}

}  // namespace impasto
