#include "image/resolution.h"

#include <cmath>
#include <cstring>
#include <string_view>

#include "image/png_chunks.h"

namespace impasto {

namespace {

using namespace std::string_view_literals;

constexpr double inches_per_metre = 1 / 0.0254, centimetres_per_inch = 2.54;

bool has(std::span<const uint8_t> file, size_t place, std::string_view text) {
  return file.size() >= place + text.size() &&
         std::memcmp(file.data() + place, text.data(), text.size()) == 0;
}

double big_endian(std::span<const uint8_t> bytes) {
  double value = 0;
  for (const uint8_t byte : bytes) value = 256 * value + byte;
  return value;
}

double little_endian(std::span<const uint8_t> bytes) {
  double value = 0;
  for (size_t i = bytes.size(); i-- > 0;) value = 256 * value + bytes[i];
  return value;
}

/// JFIF 1.02: the segment follows the start of the picture; unit, then a number for each axis.
Resolution in_jpeg(std::span<const uint8_t> file) {
  constexpr size_t unit = 13;
  if (file.size() < unit + 5 || !has(file, 6, "JFIF\0"sv)) return {};
  const double factor = file[unit] == 1 ? 1 : file[unit] == 2 ? centimetres_per_inch : 0;
  return {factor * big_endian(file.subspan(unit + 1, 2)),
          factor * big_endian(file.subspan(unit + 3, 2))};
}

Resolution in_png(std::span<const uint8_t> file) {
  const std::span<const uint8_t> chunk = png::chunk(file, "pHYs");
  if (chunk.size() != 9 || chunk[8] != 1) return {};
  return {big_endian(chunk.first(4)) / inches_per_metre,
          big_endian(chunk.subspan(4, 4)) / inches_per_metre};
}

Resolution in_bmp(std::span<const uint8_t> file) {
  constexpr size_t place = 38;  // of a BITMAPINFOHEADER and all that grew from it
  if (file.size() < place + 8 || little_endian(file.subspan(14, 4)) < 40) return {};
  return {little_endian(file.subspan(place, 4)) / inches_per_metre,
          little_endian(file.subspan(place + 4, 4)) / inches_per_metre};
}

}  // namespace

Resolution told(Resolution found) {
  const auto possible = [](double v) { return v >= 1 && v <= 1e5; };  // false for what is no number
  const auto is_default = [](double v) { return std::abs(v - 72) < 0.05; };
  if (!possible(found.x) || !possible(found.y) || (is_default(found.x) && is_default(found.y))) {
    return {};
  }
  return found;
}

Resolution resolution_in(std::span<const uint8_t> file) {
  if (has(file, 0, "\xff\xd8\xff\xe0"sv)) return told(in_jpeg(file));
  if (has(file, 0, png::signature)) return told(in_png(file));
  if (has(file, 0, "BM"sv)) return told(in_bmp(file));
  return {};
}

}  // namespace impasto
