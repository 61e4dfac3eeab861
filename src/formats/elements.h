#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "tensor/tensor.h"

namespace impasto {

/// How a weights file stores one number. Whole numbers and truth values are only counted and
/// skipped (num_batches_tracked and the like); `other` is valid but not something we can use.
struct ElementType {
  enum class Kind : uint8_t { f64, f32, f16, bf16, whole, other };
  Kind kind = Kind::other;
  size_t size = 0;  ///< bytes each
};

/// IEEE half precision to single; exact.
float half_to_float(uint16_t bits);

/// Single precision to half: to the nearest, ties to even; beyond 65504 infinity.
uint16_t float_to_half(float value);

/// Throws Error{input}, prefixed with `where`, for a name that is empty, longer than 512 bytes or
/// holds control characters: no network has such names, and messages quote them.
void check_tensor_name(const std::string& name, const std::string& where);

/// The shape with these extents, or Error{input}, prefixed with `where`, when there are more than
/// Shape::max_rank, one is negative or their product does not fit.
Shape checked_shape(std::span<const int64_t> extents, const std::string& where);

/// An f32 copy of the elements [offset + sum(index[i] * strides[i])] of `storage` (f64, f32, f16 or
/// bf16, any alignment). Offset and strides count elements and may not be negative. Throws
/// Error{input}, prefixed with `where`, when an element lies outside the storage.
Tensor gather_f32(std::span<const std::byte> storage, ElementType type, const Shape& shape,
                  int64_t offset, std::span<const int64_t> strides, const std::string& where);

/// The same for dense row-major elements from the beginning of `storage`.
Tensor dense_f32(std::span<const std::byte> storage, ElementType type, const Shape& shape,
                 const std::string& where);

}  // namespace impasto
