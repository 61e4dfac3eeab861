#include "image/png_colour.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "image/odd_files.h"

namespace impasto::test {
namespace {

Bytes gamma_chunk(uint64_t gamma) {
  return png_chunk("gAMA", big_endian(4, gamma));
}

Bytes primaries(std::initializer_list<uint64_t> values) {
  Bytes content;
  for (const uint64_t v : values) content = joined({content, big_endian(4, v)});
  return png_chunk("cHRM", content);
}

const Bytes srgb_primaries = primaries({31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000});
const Bytes p3_primaries = primaries({31270, 32900, 68000, 32000, 26500, 69000, 15000, 6000});

/// A PNG of one colour, with chunks that libvips did not write.
Bytes flat(uint8_t level, const Bytes& chunks, int bands = 3) {
  TempFolder folder;
  const Bytes pixels(static_cast<size_t>(16 * bands), level);
  save_raw(folder / "a.png", pixels.data(), 4, 4, bands, bands == 1 ? Space::grey : Space::rgb);
  return with_chunks(load(folder / "a.png"), chunks);
}

Image read_png(const Bytes& file) {
  TempFolder folder;
  store(folder / "a.png", file);
  return read_image(folder / "a.png");
}

double srgb(double light) {
  return 255 * (light <= 0.0031308 ? light * 12.92 : 1.055 * std::pow(light, 1 / 2.4) - 0.055);
}

TEST(PngColour, LinearLightIsTakenAsSuch) {
  for (const int bands : {1, 3}) {
    const Image image = read_png(flat(63, gamma_chunk(100'000), bands));
    EXPECT_NEAR(mean(image)[1], srgb(63 / 255.0), 0.6) << bands;  // 137
    EXPECT_FALSE(image.metadata.contains("icc")) << "it is written as sRGB";
    EXPECT_EQ(image.note, "");
  }
  EXPECT_NEAR(mean(read_png(flat(63, joined({gamma_chunk(100'000), srgb_primaries}))))[1],
              srgb(63 / 255.0), 0.6);
  EXPECT_NEAR(mean(read_png(flat(128, gamma_chunk(55'556))))[1], srgb(std::pow(128 / 255.0, 1.8)),
              0.6);
}

TEST(PngColour, WhatMeansSrgbIsLeftAlone) {
  const Bytes srgb_chunk = png_chunk("sRGB", {0});
  for (const Bytes& chunks :
       {gamma_chunk(45'455), joined({gamma_chunk(45'455), srgb_primaries}), srgb_primaries,
        joined({srgb_chunk, gamma_chunk(100'000)}), joined({gamma_chunk(100'000), srgb_chunk}),
        png_chunk("cICP", {1, 13, 0, 1}), gamma_chunk(0), gamma_chunk(4'000'000'000), Bytes{},
        png_chunk("gAMA", {1}),
        joined({gamma_chunk(45'455), primaries({0, 0, 0, 0, 0, 0, 0, 0})})}) {
    const Image image = read_png(flat(100, chunks));
    EXPECT_NEAR(mean(image)[0], 100, 1e-3);
    EXPECT_FALSE(image.metadata.contains("icc"));
  }
}

TEST(PngColour, WidePrimariesAreKeptAsAProfile) {
  for (const Bytes& chunks :
       {joined({gamma_chunk(45'455), p3_primaries}), png_chunk("cICP", {12, 13, 0, 1})}) {
    TempFolder folder;
    const Bytes red = {200, 0, 0};
    save_raw(folder / "a.png", red.data(), 1, 1, 3, Space::rgb);
    const Image image = read_png(with_chunks(load(folder / "a.png"), chunks));
    EXPECT_NEAR(image.data()[0] * 255, 218, 1.5) << "P3's red is beyond sRGB's";
    EXPECT_LT(image.data()[1], -0.1);
    ASSERT_TRUE(image.metadata.contains("icc"));
    write_image(image, folder / "b.png");
    const Image back = read_image(folder / "b.png");
    EXPECT_NEAR(back.data()[0], image.data()[0], 0.01);
  }
}

TEST(PngColour, CodePointsCountBeforeGamma) {
  const Bytes both = joined({gamma_chunk(45'455), png_chunk("cICP", {1, 8, 0, 1})});
  EXPECT_NEAR(mean(read_png(flat(63, both)))[1], srgb(63 / 255.0), 0.6);
  const Image hdr = read_png(flat(63, png_chunk("cICP", {9, 16, 0, 1})));
  EXPECT_NEAR(mean(hdr)[1], 63, 1e-3);
  EXPECT_THAT(hdr.note, ::testing::HasSubstr("HDR"));
}

TEST(PngColour, AProfileCountsBeforeGamma) {
  TempFolder folder;
  const Bytes pixels(48, 100);
  save_raw(folder / "a.png", pixels.data(), 4, 4, 3, Space::rgb, built_in_profile("srgb"));
  const Image image = read_png(with_chunks(load(folder / "a.png"), gamma_chunk(100'000)));
  EXPECT_NEAR(mean(image)[0], 100, 0.5);
}

}  // namespace
}  // namespace impasto::test
