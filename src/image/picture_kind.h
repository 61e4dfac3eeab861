#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>

namespace impasto {

class InputFile;

/// The formats that are read. HEIF is AVIF, too; PNM is PBM, PGM, PPM and PFM.
enum class PictureKind {
  jpeg,
  png,
  webp,
  tiff,
  gif,
  heif,
  jxl,
  exr,
  pnm,
  radiance,
  svg,
  bmp,
  tga,
  psd,
  qoi,
};

/// Their names, for messages.
constexpr const char* readable_kinds =
    "JPEG, PNG, WebP, TIFF, HEIC, AVIF, JPEG XL, GIF, PSD, BMP, TGA, QOI, EXR, HDR, PNM or SVG";

/// What recognise() looks at: so many bytes, or the whole of a smaller file.
constexpr size_t beginning_bytes = 4096, end_bytes = 26;

/// What a file is.
struct Recognised {
  std::optional<PictureKind> kind;  ///< of a picture that is read; else
  std::string instead;              ///< what the file is, in some words
  bool unsupported = false;         ///< whether that is a picture of another format
};

/// Decides from a written list by the first bytes; for TGA, which has no mark there, by the last
/// ones or by its name and a header that makes sense. Nobody else is asked what a file is: libvips
/// would hand it to any of its loaders, and not all of them were made for files from strangers.
Recognised recognise(std::span<const uint8_t> beginning, std::span<const uint8_t> end,
                     const std::string& path);

/// The same of a file. Throws Error{input} naming it when it is empty or cannot be read.
Recognised recognise(const InputFile&);

}  // namespace impasto
