#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>

#include "image/embed.h"
#include "image/exif.h"
#include "image/iptc.h"
#include "image/jpeg_end.h"
#include "image/jxl_boxes.h"
#include "image/png_colour.h"
#include "image/resolution.h"
#include "image/xmp.h"

using namespace impasto;

namespace {

using Span = std::span<const uint8_t>;

// What was normalised once is not changed by doing it again.
void try_exif(Span bytes) {
  exif::Bytes block = exif::normalised(bytes);
  if (exif::normalised(block) != block) std::abort();
  exif::set_size(block, 640, 480);
  exif::set_uncalibrated(block);
  exif::normalised(exif::from_tiff(bytes));
}

// `file` in front of the split gets the fields of the block behind it.
void try_tiff(Span bytes) {
  const size_t split = bytes.empty() ? 0 : bytes[0] * bytes.size() / 256;
  exif::Bytes file(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(split));
  exif::into_tiff(file, bytes.subspan(split), bytes.first(split / 2));
  exif::from_tiff(file);
}

// A recipe comes out as it went in, whatever it was put into.
void try_xmp(Span bytes) {
  const std::string packet(bytes.begin(), bytes.end());
  xmp::recipe_in(packet);
  const std::string upright = xmp::upright(packet);
  const std::string recipe = "{\"a\": \"<&>\n\"}";
  if (xmp::recipe_in(xmp::with_recipe(upright, recipe)) != recipe) std::abort();
}

void try_iptc(Span bytes) {
  const iptc::Bytes records = iptc::records_in(bytes);
  if (records.empty() || records.size() > 60'000) return;
  if (iptc::records_in(iptc::photoshop_segment(records)) != records) std::abort();
}

// A block tells what it was told, wherever it told something before.
void try_resolution(Span bytes) {
  resolution_in(bytes);
  exif::resolution_in(bytes);
  exif::Bytes block = exif::normalised(bytes);
  for (const Resolution wanted : {Resolution{300, 150}, Resolution{117.5, 400}}) {
    exif::set_resolution(block, wanted);
    const Resolution told = exif::resolution_in(block);
    if (std::abs(told.x - wanted.x) > 0.01 || std::abs(told.y - wanted.y) > 0.01) std::abort();
  }
}

void try_png(Span bytes) {
  png::colour_of(bytes);
}

void try_jxl(Span bytes) {
  jxl::Bytes file(bytes.begin(), bytes.end());
  const jxl::Boxes boxes = jxl::read(bytes);
  jxl::embed(file, {{}, boxes.exif, "<packet/>"});
  jxl::read(file);
}

void try_jpeg(Span bytes) {
  if (jpeg::lacks_end(bytes)) jpeg::with_end(bytes);
}

void try_embedding(Span bytes) {
  const embed::Metadata all{
      bytes, bytes, {reinterpret_cast<const char*>(bytes.data()), bytes.size()}, bytes};
  embed::Bytes jpeg = {0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xd9}, png(40), webp(12);
  embed::into_jpeg(jpeg, all);
  embed::into_png(png, all);
  webp.insert(webp.end(), bytes.begin(), bytes.end());
  embed::into_webp(webp, all, 3, 2, true);
}

}  // namespace

/// The first byte chooses a parser; none may crash, hang or lose what it was given.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  if (size == 0) return 0;
  constexpr void (*parsers[])(Span) = {try_exif,       try_tiff, try_xmp, try_iptc, try_embedding,
                                       try_resolution, try_png,  try_jxl, try_jpeg};
  parsers[data[0] % std::size(parsers)]({data + 1, size - 1});
  return 0;
}
