#include "image/odd_files.h"

#include <zlib.h>

#include <algorithm>

namespace impasto::test {

namespace {

void add(Bytes& out, int size, uint32_t value) {  // the lowest byte first
  for (int i = 0; i < size; ++i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
}

}  // namespace

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

Bytes big_endian(int size, uint64_t value) {
  Bytes out;
  for (int i = size - 1; i >= 0; --i) out.push_back(static_cast<uint8_t>(value >> (8 * i)));
  return out;
}

Bytes joined(std::initializer_list<Bytes> parts) {
  Bytes out;
  for (const Bytes& part : parts) out.insert(out.end(), part.begin(), part.end());
  return out;
}

Bytes png_chunk(const std::string& name, const Bytes& content) {
  const Bytes named = joined({bytes_of(name), content});
  const auto checksum = crc32(0, named.data(), static_cast<uInt>(named.size()));
  return joined({big_endian(4, content.size()), named, big_endian(4, checksum)});
}

Bytes with_chunks(Bytes png, const Bytes& chunks) {
  constexpr std::ptrdiff_t after_header = 8 + 25;
  png.insert(png.begin() + after_header, chunks.begin(), chunks.end());
  return png;
}

TiffWriter& TiffWriter::field(int tag, int type, std::vector<uint32_t> values) {
  fields_.push_back({tag, type, std::move(values)});
  return *this;
}

TiffWriter& TiffWriter::picture(int width, int height, int bits, int samples, int photometric) {
  const auto n = [](int v) { return static_cast<uint32_t>(v); };
  field(256, 4, {n(width)}).field(257, 4, {n(height)});
  field(258, 3, std::vector<uint32_t>(n(samples), n(bits)));
  return field(262, 3, {n(photometric)}).field(277, 3, {n(samples)});
}

Bytes TiffWriter::file(const std::vector<Bytes>& pieces) const {
  std::vector<Field> fields = fields_;
  const auto has = [&](int tag) {
    return std::any_of(fields.begin(), fields.end(), [&](const Field& f) { return f.tag == tag; });
  };
  const bool tiles = has(322);
  std::vector<uint32_t> sizes;
  Bytes out = {'I', 'I', 42, 0, 0, 0, 0, 0};
  std::vector<uint32_t> places;
  for (const Bytes& piece : pieces) {
    places.push_back(static_cast<uint32_t>(out.size()));
    sizes.push_back(static_cast<uint32_t>(piece.size()));
    out.insert(out.end(), piece.begin(), piece.end());
    out.resize(out.size() + out.size() % 2);
  }
  fields.push_back({tiles ? 324 : 273, 4, places});
  fields.push_back({tiles ? 325 : 279, 4, sizes});
  if (!tiles && !has(278)) fields.push_back({278, 4, {1u << 30}});
  std::sort(fields.begin(), fields.end(),
            [](const Field& a, const Field& b) { return a.tag < b.tag; });
  Bytes directory;
  for (const Field& f : fields) {
    const int size = f.type == 7 ? 1 : f.type == 3 ? 2 : 4;
    const auto count = static_cast<uint32_t>(f.values.size()) / (f.type == 5 ? 2 : 1);
    Bytes values;
    for (const uint32_t v : f.values) add(values, size, v);
    add(directory, 2, static_cast<uint32_t>(f.tag));
    add(directory, 2, static_cast<uint32_t>(f.type));
    add(directory, 4, count);
    if (values.size() > 4) {
      add(directory, 4, static_cast<uint32_t>(out.size()));
      out.insert(out.end(), values.begin(), values.end());
    } else {
      values.resize(4);
      directory.insert(directory.end(), values.begin(), values.end());
    }
    out.resize(out.size() + out.size() % 2);
  }
  const auto place = static_cast<uint32_t>(out.size());
  for (int i = 0; i < 4; ++i)
    out[4 + static_cast<size_t>(i)] = static_cast<uint8_t>(place >> 8 * i);
  add(out, 2, static_cast<uint32_t>(fields.size()));
  out.insert(out.end(), directory.begin(), directory.end());
  add(out, 4, 0);
  return out;
}

Bytes packed(const std::vector<uint32_t>& numbers, int bits, size_t row) {
  Bytes out;
  int used = 8;
  for (size_t i = 0; i < numbers.size(); ++i) {
    if (i % row == 0) used = 8;
    for (int bit = bits - 1; bit >= 0; --bit) {
      if (used == 8) out.push_back(0), used = 0;
      out.back() = static_cast<uint8_t>(out.back() | (numbers[i] >> bit & 1) << (7 - used++));
    }
  }
  return out;
}

std::array<double, 3> mean(const Image& image, int first, int last) {
  std::array<double, 3> sum{};
  if (last < 0) last = image.height();
  for (int y = first; y < last; ++y) {
    for (int x = 0; x < image.width(); ++x) {
      for (size_t c = 0; c < 3; ++c) {
        sum[c] +=
            image.row(y)[3 * x + static_cast<int>(c)] * 255.0 / image.width() / (last - first);
      }
    }
  }
  return sum;
}

}  // namespace impasto::test
