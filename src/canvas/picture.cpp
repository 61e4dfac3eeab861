#include "canvas/picture.h"

#include <algorithm>
#include <memory>

#include "backend/border.h"
#include "base/parallel.h"
#include "image/resize.h"

namespace impasto {

PictureSource source_of(const Image& image) {
  return {image.width(), image.height(),
          [&image](int x, int y, int count, float* to) { image.read(x, y, count, to); }};
}

PictureSource source_of(const Tensor& t, int margin) {
  const int64_t w = t.shape().w();
  const auto read = [t, margin, w](int x, int y, int count, float* to) {
    const float* from = t.data<float>() + 3 * ((y + margin) * w + x + margin);
    std::transform(from, from + int64_t{3} * count, to, in_gamut);
  };
  return {static_cast<int>(w) - 2 * margin, static_cast<int>(t.shape().h()) - 2 * margin, read};
}

PictureSource source_of(const Image& image, const Size& size) {
  return source_of(source_of(image), size);
}

PictureSource source_of(const PictureSource& picture, const Size& size) {
  const Size from{picture.width, picture.height};
  if (same(from, size)) return picture;
  const auto resizer = std::make_shared<const Resizer>(from, picture.read, size);
  return {size.width, size.height, [resizer](int x, int y, int count, float* to) {
            std::vector<float> room;
            resizer->row(x, y, count, room, to);
          }};
}

PictureSource with_margin(const PictureSource& picture, int margin) {
  const auto read = [picture, margin](int x, int y, int count, float* to) {
    const auto row = static_cast<int>(border_index(y - margin, picture.height, PadMode::reflect));
    const int first = std::max(x - margin, 0), last = std::min(x - margin + count, picture.width);
    if (last > first) picture.read(first, row, last - first, to + 3 * (first + margin - x));
    for (int i = 0; i < count; ++i) {
      const int at = x - margin + i;
      if (at >= first && at < last) continue;
      const auto from = static_cast<int>(border_index(at, picture.width, PadMode::reflect));
      picture.read(from, row, 1, to + 3 * i);
    }
  };
  return {picture.width + 2 * margin, picture.height + 2 * margin, read};
}

void read_window(const PictureSource& picture, int64_t y0, int64_t x0, const Tensor& window) {
  const int64_t h = window.shape().h(), w = window.shape().w();
  const int64_t inside = std::clamp<int64_t>(picture.width - x0, 0, w);
  parallel_for(h, 8, [&](int64_t begin, int64_t end) {
    for (int64_t y = begin; y < end; ++y) {
      const auto from = static_cast<int>(border_index(y0 + y, picture.height, PadMode::reflect));
      float* to = window.data<float>() + 3 * w * y;
      if (inside > 0) {
        picture.read(static_cast<int>(x0), from, static_cast<int>(inside), to);
      }
      for (int64_t x = inside; x < w; ++x) {
        const int64_t at = border_index(x0 + x, picture.width, PadMode::reflect);
        if (at >= x0 && at < x0 + inside) {
          std::copy_n(to + 3 * (at - x0), 3, to + 3 * x);
        } else {
          picture.read(static_cast<int>(at), from, 1, to + 3 * x);
        }
      }
      std::transform(to, to + 3 * w, to, in_gamut);
    }
  });
}

void write_core(const Tile& tile, const Tensor& window, Image& image) {
  const int64_t bottom = std::min<int64_t>(tile.y.end, image.height()),
                count = std::min<int64_t>(tile.x.end, image.width()) - tile.x.begin;
  if (count <= 0) return;
  parallel_for(bottom - tile.y.begin, 16, [&](int64_t begin, int64_t end) {
    std::vector<float> row(static_cast<size_t>(3 * count));
    for (int64_t y = tile.y.begin + begin; y < tile.y.begin + end; ++y) {
      const float* from = window.data<float>() + 3 * (window.shape().w() * (y - tile.y.start) +
                                                      tile.x.begin - tile.x.start);
      std::transform(from, from + 3 * count, row.begin(), in_gamut);
      image.write(static_cast<int>(tile.x.begin), static_cast<int>(y), static_cast<int>(count),
                  row.data());
    }
  });
}

void blend(const PictureSource& photo, float share, Image& canvas) {
  const size_t n = static_cast<size_t>(photo.width) * 3;
  parallel_for(photo.height, 16, [&](int64_t begin, int64_t end) {
    std::vector<float> from(n), to(n);
    for (int y = static_cast<int>(begin); y < end; ++y) {
      photo.read(0, y, photo.width, from.data());
      canvas.read(0, y, photo.width, to.data());
      for (size_t i = 0; i < n; ++i) to[i] += share * (from[i] - to[i]);
      canvas.write(0, y, photo.width, share < 1 ? to.data() : from.data());
    }
  });
}

Tensor to_tensor(const PictureSource& picture) {
  const Tensor t({1, picture.height, picture.width, 3});
  read_window(picture, 0, 0, t);
  return t;
}

Tensor to_tensor(const Image& image) {
  return to_tensor(source_of(image));
}

Image to_image(const PictureSource& picture) {
  Image image(picture.width, picture.height);
  parallel_for(picture.height, 8, [&](int64_t begin, int64_t end) {
    for (int y = static_cast<int>(begin); y < end; ++y) {
      picture.read(0, y, picture.width, image.row(y));
    }
  });
  return image;
}

Image to_image(const Tensor& t, int margin) {
  return to_image(source_of(t, margin));
}

}  // namespace impasto
