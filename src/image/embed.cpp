#include "image/embed.h"

#include <zlib.h>

#include <algorithm>
#include <cmath>

#include "image/iptc.h"

namespace impasto::embed {

namespace {

void append(Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append(Bytes& out, std::span<const uint8_t> bytes) {
  out.insert(out.end(), bytes.begin(), bytes.end());
}

void append_big_endian(Bytes& out, int size, uint32_t value) {
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

void append_little_endian(Bytes& out, int size, uint32_t value) {
  for (int i = 0; i < size; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

Bytes joined(std::string_view head, std::string_view tail) {
  Bytes result(head.begin(), head.end());
  append(result, tail);
  return result;
}

std::string_view as_text(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

void append_segment(Bytes& out, uint8_t marker, const Bytes& content) {
  if (content.size() + 2 > 0xffff) return;
  out.push_back(0xff);
  out.push_back(marker);
  append_big_endian(out, 2, static_cast<uint32_t>(content.size() + 2));
  append(out, content);
}

/// Version 1.02, pixels per inch, no thumbnail.
Bytes jfif(Resolution resolution) {
  using namespace std::string_view_literals;
  Bytes content = joined("JFIF\0\1\2\1"sv, "");
  for (const double v : {resolution.x, resolution.y}) {
    append_big_endian(content, 2, static_cast<uint32_t>(std::min(std::lround(v), 65'535l)));
  }
  append_big_endian(content, 2, 0);
  return content;
}

/// The content of pHYs.
Bytes pixels_per_metre(Resolution resolution) {
  constexpr double inches = 1 / 0.0254;
  Bytes content;
  for (const double v : {resolution.x, resolution.y}) {
    append_big_endian(content, 4, static_cast<uint32_t>(std::lround(std::min(v * inches, 2e9))));
  }
  content.push_back(1);  // the unit: metres
  return content;
}

void append_png_chunk(Bytes& out, std::string_view name, const Bytes& content) {
  append_big_endian(out, 4, static_cast<uint32_t>(content.size()));
  const size_t begin = out.size();
  append(out, name);
  append(out, content);
  append_big_endian(
      out, 4,
      static_cast<uint32_t>(crc32(0, out.data() + begin, static_cast<uInt>(out.size() - begin))));
}

void append_riff_chunk(Bytes& out, std::string_view name, std::span<const uint8_t> content) {
  append(out, name);
  append_little_endian(out, 4, static_cast<uint32_t>(content.size()));
  append(out, content);
  if (content.size() % 2 != 0) out.push_back(0);
}

}  // namespace

void into_jpeg(Bytes& file, const Metadata& metadata) {
  using namespace std::string_view_literals;
  Bytes segments;
  if (metadata.resolution.is_known()) append_segment(segments, 0xe0, jfif(metadata.resolution));
  if (!metadata.exif.empty())
    append_segment(segments, 0xe1, joined("Exif\0\0"sv, as_text(metadata.exif)));
  if (!metadata.xmp.empty()) {
    append_segment(segments, 0xe1, joined("http://ns.adobe.com/xap/1.0/\0"sv, metadata.xmp));
  }
  if (!metadata.icc.empty()) {  // part 1 of 1
    append_segment(segments, 0xe2, joined("ICC_PROFILE\0\1\1"sv, as_text(metadata.icc)));
  }
  if (!metadata.iptc.empty()) {
    append_segment(segments, 0xed, iptc::photoshop_segment(metadata.iptc));
  }
  size_t place = 2;  // after the start of image and the JFIF header
  if (file.size() > 6 && file[3] == 0xe0) {
    const size_t end = place + 2 + (file[4] << 8 | file[5]);
    if (!metadata.resolution.is_known())
      place = std::min(end, file.size());
    else
      file.erase(file.begin() + 2,
                 file.begin() + static_cast<ptrdiff_t>(std::min(end, file.size())));
  }
  file.insert(file.begin() + static_cast<ptrdiff_t>(place), segments.begin(), segments.end());
}

void into_png(Bytes& file, const Metadata& metadata) {
  using namespace std::string_view_literals;
  constexpr ptrdiff_t after_header = 8 + 25;  // the signature and IHDR
  Bytes chunks;
  if (metadata.resolution.is_known()) {
    // The saver's own, if it comes first: that of libvips 8.16 says of both directions what one
    // has.
    constexpr ptrdiff_t length = 21;
    const auto old = file.begin() + after_header;
    if (file.end() - old >= length && as_text({old + 4, old + 8}) == "pHYs") {
      file.erase(old, old + length);
    }
    append_png_chunk(chunks, "pHYs", pixels_per_metre(metadata.resolution));
  }
  if (!metadata.icc.empty()) {
    uLongf size = compressBound(metadata.icc.size());
    Bytes packed(size);
    compress(packed.data(), &size, metadata.icc.data(), metadata.icc.size());
    packed.resize(size);
    append_png_chunk(chunks, "iCCP", joined("icc\0\0"sv, as_text(packed)));
  }
  if (!metadata.exif.empty()) append_png_chunk(chunks, "eXIf", joined("", as_text(metadata.exif)));
  if (!metadata.xmp.empty()) {  // keyword, not compressed, no language, no translation
    append_png_chunk(chunks, "iTXt", joined("XML:com.adobe.xmp\0\0\0\0\0"sv, metadata.xmp));
  }
  file.insert(file.begin() + after_header, chunks.begin(), chunks.end());
}

void into_webp(Bytes& file, const Metadata& metadata, int width, int height, bool has_alpha) {
  const uint32_t flags = (metadata.icc.empty() ? 0 : 0x20) | (has_alpha ? 0x10 : 0) |
                         (metadata.exif.empty() ? 0 : 0x08) | (metadata.xmp.empty() ? 0 : 0x04);
  Bytes features;
  append_little_endian(features, 4, flags);
  append_little_endian(features, 3, static_cast<uint32_t>(width - 1));
  append_little_endian(features, 3, static_cast<uint32_t>(height - 1));
  Bytes chunks;
  append_riff_chunk(chunks, "VP8X", features);
  if (!metadata.icc.empty()) append_riff_chunk(chunks, "ICCP", metadata.icc);
  // Only the picture itself: libvips adds an EXIF chunk even when told not to.
  const std::span<const uint8_t> all(file);
  for (size_t at = 12; at + 8 <= all.size();) {
    const std::string_view name = as_text(all.subspan(at, 4));
    const size_t size =
        all[at + 4] | all[at + 5] << 8 | all[at + 6] << 16 | static_cast<size_t>(all[at + 7]) << 24;
    if (size > all.size() - at - 8) break;
    if (name == "ALPH" || name == "VP8 " || name == "VP8L") {
      append_riff_chunk(chunks, name, all.subspan(at + 8, size));
    }
    at += 8 + size + size % 2;
  }
  if (!metadata.exif.empty()) append_riff_chunk(chunks, "EXIF", metadata.exif);
  if (!metadata.xmp.empty()) {
    append_riff_chunk(chunks, "XMP ",
                      {reinterpret_cast<const uint8_t*>(metadata.xmp.data()), metadata.xmp.size()});
  }
  file.clear();
  append_riff_chunk(file, "RIFF", joined("WEBP", as_text(chunks)));
}

}  // namespace impasto::embed
