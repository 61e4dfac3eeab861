#include "nn/tiled_plan.h"

#include <algorithm>
#include <cstring>

#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

namespace {

// How far the taps see, in whole steps.
int64_t halo_of(const std::map<std::string, Field>& fields) {
  int64_t reach = 0;
  for (const auto& [tap, field] : fields) reach = std::max(reach, field.reach);
  return (reach + tile_step - 1) / tile_step * tile_step;
}

int64_t side(int64_t length, int64_t window, int64_t halo) {
  if (window <= 0 || window >= length) return length;
  return even_window(length, std::max(window, 4 * halo + tile_step), halo);
}

Shape window_of(const Shape& picture, const Window& window, int64_t halo) {
  return {1, side(picture.h(), window.height, halo), side(picture.w(), window.width, halo), 3};
}

bool covers(const Window& window, const Shape& picture) {
  return (window.height <= 0 || window.height >= picture.h()) &&
         (window.width <= 0 || window.width >= picture.w());
}

// Any network can be given the whole picture; only windows have to know what it sees.
std::map<std::string, Field> fields_of(const Graph& graph, const PlanOptions& options, bool whole) {
  std::map<std::string, Field> fields;
  for (const std::string& tap : options.taps) {
    const Field field = whole ? Field{} : field_of(graph, tap);
    if (tile_step % field.step != 0) {
      throw Error(ErrorCode::unsupported, "tap '" + tap + "': steps of " +
                                              std::to_string(field.step) +
                                              " pixels cannot be computed window by window");
    }
    fields[tap] = field;
  }
  return fields;
}

// Rows of a window and of the picture that it is part of: f(window's, picture's, elements).
template <class T, class F>
void each_row(const Tensor& window, const Tile& tile, const Tensor& picture, const F& f) {
  const int64_t width = 3 * window.shape().w(), stride = 3 * picture.shape().w();
  parallel_for(window.shape().h(), 8, [&](int64_t begin, int64_t end) {
    for (int64_t y = begin; y < end; ++y) {
      f(window.data<T>() + y * width,
        picture.data<T>() + (tile.y.start + y) * stride + 3 * tile.x.start, width);
    }
  });
}

}  // namespace

TiledPlan::TiledPlan(std::shared_ptr<const Graph> graph, Backend& backend, const Shape& picture,
                     const PlanOptions& options, const Window& window)
    : fields_(fields_of(*graph, options, covers(window, picture))),
      picture_(picture),
      plan_(graph, backend, window_of(picture, window, halo_of(fields_)), options) {
  const Shape& w = plan_.input_shape();
  tiles_ = TiledPicture{picture.h(), picture.w(), w.h(), w.w(), {}}.tiles(halo_of(fields_));
}

size_t TiledPlan::bytes() const {
  size_t largest = 0;
  for (const auto& [tap, field] : fields_) largest = std::max(largest, tap_bytes(tap));
  return plan_.arena_bytes() + plan_.footprint().total() + (is_whole() ? 0 : 2 * largest);
}

size_t TiledPlan::tap_bytes(const std::string& tap) const {
  return static_cast<size_t>(plan_.tap_shape(tap).size()) * size_of(plan_.type());
}

void TiledPlan::forward(const Tensor& picture, const Tile& tile) {
  if (is_whole()) return plan_.forward(picture);
  const Tensor window = plan_.input(0);
  const auto copy = [&](auto tag) {
    each_row<decltype(tag)>(window, tile, picture, [](auto* to, const auto* from, int64_t n) {
      std::memcpy(to, from, static_cast<size_t>(n) * sizeof *to);
    });
  };
  picture.dtype() == DType::f64 ? copy(double{}) : copy(float{});
  plan_.forward();
}

void TiledPlan::forward(const Read& picture, const Tile& tile) {
  picture(tile.y.start, tile.x.start, plan_.input(0));
  plan_.forward();
}

Tensor TiledPlan::tap(const std::string& name, const Tile& tile) {
  return is_whole() ? plan_.tap(name) : core_of(plan_.tap(name), tile, step(name), features_);
}

TiledPlan::Place TiledPlan::place_of(const std::string& tap, const Tile& tile) const {
  return {tile.y.begin / step(tap), tile.x.begin / step(tap)};
}

void TiledPlan::backward(const Tile& tile, const Plan::TapGradient& callback,
                         const Tensor& gradient, bool accumulate) {
  if (is_whole() && !accumulate) {
    gradient.copy_from(plan_.backward(callback));
    return;
  }
  const Tensor window = plan_.backward(
      [&](const std::string& tap, const Tensor& features, const Tensor& dfeatures, bool filled) {
        if (is_whole()) return callback(tap, features, dfeatures, filled);
        if (!filled) dfeatures.fill(0);
        const Tensor own = core_of(dfeatures, tile, step(tap), gradients_);
        callback(tap, core_of(features, tile, step(tap), features_), own, filled);
        put_core(own, tile, step(tap), dfeatures);
      });
  if (!accumulate) gradient.fill(0);
  const auto add = [&](auto tag) {
    each_row<decltype(tag)>(window, tile, gradient, [](const auto* from, auto* to, int64_t n) {
      for (int64_t i = 0; i < n; ++i) to[i] += from[i];
    });
  };
  gradient.dtype() == DType::f64 ? add(double{}) : add(float{});
}

}  // namespace impasto
