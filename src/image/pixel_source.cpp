#include "image/pixel_source.h"

#include <vips/vips.h>

#include <exception>
#include <new>
#include <utility>

namespace impasto::vips {

namespace {

// Exceptions must not pass through libvips.
int fill(VipsRegion* region, void*, void* client, void*, gboolean*) {
  auto& source = *static_cast<PixelSource*>(client);
  try {
    if (!source.is_begun()) return -1;
  } catch (const std::bad_alloc&) {
    vips_error(source.format(), "out of memory");
    return -1;
  } catch (const std::exception& e) {
    vips_error(source.format(), "%s", e.what());
    return -1;
  }
  const VipsRect& area = region->valid;
  for (int y = area.top; y < area.top + area.height; ++y) {
    source.row(y, area.left, area.width, VIPS_REGION_ADDR(region, area.left, y));
  }
  return 0;
}

}  // namespace

bool PixelSource::is_begun() {
  std::call_once(begun_, [&] { whole_ = begin(); });
  return whole_;
}

Picture with_pixels(Picture picture, std::unique_ptr<PixelSource> source) {
  PixelSource* const kept = source.release();
  g_signal_connect(
      picture.get(), "postclose",
      G_CALLBACK(+[](VipsImage*, void* data) { delete static_cast<PixelSource*>(data); }), kept);
  const bool made =
      vips_image_pipelinev(picture.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) == 0 &&
      vips_image_generate(picture.get(), nullptr, fill, nullptr, kept, nullptr) == 0;
  return made ? std::move(picture) : Picture();
}

}  // namespace impasto::vips
