#include <cstdint>
#include <cstdlib>
#include <string>

#include "image/label_map.h"
#include "impasto/error.h"

using namespace impasto;

namespace {

// What the fuzzer says, then zeros.
class Bytes {
 public:
  Bytes(const uint8_t* data, size_t size) : data_(data), end_(data + size) {}
  uint8_t next() { return data_ < end_ ? *data_++ : 0; }

 private:
  const uint8_t *data_, *end_;
};

// A few flat colours with a little noise, as maps are, or anything.
Image read(Bytes& bytes) {
  const int width = 1 + bytes.next() % 48, height = 1 + bytes.next() % 48;
  const int colours = bytes.next() % 40, noise = 1 + bytes.next() % 64;
  uint8_t palette[40][3] = {};
  for (int i = 0; i < colours; ++i) {
    for (uint8_t& v : palette[i]) v = bytes.next();
  }
  Image image(width, height);
  const bool transparent = noise % 5 == 0;
  for (int i = 0; i < width * height; ++i) {
    const uint8_t b = bytes.next();
    for (int c = 0; c < 3; ++c) {
      const int v = colours > 0 ? palette[b % colours][c] + b % noise : bytes.next();
      image.data()[3 * i + c] = static_cast<float>(v) / 255;
    }
    if (transparent) image.alpha.push_back(static_cast<float>(b) / 255);
  }
  return image;
}

void require(bool holds) {
  if (!holds) std::abort();
}

void check_masks(const Image& image, int width, int height) {
  Mask mask = make_mask(image, {width, height});
  require(mask.width == width && mask.height == height &&
          mask.values.size() == static_cast<size_t>(width) * height);
  const Mask before = mask;
  feather(mask, 3);
  for (size_t i = 0; i < mask.values.size(); ++i) require(mask.values[i] <= before.values[i]);
}

}  // namespace

/// Any two pictures are maps that match or refused with an Error; every pixel of a map has one of
/// its colours, and its labels' masks cover it once. Any picture is a mask, of any size.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  Bytes bytes(data, size);
  const Image a = read(bytes), b = read(bytes);
  check_masks(a, b.width(), b.height());
  try {
    const LabelMap like = read_label_map(a, "a");
    LabelMap map = read_label_map(b, "b");
    for (const LabelMap* m : {&like, static_cast<const LabelMap*>(&map)}) {
      require(!m->colours.empty() && m->colours.size() <= 32);
      std::vector<int> covered(m->labels.size());
      for (size_t k = 0; k < m->colours.size(); ++k) {
        const Mask mask = m->mask(k);
        for (size_t i = 0; i < covered.size(); ++i) covered[i] += mask.values[i];
      }
      for (const int sum : covered) require(sum == 255);
    }
    match_labels(like, "a", map, "b");
    require(map.colours.size() == like.colours.size());
    for (const uint8_t label : map.labels) require(label < like.colours.size());
  } catch (const Error&) {
  }
  return 0;
}
