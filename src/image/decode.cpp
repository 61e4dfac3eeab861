#include "image/decode.h"

#include <vips/vips.h>

#include <algorithm>
#include <optional>

#include "image/rgb_profile.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using vips::Picture;

/// Wraps the output of a libvips operation; `status` is what the operation returned. A reference,
/// as callers run the operation in the first argument.
Picture checked(int status, VipsImage* const& output, const std::string& path) {
  if (status != 0) {
    throw Error(ErrorCode::input, path + ": is damaged: " + vips::take_error());
  }
  return Picture(output);
}

Picture shared(const Picture& picture) {
  g_object_ref(picture.get());
  return Picture(picture.get());
}

Picture upright(const Picture& in, const std::string& path) {
  if (vips_image_get_orientation(in.get()) <= 1) return shared(in);
  // Turning reads in another order than the file can be decoded.
  VipsImage* out = vips_image_copy_memory(in.get());
  const Picture whole = checked(out == nullptr ? -1 : 0, out, path);
  return checked(vips_autorot(whole.get(), &out, nullptr), out, path);
}

Picture bands(const Picture& in, int first, int count, const std::string& path) {
  VipsImage* out = nullptr;
  const int status = vips_extract_band(in.get(), &out, first, "n", count, nullptr);
  return checked(status, out, path);
}

Picture scaled(const Picture& in, double factor, const std::string& path) {
  VipsImage* out = nullptr;
  return checked(vips_linear1(in.get(), &out, factor, 0, nullptr), out, path);
}

bool has_icc(const Picture& picture) {
  return vips_image_get_typeof(picture.get(), VIPS_META_ICC_NAME) != 0;
}

/// The profile by which `store` has to convert; empty for sRGB and where libvips has to.
std::optional<RgbProfile> rgb_profile(const Picture& in, int colours) {
  const void* data = nullptr;
  size_t size = 0;
  if (colours != 3 || !has_icc(in) ||
      vips_image_get_blob(in.get(), VIPS_META_ICC_NAME, &data, &size) != 0) {
    return {};
  }
  return RgbProfile::parse({static_cast<const uint8_t*>(data), size});
}

/// Grey, RGB or CMYK samples in any colour space to float sRGB 0..1 (of 1 or 3 bands); without its
/// profile when `store` is going to apply that.
Picture to_srgb(const Picture& in, VipsInterpretation space, bool with_profile,
                const std::string& path) {
  VipsImage* out = nullptr;
  const bool ink = space == VIPS_INTERPRETATION_CMYK;
  if (with_profile && (ink || has_icc(in))) {
    const char* otherwise = ink ? "cmyk" : nullptr;  // the profile for inks that libvips keeps
    if (vips_icc_transform(in.get(), &out, "srgb", "embedded", TRUE, "input_profile", otherwise,
                           "depth", 16, "intent", VIPS_INTENT_RELATIVE, "black_point_compensation",
                           TRUE, nullptr) == 0) {
      return scaled(Picture(out), 1.0 / 65535, path);
    }
    vips_error_clear();  // a profile that fits no picture is worse than none
  }
  const VipsBandFormat format = vips_image_get_format(in.get());
  // Real numbers are linear light, unless a profile says what they are.
  if (!with_profile && has_icc(in) && format == VIPS_FORMAT_FLOAT) return shared(in);
  const bool plain = space == VIPS_INTERPRETATION_sRGB || space == VIPS_INTERPRETATION_B_W ||
                     space == VIPS_INTERPRETATION_RGB16 || space == VIPS_INTERPRETATION_GREY16;
  if (plain && format == VIPS_FORMAT_UCHAR) return scaled(in, 1.0 / 255, path);
  if (plain && format == VIPS_FORMAT_USHORT) return scaled(in, 1.0 / 65535, path);
  const int status =
      vips_colourspace(in.get(), &out, VIPS_INTERPRETATION_RGB16, "source_space", space, nullptr);
  return scaled(checked(status, out, path), 1.0 / 65535, path);
}

Picture alpha_of(const Picture& in, int band, VipsInterpretation space, const std::string& path) {
  const double opaque = vips_image_get_format(in.get()) == VIPS_FORMAT_USHORT ? 65535
                        : space == VIPS_INTERPRETATION_scRGB                  ? 1
                                                                              : 255;
  return scaled(bands(in, band, 1, path), 1 / opaque, path);
}

struct Target {
  PixelSink& sink;
  const std::optional<RgbProfile>& profile;
  std::vector<float> row, alpha;
  std::exception_ptr failure;
};

