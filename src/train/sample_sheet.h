#pragma once

#include <string>
#include <vector>

#include "transfer/painter.h"

namespace impasto {

/// Pictures that a training shows its progress on: every photograph in every style.
class SampleSheet {
 public:
  /// Files, or folders of which the first few are taken, brought to `side` x `side`. Throws
  /// Error{input} for files that cannot be read.
  SampleSheet(const std::vector<std::string>& photos, const std::vector<std::string>& paintings,
              int side = 256);
  bool empty() const { return photos_.empty() || paintings_.empty(); }
  /// Styles in the first row, then a row for each photograph. Throws Error{output}.
  void write(Painter&, const std::string& path) const;

 private:
  int side_;
  std::vector<Tensor> photos_, paintings_;  // [1, side, side, 3]; paintings of any size
};

}  // namespace impasto
