#include "image/encode.h"

#include <vips/vips.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string_view>

#include "image/embed.h"
#include "image/exif.h"
#include "image/file_target.h"
#include "image/jxl_boxes.h"
#include "image/mapped_file.h"
#include "image/quantise.h"
#include "image/rgb_profile.h"
#include "image/rows.h"
#include "image/save_progress.h"
#include "image/vips.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Bytes = std::vector<uint8_t>;

/// Copies an EXIF block into the fields from which libvips' own savers compose one.
void attach_exif(VipsImage* image, const Bytes& block) {
  // There is no call for it, but the JPEG loader does it, so let it read a picture of one pixel.
  Bytes carrier = encode(Image(1, 1), FileFormat::jpeg, {}, "", "EXIF");
  embed::into_jpeg(carrier, {{}, block, {}});
  VipsImage* parsed = nullptr;
  if (vips_jpegload_buffer(carrier.data(), carrier.size(), &parsed, nullptr) != 0) {
    vips_error_clear();  // an unreadable block is not worth losing the picture
    return;
  }
  const vips::Picture owner(parsed);
  const auto copy = [](VipsImage*, const char* field, GValue* value, void* target) -> void* {
    if (std::string_view(field).starts_with("exif-")) {
      vips_image_set(static_cast<VipsImage*>(target), field, value);
    }
    return nullptr;
  };
  vips_image_map(parsed, copy, image);
}

/// The profile that libvips keeps for sRGB.
Bytes srgb_profile() {
  VipsBlob* blob = nullptr;
  if (vips_profile_load("srgb", &blob, nullptr) != 0 || blob == nullptr) {
    vips_error_clear();
    return {};  // untagged pixels are taken for sRGB
  }
  size_t size = 0;
  const auto* data = static_cast<const uint8_t*>(vips_blob_get(blob, &size));
  const Bytes result(data, data + size);
  vips_area_unref(VIPS_AREA(blob));
  return result;
}

int save(VipsImage* image, FileFormat format, int quality, VipsTarget* target) {
  switch (format) {
    case FileFormat::jpeg:
      // The best codes take all coefficients in memory: not for the tenth that they save there.
      return vips_jpegsave_target(image, target, "Q", quality, "optimize_coding",
                                  VIPS_IMAGE_N_PELS(image) < most_optimised, "strip", TRUE,
                                  nullptr);
    case FileFormat::png:
      return vips_pngsave_target(image, target, "strip", TRUE, nullptr);
    case FileFormat::webp:
      return vips_webpsave_target(image, target, "Q", quality, "smart_subsample", TRUE, "strip",
                                  TRUE, nullptr);
    case FileFormat::tiff:
      return vips_tiffsave_target(image, target, "compression", VIPS_FOREIGN_TIFF_COMPRESSION_LZW,
                                  "predictor", VIPS_FOREIGN_TIFF_PREDICTOR_HORIZONTAL, "bigtiff",
                                  VIPS_IMAGE_SIZEOF_IMAGE(image) > 3'900'000'000u, "resunit",
                                  VIPS_FOREIGN_TIFF_RESUNIT_INCH, nullptr);
    case FileFormat::avif:
    case FileFormat::heif:
      // 12 bits for AVIF: libheif 1.15 and libaom 3.6 abort on 10.
      return vips_heifsave_target(
          image, target, "Q", quality, "bitdepth",
          vips_image_get_format(image) == VIPS_FORMAT_USHORT ? info_of(format).bits : 8,
          "compression",
          format == FileFormat::avif ? VIPS_FOREIGN_HEIF_COMPRESSION_AV1
                                     : VIPS_FOREIGN_HEIF_COMPRESSION_HEVC,
          nullptr);
    case FileFormat::jxl:
      return vips_jxlsave_target(image, target, "Q", quality, nullptr);
  }
  return -1;
}

/// A picture with all that is written beside its pixels.
class Prepared {
 public:
  Prepared(const Image&, FileFormat, const WriteOptions&, const std::string& xmp,
           const std::string& name);

  void save(VipsTarget*, const std::function<void()>& check) const;
  /// Puts into a file's beginning, or into a whole WebP, what libvips would change.
  void embed_into(Bytes& file) const;
  /// The same at the end of a TIFF.
  exif::TiffTail tail(std::span<const uint8_t> file) const {
    return exif::tail_of_tiff(file, exif_, iptc_);  // libvips keeps a quarter of IPTC
  }

 private:
  const Image& image_;
  const FileFormat format_;
  const int quality_;
  Progress* const progress_;
  const std::string &xmp_, &name_;
  Bytes icc_, exif_, iptc_;
  std::optional<RgbProfile> profile_;
  std::unique_ptr<Rows> rows_;
  vips::Picture picture_;
};

