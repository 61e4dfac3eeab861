#include "capi/objects.h"
#include "capi/status.h"
#include "impasto/impasto.h"
#include "impasto/pixels.h"

using namespace impasto;

namespace {

PixelLayout layout_of(const impasto_layout* given) {
  const impasto_layout l = taken(given, "layout");
  PixelLayout layout;
  layout.width = l.width;
  layout.height = l.height;
  layout.channels = l.channels;
  // One that is unknown is refused by whoever gets it.
  layout.channel = static_cast<PixelLayout::Channel>(l.channel);
  layout.row_bytes = l.row_bytes;
  return layout;
}

void make(impasto_picture** picture, const std::function<Painting()>& read) {
  require(picture, "picture");
  *picture = nullptr;
  *picture = new impasto_picture(read());
}

}  // namespace

extern "C" impasto_status impasto_picture_read(const char* path, impasto_picture** picture) {
  return guarded([&] {
    require(path, "path");
    make(picture, [&] { return read_image(path); });
  });
}

extern "C" impasto_status impasto_painting_read(const char* path, impasto_picture** picture) {
  return guarded([&] {
    require(path, "path");
    make(picture, [&] { return read_painting(path); });
  });
}

extern "C" impasto_status impasto_picture_from(const void* pixels, const impasto_layout* layout,
                                               impasto_picture** picture) {
  return guarded([&] {
    require(pixels, "pixels");
    make(picture, [&] { return image_from(pixels, layout_of(layout)); });
  });
}

extern "C" void impasto_picture_free(impasto_picture* picture) {
  delete picture;
}

extern "C" impasto_status impasto_picture_describe(const impasto_picture* picture,
                                                   impasto_picture_info* info) {
  return guarded([&] {
    require(picture, "picture");
    const Image& image = *picture->image;
    impasto_picture_info whole{};
    whole.width = image.width();
    whole.height = image.height();
    whole.has_alpha = image.has_alpha();
    whole.bits = image.bits;
    whole.saved_style = picture->painting && picture->painting->learned;
    give(whole, info, "info");
  });
}

extern "C" impasto_status impasto_picture_copy(const impasto_picture* picture, void* pixels,
                                               const impasto_layout* layout) {
  return guarded([&] {
    require(picture, "picture");
    require(pixels, "pixels");
    copy_pixels(*picture->image, pixels, layout_of(layout));
  });
}

extern "C" impasto_status impasto_picture_write(const impasto_picture* picture, const char* path,
                                                int32_t quality) {
  return guarded([&] {
    require(picture, "picture");
    require(path, "path");
    WriteOptions options;
    if (quality != 0) options.quality = quality;
    write_image(*picture->image, path, options);
  });
}
