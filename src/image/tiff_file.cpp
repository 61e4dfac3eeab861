#include "image/tiff_file.h"

#include <tiffio.h>
#include <vips/vips.h>

#include <algorithm>
#include <cstdarg>
#include <cstring>

namespace impasto::tiff_file {

namespace {

/// What libtiff reads of: the bytes, and where it is.
struct Stream {
  std::span<const uint8_t> bytes;
  uint64_t at;
};

tmsize_t read(thandle_t handle, void* to, tmsize_t wanted) {
  auto& [bytes, at] = *static_cast<Stream*>(handle);
  const uint64_t left = bytes.size() - std::min<uint64_t>(at, bytes.size());
  const uint64_t count = std::min(static_cast<uint64_t>(std::max<tmsize_t>(wanted, 0)), left);
  if (count > 0) std::memcpy(to, bytes.data() + at, count);
  at += count;
  return static_cast<tmsize_t>(count);
}

tmsize_t refuse_to_write(thandle_t, void*, tmsize_t) {
  return 0;
}

toff_t seek(thandle_t handle, toff_t offset, int whence) {
  auto& [bytes, at] = *static_cast<Stream*>(handle);
  at = offset + (whence == SEEK_CUR ? at : whence == SEEK_END ? bytes.size() : 0);
  return at;
}

int close(thandle_t handle) {
  delete static_cast<Stream*>(handle);
  return 0;
}

toff_t size(thandle_t handle) {
  return static_cast<Stream*>(handle)->bytes.size();
}

int complain(TIFF*, void*, const char*, const char* format, va_list arguments) {
  vips_verror("tiff", format, arguments);
  return 1;
}

int ignore(TIFF*, void*, const char*, const char*, va_list) {
  return 1;
}

template <class T>
T field(TIFF* tiff, uint32_t tag, T otherwise) {
  T value = otherwise;
  return TIFFGetFieldDefaulted(tiff, tag, &value) != 0 ? value : otherwise;
}

Layout::Kind kind_of(uint16_t photometric, Layout& layout) {
  switch (photometric) {
    case PHOTOMETRIC_MINISWHITE:
    case PHOTOMETRIC_MINISBLACK:
      return Layout::Kind::grey;
    case PHOTOMETRIC_RGB:
      return Layout::Kind::rgb;
    case PHOTOMETRIC_PALETTE:
      return Layout::Kind::palette;
    case PHOTOMETRIC_SEPARATED:
      return Layout::Kind::ink;
    case PHOTOMETRIC_CIELAB:
      return Layout::Kind::lab;
    case PHOTOMETRIC_ICCLAB:
      return Layout::Kind::icc_lab;
    case PHOTOMETRIC_YCBCR:
      return Layout::Kind::ycc;
    case PHOTOMETRIC_LOGL:
    case PHOTOMETRIC_LOGLUV:
      return Layout::Kind::light;
    default:
      layout.unsupported = "colours of kind " + std::to_string(photometric);
      return Layout::Kind::grey;
  }
}

/// What is readable of a kind of samples.
std::string refusal(const Layout& layout, uint16_t format) {
  const std::string bits = std::to_string(layout.bits) + " bits a sample";
  if (layout.format == Layout::Format::real) {
    if (layout.bits != 16 && layout.bits != 32 && layout.bits != 64)
      return bits + " of real numbers";
    if (layout.kind != Layout::Kind::grey && layout.kind != Layout::Kind::rgb &&
        layout.kind != Layout::Kind::light) {
      return "real numbers that are neither grey nor RGB";
    }
    return "";
  }
  if (format > SAMPLEFORMAT_IEEEFP && format != SAMPLEFORMAT_VOID) return "complex numbers";
  if (layout.bits > 32) return bits;
  switch (layout.kind) {
    case Layout::Kind::palette:
      return layout.bits > 16 || layout.samples != 1 ? bits + " of a palette" : "";
    case Layout::Kind::lab:
    case Layout::Kind::icc_lab:
      return layout.bits != 8 && layout.bits != 16 ? bits + " of CIELab" : "";
    case Layout::Kind::ycc:
      return layout.bits != 8 ? bits + " of YCbCr" : "";
    default:
      return "";
  }
}

}  // namespace

void File::Close::operator()(tiff* handle) const {
  TIFFClose(handle);
}

File::File(std::span<const uint8_t> bytes) : bytes_(bytes) {
  const std::unique_ptr<TIFFOpenOptions, void (*)(TIFFOpenOptions*)> options(TIFFOpenOptionsAlloc(),
                                                                             TIFFOpenOptionsFree);
  TIFFOpenOptionsSetErrorHandlerExtR(options.get(), complain, nullptr);
  TIFFOpenOptionsSetWarningHandlerExtR(options.get(), ignore, nullptr);
  auto stream = std::make_unique<Stream>(Stream{bytes, 0});
  // "m": libtiff would map files by itself.
  handle_.reset(TIFFClientOpenExt("TIFF", "rm", stream.get(), read, refuse_to_write, seek, close,
                                  size, nullptr, nullptr, options.get()));
  if (handle_) (void)stream.release();  // libtiff closes it
}

int Layout::colours() const {
  switch (kind) {
    case Kind::grey:
    case Kind::palette:
      return 1;
    case Kind::ink:
      return 4;
    case Kind::light:
      return std::min(samples, 3);
    default:
      return 3;
  }
}

bool Layout::suits_vips() const {
  if (premultiplied || (planes && tiles && samples > 1)) return false;
  if (format == Format::real) return bits == 32 && kind != Kind::light;
  if (format != Format::levels) return false;
  switch (kind) {
    case Kind::grey:
      return bits == 8 || bits == 16 || (samples == 1 && (bits == 1 || bits == 2 || bits == 4));
    case Kind::palette:
      return bits == 1 || bits == 2 || bits == 4 || bits == 8;
    case Kind::rgb:
    case Kind::ink:
      return bits == 8 || bits == 16;
    default:
      return false;
  }
}

Layout layout_of(const File& file) {
  TIFF* const tiff = file.get();
  Layout layout;
  layout.width = field<uint32_t>(tiff, TIFFTAG_IMAGEWIDTH, 0);
  layout.height = field<uint32_t>(tiff, TIFFTAG_IMAGELENGTH, 0);
  layout.bits = field<uint16_t>(tiff, TIFFTAG_BITSPERSAMPLE, 1);
  layout.samples = field<uint16_t>(tiff, TIFFTAG_SAMPLESPERPIXEL, 1);
  layout.planes =
      field<uint16_t>(tiff, TIFFTAG_PLANARCONFIG, PLANARCONFIG_CONTIG) == PLANARCONFIG_SEPARATE &&
      layout.samples > 1;
  layout.tiles = TIFFIsTiled(tiff) != 0;
  const auto photometric = field<uint16_t>(tiff, TIFFTAG_PHOTOMETRIC, PHOTOMETRIC_MINISBLACK);
  layout.kind = kind_of(photometric, layout);
  layout.white_is_zero = photometric == PHOTOMETRIC_MINISWHITE;
  const auto format = field<uint16_t>(tiff, TIFFTAG_SAMPLEFORMAT, SAMPLEFORMAT_UINT);
  layout.format = format == SAMPLEFORMAT_IEEEFP ? Layout::Format::real
                  : format == SAMPLEFORMAT_INT  ? Layout::Format::signed_levels
                                                : Layout::Format::levels;
  if (layout.kind == Layout::Kind::light) {  // libtiff makes XYZ, or Y, of it
    TIFFSetField(tiff, TIFFTAG_SGILOGDATAFMT, SGILOGDATAFMT_FLOAT);
    layout.format = Layout::Format::real;
    layout.bits = 32;
  }
  const auto compression = field<uint16_t>(tiff, TIFFTAG_COMPRESSION, COMPRESSION_NONE);
  if (layout.kind == Layout::Kind::ycc && compression == COMPRESSION_JPEG) {
    layout.kind = Layout::Kind::rgb;  // the codec converts
    TIFFSetField(tiff, TIFFTAG_JPEGCOLORMODE, JPEGCOLORMODE_RGB);
  }
  if (layout.kind == Layout::Kind::lab || layout.kind == Layout::Kind::icc_lab) {
    layout.format = Layout::Format::levels;  // some mark them as signed
  }
  uint16_t extra = 0, *kinds = nullptr;
  if (TIFFGetFieldDefaulted(tiff, TIFFTAG_EXTRASAMPLES, &extra, &kinds) != 0 && extra > 0) {
    layout.premultiplied = kinds[0] == EXTRASAMPLE_ASSOCALPHA && layout.samples > layout.colours();
  }
  if (layout.unsupported.empty()) layout.unsupported = refusal(layout, format);
  if (layout.unsupported.empty() && layout.samples < layout.colours()) {
    layout.unsupported = std::to_string(layout.samples) + " samples a pixel for " +
                         std::to_string(layout.colours()) + " colours";
  }
  return layout;
}

Resolution resolution_of(const File& file) {
  float x = 0, y = 0;
  const auto unit = field<uint16_t>(file.get(), TIFFTAG_RESOLUTIONUNIT, RESUNIT_INCH);
  const double factor = unit == RESUNIT_INCH ? 1 : unit == RESUNIT_CENTIMETER ? 2.54 : 0;
  if (TIFFGetField(file.get(), TIFFTAG_XRESOLUTION, &x) == 0 ||
      TIFFGetField(file.get(), TIFFTAG_YRESOLUTION, &y) == 0) {
    return {};
  }
  return told({factor * x, factor * y});
}

}  // namespace impasto::tiff_file
