#include "image/rows.h"

#include <vips/vips.h>

#include <algorithm>
#include <vector>

#include "image/resolution.h"

namespace impasto {

namespace {

constexpr double mm_per_inch = 25.4;

void fill_region(const Rows& rows, VipsRegion* region) {
  const auto& [image, samples, failure] = rows;
  const VipsRect& area = region->valid;
  const size_t pixel = samples.row_bytes(image) / static_cast<size_t>(image.width());
  std::vector<uint8_t> row(samples.row_bytes(image));
  for (int y = area.top; y < area.top + area.height; ++y) {
    samples.row(image, y, row.data());
    std::copy_n(row.data() + area.left * pixel, area.width * pixel,
                VIPS_REGION_ADDR(region, area.left, y));
  }
}

int fill(VipsRegion* region, void*, void* to, void*, gboolean*) {
  auto& rows = *static_cast<Rows*>(to);
  return vips::guarded(rows.failure, [&] { fill_region(rows, region); });
}

Resolution resolution_of(const Image& image) {
  const auto exif = image.metadata.find("exif");
  const Resolution found =
      exif == image.metadata.end() ? Resolution() : exif::resolution_in(exif->second);
  return found.is_known() ? found : Resolution{72, 72};
}

}  // namespace

vips::Picture Rows::as_picture() {
  const bool fine = samples.bits == 16;
  const Resolution resolution = resolution_of(image);
  vips::Picture picture(vips_image_new());
  vips_image_init_fields(picture.get(), image.width(), image.height(), samples.bands,
                         fine ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                         fine ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB,
                         resolution.x / mm_per_inch, resolution.y / mm_per_inch);
  const bool made =
      vips_image_pipelinev(picture.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr) == 0 &&
      vips_image_generate(picture.get(), nullptr, fill, nullptr, this, nullptr) == 0;
  return made ? std::move(picture) : vips::Picture();
}

}  // namespace impasto
