#include "losses/objective.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

Objective::Objective(std::shared_ptr<const Graph> graph, Backend& backend, const Shape& picture,
                     DType type, const Window& window)
    : graph_(std::move(graph)), backend_(backend), shape_(picture), type_(type), window_(window) {}

size_t Objective::term_index(const std::string& term) {
  const auto found =
      std::find_if(terms_.begin(), terms_.end(), [&](const auto& t) { return t.first == term; });
  if (found != terms_.end()) return static_cast<size_t>(found - terms_.begin());
  terms_.emplace_back(term, 0.0);
  return terms_.size() - 1;
}

void Objective::add(const std::string& term, const std::string& tap, double weight,
                    std::unique_ptr<FeatureLoss> loss) {
  on_features_.push_back({term_index(term), tap, weight, std::move(loss)});
}

void Objective::add(const std::string& term, double weight, std::unique_ptr<ImageLoss> loss) {
  on_pixels_.push_back({term_index(term), weight, std::move(loss)});
}

void Objective::clear() {
  on_features_.clear();
  on_pixels_.clear();
  terms_.clear();
}

void Objective::set_photo(TiledPlan::Read photo) {
  photo_ = std::move(photo);
}

// Each once.
std::vector<std::string> Objective::taps() const {
  std::vector<std::string> result;
  for (const OnFeatures& l : on_features_) {
    if (std::find(result.begin(), result.end(), l.tap) == result.end()) result.push_back(l.tap);
  }
  return result;
}

void Objective::compile() {
  const std::vector<std::string> wanted = taps();
  const bool same = std::is_permutation(wanted.begin(), wanted.end(), compiled_taps_.begin(),
                                        compiled_taps_.end());
  if (plan_ && same) return;
  if (!graph_) throw Error(ErrorCode::internal, "an objective in use is given other taps");
  PlanOptions options;
  options.type = type_;
  options.input_gradient = true;
  options.frozen = true;
  options.taps = compiled_taps_ = wanted;
  plan_ = std::make_unique<TiledPlan>(graph_, backend_, shape_, options, window_);
}

// Computes the features of a tile, and first the photograph's at the same place.
void Objective::look(const Tensor& picture, const Tile& tile) {
  photo_taps_.clear();
  for (const OnFeatures& l : on_features_) {
    if (!l.loss->reads_photo() || photo_taps_.contains(l.tap)) continue;
    if (!photo_) throw Error(ErrorCode::internal, "a loss reads a photograph that there is not");
    if (photo_taps_.empty()) plan_->forward(photo_, tile);
    const Tensor seen = plan_->tap(l.tap, tile);
    Tensor& room = photo_rooms_[l.tap];
    if (room.size() < seen.size()) room = Tensor({seen.size()}, seen.dtype());
    photo_taps_[l.tap] = room.slice(0, seen.shape());
    photo_taps_[l.tap].copy_from(seen);
  }
  plan_->forward(picture, tile);
  graph_.reset();
}

Part Objective::part_of(const std::string& tap, const Tile& tile) const {
  const auto photo = photo_taps_.find(tap);
  const auto [y, x] = plan_->place_of(tap, tile);
  return {y, x, photo == photo_taps_.end() ? Tensor() : photo->second};
}

void Objective::observe(const Tensor& picture) {
  for (const OnFeatures& l : on_features_) l.loss->begin();
  for (const Tile& tile : plan_->tiles()) {
    look(picture, tile);
    for (const OnFeatures& l : on_features_) {
      l.loss->observe(backend_, plan_->tap(l.tap, tile), part_of(l.tap, tile));
    }
  }
}

void Objective::add_values() {
  // The deepest first: they have the largest matrices.
  std::vector<double> values(on_features_.size());
  parallel_tasks(static_cast<int64_t>(values.size()), [&](int64_t i) {
    const size_t at = values.size() - 1 - static_cast<size_t>(i);
    values[at] = on_features_[at].loss->value(true);
  });
  for (size_t i = 0; i < values.size(); ++i) {
    terms_[on_features_[i].term].second += on_features_[i].weight * values[i];
  }
}

void Objective::differentiate(const Tensor& picture, const Tensor& gradient) {
  const std::vector<Tile>& tiles = plan_->tiles();
  for (auto tile = tiles.rbegin(); tile != tiles.rend(); ++tile) {
    const bool seen = tile == tiles.rbegin();  // the last that was observed
    if (!seen) look(picture, *tile);
    const auto tap_gradient = [&](const std::string& tap, const Tensor& features,
                                  const Tensor& dfeatures, bool accumulate) {
      for (const OnFeatures& l : on_features_) {
        if (l.tap != tap) continue;
        l.loss->gradient(backend_, features, part_of(tap, *tile), l.weight, dfeatures, accumulate);
        accumulate = true;
      }
    };
    plan_->backward(*tile, tap_gradient, gradient, !seen);
  }
}

double Objective::evaluate(const Tensor& picture, const Tensor& gradient) {
  for (auto& [name, value] : terms_) value = 0;
  if (on_features_.empty()) {
    gradient.fill(0);
  } else {
    compile();
    observe(picture);
    add_values();
    differentiate(picture, gradient);
  }
  for (const OnPixels& l : on_pixels_) {
    terms_[l.term].second += l.weight * l.loss->evaluate(picture, l.weight, &gradient);
  }
  double total = 0;
  for (const auto& [name, value] : terms_) total += value;
  return total;
}

}  // namespace impasto
