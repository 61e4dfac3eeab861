#include "image/qoi.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <memory>
#include <utility>
#include <vector>

#include "image/pixel_source.h"

#define QOI_IMPLEMENTATION
#define QOI_NO_STDIO
#define qoi_decode qoi_decode_of_impasto  // a program may have its own
#define qoi_encode qoi_encode_of_impasto
#include <qoi.h>

namespace impasto::qoi {

namespace {

constexpr size_t header_bytes = 14;
constexpr std::array<uint8_t, 8> last_bytes = {0, 0, 0, 0, 0, 0, 0, 1};

struct FreePixels {
  void operator()(void* pixels) const { std::free(pixels); }
};

class Decoded : public vips::PixelSource {
 public:
  Decoded(const InputFile& file, size_t width, size_t bands)
      : PixelSource("qoi"), file_(file), width_(width), bands_(bands) {}

  bool begin() override {
    std::vector<uint8_t> bytes(file_.size());
    if (file_.read(0, bytes.size(), bytes.data()) == bytes.size()) {
      qoi_desc description{};
      pixels_.reset(qoi_decode(bytes.data(), static_cast<int>(bytes.size()), &description, 0));
    }
    if (!pixels_) vips_error("qoi", "cannot be decoded");
    return pixels_ != nullptr;
  }

  void row(int y, int left, int width, void* to) const override {
    const auto* pixels = static_cast<const uint8_t*>(pixels_.get());
    std::copy_n(pixels + (static_cast<size_t>(y) * width_ + static_cast<size_t>(left)) * bands_,
                static_cast<size_t>(width) * bands_, static_cast<uint8_t*>(to));
  }

 private:
  const InputFile& file_;
  size_t width_, bands_;
  std::unique_ptr<void, FreePixels> pixels_;
};

vips::Picture refuse(const char* reason) {
  vips_error("qoi", "%s", reason);
  return nullptr;
}

}  // namespace

vips::Picture open(const InputFile& file) {
  std::array<uint8_t, header_bytes> head{};
  std::array<uint8_t, last_bytes.size()> end{};
  if (file.read(0, head.size(), head.data()) < head.size() ||
      file.size() < header_bytes + last_bytes.size()) {
    return refuse("its header is cut off");
  }
  file.read(file.size() - end.size(), end.size(), end.data());
  if (end != last_bytes) return refuse("its end is missing");
  const auto number = [&](size_t place) {
    uint64_t value = 0;
    for (size_t i = 0; i < 4; ++i) value = value << 8 | head[place + i];
    return value;
  };
  const uint64_t width = number(4), height = number(8);
  const int bands = head[12];
  if (width < 1 || height < 1 || std::cmp_greater(width, VIPS_MAX_COORD) ||
      std::cmp_greater(height, VIPS_MAX_COORD) || (bands != 3 && bands != 4) ||
      file.size() > INT32_MAX) {
    return refuse("its header is damaged");
  }
  vips::Picture picture(vips_image_new());
  vips_image_init_fields(picture.get(), static_cast<int>(width), static_cast<int>(height), bands,
                         VIPS_FORMAT_UCHAR, VIPS_CODING_NONE, VIPS_INTERPRETATION_sRGB, 1, 1);
  return vips::with_pixels(std::move(picture),
                           std::make_unique<Decoded>(file, width, static_cast<size_t>(bands)));
}

}  // namespace impasto::qoi
