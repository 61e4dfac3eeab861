#include "image/pnm.h"

#include <vips/vips.h>

#include <algorithm>
#include <bit>
#include <charconv>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "image/pixel_source.h"

namespace impasto::pnm {

namespace {

bool is_space(uint8_t c) {
  return c == ' ' || (c >= '\t' && c <= '\r');
}

/// Words of a header or of a plain picture, between white space and comments.
class Words {
 public:
  explicit Words(std::span<const uint8_t> bytes) : bytes_(bytes) {}

  size_t place() const { return at_; }
  std::string_view next() {
    skip();
    const size_t begin = at_;
    while (at_ < bytes_.size() && !is_space(bytes_[at_]) && bytes_[at_] != '#') ++at_;
    return {reinterpret_cast<const char*>(bytes_.data()) + begin, at_ - begin};
  }
  /// A number up to `most`; -1 for anything else.
  int64_t number(int64_t most) {
    const std::string_view word = next();
    int64_t value = 0;
    const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), value);
    const bool whole = error == std::errc() && end == word.data() + word.size() && !word.empty();
    return whole && value >= 0 && value <= most ? value : -1;
  }
  /// 0 or 1, which need nothing between them; -1 for anything else.
  int bit() {
    skip();
    const int digit = at_ < bytes_.size() ? bytes_[at_++] - '0' : -1;
    return digit == 0 || digit == 1 ? digit : -1;
  }

 private:
  void skip() {
    while (at_ < bytes_.size() && (is_space(bytes_[at_]) || bytes_[at_] == '#')) {
      if (bytes_[at_] != '#') {
        ++at_;
        continue;
      }
      while (at_ < bytes_.size() && bytes_[at_] != '\n') ++at_;
    }
  }

  std::span<const uint8_t> bytes_;
  size_t at_ = 0;
};

enum class Coding { plain_bits, plain, bits, levels, light };

struct Header {
  Coding coding;
  int width, height, bands;  ///< bands in the file
  uint32_t most = 1;         ///< the value of white
  bool little = false;       ///< of light
  size_t pixels = 0;         ///< where they begin

  bool fine() const { return most > 255; }
  bool is_plain() const { return coding == Coding::plain || coding == Coding::plain_bits; }
  uint64_t row_bytes() const {
    const uint64_t samples = uint64_t(width) * uint64_t(bands);
    switch (coding) {
      case Coding::bits:
        return (samples + 7) / 8;
      case Coding::levels:
        return samples * (fine() ? 2 : 1);
      case Coding::light:
        return samples * 4;
      case Coding::plain_bits:
        return samples;  // at least
      case Coding::plain:
        return 2 * samples - 1;
    }
    return 0;
  }
};

