#include "nn/tiling.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

namespace {

// Rows and columns of a tile's features that count. A side shorter than a step is one position.
struct Core {
  Core(const Tile& tile, int64_t step)
      : y((tile.y.begin - tile.y.start) / step),
        x((tile.x.begin - tile.x.start) / step),
        h(std::max<int64_t>((tile.y.end - tile.y.start) / step, 1) - y),
        w(std::max<int64_t>((tile.x.end - tile.x.start) / step, 1) - x) {}
  bool is_all_of(const Shape& s) const { return h == s.h() && w == s.w(); }
  int64_t y, x, h, w;
};

// f(row of the features' core, row of the dense one, bytes).
template <class F>
void each_row(const Core& core, const Tensor& features, const Tensor& dense, const F& f) {
  const auto pixel = static_cast<int64_t>(size_of(features.dtype())) * features.shape().c();
  parallel_for(core.h, 16, [&](int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      f(static_cast<std::byte*>(features.raw()) +
            ((core.y + i) * features.shape().w() + core.x) * pixel,
        static_cast<std::byte*>(dense.raw()) + i * core.w * pixel,
        static_cast<size_t>(core.w * pixel));
    }
  });
}

}  // namespace

std::vector<Cut> cut_side(int64_t length, int64_t window, int64_t halo) {
  std::vector<Cut> cuts;
  for (int64_t begin = 0; begin < length;) {
    const int64_t start = std::clamp<int64_t>(begin - halo, 0, length - window);
    const int64_t end =
        start + window == length ? length : (start + window - halo) / tile_step * tile_step;
    cuts.push_back({start, begin, end});
    begin = end;
  }
  return cuts;
}

int64_t even_window(int64_t length, int64_t longest, int64_t halo) {
  if (longest >= length) return length;
  const int64_t rest = length % tile_step;
  for (size_t count = 2;; ++count) {
    const auto n = static_cast<int64_t>(count);
    const int64_t window = (length + 2 * halo * (n - 1) + n - 1) / n;
    int64_t even = rest + (window - rest + tile_step - 1) / tile_step * tile_step;
    for (; even <= longest; even += tile_step) {  // parts end at whole steps, so more may be needed
      if (cut_side(length, even, halo).size() <= count) return even;
    }
  }
}

std::vector<Tile> TiledPicture::tiles(int64_t halo) const {
  std::vector<Tile> result;
  for (const Cut& y : cut_side(height, window_height, halo)) {
    for (const Cut& x : cut_side(width, window_width, halo)) result.push_back({y, x});
  }
  return result;
}

Tensor core_of(const Tensor& features, const Tile& tile, int64_t step, Tensor& room) {
  const Core core(tile, step);
  if (core.is_all_of(features.shape())) return features;
  const Shape shape{1, core.h, core.w, features.shape().c()};
  if (room.dtype() != features.dtype() || room.size() < shape.size()) {
    room = Tensor({shape.size()}, features.dtype());
  }
  const Tensor dense = room.slice(0, shape);
  each_row(core, features, dense,
           [](std::byte* from, std::byte* to, size_t bytes) { std::memcpy(to, from, bytes); });
  return dense;
}

void put_core(const Tensor& dense, const Tile& tile, int64_t step, const Tensor& features) {
  if (dense.raw() == features.raw()) return;
  each_row(Core(tile, step), features, dense,
           [](std::byte* to, std::byte* from, size_t bytes) { std::memcpy(to, from, bytes); });
}

Field field_of(const Graph& graph, const std::string& tap) {
  const int last = graph.tap(tap);
  std::vector<Field> fields(static_cast<size_t>(last) + 1);
  for (int i = 0; i <= last; ++i) {
    const Graph::Node& node = graph.nodes()[static_cast<size_t>(i)];
    if (!node.layer) continue;
    const std::optional<LayerField> own = node.layer->field();
    Field& field = fields[static_cast<size_t>(i)];
    if (!own) {
      throw Error(ErrorCode::unsupported,
                  "tap '" + tap + "': '" + node.name + "' cannot be computed window by window");
    }
    for (const int in : node.inputs) {
      const Field& before = fields[static_cast<size_t>(in)];
      field.step = before.step * own->step;
      field.reach = std::max(field.reach, before.reach + before.step * own->reach);
    }
  }
  return fields.back();
}

}  // namespace impasto
