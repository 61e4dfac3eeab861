#include "impasto/image.h"

#include <algorithm>
#include <new>
#include <string>

#include "image/packed_rows.h"
#include "impasto/error.h"

namespace impasto {

namespace {

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

Image::Image(const PictureHeader& header)
    : Image(header.width, header.height, header.samples, header.storage) {
  if (header.has_alpha) alpha.resize(static_cast<size_t>(width_) * static_cast<size_t>(height_));
  bits = header.bits;
}

PictureHeader::PictureHeader(int w, int h, Samples s, Storage where, bool alpha)
    : width(w),
      height(h),
      samples(s),
      storage(s == Samples::f32 ? Storage::memory : where),
      has_alpha(alpha) {}

PictureHeader::PictureHeader(const Image& image)
    : PictureHeader(image.width(), image.height(), image.samples(), image.storage(),
                    image.has_alpha()) {
  bits = image.bits;
  note = image.note;
  is_read = true;
}

size_t PictureHeader::bytes() const {
  const size_t pixels = static_cast<size_t>(width) * static_cast<size_t>(height);
  return (storage == Storage::memory ? 3 * pixels * sample_bytes(samples) : 0) +
         (has_alpha ? pixels * sizeof(float) : 0);
}

void Image::refuse_floats() const {
  throw Error(ErrorCode::internal, empty() ? "an empty picture has no floats"
                                           : "a picture in other samples was asked for its floats");
}

size_t Image::bytes() const {
  return PictureHeader(*this).bytes();
}

void Image::read(int x, int y, int count, float* to) const {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (const auto* floats = std::get_if<std::vector<float>>(&pixels_)) {
    std::copy_n(floats->data() + at, n, to);
  } else if (const auto* bytes = std::get_if<std::vector<uint8_t>>(&pixels_)) {
    unpack(samples_, bytes->data() + at, n, to);
  } else if (const auto* words = std::get_if<std::vector<uint16_t>>(&pixels_)) {
    unpack(samples_, words->data() + at, n, to);
  } else if (const auto* file = std::get_if<PixelFile>(&pixels_)) {
    const size_t size = sample_bytes(samples_), length = size * static_cast<size_t>(n);
    std::vector<uint8_t>& row = room(length);
    file->read(at * size, length, row.data());
    unpack(samples_, row.data(), n, to);
  } else {
    throw Error(ErrorCode::internal, "pixels were asked of an empty picture");
  }
}

void Image::write(int x, int y, int count, const float* from) {
  const size_t at = (static_cast<size_t>(y) * width_ + x) * 3;
  const int64_t n = int64_t{3} * count;
  if (auto* floats = std::get_if<std::vector<float>>(&pixels_)) {
    std::copy_n(from, n, floats->data() + at);
  } else if (auto* bytes = std::get_if<std::vector<uint8_t>>(&pixels_)) {
    pack(samples_, x, y, count, from, bytes->data() + at);
  } else if (auto* words = std::get_if<std::vector<uint16_t>>(&pixels_)) {
    pack(samples_, x, y, count, from, words->data() + at);
  } else if (auto* file = std::get_if<PixelFile>(&pixels_)) {
    const size_t size = sample_bytes(samples_), length = size * static_cast<size_t>(n);
    std::vector<uint8_t>& row = room(length);
    pack(samples_, x, y, count, from, row.data());
    file->write(at * size, length, row.data());
  } else {
    throw Error(ErrorCode::internal, "pixels were written to an empty picture");
  }
}

Size scaled_to(const PictureHeader& image, int longer_side) {
  if (image.empty() || longer_side < 1) {
    throw Error(ErrorCode::usage,
                "size " + std::to_string(longer_side) +
                    ": expected at least 1 pixel, of a picture that is not empty");
  }
  const int64_t longer = std::max(image.width, image.height);
  const auto scaled = [&](int64_t side) {
    return static_cast<int>(std::max<int64_t>(1, (2 * side * longer_side + longer) / (2 * longer)));
  };
  return {scaled(image.width), scaled(image.height)};
}

}  // namespace impasto
