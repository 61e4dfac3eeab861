#include <tiffio.h>
#include <vips/vips.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <utility>

#include "image/pixel_source.h"
#include "image/tiff_colours.h"
#include "image/tiff_file.h"

namespace impasto::tiff_file {

namespace {

/// Reads the pieces of a file, strips or tiles, into rows of a picture.
class Pieces {
 public:
  Pieces(TIFF* tiff, const Layout& layout) : tiff_(tiff), layout_(layout) {
    uint32_t rows = 0;
    if (layout.tiles) {
      TIFFGetField(tiff, TIFFTAG_TILEWIDTH, &width_);
      TIFFGetField(tiff, TIFFTAG_TILELENGTH, &height_);
    } else {
      width_ = layout.width;
      TIFFGetFieldDefaulted(tiff, TIFFTAG_ROWSPERSTRIP, &rows);
      height_ = std::min(rows, layout.height);
    }
    together_ = layout.planes ? 1 : static_cast<size_t>(layout.samples);
    row_bytes_ = (size_t{width_} * together_ * static_cast<size_t>(layout.bits) + 7) / 8;
  }

  uint32_t height() const { return height_; }
  bool fits() const {
    const uint64_t size = layout_.tiles ? TIFFTileSize64(tiff_) : TIFFStripSize64(tiff_);
    return width_ > 0 && height_ > 0 && size == uint64_t{row_bytes_} * height_;
  }

  /// The rows from y on, as many as a piece has. False where they are damaged.
  bool read(uint32_t y, float* to) {
    piece_.resize(row_bytes_ * height_);
    const uint32_t rows = std::min(height_, layout_.height - y);
    const auto samples = static_cast<size_t>(layout_.samples);
    for (size_t plane = 0; plane < samples / together_; ++plane) {
      for (uint32_t x = 0; x < layout_.width; x += width_) {
        if (!decode(x, y, rows, static_cast<uint16_t>(plane))) return false;
        const uint32_t columns = std::min(width_, layout_.width - x);
        for (uint32_t r = 0; r < rows; ++r) {
          float* pixel = to + (size_t{r} * layout_.width + x) * samples + plane;
          const uint8_t* row = piece_.data() + r * row_bytes_;
          for (size_t i = 0; i < columns * together_; ++i) {
            pixel[i / together_ * samples + i % together_] = sample(row, i, layout_);
          }
        }
      }
    }
    return true;
  }

 private:
  bool decode(uint32_t x, uint32_t y, uint32_t rows, uint16_t plane) {
    const auto all = static_cast<tmsize_t>(piece_.size());
    if (layout_.tiles) {
      return TIFFReadEncodedTile(tiff_, TIFFComputeTile(tiff_, x, y, 0, plane), piece_.data(),
                                 all) == all;
    }
    const auto wanted = static_cast<tmsize_t>(row_bytes_ * rows);
    return TIFFReadEncodedStrip(tiff_, TIFFComputeStrip(tiff_, y, plane), piece_.data(), wanted) ==
           wanted;
  }

  TIFF* tiff_;
  const Layout& layout_;
  uint32_t width_ = 0, height_ = 0;
  size_t together_ = 1, row_bytes_ = 0;
  std::vector<uint8_t> piece_;
};

/// All of a file's pixels, decoded when libvips asks for the first.
class Decoded : public vips::PixelSource {
 public:
  /// `picture` is the one that it becomes the source of.
  Decoded(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner, const Layout& layout,
          const VipsImage* picture)
      : PixelSource("tiff"),
        bytes_(bytes),
        owner_(std::move(owner)),
        layout_(layout),
        bands_(picture->Bands),
        format_(picture->BandFmt),
        pixel_bytes_(VIPS_IMAGE_SIZEOF_PEL(picture)) {}

  bool begin() override {
    const File file(bytes_);
    if (!file.get()) return false;
    pixels_.resize(size_t{layout_.width} * layout_.height * pixel_bytes_);
    return layout_.kind == Layout::Kind::ycc ? by_libtiff(file.get()) : by_pieces(file);
  }

  void row(int y, int left, int width, void* to) const override {
    const size_t pixel = size_t(y) * layout_.width + size_t(left);
    std::memcpy(to, pixels_.data() + pixel * pixel_bytes_, size_t(width) * pixel_bytes_);
  }

 private:
  bool by_libtiff(TIFF* tiff) {
    uint16_t orientation = ORIENTATION_TOPLEFT;
    TIFFGetFieldDefaulted(tiff, TIFFTAG_ORIENTATION, &orientation);
    std::vector<uint32_t> raster(size_t{layout_.width} * layout_.height);
    if (TIFFReadRGBAImageOriented(tiff, layout_.width, layout_.height, raster.data(), orientation,
                                  1) == 0) {
      return false;
    }
    for (size_t i = 0; i < raster.size(); ++i) {
      pixels_[3 * i] = static_cast<uint8_t>(TIFFGetR(raster[i]));
      pixels_[3 * i + 1] = static_cast<uint8_t>(TIFFGetG(raster[i]));
      pixels_[3 * i + 2] = static_cast<uint8_t>(TIFFGetB(raster[i]));
    }
    return true;
  }

