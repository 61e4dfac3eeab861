#pragma once

#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

/// Pictures that a training shows its progress on: every photograph in every style.
class SampleSheet {
 public:
  /// Files, or folders of which the first few are taken, brought to `side` x `side`. Throws
  /// Error{input} for files that cannot be read.
  SampleSheet(const std::vector<std::string>& photos, const std::vector<std::string>& paintings,
              int side = 256);
  bool empty() const { return photos_.empty() || paintings_.empty(); }
  const std::vector<Tensor>& photos() const { return photos_; }        ///< [1, side, side, 3]
  const std::vector<Tensor>& paintings() const { return paintings_; }  ///< of any size
  /// Styles in the first row, then a row for each photograph with it in each style. Throws
  /// Error{output}.
  void write(const std::vector<std::vector<Tensor>>& painted, const std::string& path) const;

 private:
  int side_;
  std::vector<Tensor> photos_, paintings_;
};

}  // namespace impasto
