// One style at once: a network that was trained for it.

#include "canvas/picture.h"
#include "instant/instant.h"
#include "instant/windows.h"

namespace impasto {

namespace {

std::shared_ptr<const StyleNetwork> network_in(const SavedStyle* learned) {
  return learned ? learned->network : nullptr;
}

}  // namespace

std::shared_ptr<const StyleNetwork> network_of(const std::vector<SharedPainting>& styles) {
  return styles.size() == 1 ? network_in(styles[0]->learned.get()) : nullptr;
}

std::shared_ptr<const StyleNetwork> network_of(const std::vector<PaintingHeader>& styles) {
  return styles.size() == 1 ? network_in(styles[0].learned.get()) : nullptr;
}

size_t network_bytes(const Engine& engine, const StyleNetwork& network, const Size& window) {
  const Shape shape{1, window.height, window.width, 3};
  const Plan plan(make_style_network(network.config), *engine.backend, shape,
                  PlanOptions{engine.type, {"rgb"}});
  return plan.arena_bytes() + plan.footprint().total() +
         static_cast<size_t>(shape.size()) * sizeof(float);
}

void Instant::plan_network(const std::shared_ptr<const StyleNetwork>& network, const Size& window) {
  const Shape shape{1, window.height, window.width, 3};
  if (planned_ && planned_->network == network && planned_->strength == options_.strength &&
      planned_->plan.input_shape() == shape) {
    return;
  }
  let_go_of_window();
  planned_.emplace(
      PlannedNetwork{network, options_.strength,
                     Plan(graph_at(*network, options_.strength), *engine_.backend, shape,
                          PlanOptions{engine_.type, {"rgb"}, false, false, true})});
}

Instant::Painted Instant::paint_by_network(const std::shared_ptr<const StyleNetwork>& network,
                                           const PictureSource& photo, const Size& window,
                                           const std::function<bool(double)>& go_on,
                                           Image& canvas) {
  plan_network(network, window);
  const TiledPicture picture = tiled(photo, window);
  const std::vector<Tile> tiles = picture.tiles(painter_halo);
  const Tensor seen({1, window.height, window.width, 3});
  size_t painted = 0;
  bool wanted = true;
  for (const Tile& tile : tiles) {
    picture.read(tile.y.start, tile.x.start, seen);
    const auto all = static_cast<double>(tiles.size());
    wanted = wanted && go_on(static_cast<double>(painted) / all);
    if (wanted) {
      planned_->plan.forward(seen);
      ++painted;
    }
    write_core(tile, wanted ? planned_->plan.tap("rgb") : seen, canvas);
  }
  return wanted ? Painted::whole : painted > 0 ? Painted::in_part : Painted::nothing;
}

}  // namespace impasto
