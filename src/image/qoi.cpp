#include "image/qoi.h"

#include <vips/vips.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <exception>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

#define QOI_IMPLEMENTATION
#define QOI_NO_STDIO
#define qoi_decode impasto_qoi_decode  // a program may have its own
#define qoi_encode impasto_qoi_encode
#include <qoi.h>

namespace impasto::qoi {

namespace {

constexpr size_t header_bytes = 14;
constexpr std::array<uint8_t, 8> last_bytes = {0, 0, 0, 0, 0, 0, 0, 1};

struct FreePixels {
  void operator()(void* pixels) const { std::free(pixels); }
};

struct Decoded {
  const InputFile& file;
  std::once_flag begun;
  std::unique_ptr<void, FreePixels> pixels;

  void decode() {
    std::vector<uint8_t> bytes(file.size());
    if (file.read(0, bytes.size(), bytes.data()) < bytes.size()) return;
    qoi_desc description{};
    pixels.reset(qoi_decode(bytes.data(), static_cast<int>(bytes.size()), &description, 0));
  }
};

// Exceptions must not pass through libvips.
int fill(VipsRegion* region, void*, void* client, void*, gboolean*) {
  auto& decoded = *static_cast<Decoded*>(client);
  try {
    std::call_once(decoded.begun, [&] { decoded.decode(); });
  } catch (const std::exception& e) {
    vips_error("qoi", "%s", e.what());
    return -1;
  }
  if (!decoded.pixels) {
    vips_error("qoi", "cannot be decoded");
    return -1;
  }
  const VipsRect& area = region->valid;
  const auto bands = static_cast<size_t>(region->im->Bands);
  const auto width = static_cast<size_t>(region->im->Xsize);
  const auto* pixels = static_cast<const uint8_t*>(decoded.pixels.get());
  for (int y = area.top; y < area.top + area.height; ++y) {
    std::copy_n(pixels + (static_cast<size_t>(y) * width + static_cast<size_t>(area.left)) * bands,
                static_cast<size_t>(area.width) * bands, VIPS_REGION_ADDR(region, area.left, y));
  }
  return 0;
}

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
  auto* decoded = new Decoded{file, {}, nullptr};
  g_signal_connect(picture.get(), "postclose",
                   G_CALLBACK(+[](VipsImage*, void* data) { delete static_cast<Decoded*>(data); }),
                   decoded);
  if (vips_image_pipelinev(picture.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) != 0 ||
      vips_image_generate(picture.get(), nullptr, fill, nullptr, decoded, nullptr) != 0) {
    return nullptr;
  }
  return picture;
}

}  // namespace impasto::qoi
