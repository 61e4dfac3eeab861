#pragma once

#include <map>
#include <memory>
#include <string>

#include "tensor/buffer.h"
#include "tensor/dtype.h"
#include "tensor/shape.h"

namespace impasto {

/// A dense row-major array; copies share the memory (clone() does not).
class Tensor {
 public:
  Tensor() = default;
  /// Allocates; the contents are not initialised.
  explicit Tensor(Shape shape, DType type = DType::f32);
  /// A view of `bytes offset` into an existing buffer, which it keeps alive.
  Tensor(std::shared_ptr<Buffer> buffer, size_t offset, Shape shape, DType type);
  static Tensor zeros(Shape shape, DType type = DType::f32);
  static Tensor full(Shape shape, double value, DType type = DType::f32);

  const Shape& shape() const { return shape_; }
  DType dtype() const { return type_; }
  int64_t size() const { return size_; }
  size_t bytes() const { return static_cast<size_t>(size_) * size_of(type_); }
  explicit operator bool() const { return buffer_ != nullptr; }

  /// Elements; T must match dtype(), else Error{internal}. Constness is shallow, as for a pointer.
  template <class T>
  T* data() const {
    require(DTypeOf<T>::value);
    return reinterpret_cast<T*>(raw());
  }
  void* raw() const { return buffer_ ? buffer_->data() + offset_ : nullptr; }

  /// The same memory under another shape of the same size.
  Tensor reshaped(Shape shape) const;
  /// A view of shape.size() elements from element `first` on, as another shape.
  Tensor slice(int64_t first, Shape shape) const;
  /// Of a batch [n, h, w, c], a view of picture i: [1, h, w, c].
  Tensor picture(int64_t i) const;
  Tensor clone() const;
  /// A converted copy (a plain clone when the type is the same).
  Tensor to(DType type) const;
  void fill(double value) const;
  void copy_from(const Tensor& source) const;  ///< same size; converts when the types differ
  /// Elements as double, for tests and small results.
  double at(int64_t index) const;

 private:
  void require(DType type) const;

  std::shared_ptr<Buffer> buffer_;
  size_t offset_ = 0;
  Shape shape_;
  int64_t size_ = 0;
  DType type_ = DType::f32;
};

/// Tensors by name, as files and networks exchange them ("conv1_1.weight").
using NamedTensors = std::map<std::string, Tensor>;

}  // namespace impasto
