#include "formats/zip.h"

#include <zlib.h>

#include <algorithm>
#include <memory>

#include "formats/byte_reader.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr uint32_t local_signature = 0x04034b50, directory_signature = 0x02014b50,
                   end_signature = 0x06054b50;
constexpr size_t local_size = 30, end_size = 22;

/// Where the end record begins: the last signature whose comment reaches exactly to the end.
size_t find_end_record(std::span<const std::byte> archive) {
  if (archive.size() < end_size) return std::string::npos;
  const size_t last = archive.size() - end_size;
  const size_t first = last > 0xffff ? last - 0xffff : 0;
  for (size_t at = last + 1; at-- > first;) {
    ByteReader end(archive.subspan(at), "", "");
    if (end.number<uint32_t>() != end_signature) continue;
    end.take(end_size - 6);
    if (end.number<uint16_t>() == last - at) return at;
  }
  return std::string::npos;
}

uint32_t crc_of(std::span<const std::byte> bytes) {
  return static_cast<uint32_t>(
      crc32_z(0, reinterpret_cast<const Bytef*>(bytes.data()), bytes.size()));
}

}  // namespace

void ZipReader::damaged(const std::string& what) const {
  throw Error(ErrorCode::input, name_ + ": damaged or incomplete zip archive: " + what);
}

ZipReader::ZipReader(std::span<const std::byte> archive, std::string name, uint64_t max_inflated)
    : archive_(archive), name_(std::move(name)), inflatable_(max_inflated) {
  const size_t at = find_end_record(archive);
  if (at == std::string::npos) damaged("its directory at the end is missing");
  ByteReader end(archive.subspan(at + 4), name_, "the zip end record");
  const auto disk = end.number<uint16_t>(), directory_disk = end.number<uint16_t>();
  const auto here = end.number<uint16_t>(), count = end.number<uint16_t>();
  const auto size = end.number<uint32_t>(), offset = end.number<uint32_t>();
  if (count == 0xffff || size == 0xffffffff || offset == 0xffffffff) {
    throw Error(ErrorCode::unsupported, name_ + ": zip64 archives are not supported");
  }
  if (disk != 0 || directory_disk != 0 || here != count) damaged("it is split into parts");
  if (offset > at || size > at - offset) damaged("its directory lies outside the file");
  directory_ = offset;
  read_directory(offset, offset + size_t{size}, count);
}

void ZipReader::read_directory(size_t offset, size_t end, uint32_t count) {
  ByteReader in(archive_.subspan(offset, end - offset), name_, "the zip directory");
  for (uint32_t i = 0; i < count; ++i) {
    Entry entry{};
    if (in.number<uint32_t>() != directory_signature) damaged("its directory is not one");
    in.take(4);  // versions
    entry.flags = in.number<uint16_t>();
    entry.method = in.number<uint16_t>();
    in.take(4);  // time and date
    entry.crc = in.number<uint32_t>();
    entry.compressed = in.number<uint32_t>();
    entry.size = in.number<uint32_t>();
    const auto name_length = in.number<uint16_t>();
    const auto extra_length = in.number<uint16_t>();
    const auto comment_length = in.number<uint16_t>();
    in.take(8);  // disk and attributes
    entry.offset = in.number<uint32_t>();
    std::string entry_name(in.text(name_length));
    in.take(size_t{extra_length} + comment_length);
    if (!entries_.emplace(std::move(entry_name), entry).second) damaged("two entries share a name");
  }
}

std::vector<std::string> ZipReader::names() const {
  std::vector<std::string> names;
  for (const auto& [entry_name, entry] : entries_) names.push_back(entry_name);
  return names;
}

ZipContent ZipReader::read(const std::string& entry_name) {
  const std::string shown = printable(entry_name);
  const auto found = entries_.find(entry_name);
  if (found == entries_.end()) damaged("the entry " + shown + " is missing");
  const Entry& entry = found->second;
  if (entry.flags & 1) throw Error(ErrorCode::unsupported, name_ + ": the archive is encrypted");
  if (entry.offset > directory_ || directory_ - entry.offset < local_size) {
    damaged("the entry " + shown + " lies outside the file");
  }
  ByteReader in(archive_.subspan(entry.offset, directory_ - entry.offset), name_,
                "the zip entry " + shown);
  if (in.number<uint32_t>() != local_signature) damaged("no entry where one should begin");
  in.take(22);  // repeats what the directory says
  const auto name_length = in.number<uint16_t>();
  const auto extra_length = in.number<uint16_t>();
  if (in.text(name_length) != entry_name) damaged("the entry " + shown + " has another name");
  in.take(extra_length);

  ZipContent content;
  content.bytes = in.take(entry.compressed);
  if (entry.method == 0) {
    if (entry.compressed != entry.size) damaged("the entry " + shown + " has two sizes");
  } else if (entry.method == 8) {
    content.owned = inflate(content.bytes, entry);
    content.bytes = content.owned;
  } else {
    throw Error(ErrorCode::unsupported, name_ + ": zip compression method " +
                                            std::to_string(entry.method) + " is not supported");
  }
#ifndef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION  // a fuzzer would never get past it
  if (entry.crc != 0 && crc_of(content.bytes) != entry.crc) {
    damaged("the content of " + shown + " fails its checksum");
  }
#endif
  return content;
}

std::vector<std::byte> ZipReader::inflate(std::span<const std::byte> data, const Entry& entry) {
  constexpr uint64_t best_ratio = 1032;  // deflate cannot do better (zlib's technical notes)
  if (entry.size > inflatable_ || entry.size > best_ratio * (data.size() + 1)) {
    damaged("an entry of " + std::to_string(data.size()) + " bytes claims to hold " +
            std::to_string(entry.size));
  }
  inflatable_ -= entry.size;
  std::vector<std::byte> out(size_t{entry.size} + 1);  // zlib wants room even for nothing
  z_stream stream{};
  if (inflateInit2(&stream, -MAX_WBITS) != Z_OK)
    throw Error(ErrorCode::memory, "zlib has no memory");
  const std::unique_ptr<z_stream, int (*)(z_stream*)> end(&stream, inflateEnd);
  stream.next_in = reinterpret_cast<Bytef*>(const_cast<std::byte*>(data.data()));
  stream.avail_in = static_cast<uInt>(data.size());
  stream.next_out = reinterpret_cast<Bytef*>(out.data());
  stream.avail_out = static_cast<uInt>(out.size());
  // With all the room there may be, anything that does not end exactly here is wrong.
  if (::inflate(&stream, Z_FINISH) != Z_STREAM_END || stream.avail_out != 1) {
    damaged("an entry does not inflate to the size it claims");
  }
  out.pop_back();
  return out;
}

}  // namespace impasto
