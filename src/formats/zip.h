#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace impasto {

/// The content of one zip entry: a view into the archive, or inflated bytes that it owns.
struct ZipContent {
  std::span<const std::byte> bytes;
  std::vector<std::byte> owned;
};

/// Looks into a zip archive in memory, trusting nothing in it. Knows stored and deflated entries;
/// not encrypted, split or zip64 archives. Errors are Error{input} or Error{unsupported} with
/// `name`. Source: PKWARE's APPNOTE.TXT, 4.3.
class ZipReader {
 public:
  /// Reads the directory. `archive` must outlive the reader. `max_inflated` bounds the bytes that
  /// all calls of read() together may inflate.
  ZipReader(std::span<const std::byte> archive, std::string name, uint64_t max_inflated);

  std::vector<std::string> names() const;
  bool contains(const std::string& entry) const { return entries_.contains(entry); }
  /// Checks the entry's header, length and CRC-32 (unless recorded as 0: PyTorch can leave it out).
  ZipContent read(const std::string& entry);

 private:
  struct Entry {
    uint16_t flags, method;
    uint32_t crc, compressed, size, offset;
  };
  [[noreturn]] void damaged(const std::string& what) const;
  void read_directory(size_t offset, size_t end, uint32_t count);
  std::vector<std::byte> inflate(std::span<const std::byte> data, const Entry& entry);

  std::span<const std::byte> archive_;
  std::string name_;
  uint64_t inflatable_;
  size_t directory_ = 0;
  std::map<std::string, Entry> entries_;
};

}  // namespace impasto
