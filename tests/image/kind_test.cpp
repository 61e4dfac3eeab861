// Which loader a file gets, and what is said of files that get none.

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>

#include <chrono>
#include <set>

#include "image/other_formats.h"
#include "image/picture_kind.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using namespace std::string_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using Kind = PictureKind;

Recognised recognised(const std::string& file, const std::string& path = "a") {
  const auto* bytes = reinterpret_cast<const uint8_t*>(file.data());
  const size_t begun = std::min(file.size(), beginning_bytes);
  const size_t ended = std::min(file.size(), end_bytes);
  return recognise({bytes, begun}, {bytes + file.size() - ended, ended}, path);
}

std::string boxes(const std::string& brands) {
  const auto size = static_cast<char>(8 + brands.size());
  return "\0\0\0"s + size + "ftyp" + brands + std::string(20, '\0');
}

TEST(PictureKind, IsToldByTheFirstBytes) {
  const std::vector<std::pair<std::string, Kind>> files = {
      {"\xff\xd8\xff\xe0", Kind::jpeg},
      {"\x89PNG\r\n\x1a\n", Kind::png},
      {"RIFF\1\0\0\0WEBPVP8 "s, Kind::webp},
      {"II*\0\x08\0\0\0"s, Kind::tiff},
      {"MM\0*\0\0\0\x08"s, Kind::tiff},
      {"II+\0\x08\0\0\0"s, Kind::tiff},
      {"MM\0+\0\x08\0\0"s, Kind::tiff},
      {"GIF89a", Kind::gif},
      {boxes("heic\0\0\0\0mif1"s), Kind::heif},
      {boxes("avif\0\0\0\0avif"s), Kind::heif},
      {boxes("isom\0\0\0\0mif1avif"s), Kind::heif},
      {"\xff\x0a\xfa\x7f", Kind::jxl},
      {"\0\0\0\x0cJXL \r\n\x87\n"s, Kind::jxl},
      {"\x76\x2f\x31\x01\x02\0\0\0"s, Kind::exr},
      {"P1\n2 2\n", Kind::pnm},
      {"P6 2 2 255\n", Kind::pnm},
      {"P4#made by hand\n2 2\n", Kind::pnm},
      {"PF\n2 2\n-1\n", Kind::pnm},
      {"Pf\n2 2\n-1\n", Kind::pnm},
      {"#?RADIANCE\nFORMAT=", Kind::radiance},
      {"#?RGBE\n", Kind::radiance},
      {"<svg xmlns='http://www.w3.org/2000/svg'>", Kind::svg},
      {"\xef\xbb\xbf \n<?xml version='1.0'?>\n<!-- <html> -->\n<!DOCTYPE svg PUBLIC "
       "\"-//W3C//DTD\" "
       "\"x\" [<!ENTITY a \"b\">]>\n<svg:svg\nwidth='2'>",
       Kind::svg},
      {"8BPS\0\1\0\0\0\0\0\0\0\3"s, Kind::psd},
      {"8BPS\0\2\0\0\0\0\0\0\0\3"s, Kind::psd},
      {"qoif\0\0\0\1\0\0\0\1\3\0"s, Kind::qoi},
  };
  for (const auto& [file, kind] : files) {
    for (const char* name : {"a", "a.jpg", "a.txt"}) {
      const Recognised found = recognised(file, name);
      EXPECT_TRUE(found.kind == kind) << file << " as " << name << ": " << found.instead;
      EXPECT_EQ(found.instead, "");
    }
  }
}

TEST(PictureKind, SaysWhatElseAFileIs) {
  const std::vector<std::tuple<std::string, std::string, bool>> files = {
      {"\x1f\x8b\x08\0"s, "compressed with gzip", false},
      {"\0\0\0\x0cjP  \r\n\x87\n"s, "JPEG 2000", true},
      {"\xff\x4f\xff\x51", "JPEG 2000", true},
      {"%PDF-1.4", "PDF", false},
      {"<!DOCTYPE html>\n<html lang=en>", "a web page", false},
      {"<HTML><body><svg>", "a web page", false},
      {"<?xml version='1.0'?><rss>", "an XML document", false},
      {"BMW makes cars. They are driven by people in a hurry.", "a text", false},
      {"Dear diary,\n", "a text", false},
      {"Picture", "a text", false},
      {"PK\3\4", "a zip archive", false},
      {std::string(257, 'a') + "ustar", "a tar archive", false},
      {boxes("isom\0\0\0\0mp42"s), "a video", false},
      {boxes("crx \0\0\0\0crx "s), "raw file", true},
      {"II*\0\x10\0\0\0CR\2\0"s, "raw file", true},
      {"RIFF\1\0\0\0AVI LIST"s, "a sound or video", false},
      {"P7\nWIDTH 2\n", "PAM", true},
      {"gimp xcf v011", "GIMP", true},
      {"\0\0\0\0\1\2\3\4"s, "of no kind that is known", false},
  };
  for (const auto& [file, words, picture] : files) {
    const Recognised found = recognised(file);
    EXPECT_FALSE(found.kind) << file;
    EXPECT_THAT(found.instead, HasSubstr(words));
    EXPECT_EQ(found.unsupported, picture) << words;
  }
}

