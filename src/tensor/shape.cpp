#include "tensor/shape.h"

#include <algorithm>

#include "impasto/error.h"

namespace impasto {

Shape::Shape(std::initializer_list<int64_t> extents)
    : Shape(std::span<const int64_t>(extents.begin(), extents.size())) {}

Shape::Shape(std::span<const int64_t> extents) {
  if (extents.size() > max_rank) {
    throw Error(ErrorCode::input, "a tensor has " + std::to_string(extents.size()) +
                                      " dimensions, at most " + std::to_string(max_rank) +
                                      " are supported");
  }
  rank_ = static_cast<int>(extents.size());
  std::copy(extents.begin(), extents.end(), extents_.begin());
}

int64_t Shape::size() const {
  int64_t product = 1;
  for (int i = 0; i < rank_; ++i) {
    if (extents_[i] < 0 || __builtin_mul_overflow(product, extents_[i], &product) ||
        product > (int64_t{1} << 62)) {
      throw Error(ErrorCode::input, "a tensor of shape " + str() + " is not possible");
    }
  }
  return product;
}

std::string Shape::str() const {
  std::string text;
  for (int i = 0; i < rank_; ++i) {
    if (i) text += 'x';
    text += std::to_string(extents_[i]);
  }
  return rank_ ? text : "scalar";
}

}  // namespace impasto
