#include "methods/joined.h"

#include <algorithm>
#include <numeric>

#include "methods/picture.h"

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
  const Image wide = with_margin(image, across.before, 0, PadMode::circular);
  const Image wide_resized = resize(wide, width + 2 * across.after, image.height());
  const Image narrow = without_margin(wide_resized, across.after, 0);
  const Image tall = with_margin(narrow, 0, down.before, PadMode::circular);
  return without_margin(resize(tall, width, height + 2 * down.after), 0, down.after);
}

}  // namespace impasto
