#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <vips/vips.h>

#include "image/embed.h"
#include "image/exif.h"
#include "image/samples.h"
#include "image/xmp.h"

namespace impasto::test {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

const char* const four_formats[] = {"a.jpg", "a.png", "a.webp", "a.tif"};

/// The stored pixel that an upright picture shows at (x, y); the EXIF standard's table.
std::pair<int, int> stored_at(int orientation, int x, int y, int stored_width, int stored_height) {
  const int right = stored_width - 1, bottom = stored_height - 1;
  switch (orientation) {
    case 2:
      return {right - x, y};
    case 3:
      return {right - x, bottom - y};
    case 4:
      return {x, bottom - y};
    case 5:
      return {y, x};
    case 6:
      return {y, bottom - x};
    case 7:
      return {right - y, bottom - x};
    case 8:
      return {right - y, x};
    default:
      return {x, y};
  }
}

TEST(Orientation, AllEightAreApplied) {
  TempFolder folder;
  const Image stored = gradient(21, 13);
  for (int orientation = 1; orientation <= 8; ++orientation) {
    Bytes file = encode_png(stored);
    embed::into_png(file, {{}, exif_block(orientation, orientation % 2 == 0), {}});
    store(folder / "a.png", file);
    const Image image = read_image(folder / "a.png");
    const bool turned = orientation >= 5;
    ASSERT_EQ(image.width(), turned ? 13 : 21) << orientation;
    ASSERT_EQ(image.height(), turned ? 21 : 13) << orientation;
    for (int y = 0; y < image.height(); ++y) {
      for (int x = 0; x < image.width(); ++x) {
        const auto [from_x, from_y] = stored_at(orientation, x, y, 21, 13);
        ASSERT_NEAR(image.row(y)[3 * x], stored.row(from_y)[3 * from_x], 0.003) << orientation;
        ASSERT_NEAR(image.row(y)[3 * x + 1], stored.row(from_y)[3 * from_x + 1], 0.003);
      }
    }
    // Written and read again it must not turn a second time.
    write_image(image, folder / "b.jpg");
    EXPECT_EQ(read_image(folder / "b.jpg").width(), image.width()) << orientation;
    EXPECT_THAT(field(folder / "b.jpg", "exif-ifd0-Make"), StartsWith("Acme"));
    EXPECT_THAT(field(folder / "b.jpg", "exif-ifd0-Orientation"), StartsWith("1"));
  }
}

TEST(Orientation, JpegAndXmpAreReset) {
  TempFolder folder;
  write_image(gradient(32, 16), folder / "a.jpg");
  Bytes file = load(folder / "a.jpg");
  const std::string packet =
      "<x:xmpmeta xmlns:x=\"adobe:ns:meta/\"><rdf:RDF "
      "xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\"><rdf:Description rdf:about=\"\" "
      "xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"6\"/></rdf:RDF></x:xmpmeta>";
  embed::into_jpeg(file, {{}, exif_block(6), packet});
  store(folder / "a.jpg", file);
  const Image image = read_image(folder / "a.jpg");
  EXPECT_EQ(image.width(), 16);
  const auto& kept = image.metadata.at("xmp");
  EXPECT_THAT(std::string(kept.begin(), kept.end()), HasSubstr("tiff:Orientation=\"1\""));
}

TEST(Exif, SurvivesInAllFourFormats) {
  TempFolder folder;
  for (const bool little_endian : {true, false}) {
    Image image = gradient(30, 20);
    image.metadata["exif"] = exif::normalised(exif_block(6, little_endian));
    if (little_endian) image.metadata["icc"] = {1};  // written as sRGB beside the block
    for (const char* name : four_formats) {
      write_image(image, folder / name, {92, "recipe"});
      const Image back = read_image(folder / name);
      EXPECT_EQ(back.width(), 30) << name;
      // One way to look into all of them: carried over to a JPEG, read by libexif.
      Image carrier = gradient(30, 20);
      carrier.metadata["exif"] = back.metadata.at("exif");
      write_image(carrier, folder / "look.jpg");
      const std::string look = folder / "look.jpg";
      EXPECT_THAT(field(look, "exif-ifd0-Make"), StartsWith("Acme")) << name;
      EXPECT_THAT(field(look, "exif-ifd2-ISOSpeedRatings"), StartsWith("200")) << name;
      EXPECT_THAT(field(look, "exif-ifd2-ColorSpace"), StartsWith("1")) << name;
      EXPECT_THAT(field(look, "exif-ifd2-PixelXDimension"), StartsWith("30")) << name;
      EXPECT_THAT(field(look, "exif-ifd2-PixelYDimension"), StartsWith("20")) << name;
      EXPECT_FALSE(has_field(look, "exif-ifd1-Compression")) << name << ": old thumbnail";
      EXPECT_EQ(has_field(look, "exif-ifd2-MakerNote"), std::string(name) != "a.tif") << name;
    }
  }
}

TEST(Exif, NormalisingChangesNothingElse) {
  const Bytes before = exif_block(6);
  const Bytes after = exif::normalised(before);
  ASSERT_EQ(after.size(), before.size());
  int changed = 0;
  for (size_t i = 0; i < before.size(); ++i) changed += before[i] != after[i];
  EXPECT_EQ(changed, 3);  // orientation, colour space, and the link to the thumbnail
}

TEST(Recipe, SurvivesInAllFourFormats) {
  TempFolder folder;
  std::string longer = "{\"list\":[";
  while (longer.size() < 20'000) longer += "\"<&'é>\",\n";
  const std::string recipes[] = {"{}", "{\"style\":\"Näcken – 夜 🎨\",\"a\":\"x<y>&\\\"z'\"}",
                                 "line\nline\r\n\ttab &amp; ]]>", longer + "0]}"};
  for (const char* name : four_formats) {
    for (const std::string& recipe : recipes) {
      write_image(gradient(30, 20, true), folder / name, {92, recipe});
      EXPECT_EQ(read_recipe(folder / name), recipe) << name;
      EXPECT_EQ(read_image(folder / name).width(), 30) << name;
    }
    write_image(gradient(30, 20), folder / name);
    EXPECT_EQ(read_recipe(folder / name), "") << name;
  }
}

TEST(Recipe, ReplacesTheOneOfThePictureItWasMadeFrom) {
  TempFolder folder;
  write_image(gradient(8, 8), folder / "a.png", {92, "first"});
  const Image painted = read_image(folder / "a.png");
  write_image(painted, folder / "b.png", {92, "second"});
  EXPECT_EQ(read_recipe(folder / "b.png"), "second");
  write_image(painted, folder / "c.png");
  EXPECT_EQ(read_recipe(folder / "c.png"), "");
}

TEST(Recipe, LivesBesideThePhotographsXmp) {
  const std::string photo =
      "<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='r'><rdf:Description "
      "rdf:about='uuid:7' xmlns:dc='d' dc:title='Sea'/></rdf:RDF></x:xmpmeta>";
  const std::string packet = xmp::with_recipe(photo, "{\"a\":1}");
  EXPECT_THAT(packet, HasSubstr("dc:title='Sea'"));
  EXPECT_THAT(packet, HasSubstr("rdf:about=\"uuid:7\" xmlns:impasto"));
  EXPECT_EQ(xmp::recipe_in(packet), "{\"a\":1}");
  EXPECT_EQ(xmp::recipe_in("<r impasto:Recipe='&quot;&#x1F3A8;&#233;'/>"), "\"🎨é");
  EXPECT_EQ(xmp::recipe_in("no packet <impasto:Recipe>"), "");
}

TEST(Recipe, IsReadAsWrittenWhateverThePacketHolds) {
  const std::string end = "</rdf:RDF>", recipe = "{\"a\":1}";
  for (const std::string& hostile :
       {std::string("<impasto:Recipe>"), std::string("<a impasto:Recipe=\"x"),
        std::string("rdf:about='\" impasto:Recipe=\"x'"), std::string("<impasto:Recipe>")}) {
    EXPECT_EQ(xmp::recipe_in(xmp::with_recipe(hostile + end, recipe)), recipe) << hostile;
  }
}

// Packets of PNG and TIFF may have any length; each of these took minutes by the square of it.
TEST(Recipe, TakesNoTimeInPacketsThatRepeatThemselves) {
  for (const char* piece : {"<impasto:Recipe>", "<impasto:Recipe>x</impasto:Recipe>",
                            "impasto:Recipe=\"", " impasto:Recipe='1'", " tiff:Orientation='66'",
                            "<tiff:Orientation>", "<a impasto:Recipe=' tiff:Orientation=\""}) {
    std::string packet = "<rdf:RDF>";
    while (packet.size() < 4'000'000) packet += piece;
    packet += "</rdf:RDF>";
    EXPECT_EQ(xmp::recipe_in(xmp::with_recipe(xmp::upright(packet), "{}")), "{}") << piece;
  }
}

TEST(Recipe, TooLongForAJpegIsAnErrorAndLeavesNothing) {
  TempFolder folder;
  const std::string recipe(70'000, 'x');
  EXPECT_THAT(error_of(ErrorCode::output,
                       [&] {
                         write_image(gradient(8, 8), folder / "a.jpg", {92, recipe});
                       }),
              HasSubstr("a.jpg"));
  EXPECT_EQ(folder.count(), 0);
  write_image(gradient(8, 8), folder / "a.png", {92, recipe});
  EXPECT_EQ(read_recipe(folder / "a.png"), recipe);
}

TEST(Recipe, OutranksALongXmpInAJpeg) {
  TempFolder folder;
  Image image = gradient(8, 8);
  const std::string packet = "<rdf:RDF>" + std::string(64'000, ' ') + "</rdf:RDF>";
  image.metadata["xmp"] = Bytes(packet.begin(), packet.end());
  write_image(image, folder / "a.jpg", {92, std::string(3'000, 'r')});
  EXPECT_EQ(read_recipe(folder / "a.jpg"), std::string(3'000, 'r'));
}

TEST(Profile, SrgbChangesNothingVisible) {
  TempFolder folder;
  Bytes pixels;
  for (int i = 0; i < 256 * 3; ++i)
    pixels.push_back(static_cast<uint8_t>(i % 3 ? i / 3 : 255 - i / 3));
  save_raw(folder / "plain.png", pixels.data(), 16, 16, 3, Space::rgb);
  save_raw(folder / "srgb.png", pixels.data(), 16, 16, 3, Space::rgb, built_in_profile("srgb"));
  Image plain = read_image(folder / "plain.png");
  const Image tagged = read_image(folder / "srgb.png");
  EXPECT_LT(max_difference(plain, tagged), 0.5 / 255);
  EXPECT_TRUE(tagged.metadata.contains("icc"));
  EXPECT_FALSE(plain.metadata.contains("icc"));
}

TEST(Profile, BrokenOrUnfittingProfilesAreIgnored) {
  TempFolder folder;
  const uint8_t pixels[4] = {10, 20, 30, 40};
  save_raw(folder / "junk.tif", pixels, 1, 1, 3, Space::rgb, std::string(500, 'j'));
  EXPECT_NEAR(read_image(folder / "junk.tif").data()[1], 20 / 255.0, 1e-6);
  save_raw(folder / "grey.tif", pixels, 2, 2, 1, Space::grey, built_in_profile("srgb"));
  EXPECT_NEAR(read_image(folder / "grey.tif").data()[3], 20 / 255.0, 1e-6);
}

}  // namespace
}  // namespace impasto::test
