#include "image/complete.h"

#include <vips/vips.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <vector>

#include "image/embedded_profile.h"
#include "image/exif.h"
#include "image/jpeg_end.h"
#include "image/jxl_boxes.h"
#include "image/png_colour.h"
#include "image/resolution.h"
#include "image/tiff_file.h"

namespace impasto {

namespace {

using Bytes = std::vector<uint8_t>;

constexpr const char* made_profile = "impasto-made-profile";

std::span<const uint8_t> blob(VipsImage* picture, const char* name) {
  const void* data = nullptr;
  size_t size = 0;
  if (vips_image_get_typeof(picture, name) != VIPS_TYPE_BLOB ||
      vips_image_get_blob(picture, name, &data, &size) != 0) {
    return {};
  }
  return {static_cast<const uint8_t*>(data), size};
}

void set_blob(VipsImage* picture, const char* name, const Bytes& bytes) {
  if (!bytes.empty()) vips_image_set_blob_copy(picture, name, bytes.data(), bytes.size());
}

void take_boxes(VipsImage* picture, std::span<const uint8_t> file) {
  const jxl::Boxes boxes = jxl::read(file);
  set_blob(picture, VIPS_META_EXIF_NAME, boxes.exif);
  set_blob(picture, VIPS_META_XMP_NAME, boxes.xmp);
  vips_image_remove(picture, VIPS_META_ORIENTATION);  // that of the codestream counts
}

/// HEIF's items of text are numbered; which of them is XMP, its content tells.
void take_xmp_item(VipsImage* picture) {
  struct Search {
    Bytes found;
  } search;
  const auto look = [](VipsImage* image, const char* name, GValue*, void* to) -> void* {
    if (!std::string_view(name).starts_with("heif-mime-")) return nullptr;
    const std::span<const uint8_t> item = blob(image, name);
    const std::string_view text(reinterpret_cast<const char*>(item.data()), item.size());
    Bytes& found = static_cast<Search*>(to)->found;
    if (found.empty() && text.find("<rdf:RDF") != std::string_view::npos) {
      found.assign(item.begin(), item.end());
    }
    return nullptr;
  };
  vips_image_map(picture, look, &search);
  set_blob(picture, VIPS_META_XMP_NAME, search.found);
}

void take_exif(VipsImage* picture, PictureKind kind, std::span<const uint8_t> file) {
  Bytes block = exif::normalised(blob(picture, VIPS_META_EXIF_NAME));
  Resolution resolution = resolution_in(file);
  if (kind == PictureKind::tiff) {  // libvips does not read the EXIF fields of TIFF
    block = exif::normalised(exif::from_tiff(file));
    const tiff_file::File opened(file);
    if (opened.get()) resolution = tiff_file::resolution_of(opened);
    vips_error_clear();
  }
  if (!resolution.is_known()) resolution = exif::resolution_in(block);
  const int orientation = vips_image_get_orientation(picture);
  if (resolution.is_known()) {
    if (orientation > 4) std::swap(resolution.x, resolution.y);
    exif::set_resolution(block, resolution);
  }
  vips_image_remove(picture, VIPS_META_EXIF_NAME);
  set_blob(picture, VIPS_META_EXIF_NAME, block);  // by which libvips takes it for upright
  vips_image_set_int(picture, VIPS_META_ORIENTATION, orientation);
}

int colours_of(VipsImage* picture) {
  switch (vips_image_guess_interpretation(picture)) {
    case VIPS_INTERPRETATION_B_W:
    case VIPS_INTERPRETATION_GREY16:
      return 1;
    case VIPS_INTERPRETATION_CMYK:
      return 4;
    default:
      return 3;
  }
}

std::string fit_profile(VipsImage* picture) {
  const std::span<const uint8_t> icc = blob(picture, VIPS_META_ICC_NAME);
  if (icc.empty()) return "";
  const EmbeddedProfile examined = examine_profile(icc, colours_of(picture));
  set_blob(picture, VIPS_META_ICC_NAME, examined.mended);
  if (examined.fault.empty()) return "";
  vips_image_remove(picture, VIPS_META_ICC_NAME);
  return "its colour profile " + examined.fault + ", so its colours are taken for " +
         (colours_of(picture) == 4 ? "those of common inks" : "sRGB");
}

std::string take_png_colour(VipsImage* picture, std::span<const uint8_t> file) {
  const png::Colour colour = png::colour_of(file);
  if (colour.profile.empty()) return colour.note;
  set_blob(picture, VIPS_META_ICC_NAME, colour.profile);
  if (!colour.wide) vips_image_set_int(picture, made_profile, 1);
  return "";
}

}  // namespace

std::string complete(VipsImage* picture, PictureKind kind, std::span<const uint8_t> file) {
  std::string notes;
  const auto say = [&](const std::string& note) {
    if (!note.empty()) notes += (notes.empty() ? "" : "; ") + note;
  };
  if (kind == PictureKind::jxl) take_boxes(picture, file);
  if (kind == PictureKind::heif) take_xmp_item(picture);
  if (kind == PictureKind::png) say(take_png_colour(picture, file));
  if (kind == PictureKind::jpeg && jpeg::lacks_end(file)) {
    say("lacks its end marker; all of the picture is there");
  }
  take_exif(picture, kind, file);
  say(fit_profile(picture));
  return notes;
}

bool has_made_profile(VipsImage* picture) {
  return vips_image_get_typeof(picture, made_profile) != 0;
}

}  // namespace impasto