TEST(PictureKind, TgaNeedsItsNameOrItsEnd) {
  const std::string plain = tga_file(3, 2, false), marked = tga_file(3, 2, true);
  EXPECT_TRUE(recognised(plain, "a.TGA").kind == Kind::tga);
  EXPECT_FALSE(recognised(plain, "a.jpg").kind);
  EXPECT_TRUE(recognised(marked, "a.jpg").kind == Kind::tga);
  EXPECT_FALSE(recognised("Dear diary, today I painted.\n", "a.tga").kind);
  EXPECT_TRUE(recognised("\x89PNG\r\n\x1a\n" + std::string(20, '\0'), "a.tga").kind == Kind::png);
}

// Whatever a name says.
TEST(PictureKind, ContentDecidesWhenReading) {
  TempFolder folder;
  const Image image = gradient(20, 10);
  for (const char* kind : {"a.png", "a.webp", "a.tif", "a.jpg"}) {
    write_image(image, folder / kind);
    for (const char* name : {"b.gif", "b", "b.jfif", "b.jpg_large", "b.svg", "b.tga"}) {
      std::filesystem::copy_file(folder / kind, folder / name,
                                 std::filesystem::copy_options::overwrite_existing);
      EXPECT_LT(max_difference(read_image(folder / name), image), 0.1) << kind << " as " << name;
    }
  }
}

// libvips hands these to loaders that never end or crash.
TEST(PictureKind, WhatNobodyAskedForIsRefusedAtOnce) {
  TempFolder folder;
  const std::string gzip = "\x1f\x8b\x08\0\0\0\0\0\0\3\xcb\xc8\xe4\x02\0\x7a\x7a\x6f\xed\3\0\0\0"s;
  store(folder / "padded.jpg", gzip + std::string(100, '\0'));
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_THAT(error_of(ErrorCode::input, [&] { read_image(folder / "padded.jpg"); }),
              AllOf(HasSubstr("padded.jpg: is not a picture but compressed with gzip"),
                    HasSubstr("expected JPEG, PNG")));
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(5));
  const Bytes pixels(32 * 32 * 3, 100);
  try {
    save_raw(folder / "a.jp2", pixels.data(), 32, 32, 3, Space::rgb);
  } catch (const std::exception&) {
    GTEST_SKIP() << "this libvips writes no JPEG 2000";
  }
  const auto refused = AllOf(HasSubstr("a.jp2: is JPEG 2000, whose decoder is not safe"),
                             Not(HasSubstr("not a picture")));
  EXPECT_THAT(error_of(ErrorCode::unsupported, [&] { read_image(folder / "a.jp2"); }), refused);
  EXPECT_THAT(error_of(ErrorCode::unsupported, [&] { read_header(folder / "a.jp2"); }), refused);
}

TEST(PictureKind, Jpeg2000InsideTiffIsRefusedToo) {
  TempFolder folder;
  for (const bool big : {false, true}) {
    const std::string path = folder / "a.tif";
    VipsImage* image = nullptr;
    vips_black(&image, 64, 64, "bands", 3, nullptr);
    const int failed =
        vips_tiffsave(image, path.c_str(), "compression", VIPS_FOREIGN_TIFF_COMPRESSION_JP2K,
                      "tile", TRUE, "bigtiff", big, nullptr);
    g_object_unref(image);
    if (failed != 0) GTEST_SKIP() << "this libvips writes no such TIFF";
    EXPECT_THAT(error_of(ErrorCode::unsupported, [&] { read_image(path); }),
                HasSubstr("a.tif: is TIFF with JPEG 2000 inside"));
  }
}

// Every loader of libvips that the list names exists under that name, or is said to be missing.
TEST(PictureKind, HasALoaderForEveryFormat) {
  TempFolder folder;
  const std::set<std::string> beginnings = {
      "\xff\xd8\xff",
      "\x89PNG\r\n\x1a\n",
      "RIFF\1\0\0\0WEBP"s,
      "II*\0"s,
      "GIF89a",
      boxes("heic"),
      "\xff\x0a",
      "P6\n",
      "#?RADIANCE",
      "<svg>",
      "8BPS\0\1"s,
      "BM" + std::string(12, '\0') + "(" + std::string(20, '\0'),
      "qoif"};
  for (const std::string& beginning : beginnings) {
    store(folder / "a", beginning + std::string(30, '\0'));
    try {
      read_image(folder / "a");
      ADD_FAILURE() << beginning;
    } catch (const Error& e) {
      EXPECT_THAT(e.what(), HasSubstr("is damaged: ")) << beginning;
      EXPECT_THAT(e.what(), Not(HasSubstr("class"))) << "libvips knows no such operation";
    }
  }
}

}  // namespace
}  // namespace impasto::test
