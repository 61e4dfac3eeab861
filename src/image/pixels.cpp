#include "impasto/pixels.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <string>
#include <vector>

#include "base/parallel.h"
#include "base/promise.h"
#include "image/size.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Channel = PixelLayout::Channel;

[[noreturn]] void refuse(const std::string& what) {
  throw Error(ErrorCode::usage, "a picture in memory: " + what);
}

size_t bytes_of(Channel channel) {
  return channel == Channel::u8 ? 1 : channel == Channel::u16 ? 2 : 4;
}

// The layout with its row_bytes.
PixelLayout checked(const void* pixels, PixelLayout layout) {
  const int64_t w = layout.width, h = layout.height;
  if (pixels == nullptr) refuse("there is none");
  if (w < 1 || h < 1 || w * h > most_pixels) {
    refuse("expected 1x1 to " + std::to_string(most_pixels / 1'000'000) + " megapixels, found " +
           text_of(Size{layout.width, layout.height}));
  }
  if (layout.channels < 1 || layout.channels > 4) {
    refuse("expected 1 to 4 channels, found " + std::to_string(layout.channels));
  }
  const auto row = static_cast<std::ptrdiff_t>(bytes_of(layout.channel)) * layout.channels * w;
  if (layout.row_bytes == 0) layout.row_bytes = row;
  if (std::abs(layout.row_bytes) < row) {
    refuse("expected at least " + std::to_string(row) + " bytes a row, found " +
           std::to_string(layout.row_bytes));
  }
  return layout;
}

float number_at(const std::byte* at, Channel channel) {
  if (channel == Channel::u8) return static_cast<float>(static_cast<uint8_t>(*at)) / 255;
  if (channel == Channel::u16) {
    uint16_t v;
    std::memcpy(&v, at, sizeof v);
    return static_cast<float>(v) / 65535;
  }
  float v;
  std::memcpy(&v, at, sizeof v);
  return std::isfinite(v) ? v : 0;
}

void put_number(float v, std::byte* at, Channel channel) {
  v = std::isfinite(v) ? std::clamp(v, 0.0f, 1.0f) : 0;
  if (channel == Channel::u8) {
    *at = static_cast<std::byte>(static_cast<uint8_t>(std::lround(v * 255)));
  } else if (channel == Channel::u16) {
    const auto whole = static_cast<uint16_t>(std::lround(v * 65535));
    std::memcpy(at, &whole, sizeof whole);
  } else {
    std::memcpy(at, &v, sizeof v);
  }
}

}  // namespace

Image image_from(const void* pixels, const PixelLayout& given) try {
  const PixelLayout l = checked(pixels, given);
  const Samples samples = l.channel == Channel::u8    ? Samples::u8
                          : l.channel == Channel::u16 ? Samples::u16
                                                      : Samples::f32;
  Image image(l.width, l.height, samples);
  image.bits = l.channel == Channel::u8 ? 8 : 16;
  const bool has_alpha = l.channels % 2 == 0;
  const int colours = l.channels < 3 ? 1 : 3;
  const auto width = static_cast<size_t>(l.width);
  if (has_alpha) image.alpha.resize(width * static_cast<size_t>(l.height));
  const size_t step = bytes_of(l.channel);
  parallel_for(l.height, 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(width * 3);
    for (int64_t y = begin; y < end; ++y) {
      const auto* at = static_cast<const std::byte*>(pixels) + y * l.row_bytes;
      for (size_t x = 0; x < width; ++x, at += step * static_cast<size_t>(l.channels)) {
        for (int c = 0; c < 3; ++c) {
          row[3 * x + static_cast<size_t>(c)] =
              number_at(at + step * static_cast<size_t>(std::min(c, colours - 1)), l.channel);
        }
        if (!has_alpha) continue;
        const float alpha = number_at(at + step * static_cast<size_t>(colours), l.channel);
        image.alpha[static_cast<size_t>(y) * width + x] = std::clamp(alpha, 0.0f, 1.0f);
      }
      image.write(0, static_cast<int>(y), l.width, row.data());
    }
  });
  if (has_alpha) fill_hidden(image);
  return image;
} catch (...) {
  rethrow_as_error();
}

void copy_pixels(const Image& image, void* pixels, const PixelLayout& given) try {
  const PixelLayout l = checked(pixels, given);
  const Size size{l.width, l.height};
  if (!same(size, size_of(image))) {
    refuse("expected " + text_of(size_of(image)) + ", found " + text_of(size));
  }
  if (l.channels < 3) refuse("expected 3 or 4 channels, found " + std::to_string(l.channels));
  const auto width = static_cast<size_t>(l.width);
  const size_t step = bytes_of(l.channel);
  parallel_for(l.height, 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(width * 3);
    for (int64_t y = begin; y < end; ++y) {
      image.read(0, static_cast<int>(y), l.width, row.data());
      auto* at = static_cast<std::byte*>(pixels) + y * l.row_bytes;
      for (size_t x = 0; x < width; ++x) {
        for (size_t c = 0; c < 3; ++c, at += step) put_number(row[3 * x + c], at, l.channel);
        if (l.channels < 4) continue;
        const float alpha =
            image.alpha.empty() ? 1 : image.alpha[static_cast<size_t>(y) * width + x];
        put_number(alpha, at, l.channel);
        at += step;
      }
    }
  });
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
