#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace impasto {

/// An ICC profile that describes RGB by three curves and a matrix, as those of Display P3, Adobe
/// RGB, ProPhoto and nearly all cameras and screens do (ICC.1:2010, F.3). Colours that sRGB cannot
/// show become values outside 0..1 and come back from there: nothing is lost between.
class RgbProfile {
 public:
  /// Empty for a profile of another kind (grey, ink, tables) or a broken one.
  static std::optional<RgbProfile> parse(std::span<const uint8_t> icc);

  /// No colour differs from sRGB's by more than two 8-bit levels, as profiles called sRGB do.
  bool is_srgb() const;
  /// In place, `count` pixels: the profile's 0..1 (finer steps than 16 bits are rounded) to sRGB.
  void to_srgb(float* rgb, int64_t count) const;
  /// The way back, clipped to what the profile can show.
  void from_srgb(float* rgb, int64_t count) const;

 private:
  using Curve = std::vector<float>;
  std::array<Curve, 3> decode_;  ///< light at each of 16 bits' levels
  std::array<Curve, 3> encode_;  ///< levels, 0..1, at even steps of light's square root
  std::array<float, 9> to_srgb_{}, from_srgb_{};  ///< of light, by rows
};

}  // namespace impasto
