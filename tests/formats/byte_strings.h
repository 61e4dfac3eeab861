#pragma once

#include <zlib.h>

#include <cstdint>
#include <cstring>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// Builds files of weights byte by byte, right and wrong ones, for tests and as seeds for fuzzing.
namespace impasto::test {

inline std::span<const std::byte> bytes_of(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// The little-endian bytes of a number.
template <class T>
std::string le(T value) {
  std::string bytes(sizeof(T), '\0');
  std::memcpy(bytes.data(), &value, sizeof(T));
  return bytes;
}

template <class T>
std::string le_all(const std::vector<T>& values) {
  std::string bytes;
  for (const T& value : values) bytes += le(value);
  return bytes;
}

inline std::string safetensors_file(const std::string& header, const std::string& data) {
  return le<uint64_t>(header.size()) + header + data;
}

/// Assembles pickles of protocol 2; each function returns the opcodes that push one value.
namespace pickle {

using Text = std::string;

inline Text text(std::string_view value) {
  return "X" + le(static_cast<uint32_t>(value.size())) + Text(value);
}
inline Text integer(int64_t value) {
  return "\x8a\x08" + le(value);
}
inline Text global(const Text& module, const Text& name) {
  return "c" + module + "\n" + name + "\n";
}
inline Text tuple(const std::vector<Text>& items) {
  Text result = "(";
  for (const Text& item : items) result += item;
  return result + "t";
}
inline Text integers(const std::vector<int64_t>& values) {
  std::vector<Text> items;
  for (int64_t value : values) items.push_back(integer(value));
  return tuple(items);
}
inline Text list(const std::vector<Text>& items) {
  Text result = "](";
  for (const Text& item : items) result += item;
  return result + "e";
}
inline Text dict(const std::vector<std::pair<Text, Text>>& entries) {
  Text result = "}(";
  for (const auto& [key, value] : entries) result += text(key) + value;
  return result + "u";
}
inline Text call(const Text& function, const Text& arguments) {
  return function + arguments + "R";
}
inline Text ordered_dict(const std::vector<std::pair<Text, Text>>& entries) {
  return call(global("collections", "OrderedDict"), ")") + dict(entries).substr(1);
}
/// A whole pickle whose value is `root`.
inline Text file(const Text& root) {
  return "\x80\x02" + root + ".";
}

struct TensorParts {
  Text type = "FloatStorage";
  Text key = "0";
  int64_t stored = 0;
  int64_t offset = 0;
  std::vector<int64_t> sizes, strides;
  bool legacy = false;  ///< legacy files say that the storage is no view
};
inline Text tensor(const TensorParts& parts) {
  std::vector<Text> id = {text("storage"), global("torch", parts.type), text(parts.key),
                          text("cpu"), integer(parts.stored)};
  if (parts.legacy) id.push_back("N");
  return call(global("torch._utils", "_rebuild_tensor_v2"),
              tuple({tuple(id) + "Q", integer(parts.offset), integers(parts.sizes),
                     integers(parts.strides), "\x89", ordered_dict({})}));
}

}  // namespace pickle

struct StorageBytes {
  std::string key;
  uint64_t count;
  std::string content;
};

/// A file of torch.save in its legacy form around the pickled value `root`.
inline std::string legacy_file(const std::string& root, const std::vector<StorageBytes>& storages) {
  using namespace pickle;
  std::vector<std::string> keys;
  std::string numbers;
  for (const StorageBytes& storage : storages) {
    keys.push_back(text(storage.key));
    numbers += le(storage.count) + storage.content;
  }
  return file("\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") + file("M\xe9\x03") +
         file(dict({{"protocol_version", "M\xe9\x03"}, {"little_endian", "\x88"}})) + file(root) +
         file(list(keys)) + numbers;
}

struct ZipItem {
  std::string name, content;
  bool deflated = false;
  int64_t claimed_size = -1;  ///< of the content, when not the true one
};

/// `window_bits` as zlib has them: negative for no header, 16 more for gzip's.
inline std::string deflated(const std::string& content, int level = 9,
                            int window_bits = -MAX_WBITS) {
  std::string out(compressBound(static_cast<uLong>(content.size())) + 64, '\0');
  z_stream stream{};
  deflateInit2(&stream, level, Z_DEFLATED, window_bits, 8, Z_DEFAULT_STRATEGY);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  stream.avail_in = static_cast<uInt>(content.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  deflate(&stream, Z_FINISH);
  out.resize(stream.total_out);
  deflateEnd(&stream);
  return out;
}

inline std::string zip_file(const std::vector<ZipItem>& items) {
  std::string body, directory;
  for (const ZipItem& item : items) {
    const std::string data = item.deflated ? deflated(item.content) : item.content;
    const auto crc =
        static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(item.content.data()),
                                    static_cast<uInt>(item.content.size())));
    const auto size = static_cast<uint32_t>(
        item.claimed_size < 0 ? static_cast<int64_t>(item.content.size()) : item.claimed_size);
    const std::string common = le<uint16_t>(0) + le<uint16_t>(item.deflated ? 8 : 0) +
                               le<uint32_t>(0) + le(crc) + le(static_cast<uint32_t>(data.size())) +
                               le(size) + le(static_cast<uint16_t>(item.name.size())) +
                               le<uint16_t>(0);
    directory += le<uint32_t>(0x02014b50) + le<uint32_t>(0) + common + le<uint16_t>(0) +
                 le<uint64_t>(0) + le(static_cast<uint32_t>(body.size())) + item.name;
    body += le<uint32_t>(0x04034b50) + le<uint16_t>(0) + common + item.name + data;
  }
  const auto count = static_cast<uint16_t>(items.size());
  return body + directory + le<uint32_t>(0x06054b50) + le<uint32_t>(0) + le(count) + le(count) +
         le(static_cast<uint32_t>(directory.size())) + le(static_cast<uint32_t>(body.size())) +
         le<uint16_t>(0);
}

/// A file of torch.save in its zip form around the pickled value `root`.
inline std::string torch_zip_file(const std::string& root,
                                  const std::vector<StorageBytes>& storages,
                                  bool deflated = false) {
  std::vector<ZipItem> items = {{"net/data.pkl", pickle::file(root), deflated}};
  for (const StorageBytes& storage : storages) {
    items.push_back({"net/data/" + storage.key, storage.content, deflated});
  }
  items.push_back({"net/version", "3\n"});
  return zip_file(items);
}

}  // namespace impasto::test
