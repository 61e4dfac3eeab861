#include <cstdio>
#include <filesystem>

#include "image/exif.h"
#include "image/exr_writer.h"
#include "image/iptc.h"
#include "image/odd_files.h"
#include "image/other_formats.h"
#include "image/samples.h"
#include "image/xmp.h"

namespace {

namespace fs = std::filesystem;
using namespace impasto;
using namespace impasto::test;

const std::string records("\x1c\x02\x69\0\5Hello\x1c\x02\x6e\0\4Acme", 19);

/// For fuzz_metadata: the parser's number, then what it reads.
void write_metadata(const fs::path& folder, const std::string& tiff) {
  const auto write = [&](const char* name, uint8_t parser, Bytes bytes) {
    bytes.insert(bytes.begin(), parser);
    store(folder / name, bytes);
  };
  write("exif-little", 0, exif_block(6));
  write("exif-big", 0, exif_block(3, false));
  Bytes file = load(tiff);
  write("exif-tiff", 0, file);
  const Bytes block = exif_block(6);
  file.insert(file.end(), block.begin(), block.end());
  write("tiff", 1, file);
  const std::string packet = xmp::with_recipe("", "{}");
  write("xmp", 2, bytes_of(packet));
  write("xmp-turned", 2, bytes_of("<rdf:RDF><a tiff:Orientation=\"6\"/>" + packet + "</rdf:RDF>"));
  write("iptc", 3, bytes_of(records));
  write("iptc-photoshop", 3, iptc::photoshop_segment(bytes_of(records)));
  write("embedding", 4, block);
  write("resolution", 5, block);
  const Bytes colour = png_chunk("gAMA", big_endian(4, 100'000));
  const Bytes primaries = png_chunk("cHRM", Bytes(32, 0));
  write("png", 6, with_chunks(encode_png(gradient(3, 2)), joined({colour, primaries})));
  write("jxl", 7,
        bytes_of(std::string("\0\0\0\x0cJXL \r\n\x87\n\0\0\0\x14"
                             "ftypjxl \0\0\0\0jxl \0\0\0\x0c"
                             "xml <a/>\0\0\0\x0c"
                             "Exif\0\0\0\0",
                             56)));
  write("jpeg", 8, {0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xda, 0, 2, 1, 2, 3});
}

/// Every format that can be written here, with all metadata, in 8 and 16 bits, with alpha.
void write_pictures(const fs::path& folder) {
  Image image = gradient(12, 9);
  image.metadata["exif"] = exif::normalised(exif_block(6));
  image.metadata["iptc"] = bytes_of(records);
  const std::string p3 = built_in_profile("p3");
  const Image plain = image;
  image.metadata["icc"] = Bytes(p3.begin(), p3.end());
  Image clear = gradient(12, 9, true);
  for (const char* kind : {"jpg", "png", "webp", "tif", "avif", "heic", "jxl"}) {
    const std::string ending = std::string(".") + kind;
    try {
      write_image(image, folder / ("all" + ending), {90, "{}"});
      write_image(clear, folder / ("clear" + ending));
      write_image(plain, folder / ("deep" + ending), {.bits = 16});
    } catch (const Error& e) {
      std::fprintf(stderr, "no seeds of %s: %s\n", kind, e.what());
    }
  }
  const Bytes samples(16 * 16 * 4, 100);
  for (const char* name : {"a.ppm", "a.gif", "a.jp2", "a.hdr"}) {
    try {
      save_raw(folder / name, samples.data(), 16, 16, 3, Space::rgb);
    } catch (const std::exception& e) {
      std::fprintf(stderr, "no seed %s: %s\n", name, e.what());
    }
  }
  save_raw(folder / "ink.jpg", samples.data(), 16, 16, 4, Space::cmyk);
  save_pages(folder / "pages.tif", 3);
  for (const char* text : {"P1 3 2 101010", "P2 2 1 15 15 3", "P3 1 1 9 1 2 3", "P4 9 1\nab",
                           "P5 2 1 1023\nabcd", "P6 1 1 255\nabc", "PF 1 1 -1\nabcdefghijkl"}) {
    store(folder / (std::string(text, 2) + ".pnm"), std::string(text));
  }
  const auto tiff = [&](const char* name, int bits, int samples, int photometric, int format) {
    const auto f = static_cast<uint32_t>(format);
    TiffWriter writer;
    writer.picture(4, 4, bits, samples, photometric);
    writer.field(339, 3, std::vector<uint32_t>(static_cast<size_t>(samples), f));
    const auto row = static_cast<size_t>((4 * bits * samples + 7) / 8);
    store(folder / (std::string(name) + ".tif"), writer.file({Bytes(row * 4, 77)}));
  };
  tiff("twelve", 12, 3, 2, 1);
  tiff("half", 16, 3, 2, 3);
  tiff("double", 64, 1, 1, 3);
  tiff("lab", 8, 3, 8, 1);
  tiff("lab-icc", 16, 3, 9, 1);
  tiff("signed", 32, 1, 0, 2);
  tiff("ycc", 8, 3, 6, 1);
  save_pages(folder / "film.gif", 3);
  save_pages(folder / "film.webp", 3);
  const std::vector<float> light(12, 0.5f);
  store(folder / "a.exr",
        ExrWriter().file(4, 3, {{"A", light}, {"B", light}, {"G", light}, {"R", light}}));
  store(folder / "a.bmp", bmp_file(12, 9));
  store(folder / "clear.bmp", bmp_file(12, 9, 32));
  store(folder / "a.tga", tga_file(12, 9, true));
  store(folder / "packed.tga", tga_file(12, 9, true, true));
  store(folder / "a.psd", psd_file(12, 9));
  store(folder / "packed.psd", psd_file(12, 9, true));
  store(folder / "a.qoi", qoi_file(12, 9));
  store(folder / "clear.qoi", qoi_file(12, 9, true));
  store(folder / "a.svg",
        std::string("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='7'>"
                    "<circle cx='4' cy='4' r='3' fill='red'/></svg>"));
}

}  // namespace

/// make_picture_seeds FOLDER: writes the seed corpora into FOLDER/metadata, FOLDER/picture and
/// FOLDER/profile.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_picture_seeds FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder = argv[1];
  for (const char* name : {"metadata", "picture", "profile"}) fs::create_directories(folder / name);
  write_pictures(folder / "picture");
  write_metadata(folder / "metadata", folder / "picture/all.tif");
  for (const char* name : {"srgb", "p3"}) {
    store((folder / "profile" / name).string(), built_in_profile(name));
  }
}
