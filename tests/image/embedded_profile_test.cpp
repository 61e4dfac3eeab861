// Profiles that are no curves and a matrix: tables, of whatever intents, for any colours.
#include "image/embedded_profile.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <lcms2.h>

#include <cmath>
#include <initializer_list>

#include "image/odd_files.h"
#include "image/profiles.h"

namespace impasto::test {
namespace {

/// Colours of which the first is sRGB's last, so that nobody takes them for sRGB, to Lab.
cmsInt32Number swapped(const cmsUInt16Number in[], cmsUInt16Number out[], void* to_lab) {
  const cmsUInt16Number rgb[3] = {in[2], in[1], in[0]};
  cmsDoTransform(to_lab, rgb, out, 1);
  return TRUE;
}

/// Tables only, for these intents, of version 2 or 4.
std::string tables(std::initializer_list<cmsTagSignature> intents, double version) {
  const cmsHPROFILE srgb = cmsCreate_sRGBProfile(), lab = version < 4
                                                              ? cmsCreateLab2Profile(nullptr)
                                                              : cmsCreateLab4Profile(nullptr);
  const cmsHTRANSFORM to_lab =
      cmsCreateTransform(srgb, TYPE_RGB_16, lab, version < 4 ? TYPE_LabV2_16 : TYPE_Lab_16,
                         INTENT_RELATIVE_COLORIMETRIC, 0);
  const cmsHPROFILE profile = cmsCreateProfilePlaceholder(nullptr);
  cmsSetProfileVersion(profile, version);
  cmsSetDeviceClass(profile, cmsSigDisplayClass);
  cmsSetColorSpace(profile, cmsSigRgbData);
  cmsSetPCS(profile, cmsSigLabData);
  cmsPipeline* pipeline = cmsPipelineAlloc(nullptr, 3, 3);
  cmsStage* table = cmsStageAllocCLut16bit(nullptr, 33, 3, 3, nullptr);
  cmsStageSampleCLut16bit(table, swapped, to_lab, 0);
  cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, table);
  if (version >= 4) {  // which wants curves on both sides
    cmsPipelineInsertStage(pipeline, cmsAT_BEGIN, cmsStageAllocToneCurves(nullptr, 3, nullptr));
    cmsPipelineInsertStage(pipeline, cmsAT_END, cmsStageAllocToneCurves(nullptr, 3, nullptr));
  }
  for (const cmsTagSignature tag : intents) EXPECT_TRUE(cmsWriteTag(profile, tag, pipeline));
  const std::string bytes = saved(profile);
  cmsPipelineFree(pipeline);
  cmsDeleteTransform(to_lab);
  cmsCloseProfile(srgb);
  cmsCloseProfile(lab);
  return bytes;
}

TEST(EmbeddedProfile, IsAppliedByTheIntentThatItHas) {
  TempFolder folder;
  const Bytes pixels = {200, 100, 50, 0, 0, 0, 255, 255, 255, 20, 30, 40};
  for (const double version : {2.1, 4.3}) {
    for (const auto intents : {std::initializer_list<cmsTagSignature>{cmsSigAToB0Tag},
                               {cmsSigAToB1Tag},
                               {cmsSigAToB2Tag},
                               {cmsSigAToB0Tag, cmsSigAToB2Tag}}) {
      for (const char* name : {"a.png", "a.tif"}) {
        save_raw(folder / name, pixels.data(), 2, 2, 3, Space::rgb, tables(intents, version));
        const Image image = read_image(folder / name);
        EXPECT_EQ(image.note, "");
        for (size_t i = 0; i < pixels.size(); ++i) {
          EXPECT_NEAR(image.data()[i] * 255, pixels[i / 3 * 3 + 2 - i % 3], 2.5)
              << name << " version " << version << " tag " << std::hex << *intents.begin()
              << " sample " << i;
        }
        write_image(image, folder / "b.png");
        const Image back = read_image(folder / "b.png");
        EXPECT_LT(max_difference(image, back), 2.0 / 255) << "it is written as sRGB";
      }
    }
  }
}

TEST(EmbeddedProfile, OfGreyIsApplied) {
  TempFolder folder;
  cmsToneCurve* linear = cmsBuildGamma(nullptr, 1);
  const std::string profile = saved(cmsCreateGrayProfile(cmsD50_xyY(), linear));
  cmsFreeToneCurve(linear);
  const Bytes pixels(16, 63);
  save_raw(folder / "a.tif", pixels.data(), 4, 4, 1, Space::grey, profile);
  const Image image = read_image(folder / "a.tif");
  EXPECT_NEAR(mean(image)[0], 137, 1);
  EXPECT_NEAR(mean(image)[2], 137, 1);
  EXPECT_EQ(image.note, "");
}

TEST(EmbeddedProfile, ThatFitsNotIsLeftOutAndSaid) {
  TempFolder folder;
  // libvips from 8.15 on writes no such files.
  const auto read = [&](int bands, Space space, const std::string& profile) {
    const int photometric = space == Space::grey ? 1 : space == Space::rgb ? 2 : 5;
    TiffWriter writer;
    writer.picture(4, 4, 8, bands, photometric);
    if (!profile.empty()) {
      std::vector<uint32_t> bytes;
      for (const char c : profile) bytes.push_back(static_cast<uint8_t>(c));
      writer.field(34675, 7, bytes);
    }
    store(folder / "a.tif", writer.file({Bytes(static_cast<size_t>(16 * bands), 100)}));
    return read_image(folder / "a.tif");
  };
  using ::testing::HasSubstr;
  const Image grey = read(1, Space::grey, built_in_profile("srgb"));
  EXPECT_THAT(grey.note, HasSubstr("for 3 channels of colour, not for 1"));
  EXPECT_NEAR(mean(grey)[1], 100, 1e-3);
  EXPECT_FALSE(grey.metadata.contains("icc"));
  EXPECT_THAT(read(3, Space::rgb, built_in_profile("cmyk")).note, HasSubstr("for 4 channels"));
  const Image junk = read(3, Space::rgb, std::string(500, 'j'));
  EXPECT_THAT(junk.note, HasSubstr("a.tif: its colour profile is broken"));
  EXPECT_NEAR(mean(junk)[1], 100, 1e-3);
  EXPECT_THAT(read(3, Space::rgb, tables({}, 4.3)).note, HasSubstr("is broken"));
  const Image ink = read(4, Space::cmyk, built_in_profile("srgb"));
  EXPECT_THAT(ink.note, HasSubstr("common inks"));
  EXPECT_EQ(read(4, Space::cmyk, built_in_profile("cmyk")).note, "");
  const Image plain = read(4, Space::cmyk, "");
  EXPECT_LT(max_difference(ink, plain), 1e-6);
}

}  // namespace
}  // namespace impasto::test