/// Receives decoded rows of float grey or RGB, with or without alpha. Called on libvips' threads,
/// between locks that the thread sanitizer does not see: it would look into every pixel.
[[gnu::no_sanitize_thread]] void store_rows(VipsRegion* region, VipsRect* area, Target& target) {
  const int count = region->im->Bands;
  const int colours = count < 3 ? 1 : 3;
  const int width = region->im->Xsize;
  if (area->left != 0 || area->width != width) {
    throw Error(ErrorCode::internal, "libvips gave a part of a row");
  }
  target.row.resize(static_cast<size_t>(width) * 3);
  target.alpha.resize(count > colours ? static_cast<size_t>(width) : 0);
  for (int y = area->top; y < area->top + area->height; ++y) {
    const auto* from = reinterpret_cast<const float*>(VIPS_REGION_ADDR(region, 0, y));
    float* to = target.row.data();
    float* alpha = target.alpha.empty() ? nullptr : target.alpha.data();
    for (int x = 0; x < width; ++x, from += count) {
      for (int c = 0; c < 3; ++c) *to++ = from[colours == 3 ? c : 0];
      // Of floats: what is not a number is not there.
      if (alpha) *alpha++ = from[colours] > 0 ? std::min(from[colours], 1.0f) : 0.0f;
    }
    if (target.profile) target.profile->to_srgb(target.row.data(), width);
    target.sink.row(y, target.row.data(), target.alpha.data());
  }
}

int store(VipsRegion* region, VipsRect* area, void* to) {
  auto& target = *static_cast<Target*>(to);
  return vips::guarded(target.failure, [&] { store_rows(region, area, target); });
}

/// What a file's samples mean.
struct Meaning {
  VipsInterpretation space;
  int colours;                        ///< channels of colour,
  int found;                          ///< and with alpha, if there is one
  std::optional<RgbProfile> profile;  ///< by which `store` has to convert
  Samples samples;                    ///< that hold all that the file holds
  int bits;                           ///< a channel of the picture

  bool has_alpha() const { return found > colours; }
};

Meaning meaning_of(const Picture& in, VipsCoding coding, const std::string& path, bool compact) {
  const VipsInterpretation space = vips_image_guess_interpretation(in.get());
  const bool grey = space == VIPS_INTERPRETATION_B_W || space == VIPS_INTERPRETATION_GREY16;
  const int colours = grey ? 1 : space == VIPS_INTERPRETATION_CMYK ? 4 : 3;
  const int found = vips_image_get_bands(in.get());
  if (found < colours || space == VIPS_INTERPRETATION_MULTIBAND) {
    throw Error(ErrorCode::unsupported, path + ": expected grey, RGB or CMYK colours, found " +
                                            std::to_string(found) + " channels");
  }
  std::optional<RgbProfile> profile = rgb_profile(in, colours);
  const bool bytes = vips_image_get_format(in.get()) == VIPS_FORMAT_UCHAR;
  const bool levels = space == VIPS_INTERPRETATION_sRGB || space == VIPS_INTERPRETATION_B_W;
  Samples samples = Samples::f32;
  if (compact) {
    const bool by_vips = !profile && has_icc(in);
    samples = profile && !profile->is_srgb() ? Samples::wide
              : bytes && levels && !by_vips  ? Samples::u8
                                             : Samples::u16;
  }
  return {space,   colours,
          found,   std::move(profile),
          samples, bytes && coding == VIPS_CODING_NONE ? 8 : 16};
}

Picture without_coding(const Picture& source, const std::string& path) {
  if (vips_image_get_coding(source.get()) != VIPS_CODING_RAD) return shared(source);
  VipsImage* out = nullptr;
  return checked(vips_rad2float(source.get(), &out, nullptr), out, path);
}

}  // namespace

PictureHeader header_of(const Picture& source, const std::string& path,
                        const ReadOptions& options) {
  const Picture in = without_coding(source, path);
  const Meaning meaning =
      meaning_of(in, vips_image_get_coding(source.get()), path, options.compact);
  int width = vips_image_get_width(in.get()), height = vips_image_get_height(in.get());
  if (vips_image_get_orientation(in.get()) > 4) std::swap(width, height);
  PictureHeader header(width, height, meaning.samples, options.storage, meaning.has_alpha());
  header.bits = meaning.bits;
  return header;
}

void decode(const Picture& source, const std::string& path, const ReadOptions& options,
            PixelSink& sink) {
  const Picture in = without_coding(upright(source, path), path);
  Meaning meaning = meaning_of(in, vips_image_get_coding(source.get()), path, options.compact);
  Picture joined =
      to_srgb(bands(in, 0, meaning.colours, path), meaning.space, !meaning.profile, path);
  if (meaning.profile && meaning.profile->is_srgb()) meaning.profile.reset();
  if (meaning.has_alpha()) {
    const Picture alpha = alpha_of(in, meaning.colours, meaning.space, path);
    VipsImage* out = nullptr;
    joined = checked(vips_bandjoin2(joined.get(), alpha.get(), &out, nullptr), out, path);
  }
  PictureHeader header(vips_image_get_width(joined.get()), vips_image_get_height(joined.get()),
                       meaning.samples, options.storage, meaning.has_alpha());
  header.bits = meaning.bits;
  sink.begin(header);
  Target target{sink, meaning.profile, {}, {}, nullptr};
  if (vips_sink_disc(joined.get(), store, &target) == 0) return;
  const std::string reason = vips::take_error();
  if (target.failure) std::rethrow_exception(target.failure);
  throw Error(ErrorCode::input, path + ": is damaged: " + reason);
}

}  // namespace impasto
