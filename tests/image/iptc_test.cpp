// A press photograph's caption and credit.

#include "image/iptc.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "image/samples.h"

namespace impasto::test {
namespace {

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

/// Headline and credit: marker, record 2, number, length, text.
Bytes records(const std::string& headline = "Hello") {
  std::string text = "\x1c\x02\x69";
  text += static_cast<char>(headline.size() >> 8);
  text += static_cast<char>(headline.size());
  return bytes_of(text + headline + "\x1c\x02\x6e" + std::string("\0\4Acme", 6));
}

std::string resource(const std::string& id, const std::string& name, const Bytes& content) {
  std::string text = "8BIM" + id + static_cast<char>(name.size()) + name;
  if (name.size() % 2 == 0) text += '\0';
  for (const int shift : {24, 16, 8, 0}) text += static_cast<char>(content.size() >> shift);
  text.append(content.begin(), content.end());
  if (content.size() % 2 != 0) text += '\0';
  return text;
}

const std::string photoshop("Photoshop 3.0\0", 14);

TEST(Iptc, IsFoundAmongPhotoshopsResources) {
  EXPECT_EQ(iptc::records_in(records()), records());
  const std::string mine = resource("\4\4", "", records());
  EXPECT_EQ(iptc::records_in(bytes_of(photoshop + mine)), records());
  const std::string others =
      resource("\4\x0c", "thumbnail", bytes_of("odd")) + resource("\3\xed", "even", bytes_of("12"));
  EXPECT_EQ(iptc::records_in(bytes_of(photoshop + others + mine + others)), records());
  EXPECT_TRUE(iptc::records_in(bytes_of(photoshop + others)).empty());
  for (const char* headline : {"odd", "even"}) {
    EXPECT_EQ(iptc::records_in(iptc::photoshop_segment(records(headline))), records(headline));
  }
}

TEST(Iptc, WhatIsDamagedIsNothing) {
  const Bytes whole = iptc::photoshop_segment(records("even"));
  for (size_t size = 0; size < whole.size(); ++size) {
    EXPECT_TRUE(iptc::records_in(std::span(whole).first(size)).empty()) << size;
  }
  const std::string other = photoshop + resource("\4\4", "", bytes_of("no records"));
  EXPECT_TRUE(iptc::records_in(bytes_of(other)).empty());
  EXPECT_TRUE(iptc::records_in(bytes_of("Photoshop 2.5")).empty());
}

TEST(Iptc, LongsOfBigEndianTiffsAreTurnedBack) {
  Bytes longs = records("abc");
  longs.resize((longs.size() + 3) / 4 * 4);
  Bytes turned = longs;
  for (size_t i = 0; i < turned.size(); i += 4) std::reverse(&turned[i], &turned[i] + 4);
  EXPECT_EQ(iptc::records_in(turned), longs);
}

TEST(Iptc, SurvivesInJpegAndTiff) {
  TempFolder folder;
  for (const std::string& headline : {std::string("Hello"), std::string(3001, 'x')}) {
    const Bytes before = records(headline);
    Image image = gradient(30, 20);
    image.metadata["iptc"] = before;
    for (const char* name : {"a.jpg", "a.tif"}) {
      write_image(image, folder / name);
      Bytes back = read_image(folder / name).metadata.at("iptc");
      ASSERT_GE(back.size(), before.size()) << name;
      EXPECT_LT(back.size(), before.size() + 4) << name << ": filled up to a LONG at most";
      back.resize(before.size());
      EXPECT_EQ(back, before) << name;
    }
    for (const char* name : {"a.png", "a.webp"}) {
      write_image(image, folder / name);
      EXPECT_EQ(read_image(folder / name).metadata.count("iptc"), 0u) << "no place for it";
    }
  }
}

TEST(Iptc, WhatAJpegCannotHoldIsLeftOut) {
  TempFolder folder;
  Image image = gradient(30, 20);
  image.metadata["iptc"] = records(std::string(65535, 'x'));
  write_image(image, folder / "a.jpg");
  EXPECT_EQ(read_image(folder / "a.jpg").metadata.count("iptc"), 0u);
}

}  // namespace
}  // namespace impasto::test
