#include "losses/objective.h"

#include <algorithm>

#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

Objective::Objective(std::shared_ptr<const Graph> graph, Backend& backend, const Shape& picture,
                     DType type)
    : graph_(std::move(graph)), backend_(backend), shape_(picture), type_(type) {}

size_t Objective::term_index(const std::string& term) {
  const auto found =
      std::find_if(terms_.begin(), terms_.end(), [&](const auto& t) { return t.first == term; });
  if (found != terms_.end()) return static_cast<size_t>(found - terms_.begin());
  terms_.emplace_back(term, 0.0);
  return terms_.size() - 1;
}

void Objective::add(const std::string& term, const std::string& tap, double weight,
                    std::unique_ptr<FeatureLoss> loss) {
  if (!graph_) throw Error(ErrorCode::internal, "a loss is added to an objective in use");
  on_features_.push_back({term_index(term), tap, weight, std::move(loss)});
  plan_.reset();
}

void Objective::add(const std::string& term, double weight, std::unique_ptr<ImageLoss> loss) {
  on_pixels_.push_back({term_index(term), weight, std::move(loss)});
}

Plan& Objective::plan() {
  if (!plan_) {
    PlanOptions options;
    options.type = type_;
    options.input_gradient = true;
    options.frozen = true;
    for (const OnFeatures& l : on_features_) {
      if (std::find(options.taps.begin(), options.taps.end(), l.tap) == options.taps.end()) {
        options.taps.push_back(l.tap);
      }
    }
    plan_ = std::make_unique<Plan>(graph_, backend_, shape_, options);
  }
  return *plan_;
}

size_t Objective::bytes() {
  return on_features_.empty() ? 0 : plan().arena_bytes();
}

double Objective::evaluate(const Tensor& picture, const Tensor& gradient) {
  for (auto& [name, value] : terms_) value = 0;
  if (on_features_.empty()) {
    gradient.fill(0);
  } else {
    plan().forward(picture);
    graph_.reset();
    for (const OnFeatures& l : on_features_) l.loss->observe(backend_, plan().tap(l.tap));
    // The deepest first: they have the largest matrices.
    std::vector<double> values(on_features_.size());
    parallel_tasks(static_cast<int64_t>(values.size()), [&](int64_t i) {
      const size_t at = values.size() - 1 - static_cast<size_t>(i);
      values[at] = on_features_[at].loss->value(true);
    });
    for (size_t i = 0; i < values.size(); ++i) {
      terms_[on_features_[i].term].second += on_features_[i].weight * values[i];
    }
    gradient.copy_from(plan().backward([&](const std::string& tap, const Tensor& features,
                                           const Tensor& dfeatures, bool accumulate) {
      for (const OnFeatures& l : on_features_) {
        if (l.tap != tap) continue;
        l.loss->gradient(backend_, features, l.weight, dfeatures, accumulate);
        accumulate = true;
      }
    }));
  }
  for (const OnPixels& l : on_pixels_) {
    terms_[l.term].second += l.weight * l.loss->evaluate(picture, l.weight, &gradient);
  }
  double total = 0;
  for (const auto& [name, value] : terms_) total += value;
  return total;
}

}  // namespace impasto
