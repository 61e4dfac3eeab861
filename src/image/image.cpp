#include "impasto/image.h"

#include <algorithm>
#include <new>
#include <string>

#include "image/quantise.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr float wide_low = -1, wide_span = 3;

}  // namespace

Image::Image(int width, int height, Samples samples)
    : width_(width), height_(height), samples_(samples) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::internal, "a picture of " + size + " pixels: expected at least 1x1");
  }
  try {
    const size_t count = static_cast<size_t>(width) * height * 3;
    if (samples == Samples::f32) {
      pixels_ = std::vector<float>(count);
    } else if (samples == Samples::u8) {
      pixels_ = std::vector<uint8_t>(count);
    } else {
      const float black = samples == Samples::wide ? -wide_low / wide_span * 65535 : 0;
      pixels_ = std::vector<uint16_t>(count, static_cast<uint16_t>(black));
    }
  } catch (const std::exception&) {  // bad_alloc or length_error
    throw Error(ErrorCode::memory, "no memory for a picture of " + size + " pixels");
  }
}

size_t Image::bytes() const {
  const size_t count = static_cast<size_t>(width_) * height_ * 3;
  return count * (samples_ == Samples::f32  ? 4
                  : samples_ == Samples::u8 ? 1
                                            : 2) +
         alpha.size() * sizeof(float);
}

void Image::read(int x, int y, int count, float* to) const {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (samples_ == Samples::f32) {
    std::copy_n(data() + at, n, to);
  } else if (samples_ == Samples::u8) {
    from_bits(std::get<std::vector<uint8_t>>(pixels_).data() + at, n, to);
  } else {
    from_bits(std::get<std::vector<uint16_t>>(pixels_).data() + at, n, to);
    if (samples_ == Samples::wide) {
      for (int64_t i = 0; i < n; ++i) to[i] = wide_low + wide_span * to[i];
    }
  }
}

void Image::write(int x, int y, int count, const float* from) {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (samples_ == Samples::f32) {
    std::copy_n(from, n, data() + at);
  } else if (samples_ == Samples::u8) {
    to_8_bits(from, x, y, count, std::get<std::vector<uint8_t>>(pixels_).data() + at);
  } else {
    uint16_t* to = std::get<std::vector<uint16_t>>(pixels_).data() + at;
    if (samples_ == Samples::u16) {
      to_16_bits(from, n, to);
    } else {
      to_16_bits(from, n, to, wide_low, wide_span);
    }
  }
}

Size scaled_to(const Image& image, int longer_side) {
  if (image.empty() || longer_side < 1) {
    throw Error(ErrorCode::usage,
                "size " + std::to_string(longer_side) +
                    ": expected at least 1 pixel, of a picture that is not empty");
  }
  const int64_t longer = std::max(image.width(), image.height());
  const auto scaled = [&](int64_t side) {
    return static_cast<int>(std::max<int64_t>(1, (2 * side * longer_side + longer) / (2 * longer)));
  };
  return {scaled(image.width()), scaled(image.height())};
}

}  // namespace impasto
