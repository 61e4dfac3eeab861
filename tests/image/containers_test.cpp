// What travels with the pixels in AVIF, HEIC and JPEG XL.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "image/exif.h"
#include "image/jxl_boxes.h"
#include "image/odd_files.h"
#include "image/xmp.h"

namespace impasto::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const char* const containers[] = {"a.avif", "a.heic", "a.jxl"};

/// Make, copyright, and where it was: 48 degrees north.
Bytes located() {
  const auto tail = bytes_of(std::string("Acme\0\0(c) Somebody\0\0", 20));
  Bytes block = {'I', 'I', 42, 0, 8, 0, 0, 0, 3, 0};
  const auto add = [&](int size, uint32_t value) {
    for (int i = 0; i < size; ++i) block.push_back(static_cast<uint8_t>(value >> (8 * i)));
  };
  const auto entry = [&](int tag, int type, uint32_t count, uint32_t value) {
    add(2, static_cast<uint32_t>(tag)), add(2, static_cast<uint32_t>(type)), add(4, count),
        add(4, value);
  };
  constexpr uint32_t texts = 8 + 2 + 3 * 12 + 4, place = texts + 20,
                     numbers = place + 2 + 2 * 12 + 4;
  entry(0x010f, 2, 5, texts);
  entry(0x8298, 2, 13, texts + 6);
  entry(0x8825, 4, 1, place);
  add(4, 0);
  block.insert(block.end(), tail.begin(), tail.end());
  add(2, 2);
  entry(1, 2, 2, 'N');
  entry(2, 5, 3, numbers);
  add(4, 0);
  for (const uint32_t v : {48u, 1u, 8u, 1u, 0u, 1u}) add(4, v);
  return block;
}

TEST(Containers, KeepExifXmpAndTheRecipe) {
  TempFolder folder;
  Image image = gradient(32, 24);
  image.metadata["exif"] = located();
  const std::string packet =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description "
      "rdf:about='' xmlns:dc='d' dc:title='Sea'/></rdf:RDF></x:xmpmeta>";
  image.metadata["xmp"] = bytes_of(packet);
  const std::string recipe = "{\"style\":\"Näcken – 夜\",\"a\":\"x<y>&\\\"z'\"}";
  for (const char* name : containers) {
    for (const int bits : {8, 16}) {
      write_image(image, folder / name, {.recipe = recipe, .bits = bits});
      EXPECT_EQ(read_recipe(folder / name), recipe) << name;
      const Image back = read_image(folder / name);
      EXPECT_EQ(back.width(), 32) << name;
      EXPECT_EQ(back.bits, bits) << name;
      const auto& kept = back.metadata.at("xmp");
      EXPECT_THAT(std::string(kept.begin(), kept.end()), HasSubstr("dc:title='Sea'")) << name;
      // One way to look into all of them: carried over to a JPEG, read by libexif.
      Image carrier = gradient(32, 24);
      carrier.metadata["exif"] = back.metadata.at("exif");
      write_image(carrier, folder / "look.jpg");
      const std::string look = folder / "look.jpg";
      EXPECT_THAT(field(look, "exif-ifd0-Make"), StartsWith("Acme")) << name;
      EXPECT_THAT(field(look, "exif-ifd0-Copyright"), StartsWith("(c) Somebody")) << name;
      EXPECT_THAT(field(look, "exif-ifd3-GPSLatitude"), StartsWith("48")) << name;
    }
  }
}

TEST(Containers, KeepNothingWhereThereIsNothing) {
  TempFolder folder;
  for (const char* name : containers) {
    write_image(gradient(32, 24), folder / name);
    EXPECT_EQ(read_recipe(folder / name), "") << name;
    EXPECT_FALSE(read_image(folder / name).metadata.contains("xmp")) << name;
  }
}

TEST(Containers, OfAvifMayBeLongerThanItsDecoderLikes) {
  TempFolder folder;
  const Bytes pixels(size_t{17'000} * 16 * 3, 100);
  try {
    save_raw(folder / "a.avif", pixels.data(), 17'000, 16, 3, Space::rgb);
  } catch (const std::exception& e) {
    GTEST_SKIP() << "this libvips writes none: " << e.what();
  }
  const Image image = read_image(folder / "a.avif");
  EXPECT_EQ(image.width(), 17'000);
  EXPECT_NEAR(mean(image)[1], 100, 1);
}

Bytes box(const std::string& type, const Bytes& content) {
  return joined({big_endian(4, 8 + content.size()), bytes_of(type), content});
}

const Bytes jxl_head = joined(
    {box("JXL ", {13, 10, 0x87, 10}), box("ftyp", bytes_of(std::string("jxl \0\0\0\0jxl ", 12)))});

TEST(Containers, OfJpegXlAreReadInAnyOrder) {
  const Bytes block = exif_block(1);
  const Bytes file = joined({jxl_head, box("xml ", bytes_of("<packet/>")),
                             box("Exif", joined({{0, 0, 0, 2, 9, 9}, block}))});
  const jxl::Boxes found = jxl::read(file);
  EXPECT_EQ(found.exif, block);
  EXPECT_EQ(std::string(found.xmp.begin(), found.xmp.end()), "<packet/>");
}

TEST(Containers, OfJpegXlThatAreBrokenHoldNothing) {
  for (Bytes file :
       {Bytes{}, Bytes{0xff, 0x0a}, jxl_head, joined({jxl_head, box("Exif", {0, 0, 0})}),
        joined({jxl_head, box("Exif", {255, 255, 255, 255, 1})}),
        joined({jxl_head, box("brob", bytes_of("Exif????"))})}) {
    EXPECT_TRUE(jxl::read(file).exif.empty());
  }
}

TEST(Containers, OfJpegXlGetBoxesBehindTheirHead) {
  const std::string xmp = "<packet/>";
  for (const Bytes& rest :
       {box("jxlc", {1, 2}), joined({box("jxll", {10}), box("jxlc", {1, 2})})}) {
    Bytes file = joined({jxl_head, rest});
    jxl::embed(file, {{}, exif_block(1), xmp});
    EXPECT_EQ(jxl::read(file).exif, exif_block(1));
    EXPECT_EQ(file.size(),
              jxl_head.size() + rest.size() + 8 + 4 + exif_block(1).size() + 8 + xmp.size());
    if (rest.size() > 12) {
      EXPECT_EQ(Bytes(file.begin() + 36, file.begin() + 40), bytes_of("jxll"));
    }
  }
  Bytes bare = {0xff, 0x0a, 1, 2, 3};
  jxl::embed(bare, {{}, {}, xmp});
  EXPECT_EQ(Bytes(bare.end() - 9, bare.end() - 5), bytes_of("jxlc"));
}

}  // namespace
}  // namespace impasto::test
