#include "image/tiff_colours.h"

#include <lcms2.h>
#include <tiffio.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <new>

namespace impasto::tiff_file {

namespace {

float half(uint16_t bits) {
  const uint32_t sign = uint32_t{bits & 0x8000u} << 16, rest = bits & 0x7fffu;
  const float scaled = std::bit_cast<float>(rest << 13) * 0x1p112f;  // from one exponent to another
  const uint32_t value =
      rest >= 0x7c00 ? 0x7f800000u | (rest & 0x3ffu) << 13 : std::bit_cast<uint32_t>(scaled);
  return std::bit_cast<float>(sign | value);
}

template <class T>
T at(const uint8_t* row, size_t i) {
  T value;
  std::memcpy(&value, row + i * sizeof(T), sizeof(T));
  return value;
}

/// Bits i * count to (i + 1) * count, the highest first, as samples lie that are no whole bytes.
uint32_t bits_at(const uint8_t* row, size_t i, size_t count) {
  uint32_t value = 0;
  for (size_t bit = i * count; bit < (i + 1) * count; ++bit) {
    value = value << 1 | (row[bit / 8] >> (7 - bit % 8) & 1u);
  }
  return value;
}

double level(const uint8_t* row, size_t i, int bits) {
  switch (bits) {
    case 8:
      return row[i];
    case 16:
      return at<uint16_t>(row, i);
    case 24:  // libtiff gives them in the order of the machine
      return row[3 * i] | row[3 * i + 1] << 8 | row[3 * i + 2] << 16;
    case 32:
      return at<uint32_t>(row, i);
    default:
      return bits_at(row, i, static_cast<size_t>(bits));
  }
}

}  // namespace

float sample(const uint8_t* row, size_t i, const Layout& layout) {
  if (layout.format == Layout::Format::real) {
    return layout.bits == 16   ? half(at<uint16_t>(row, i))
           : layout.bits == 32 ? at<float>(row, i)
                               : static_cast<float>(at<double>(row, i));
  }
  const double value = level(row, i, layout.bits), steps = std::ldexp(1.0, layout.bits);
  if (layout.kind == Layout::Kind::palette) return static_cast<float>(value);
  if (layout.format == Layout::Format::levels) return static_cast<float>(value / (steps - 1));
  return value < steps / 2 ? static_cast<float>(value / (steps / 2 - 1)) : 0.0f;
}

Meaning::Meaning(TIFF* tiff, const Layout& layout) : layout_(layout) {
  if (layout.kind == Layout::Kind::palette) {
    uint16_t* maps[3] = {};
    if (TIFFGetField(tiff, TIFFTAG_COLORMAP, &maps[0], &maps[1], &maps[2]) == 0) return;
    for (const uint16_t* map : maps) {
      palette_.insert(palette_.end(), map, map + (size_t{1} << layout.bits));
    }
  }
  if (layout.kind == Layout::Kind::lab || layout.kind == Layout::Kind::icc_lab) {
    const cmsHPROFILE lab = cmsCreateLab4Profile(nullptr), srgb = cmsCreate_sRGBProfile();
    constexpr cmsUInt32Number from =
        FLOAT_SH(1) | COLORSPACE_SH(PT_Lab) | CHANNELS_SH(3) | BYTES_SH(4);
    to_srgb_.reset(cmsCreateTransform(lab, from, srgb, TYPE_RGB_FLT, INTENT_RELATIVE_COLORIMETRIC,
                                      cmsFLAGS_NOCACHE));
    cmsCloseProfile(lab);
    cmsCloseProfile(srgb);
    if (!to_srgb_) throw std::bad_alloc();
    float* white = nullptr;
    cmsCIEXYZ xyz{};
    if (TIFFGetField(tiff, TIFFTAG_WHITEPOINT, &white) != 0 && white[1] > 0.01f) {
      const cmsCIExyY found{white[0], white[1], 1};
      cmsxyY2XYZ(&xyz, &found);
      const bool other = std::abs(xyz.X - cmsD50X) + std::abs(xyz.Z - cmsD50Z) > 0.01;
      if (other) white_ = {xyz.X, xyz.Y, xyz.Z};
    }
  }
}

void Meaning::Delete::operator()(void* transform) const {
  cmsDeleteTransform(transform);
}

void Meaning::row(const float* from, int bands, float* to) const {
  for (uint32_t x = 0; x < layout_.width; ++x, from += layout_.samples, to += bands) {
    const int colours = layout_.colours(), out = out_colours();
    colour(from, to);
    if (bands == out) continue;
    to[out] = from[colours];
    if (!layout_.premultiplied || !(to[out] > 0)) continue;
    for (int c = 0; c < out; ++c) to[c] /= to[out];
  }
  if (!to_srgb_) return;
  to -= static_cast<std::ptrdiff_t>(layout_.width) * bands;
  for (uint32_t x = 0; x < layout_.width; ++x, to += bands) {
    cmsDoTransform(to_srgb_.get(), to, to, 1);
  }
}

int Meaning::out_colours() const {
  return layout_.kind == Layout::Kind::palette || layout_.format == Layout::Format::real
             ? 3
             : layout_.colours();
}

void Meaning::colour(const float* from, float* to) const {
  switch (layout_.kind) {
    case Layout::Kind::palette: {
      const size_t entries = palette_.size() / 3;
      const auto index = static_cast<size_t>(from[0]);
      for (size_t c = 0; c < 3; ++c) {
        to[c] = index < entries ? static_cast<float>(palette_[c * entries + index]) / 65535 : 0;
      }
      return;
    }
    case Layout::Kind::lab:
    case Layout::Kind::icc_lab:
      return lab(from, to);
    case Layout::Kind::light:
      return light(from, to);
    default:
      for (int c = 0; c < out_colours(); ++c) {
        const float value = from[layout_.colours() == 1 ? 0 : c];
        to[c] = layout_.white_is_zero ? 1 - value : value;
      }
  }
}

/// a and b are signed as TIFF 6.0 has it (section 23), or begin at -128 as ICC does.
void Meaning::lab(const float* from, float* to) const {
  const float steps = layout_.bits == 8 ? 255.0f : 65535.0f, unit = layout_.bits == 8 ? 1 : 256;
  to[0] = from[0] * 100;
  for (int c = 1; c < 3; ++c) {
    const float value = from[c] * steps / unit, range = 256;
    const bool is_signed = layout_.kind == Layout::Kind::lab;
    to[c] = is_signed ? (value >= range / 2 ? value - range : value) : value - range / 2;
  }
  if (white_[1] <= 0) return;
  const cmsCIEXYZ white{white_[0], white_[1], white_[2]};
  const cmsCIELab before{to[0], to[1], to[2]};
  cmsCIEXYZ xyz{}, adapted{};
  cmsCIELab after{};
  cmsLab2XYZ(&white, &xyz, &before);
  if (!cmsAdaptToIlluminant(&adapted, &white, cmsD50_XYZ(), &xyz)) return;
  cmsXYZ2Lab(cmsD50_XYZ(), &after, &adapted);
  to[0] = static_cast<float>(after.L);
  to[1] = static_cast<float>(after.a);
  to[2] = static_cast<float>(after.b);
}

/// XYZ, of which white is (1, 1, 1), to the primaries of BT.709, as libtiff's own converter does.
void Meaning::light(const float* from, float* to) const {
  if (layout_.samples < 3) {
    std::fill_n(to, 3, from[0]);
    return;
  }
  const float x = from[0], y = from[1], z = from[2];
  to[0] = 2.690f * x - 1.276f * y - 0.414f * z;
  to[1] = -1.022f * x + 1.978f * y + 0.044f * z;
  to[2] = 0.061f * x - 0.224f * y + 1.163f * z;
}

}  // namespace impasto::tiff_file