std::optional<Header> read_header(std::span<const uint8_t> file) {
  Words words(file);
  const std::string_view kind = words.next();
  static constexpr std::string_view kinds[] = {"P1", "P2", "P3", "P4", "P5", "P6", "Pf", "PF"};
  static constexpr Coding codings[] = {Coding::plain_bits, Coding::plain,  Coding::plain,
                                       Coding::bits,       Coding::levels, Coding::levels,
                                       Coding::light,      Coding::light};
  const auto found = std::find(std::begin(kinds), std::end(kinds), kind);
  if (found == std::end(kinds)) return {};
  const bool colour = kind == "P3" || kind == "P6" || kind == "PF";
  Header header{codings[found - std::begin(kinds)], 0, 0, colour ? 3 : 1};
  header.width = static_cast<int>(words.number(VIPS_MAX_COORD));
  header.height = static_cast<int>(words.number(VIPS_MAX_COORD));
  if (header.width < 1 || header.height < 1) return {};
  if (header.coding == Coding::light) {
    const std::string_view scale = words.next();  // its sign tells the byte order, the rest a unit
    double value = 0;
    const auto result = std::from_chars(scale.data(), scale.data() + scale.size(), value);
    if (result.ec != std::errc() || value == 0) return {};
    header.little = value < 0;
  } else if (header.coding == Coding::plain || header.coding == Coding::levels) {
    const int64_t most = words.number(65'535);
    if (most < 1) return {};
    header.most = static_cast<uint32_t>(most);
  }
  header.pixels = words.place() + 1;  // behind one white space
  return header;
}

/// A file's samples as 0..255 or 0..65535, or as light, for the rows that are asked for.
class Rows : public vips::PixelSource {
 public:
  Rows(std::span<const uint8_t> file, std::shared_ptr<const void> owner, const Header& header)
      : PixelSource("pnm"),
        pixels_(file.subspan(header.pixels)),
        owner_(std::move(owner)),
        header_(header) {}

  bool begin() override {
    if (pixels_.size() / header_.row_bytes() < uint64_t(header_.height)) {
      vips_error("pnm", "its end is missing");
      return false;
    }
    if (header_.is_plain() && !parse()) {
      vips_error("pnm", "not all of its numbers are there, and in their range");
      return false;
    }
    return true;
  }

  void row(int y, int left, int width, void* to) const override {
    const auto bands = size_t(header_.bands);
    const size_t first = size_t(left) * bands, count = size_t(width) * bands;
    if (header_.coding == Coding::light) {
      return light(y, left, width, static_cast<float*>(to));
    }
    for (size_t i = 0; i < count; ++i) {
      const uint32_t value = std::min(sample(y, first + i), header_.most);
      const bool ink = header_.coding == Coding::bits || header_.coding == Coding::plain_bits;
      const uint64_t level = ink ? 1 - value : value, white = header_.fine() ? 65'535 : 255;
      const uint64_t scaled = (level * white * 2 + header_.most) / (2 * uint64_t{header_.most});
      if (header_.fine())
        static_cast<uint16_t*>(to)[i] = static_cast<uint16_t>(scaled);
      else
        static_cast<uint8_t*>(to)[i] = static_cast<uint8_t>(scaled);
    }
  }

 private:
  /// A plain picture, whose rows are found only one after the other.
  bool parse() {
    Words words(pixels_);
    const size_t count = size_t(header_.width) * size_t(header_.height) * size_t(header_.bands);
    parsed_.resize(count);
    for (uint16_t& sample : parsed_) {
      const int64_t value =
          header_.coding == Coding::plain_bits ? words.bit() : words.number(header_.most);
      if (value < 0) return false;
      sample = static_cast<uint16_t>(value);
    }
    return true;
  }

  uint32_t sample(int y, size_t i) const {
    if (!parsed_.empty()) {
      return parsed_[size_t(y) * size_t(header_.width) * size_t(header_.bands) + i];
    }
    const uint8_t* row = pixels_.data() + size_t(y) * header_.row_bytes();
    if (header_.coding == Coding::bits) return row[i / 8] >> (7 - i % 8) & 1;
    if (header_.fine()) return uint32_t{row[2 * i]} << 8 | row[2 * i + 1];
    return row[i];
  }

  void light(int y, int left, int width, float* to) const {
    const size_t from_bottom = size_t(header_.height - 1 - y);
    const uint8_t* row = pixels_.data() + from_bottom * header_.row_bytes();
    for (size_t x = size_t(left); x < size_t(left) + size_t(width); ++x) {
      for (size_t c = 0; c < 3; ++c) {
        const uint8_t* bytes = row + 4 * (x * size_t(header_.bands) + (header_.bands == 3 ? c : 0));
        uint32_t bits = 0;
        for (size_t i = 0; i < 4; ++i) bits = bits << 8 | bytes[header_.little ? 3 - i : i];
        *to++ = std::bit_cast<float>(bits);
      }
    }
  }

  std::span<const uint8_t> pixels_;
  std::shared_ptr<const void> owner_;
  Header header_;
  std::vector<uint16_t> parsed_;
};

vips::Picture refuse(const char* reason) {
  vips_error("pnm", "%s", reason);
  return nullptr;
}

}  // namespace

vips::Picture open(std::span<const uint8_t> file, std::shared_ptr<const void> owner) {
  const std::optional<Header> header = read_header(file);
  if (!header) return refuse("its header is damaged");
  if (header->pixels > file.size()) return refuse("its end is missing");
  auto rows = std::make_unique<Rows>(file, std::move(owner), *header);
  const bool light = header->coding == Coding::light, grey = header->bands == 1;
  const VipsInterpretation levels =
      header->fine() ? (grey ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_RGB16)
                     : (grey ? VIPS_INTERPRETATION_B_W : VIPS_INTERPRETATION_sRGB);
  vips::Picture picture(vips_image_new());
  vips_image_init_fields(picture.get(), header->width, header->height, light ? 3 : header->bands,
                         light            ? VIPS_FORMAT_FLOAT
                         : header->fine() ? VIPS_FORMAT_USHORT
                                          : VIPS_FORMAT_UCHAR,
                         VIPS_CODING_NONE, light ? VIPS_INTERPRETATION_scRGB : levels, 1, 1);
  picture = vips::with_pixels(std::move(picture), std::move(rows));
  if (!picture) return nullptr;
  vips_image_set_int(picture.get(), vips::decoded_at_once, header->is_plain() ? 1 : 0);
  return picture;
}

}  // namespace impasto::pnm
