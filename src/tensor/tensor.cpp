#include "tensor/tensor.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

Tensor::Tensor(Shape shape, DType type) : shape_(shape), size_(shape.size()), type_(type) {
  buffer_ = std::make_shared<Buffer>(bytes());
}

Tensor::Tensor(std::shared_ptr<Buffer> buffer, size_t offset, Shape shape, DType type)
    : buffer_(std::move(buffer)), offset_(offset), shape_(shape), size_(shape.size()), type_(type) {
  if (offset_ + bytes() > buffer_->size()) {
    throw Error(ErrorCode::internal,
                "a tensor view of shape " + shape.str() + " exceeds its buffer");
  }
}

Tensor Tensor::zeros(Shape shape, DType type) {
  Tensor t(shape, type);
  std::memset(t.raw(), 0, t.bytes());
  return t;
}

Tensor Tensor::full(Shape shape, double value, DType type) {
  Tensor t(shape, type);
  t.fill(value);
  return t;
}

void Tensor::require(DType type) const {
  if (type != type_) {
    throw Error(ErrorCode::internal,
                std::string("a tensor holds ") + name_of(type_) + ", asked for " + name_of(type));
  }
}

Tensor Tensor::reshaped(Shape shape) const {
  if (shape.size() != size_) {
    throw Error(ErrorCode::internal, "cannot reshape " + shape_.str() + " to " + shape.str());
  }
  Tensor t = *this;
  t.shape_ = shape;
  return t;
}

Tensor Tensor::slice(int64_t first, Shape shape) const {
  if (first < 0 || first + shape.size() > size_) {
    throw Error(ErrorCode::internal, "a slice of shape " + shape.str() + " exceeds its tensor");
  }
  return Tensor(buffer_, offset_ + static_cast<size_t>(first) * size_of(type_), shape, type_);
}

Tensor Tensor::picture(int64_t i) const {
  const Shape one{1, shape_.h(), shape_.w(), shape_.c()};
  return slice(i * one.size(), one);
}

Tensor Tensor::clone() const {
  return to(type_);
}

Tensor Tensor::to(DType type) const {
  Tensor t(shape_, type);
  t.copy_from(*this);
  return t;
}

void Tensor::fill(double value) const {
  dispatch(type_, [&](auto tag) {
    using T = decltype(tag);
    std::fill_n(data<T>(), size_, static_cast<T>(static_cast<float>(value)));
    if constexpr (std::is_same_v<T, double>) std::fill_n(data<T>(), size_, value);
  });
}

void Tensor::copy_from(const Tensor& source) const {
  if (source.size_ != size_) {
    throw Error(ErrorCode::internal,
                "cannot copy " + source.shape_.str() + " into " + shape_.str());
  }
  if (source.type_ == type_) {
    const auto* from = static_cast<const std::byte*>(source.raw());
    auto* to = static_cast<std::byte*>(raw());
    parallel_for(static_cast<int64_t>(bytes()), 1 << 18, [&](int64_t begin, int64_t end) {
      std::memcpy(to + begin, from + begin, static_cast<size_t>(end - begin));
    });
    return;
  }
  dispatch(type_, [&](auto to_tag) {
    dispatch(source.type_, [&](auto from_tag) {
      using To = decltype(to_tag);
      using From = decltype(from_tag);
      To* to = data<To>();
      const From* from = source.data<From>();
      for (int64_t i = 0; i < size_; ++i) {
        if constexpr (std::is_same_v<To, bfloat16> || std::is_same_v<From, bfloat16>) {
          to[i] = static_cast<To>(static_cast<float>(from[i]));
        } else {
          to[i] = static_cast<To>(from[i]);
        }
      }
    });
  });
}

double Tensor::at(int64_t index) const {
  if (index < 0 || index >= size_) throw Error(ErrorCode::internal, "tensor index out of range");
  return dispatch(type_, [&](auto tag) -> double {
    using T = decltype(tag);
    if constexpr (std::is_same_v<T, bfloat16>)
      return static_cast<float>(data<T>()[index]);
    else
      return data<T>()[index];
  });
}

}  // namespace impasto
