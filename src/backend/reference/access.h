#pragma once

#include "tensor/tensor.h"

namespace impasto {

/// Elements of a tensor of any type, read and written as double: slow and simple.
class Access {
 public:
  explicit Access(const Tensor& t) : raw_(t.raw()), type_(t.dtype()), shape_(t.shape()) {}

  double get(int64_t i) const {
    switch (type_) {
      case DType::f64:
        return static_cast<const double*>(raw_)[i];
      case DType::f32:
        return static_cast<const float*>(raw_)[i];
      case DType::bf16:
        return static_cast<float>(static_cast<const bfloat16*>(raw_)[i]);
    }
    return 0;
  }
  void set(int64_t i, double value) const {
    switch (type_) {
      case DType::f64:
        static_cast<double*>(raw_)[i] = value;
        break;
      case DType::f32:
        static_cast<float*>(raw_)[i] = static_cast<float>(value);
        break;
      case DType::bf16:
        static_cast<bfloat16*>(raw_)[i] = bfloat16(static_cast<float>(value));
        break;
    }
  }
  void add(int64_t i, double value) const { set(i, get(i) + value); }

  /// Index of (n, y, x, c) in an NHWC tensor, or of (o, i, y, x) in OIHW weights.
  int64_t at(int64_t a, int64_t b, int64_t c, int64_t d) const {
    return ((a * shape_[1] + b) * shape_[2] + c) * shape_[3] + d;
  }

 private:
  void* raw_;
  DType type_;
  Shape shape_;
};

}  // namespace impasto
