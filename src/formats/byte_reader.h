#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>

#include "impasto/error.h"

namespace impasto {

/// Text from a file, made fit for a one-line message: no control characters, at most 80 bytes.
inline std::string printable(std::string_view text) {
  std::string result(text.substr(0, 80));
  for (char& c : result) c = c < ' ' || c > '~' ? '?' : c;
  return result;
}

/// Reads little-endian numbers and runs of bytes from memory and never past its end; what would
/// is an Error{input} that says inside which part the file stops.
class ByteReader {
 public:
  ByteReader(std::span<const std::byte> bytes, std::string name, std::string part)
      : bytes_(bytes), name_(std::move(name)), part_(std::move(part)) {}

  size_t position() const { return position_; }
  size_t remaining() const { return bytes_.size() - position_; }

  std::span<const std::byte> take(uint64_t count) {
    if (count > remaining()) fail();
    const auto run = bytes_.subspan(position_, static_cast<size_t>(count));
    position_ += run.size();
    return run;
  }
  template <class T>
  T number() {
    static_assert(std::endian::native == std::endian::little);
    T value;
    std::memcpy(&value, take(sizeof(T)).data(), sizeof(T));
    return value;
  }
  std::string_view text(uint64_t count) { return as_text(take(count)); }
  /// Up to the next line feed, which is consumed and not part of the result.
  std::string_view line() {
    const std::string_view rest = as_text(bytes_.subspan(position_));
    const size_t length = rest.find('\n');
    if (length == std::string_view::npos) fail();
    position_ += length + 1;
    return rest.substr(0, length);
  }

 private:
  static std::string_view as_text(std::span<const std::byte> run) {
    return {reinterpret_cast<const char*>(run.data()), run.size()};
  }
  [[noreturn]] void fail() const {
    throw Error(ErrorCode::input, name_ + ": damaged or incomplete: ends inside " + part_);
  }

  std::span<const std::byte> bytes_;
  size_t position_ = 0;
  std::string name_, part_;
};

}  // namespace impasto
