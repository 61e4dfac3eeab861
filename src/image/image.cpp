#include "impasto/image.h"

#include <algorithm>
#include <new>
#include <string>

#include "image/quantise.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr float wide_low = -1, wide_span = 3;

size_t sample_bytes(Samples samples) {
  return samples == Samples::f32 ? 4 : samples == Samples::u8 ? 1 : 2;
}

// For rows on their way to or from a file; as long as the thread lives.
std::vector<uint8_t>& room(size_t bytes) {
  thread_local std::vector<uint8_t> row;
  if (row.size() < bytes) row.resize(bytes);
  return row;
}

}  // namespace

Image::Image(int width, int height, Samples samples, Storage storage)
    : width_(width),
      height_(height),
      samples_(samples),
      storage_(samples == Samples::f32 ? Storage::memory : storage) {
  const std::string size = std::to_string(width) + "x" + std::to_string(height);
  if (width < 1 || height < 1) {
    throw Error(ErrorCode::internal, "a picture of " + size + " pixels: expected at least 1x1");
  }
  try {
    const size_t count = static_cast<size_t>(width) * height * 3;
    const float black = samples == Samples::wide ? -wide_low / wide_span * 65535 : 0;
    if (storage_ == Storage::file) {
      pixels_.emplace<PixelFile>(count * sample_bytes(samples));
      const std::vector<float> row(static_cast<size_t>(width) * 3);
      for (int y = 0; y < height && samples == Samples::wide; ++y) write(0, y, width, row.data());
    } else if (samples == Samples::f32) {
      pixels_ = std::vector<float>(count);
    } else if (samples == Samples::u8) {
      pixels_ = std::vector<uint8_t>(count);
    } else {
      pixels_ = std::vector<uint16_t>(count, static_cast<uint16_t>(black));
    }
  } catch (const Error&) {
    throw;
  } catch (const std::exception&) {  // bad_alloc or length_error
    throw Error(ErrorCode::memory, "no memory for a picture of " + size + " pixels");
  }
}

Image Image::outline(int width, int height, Samples samples, Storage storage, bool has_alpha) {
  Image image;
  image.width_ = width;
  image.height_ = height;
  image.samples_ = samples;
  image.storage_ = samples == Samples::f32 ? Storage::memory : storage;
  image.outline_alpha_ = has_alpha;
  return image;
}

void Image::refuse_floats() const {
  throw Error(ErrorCode::internal, empty() ? "an empty picture has no floats"
                                           : "a picture in other samples was asked for its floats");
}

size_t Image::bytes() const {
  const size_t pixels = static_cast<size_t>(width_) * height_;
  return (storage_ == Storage::memory ? 3 * pixels * sample_bytes(samples_) : 0) +
         (has_alpha() ? pixels * sizeof(float) : 0);
}

// Samples of fewer bits to floats, and back.
void Image::unpack(const void* from, int64_t n, float* to) const {
  if (samples_ == Samples::u8) {
    from_bits(static_cast<const uint8_t*>(from), n, to);
  } else {
    from_bits(static_cast<const uint16_t*>(from), n, to);
    if (samples_ == Samples::wide) {
      for (int64_t i = 0; i < n; ++i) to[i] = wide_low + wide_span * to[i];
    }
  }
}

void Image::pack(int x, int y, int count, const float* from, void* to) const {
  const int64_t n = int64_t{3} * count;
  if (samples_ == Samples::u8) {
    to_8_bits(from, x, y, count, static_cast<uint8_t*>(to));
  } else if (samples_ == Samples::u16) {
    to_16_bits(from, n, static_cast<uint16_t*>(to));
  } else {
    to_16_bits(from, n, static_cast<uint16_t*>(to), wide_low, wide_span);
  }
}

void Image::read(int x, int y, int count, float* to) const {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (const auto* floats = std::get_if<std::vector<float>>(&pixels_)) {
    std::copy_n(floats->data() + at, n, to);
  } else if (const auto* bytes = std::get_if<std::vector<uint8_t>>(&pixels_)) {
    unpack(bytes->data() + at, n, to);
  } else if (const auto* words = std::get_if<std::vector<uint16_t>>(&pixels_)) {
    unpack(words->data() + at, n, to);
  } else if (const auto* file = std::get_if<PixelFile>(&pixels_)) {
    const size_t size = sample_bytes(samples_), length = size * static_cast<size_t>(n);
    std::vector<uint8_t>& row = room(length);
    file->read(at * size, length, row.data());
    unpack(row.data(), n, to);
  } else {
    throw Error(ErrorCode::internal, "pixels were asked of a picture's outline");
  }
}

void Image::write(int x, int y, int count, const float* from) {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (auto* floats = std::get_if<std::vector<float>>(&pixels_)) {
    std::copy_n(from, n, floats->data() + at);
  } else if (auto* bytes = std::get_if<std::vector<uint8_t>>(&pixels_)) {
    pack(x, y, count, from, bytes->data() + at);
  } else if (auto* words = std::get_if<std::vector<uint16_t>>(&pixels_)) {
    pack(x, y, count, from, words->data() + at);
  } else if (auto* file = std::get_if<PixelFile>(&pixels_)) {
    const size_t size = sample_bytes(samples_), length = size * static_cast<size_t>(n);
    std::vector<uint8_t>& row = room(length);
    pack(x, y, count, from, row.data());
    file->write(at * size, length, row.data());
  } else {
    throw Error(ErrorCode::internal, "pixels were written to a picture's outline");
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