Prepared::Prepared(const Image& image, FileFormat format, const WriteOptions& options,
                   const std::string& xmp, const std::string& name)
    : image_(image),
      format_(format),
      quality_(std::clamp(options.quality, 1, 100)),
      progress_(options.progress),
      xmp_(xmp),
      name_(name) {
  vips::start();
  const FormatInfo& info = info_of(format);
  if (options.bits != 0 && options.bits != 8 && options.bits != 16) {
    throw Error(ErrorCode::usage,
                name + ": expected 8 or 16 bits a channel, found " + std::to_string(options.bits));
  }
  if (image.empty()) throw Error(ErrorCode::output, name + ": an empty picture cannot be written");
  if (!image.alpha.empty() &&
      image.alpha.size() != static_cast<size_t>(image.width()) * image.height()) {
    throw Error(ErrorCode::internal, name + ": the alpha plane has another size than the picture");
  }
  if (info.max_side > 0 && std::max(image.width(), image.height()) > info.max_side) {
    throw Error(ErrorCode::output, name + ": " + info.name + " holds at most " +
                                       std::to_string(info.max_side) + " pixels a side, found " +
                                       std::to_string(image.width()) + "x" +
                                       std::to_string(image.height()));
  }
  if (const auto found = image.metadata.find("icc"); found != image.metadata.end()) {
    profile_ = RgbProfile::parse(found->second);
    icc_ = profile_ ? found->second : srgb_profile();
    if (profile_ && profile_->is_srgb()) profile_.reset();  // nothing to convert
  }
  const int bands = image.alpha.empty() || format == FileFormat::jpeg ? 3 : 4;
  const int bits = std::min(options.bits == 0 ? image.bits : options.bits, info.bits) > 8 ? 16 : 8;
  rows_ = std::make_unique<Rows>(Rows{image, {bands, bits, profile_ ? &*profile_ : nullptr}});
  picture_ = rows_->as_picture();
  if (!picture_)
    throw Error(ErrorCode::output, name + ": cannot be encoded: " + vips::take_error());

  if (const auto found = image.metadata.find("exif"); found != image.metadata.end()) {
    exif_ = found->second;
    exif::set_size(exif_, image.width(), image.height());
    if (profile_) exif::set_uncalibrated(exif_);
  }
  if (const auto found = image.metadata.find("iptc"); found != image.metadata.end()) {
    iptc_ = found->second;
  }
  const bool heif = format == FileFormat::avif || format == FileFormat::heif;
  if (heif || format == FileFormat::tiff || format == FileFormat::jxl) {
    const auto attach = [&](const char* field, const auto& value) {
      if (value.empty()) return;
      vips_image_set_blob_copy(picture_.get(), field, value.data(), value.size());
    };
    attach(VIPS_META_ICC_NAME, icc_);
    if (format != FileFormat::jxl) attach(VIPS_META_XMP_NAME, xmp);
  }
  if (heif && !exif_.empty()) attach_exif(picture_.get(), exif_);
}

// `check` throws if the target, not the saver, has failed.
void Prepared::save(VipsTarget* target, const std::function<void()>& check) const {
  const SaveProgress heard(picture_.get(), progress_);
  const int failed = impasto::save(picture_.get(), format_, quality_, target);
  heard.check();
  if (failed == 0) return;
  const std::string reason = vips::take_error();
  if (rows_->failure) std::rethrow_exception(rows_->failure);
  check();
  throw Error(ErrorCode::output,
              name_ + ": cannot be encoded as " + info_of(format_).name + ": " + reason);
}

void Prepared::embed_into(Bytes& file) const {
  const embed::Metadata metadata{icc_, exif_, xmp_, iptc_, exif::resolution_in(exif_)};
  if (format_ == FileFormat::jpeg) embed::into_jpeg(file, metadata);
  if (format_ == FileFormat::png) embed::into_png(file, metadata);
  if (format_ == FileFormat::jxl) jxl::embed(file, metadata);
  if (format_ == FileFormat::webp) {
    embed::into_webp(file, metadata, image_.width(), image_.height(), rows_->samples.bands == 4);
  }
}

}  // namespace

std::vector<uint8_t> encode(const Image& image, FileFormat format, const WriteOptions& options,
                            const std::string& xmp, const std::string& name) {
  const Prepared prepared(image, format, options, xmp, name);
  const std::unique_ptr<VipsTarget, decltype(&g_object_unref)> target(vips_target_new_to_memory(),
                                                                      g_object_unref);
  prepared.save(target.get(), [] {});
  VipsBlob* blob = nullptr;
  g_object_get(target.get(), "blob", &blob, nullptr);
  size_t size = 0;
  const auto* data = static_cast<const uint8_t*>(vips_blob_get(blob, &size));
  Bytes file(data, data + size);
  vips_area_unref(VIPS_AREA(blob));
  prepared.embed_into(file);
  if (format == FileFormat::tiff) exif::append(file, prepared.tail(file));
  return file;
}

void encode_to(OutputFile& file, const Image& image, FileFormat format, const WriteOptions& options,
               const std::string& xmp, const std::string& name) {
  if (format == FileFormat::webp) return file.write(encode(image, format, options, xmp, name));
  const Prepared prepared(image, format, options, xmp, name);
  const bool spliced =
      format == FileFormat::jpeg || format == FileFormat::png || format == FileFormat::jxl;
  const auto splice = [&](Bytes& beginning) { prepared.embed_into(beginning); };
  FileTarget target(file, spliced ? FileTarget::Splice(splice) : nullptr);
  prepared.save(target.get(), [&] { target.check(); });
  target.finish();
  if (format != FileFormat::tiff) return;
  const exif::TiffTail tail = prepared.tail(MappedFile(file.descriptor()).bytes());
  file.append(tail.bytes);
  file.overwrite(exif::TiffTail::pointer_place, tail.pointer);
}

}  // namespace impasto
