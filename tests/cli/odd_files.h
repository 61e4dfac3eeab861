#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace impasto::test {

/// Files as nobody should have to meet them, made from small whole ones of every format that can be
/// written here: cut off, with flipped bits, with runs of zeros, with sizes that cannot be, with
/// the end of another file, compressed, padded, under names of other formats. The same for the same
/// seed.
class OddFiles {
 public:
  /// Whole files lie in `folder` meanwhile.
  OddFiles(const std::string& folder, uint64_t seed);

  /// Writes the next one to `path`, to which it adds an ending.
  std::string write(const std::string& path);

 private:
  struct Whole {
    std::string ending, bytes;
  };
  std::string odd(std::string bytes, size_t kind);
  size_t below(size_t bound);

  std::vector<Whole> whole_;
  uint64_t state_;
  size_t count_ = 0;
};

}  // namespace impasto::test
