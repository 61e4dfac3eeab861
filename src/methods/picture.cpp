#include "methods/picture.h"

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

PictureSource source_of(const Image& image, const Size& size) {
  if (size.width == image.width() && size.height == image.height()) return source_of(image);
  const auto resizer = std::make_shared<const Resizer>(image, size.width, size.height);
  return {size.width, size.height, [resizer](int x, int y, int count, float* to) {
            std::vector<float> room;
            resizer->row(x, y, count, room, to);
          }};
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

Tensor to_tensor(const Image& image) {
  const Tensor t({1, image.height(), image.width(), 3});
  const int64_t n = int64_t{3} * image.width();
  for (int y = 0; y < image.height(); ++y) {
    float* row = t.data<float>() + n * y;
    image.read(0, y, image.width(), row);
    std::transform(row, row + n, row, in_gamut);
  }
  return t;
}

Image to_image(const Tensor& t) {
  Image image(static_cast<int>(t.shape().w()), static_cast<int>(t.shape().h()));
  std::transform(t.data<float>(), t.data<float>() + t.size(), image.data(), in_gamut);
  return image;
}

Image with_margin(const Image& image, int across, int down, PadMode border) {
  Image wide(image.width() + 2 * across, image.height() + 2 * down);
  for (int y = 0; y < wide.height(); ++y) {
    const float* from = image.row(static_cast<int>(border_index(y - down, image.height(), border)));
    for (int x = 0; x < wide.width(); ++x) {
      const int64_t ix = border_index(x - across, image.width(), border);
      std::copy_n(from + 3 * ix, 3, wide.row(y) + 3 * x);
    }
  }
  return wide;
}

Image without_margin(const Image& wide, int across, int down) {
  Image image(wide.width() - 2 * across, wide.height() - 2 * down);
  for (int y = 0; y < image.height(); ++y) {
    std::copy_n(wide.row(y + down) + 3 * across, 3 * image.width(), image.row(y));
  }
  return image;
}

}  // namespace impasto
