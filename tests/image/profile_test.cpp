// Colours of other profiles than sRGB: read, worked on as sRGB, written back.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lcms2.h>
#include <vips/vips.h>

#include <cmath>

#include "image/profiles.h"
#include "image/rgb_profile.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

/// Adobe RGB (1998): its primaries, white and gamma.
std::string adobe_rgb() {
  const cmsCIExyY white{0.3127, 0.3290, 1};
  const cmsCIExyYTRIPLE primaries{{0.64, 0.33, 1}, {0.21, 0.71, 1}, {0.15, 0.06, 1}};
  cmsToneCurve* gamma = cmsBuildGamma(nullptr, 563.0 / 256);
  cmsToneCurve* curves[3] = {gamma, gamma, gamma};
  const cmsHPROFILE profile = cmsCreateRGBProfile(&white, &primaries, curves);
  const std::string bytes = saved(profile);
  cmsFreeToneCurve(gamma);
  return bytes;
}

std::optional<RgbProfile> parse(const std::string& bytes) {
  return RgbProfile::parse({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()});
}

/// A colour cube of 16x16x16, which reaches every corner of the gamut.
Bytes cube() {
  Bytes pixels;
  for (int i = 0; i < 4096; ++i) {
    for (const int shift : {0, 4, 8})
      pixels.push_back(static_cast<uint8_t>((i >> shift & 15) * 17));
  }
  return pixels;
}

/// The file's pixels by libvips alone, as sRGB of 8 bits.
Bytes srgb_by_vips(const std::string& path) {
  VipsImage *file = vips_image_new_from_file(path.c_str(), nullptr), *srgb = nullptr;
  // That of libvips itself is off by more than a level in the shadows.
  const std::string exact = path + ".icc";
  store(exact, saved(cmsCreate_sRGBProfile()));
  if (vips_icc_transform(file, &srgb, exact.c_str(), "embedded", TRUE, nullptr) != 0) return {};
  size_t size = 0;
  void* data = vips_image_write_to_memory(srgb, &size);
  const Bytes bytes(static_cast<uint8_t*>(data), static_cast<uint8_t*>(data) + size);
  g_free(data);
  g_object_unref(srgb);
  g_object_unref(file);
  return bytes;
}

void survives(const std::string& profile) {
  TempFolder folder;
  ASSERT_FALSE(profile.empty());
  const Bytes pixels = cube();
  for (const char* name : {"a.png", "a.tif"}) {
    save_raw(folder / name, pixels.data(), 64, 64, 3, Space::rgb, profile);
    const Image image = read_image(folder / name);
    const Bytes reference = srgb_by_vips(folder / name);
    ASSERT_EQ(reference.size(), pixels.size());
    double worst = 0;
    float low = 0, high = 1;
    for (size_t i = 0; i < pixels.size(); ++i) {
      const float v = image.data()[i];
      worst = std::max(worst, std::abs(std::clamp(v, 0.0f, 1.0f) * 255.0 - reference[i]));
      low = std::min(low, v);
      high = std::max(high, v);
    }
    EXPECT_LE(worst, 1.01) << name;
    EXPECT_LT(low, -0.05f) << "colours beyond sRGB are kept";
    for (const char* to : {"b.png", "b.tif"}) {
      write_image(image, folder / to);
      const Image back = read_image(folder / to);
      EXPECT_EQ(std::string(back.metadata.at("icc").begin(), back.metadata.at("icc").end()),
                profile);
      VipsImage* raw = vips_image_new_from_file((folder / to).c_str(), nullptr);
      size_t size = 0;
      auto* data = static_cast<uint8_t*>(vips_image_write_to_memory(raw, &size));
      ASSERT_EQ(size, pixels.size());
      int off = 0, most = 0;
      for (size_t i = 0; i < size; ++i) {
        off += data[i] != pixels[i];
        most = std::max(most, std::abs(data[i] - pixels[i]));
      }
      // A pure power has no slope limit at black: one level is less than a float resolves there.
      EXPECT_LE(most, 1) << name << " to " << to;
      EXPECT_LE(off, static_cast<int>(size) / 50) << name << " to " << to;
      g_free(data);
      g_object_unref(raw);
    }
    for (const char* to : {"b.jpg", "b.webp"}) {
      write_image(image, folder / to, {100, ""});
      const Image back = read_image(folder / to);
      EXPECT_EQ(std::string(back.metadata.at("icc").begin(), back.metadata.at("icc").end()),
                profile)
          << to;
    }
  }
}

TEST(WideGamut, DisplayP3Survives) {
  survives(built_in_profile("p3"));
}

TEST(WideGamut, AdobeRgbSurvives) {
  survives(adobe_rgb());
}

TEST(WideGamut, SixteenBitsSurvive) {
  TempFolder folder;
  std::vector<uint16_t> pixels;
  for (int i = 0; i < 65536; ++i) pixels.insert(pixels.end(), 3, static_cast<uint16_t>(i));
  save_raw(folder / "a.png", pixels.data(), 256, 256, 3, Space::rgb16, adobe_rgb());
  const Image image = read_image(folder / "a.png");
  std::optional<RgbProfile> profile = parse(adobe_rgb());
  ASSERT_TRUE(profile);
  std::vector<float> row(image.data(), image.data() + 3 * 65536);
  profile->from_srgb(row.data(), 65536);
  double worst = 0;
  for (size_t i = 0; i < row.size(); ++i) {
    worst = std::max(worst, std::abs(row[i] * 65535.0 - pixels[i]));
  }
  EXPECT_LT(worst, 2) << "of 65,536 levels";
}

TEST(WideGamut, TellsSrgbFromOthers) {
  EXPECT_TRUE(parse(built_in_profile("srgb"))->is_srgb());
  EXPECT_FALSE(parse(built_in_profile("p3"))->is_srgb());
  EXPECT_FALSE(parse(adobe_rgb())->is_srgb());
  EXPECT_FALSE(parse(built_in_profile("cmyk")));
  EXPECT_FALSE(parse(""));
  EXPECT_FALSE(parse(std::string(500, 'j')));
}

TEST(WideGamut, ExifSaysSo) {
  TempFolder folder;
  Image image = gradient(16, 16);
  const std::string profile = adobe_rgb();
  image.metadata["icc"] = Bytes(profile.begin(), profile.end());
  image.metadata["exif"] = exif_block(1);
  write_image(image, folder / "a.jpg");
  EXPECT_THAT(field(folder / "a.jpg", "exif-ifd2-ColorSpace"), ::testing::StartsWith("65535"));
}

}  // namespace
}  // namespace impasto::test
