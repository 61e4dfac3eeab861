#include <cstdio>
#include <filesystem>

#include "image/exif.h"
#include "image/exr_writer.h"
#include "image/iptc.h"
#include "image/other_formats.h"
#include "image/samples.h"
#include "image/xmp.h"

namespace {

namespace fs = std::filesystem;
using namespace impasto;
using namespace impasto::test;

Bytes bytes_of(const std::string& text) {
  return {text.begin(), text.end()};
}

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
