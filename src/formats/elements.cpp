#include "formats/elements.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "impasto/error.h"

namespace impasto {

namespace {

using NumberKind = ElementType::Kind;
using Strides = std::array<int64_t, Shape::max_rank>;

template <class T>
T load(const std::byte* at) {
  T value;
  std::memcpy(&value, at, sizeof(T));
  return value;
}

float load_f32(const std::byte* at, NumberKind kind) {
  switch (kind) {
    case NumberKind::f64:
      return static_cast<float>(load<double>(at));
    case NumberKind::f16:
      return half_to_float(load<uint16_t>(at));
    case NumberKind::bf16:
      return static_cast<float>(load<bfloat16>(at));
    default:
      return load<float>(at);
  }
}

/// One past the highest element that is touched; -1 when that does not fit.
int64_t reach(const Shape& shape, int64_t offset, std::span<const int64_t> strides) {
  int64_t last = offset;
  for (int i = 0; i < shape.rank(); ++i) {
    int64_t step;
    if (strides[i] < 0 || __builtin_mul_overflow(shape[i] - 1, strides[i], &step) ||
        __builtin_add_overflow(last, step, &last)) {
      return -1;
    }
  }
  return __builtin_add_overflow(last, 1, &last) ? -1 : last;
}

Strides dense_strides(const Shape& shape) {
  Strides strides{};
  int64_t step = 1;
  for (int i = shape.rank() - 1; i >= 0; --i) {
    strides[i] = step;
    step *= shape[i];
  }
  return strides;
}

}  // namespace

float half_to_float(uint16_t bits) {
  const uint32_t sign = (bits & 0x8000u) << 16;
  const uint32_t exponent = (bits >> 10) & 0x1fu;
  const uint32_t mantissa = bits & 0x3ffu;
  if (exponent == 0) {  // zero or subnormal: a multiple of 2^-24
    const float value = static_cast<float>(mantissa) * 0x1p-24f;
    return std::bit_cast<float>(std::bit_cast<uint32_t>(value) | sign);
  }
  const uint32_t widened = exponent == 0x1f ? 0xffu : exponent + 112;
  return std::bit_cast<float>(sign | (widened << 23) | (mantissa << 13));
}

uint16_t float_to_half(float value) {
  const auto bits = std::bit_cast<uint32_t>(value);
  const auto sign = static_cast<uint16_t>(bits >> 16 & 0x8000u);
  const uint32_t u = bits & 0x7fffffffu;
  const auto with_sign = [sign](uint32_t half) { return static_cast<uint16_t>(sign | half); };
  if (u > 0x7f800000u) return with_sign(0x7e00u);
  if (u >= 0x477ff000u) return with_sign(0x7c00u);
  if (u < 0x38800000u) {  // below 2^-14: a count of 2^-24
    return with_sign(static_cast<uint32_t>(std::nearbyint(std::bit_cast<float>(u) * 0x1p24f)));
  }
  return with_sign((u + 0xfffu + (u >> 13 & 1u) - (112u << 23)) >> 13);
}

void check_tensor_name(const std::string& name, const std::string& where) {
  const auto control = [](char c) { return (c >= 0 && c < ' ') || c == 0x7f; };
  if (name.empty() || name.size() > 512 || std::any_of(name.begin(), name.end(), control)) {
    throw Error(ErrorCode::input, where + ": holds a tensor with an impossible name (" +
                                      std::to_string(name.size()) + " bytes)");
  }
}

Shape checked_shape(std::span<const int64_t> extents, const std::string& where) {
  try {
    const Shape shape(extents);
    Shape filled = shape;  // an extent of 0 must not hide an impossible product of the others
    for (int i = 0; i < shape.rank(); ++i) filled[i] = filled[i] == 0 ? 1 : filled[i];
    if (filled.size() > int64_t{1} << 48) {
      throw Error(ErrorCode::input, "a tensor of shape " + shape.str() + " is not possible");
    }
    return shape;
  } catch (const Error& error) {
    throw Error(error.code(), where + ": " + error.what());
  }
}

Tensor gather_f32(std::span<const std::byte> storage, ElementType type, const Shape& shape,
                  int64_t offset, std::span<const int64_t> strides, const std::string& where) {
  const int64_t count = shape.size();
  const auto available = static_cast<int64_t>(storage.size() / type.size);
  const int64_t needed = count == 0 ? 0 : reach(shape, offset, strides);
  if (offset < 0 || needed < 0 || needed > available) {
    throw Error(ErrorCode::input, where + ": a tensor of shape " + shape.str() +
                                      " reaches outside its " + std::to_string(available) +
                                      " stored elements");
  }
  Tensor result(shape);
  float* out = result.data<float>();
  const Strides dense = dense_strides(shape);
  if (type.kind == NumberKind::f32 && std::equal(strides.begin(), strides.end(), dense.begin())) {
    if (count) std::memcpy(out, storage.data() + offset * 4, static_cast<size_t>(count) * 4);
    return result;
  }
  std::array<int64_t, Shape::max_rank> index{};
  int64_t at = offset;
  for (int64_t i = 0; i < count; ++i) {
    out[i] = load_f32(storage.data() + static_cast<size_t>(at) * type.size, type.kind);
    for (int d = shape.rank() - 1; d >= 0; --d) {  // the next position, innermost first
      at += strides[d];
      if (++index[d] < shape[d]) break;
      at -= strides[d] * shape[d];
      index[d] = 0;
    }
  }
  return result;
}

Tensor dense_f32(std::span<const std::byte> storage, ElementType type, const Shape& shape,
                 const std::string& where) {
  const Strides strides = dense_strides(shape);
  return gather_f32(storage, type, shape, 0,
                    std::span(strides).first(static_cast<size_t>(shape.rank())), where);
}

}  // namespace impasto
