#pragma once

#include "transfer/transfer.h"

namespace impasto {

/// A style as the decoder's modulations read it: the mean and deviation of every channel of every
/// tap, each brought to mean 0 and deviation 1 over many pictures, and how boldly to paint.
class StyleCode {
 public:
  /// Numbers before padding, for encoders of these channels.
  static int64_t length(const PictureStatistics&);

  /// From many pictures' statistics.
  explicit StyleCode(const std::vector<PictureStatistics>&);
  /// As saved by tensors(). Throws Error{input} that starts with `source`.
  StyleCode(const NamedTensors&, const std::string& source);
  NamedTensors tensors() const;  ///< "code.mean", "code.deviation"

  /// Throws Error{input} for statistics of another encoder.
  /// Fills `code` (any type, at least length() elements; the rest becomes 0). `boldness`: 0..1.
  void write(const PictureStatistics&, double boldness, const Tensor& code) const;

 private:
  Tensor mean_, deviation_;  // f32
};

}  // namespace impasto
