#include "canvas/joined.h"

#include <algorithm>
#include <numeric>

#include "backend/border.h"

namespace impasto {

namespace {

// Of one side: how many pixels from behind the opposite border are resized along, and how many they
// become. Both are whole, so the pixels in between come out as if the picture went on for ever.
struct Margin {
  Margin(int from, int to) {
    const int common = std::gcd(from, to);
    const int reach = 3 * std::max(1, (from + to - 1) / to) + 1;  // of Lanczos-3
    const int times = (reach + from / common - 1) / (from / common);
    before = times * (from / common);
    after = times * (to / common);
  }
  int before, after;
};

// With so many pixels more on each side, which lie behind the opposite one; and without them.
Image continued(const Image& image, int across, int down) {
  Image wide(image.width() + 2 * across, image.height() + 2 * down);
  const auto from = [](int at, int size) {
    return static_cast<int>(border_index(at, size, PadMode::circular));
  };
  for (int y = 0; y < wide.height(); ++y) {
    const float* row = image.row(from(y - down, image.height()));
    for (int x = 0; x < wide.width(); ++x) {
      std::copy_n(row + 3 * from(x - across, image.width()), 3, wide.row(y) + 3 * x);
    }
  }
  return wide;
}
Image inner(const Image& wide, int across, int down) {
  Image image(wide.width() - 2 * across, wide.height() - 2 * down);
  for (int y = 0; y < image.height(); ++y) {
    std::copy_n(wide.row(y + down) + 3 * across, 3 * image.width(), image.row(y));
  }
  return image;
}

}  // namespace

void join_borders(Engine& engine) {
  VggConfig config = engine.network.config;
  config.padding = PadMode::circular;
  const auto graph = make_vgg(config);
  graph->load(engine.network.graph->named_parameters(), engine.network.name);
  engine.joined = graph;
}

int joined_side(int side) {
  return (side + 15) / 16 * 16;
}

Image resize_joined(const Image& image, int width, int height) {
  const Margin across(image.width(), width), down(image.height(), height);
  const Image wide = continued(image, across.before, 0);
  const Image wide_resized = resize(wide, width + 2 * across.after, image.height());
  const Image tall = continued(inner(wide_resized, across.after, 0), 0, down.before);
  return inner(resize(tall, width, height + 2 * down.after), 0, down.after);
}

}  // namespace impasto
