#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

#include "pictures.h"

namespace {

struct Picture {
  const char* name;
  impasto::Image (*draw)();
  int quality;  // of the JPEG; less for those whose strokes would make the file large
};

constexpr Picture kPictures[] = {
    {"landscape", impasto::draw::landscape, 84},
    {"stilllife", impasto::draw::stilllife, 90},
    {"swirls", impasto::draw::swirls, 73},
    {"mosaic", impasto::draw::mosaic, 84},
    {"ink", impasto::draw::ink, 83},
    {"pointillist", impasto::draw::pointillist, 76},
    {"cubist", impasto::draw::cubist, 88},
};

bool wanted(std::string_view name, int argc, char** argv) {
  if (argc == 2) return true;
  for (int i = 2; i < argc; ++i)
    if (name == argv[i]) return true;
  return false;
}

}  // namespace

// draw_examples OUT_DIR [NAME ...]: draws all the pictures, or the named ones.
int main(int argc, char** argv) {
  if (argc < 2) {
    std::fprintf(stderr, "usage: draw_examples OUT_DIR [NAME ...]\n");
    return 2;
  }
  try {
    const std::filesystem::path folder = argv[1];
    std::filesystem::create_directories(folder);
    for (const Picture& picture : kPictures) {
      if (!wanted(picture.name, argc, argv)) continue;
      const std::string path = (folder / picture.name).string() + ".jpg";
      impasto::write_image(picture.draw(), path, {.quality = picture.quality, .recipe = {}});
      std::printf("%s\n", path.c_str());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "draw_examples: %s\n", error.what());
    return 1;
  }
}