  bool by_pieces(const File& file) {
    Pieces pieces(file.get(), layout_);
    Meaning meaning(file.get(), layout_);
    if (!pieces.fits()) {
      vips_error("tiff", "its samples do not lie as its header says");
      return false;
    }
    const size_t width = layout_.width, samples = width * size_t(layout_.samples);
    std::vector<float> raw(samples * pieces.height()), row(width * size_t(bands_));
    for (uint32_t y = 0; y < layout_.height; ++y) {
      if (y % pieces.height() == 0 && !pieces.read(y, raw.data())) return false;
      meaning.row(raw.data() + y % pieces.height() * samples, bands_, row.data());
      store(row, format_, pixels_.data() + y * width * pixel_bytes_);
    }
    return true;
  }

  static void store(const std::vector<float>& row, VipsBandFormat format, uint8_t* to) {
    if (format == VIPS_FORMAT_FLOAT) {
      std::memcpy(to, row.data(), row.size() * sizeof(float));
      return;
    }
    const float white = format == VIPS_FORMAT_UCHAR ? 255 : 65535;
    for (const float v : row) {
      const float value = v >= 1 ? white : v > 0 ? v * white + 0.5f : 0;
      if (format == VIPS_FORMAT_UCHAR) {
        *to++ = static_cast<uint8_t>(value);
      } else {
        const auto wide = static_cast<uint16_t>(value);
        std::memcpy(to, &wide, 2);
        to += 2;
      }
    }
  }

  std::span<const uint8_t> bytes_;
  std::shared_ptr<const void> owner_;
  Layout layout_;
  int bands_;
  VipsBandFormat format_;
  size_t pixel_bytes_;
  std::vector<uint8_t> pixels_;
};

void attach(const File& file, VipsImage* picture) {
  const auto blob = [&](uint32_t tag, const char* name, uint32_t unit) {
    uint32_t count = 0;
    const void* data = nullptr;
    if (TIFFGetField(file.get(), tag, &count, &data) != 0 && count > 0) {
      vips_image_set_blob_copy(picture, name, data, size_t{count} * unit);
    }
  };
  blob(TIFFTAG_ICCPROFILE, VIPS_META_ICC_NAME, 1);
  blob(TIFFTAG_XMLPACKET, VIPS_META_XMP_NAME, 1);
  blob(TIFFTAG_RICHTIFFIPTC, VIPS_META_IPTC_NAME, 4);
  uint16_t orientation = ORIENTATION_TOPLEFT;
  TIFFGetFieldDefaulted(file.get(), TIFFTAG_ORIENTATION, &orientation);
  vips_image_set_int(picture, VIPS_META_ORIENTATION, orientation);
  vips_image_set_int(picture, VIPS_META_N_PAGES,
                     static_cast<int>(TIFFNumberOfDirectories(file.get())));
}

VipsInterpretation interpretation(const Layout& layout, bool fine) {
  if (layout.format == Layout::Format::real) return VIPS_INTERPRETATION_scRGB;
  if (layout.kind == Layout::Kind::ink) return VIPS_INTERPRETATION_CMYK;
  if (layout.kind == Layout::Kind::grey) {
    return fine ? VIPS_INTERPRETATION_GREY16 : VIPS_INTERPRETATION_B_W;
  }
  return fine ? VIPS_INTERPRETATION_RGB16 : VIPS_INTERPRETATION_sRGB;
}

}  // namespace

vips::Picture open(std::span<const uint8_t> bytes, std::shared_ptr<const void> owner) {
  const File file(bytes);
  if (!file.get()) return nullptr;
  const Layout layout = layout_of(file);
  if (layout.width < 1 || layout.height < 1 || std::cmp_greater(layout.width, VIPS_MAX_COORD) ||
      std::cmp_greater(layout.height, VIPS_MAX_COORD)) {
    vips_error("tiff", "its header is damaged");
    return nullptr;
  }
  const bool fine = layout.bits > 8;
  const bool grey_levels =
      layout.kind == Layout::Kind::grey && layout.format != Layout::Format::real;
  const bool ycc = layout.kind == Layout::Kind::ycc;
  const int colours = grey_levels ? 1 : layout.kind == Layout::Kind::ink ? 4 : 3;
  const int bands = colours + (layout.samples > layout.colours() && !ycc ? 1 : 0);
  vips::Picture picture(vips_image_new());
  vips_image_init_fields(picture.get(), static_cast<int>(layout.width),
                         static_cast<int>(layout.height), bands,
                         layout.format == Layout::Format::real ? VIPS_FORMAT_FLOAT
                         : fine                                ? VIPS_FORMAT_USHORT
                                                               : VIPS_FORMAT_UCHAR,
                         VIPS_CODING_NONE, interpretation(layout, fine), 1, 1);
  auto decoded = std::make_unique<Decoded>(bytes, std::move(owner), layout, picture.get());
  picture = vips::with_pixels(std::move(picture), std::move(decoded));
  if (!picture) return nullptr;
  attach(file, picture.get());
  vips_image_set_int(picture.get(), vips::decoded_at_once, 1);
  return picture;
}

}  // namespace impasto::tiff_file
