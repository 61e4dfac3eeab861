#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <span>
#include <string>

namespace impasto {

/// Extents of a dense row-major tensor, outermost first; at most 6 dimensions.
/// Activations are NHWC, convolution weights OIHW, vectors have one dimension.
class Shape {
 public:
  static constexpr int max_rank = 6;

  Shape() = default;
  Shape(std::initializer_list<int64_t> extents);
  explicit Shape(std::span<const int64_t> extents);

  int rank() const { return rank_; }
  int64_t operator[](int i) const { return extents_[i]; }
  int64_t& operator[](int i) { return extents_[i]; }
  /// Product of the extents; 1 for rank 0. Throws Error when it does not fit 62 bits.
  int64_t size() const;
  std::span<const int64_t> extents() const { return {extents_.data(), static_cast<size_t>(rank_)}; }
  bool operator==(const Shape&) const = default;
  /// For people: "1x512x512x3".
  std::string str() const;

  // NHWC activations.
  int64_t n() const { return extents_[0]; }
  int64_t h() const { return extents_[1]; }
  int64_t w() const { return extents_[2]; }
  int64_t c() const { return extents_[3]; }
  /// Positions of an NHWC activation: n * h * w.
  int64_t pixels() const { return n() * h() * w(); }

 private:
  std::array<int64_t, max_rank> extents_{};
  int rank_ = 0;
};

}  // namespace impasto
