#include <cstdio>
#include <exception>
#include <filesystem>
#include <string_view>

#include "pictures.h"

namespace {

struct Picture {
  const char* name;
  impasto::Image (*draw)();
};

constexpr Picture kPictures[] = {
    {"landscape", impasto::draw::landscape},     {"stilllife", impasto::draw::stilllife},
    {"village", impasto::draw::village},         {"swirls", impasto::draw::swirls},
    {"mosaic", impasto::draw::mosaic},           {"ink", impasto::draw::ink},
    {"pointillist", impasto::draw::pointillist}, {"cubist", impasto::draw::cubist},
    {"watercolour", impasto::draw::watercolour},
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
      impasto::write_image(picture.draw(), path, {.quality = 90, .recipe = {}});
      std::printf("%s\n", path.c_str());
    }
  } catch (const std::exception& error) {
    std::fprintf(stderr, "draw_examples: %s\n", error.what());
    return 1;
  }
}
