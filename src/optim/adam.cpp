#include <cmath>
#include <limits>

#include "base/number_text.h"
#include "impasto/error.h"
#include "optim/optimizer.h"
#include "optim/vectors.h"

namespace impasto {

namespace {

class Adam : public Optimizer {
 public:
  explicit Adam(const AdamOptions& options) : options_(options), rate_(options.learning_rate) {}

  double step(const Tensor& x, const ValueAndGradient& function) override {
    prepare(x);
    const double value = function(x, gradient_);
    const float* g = gradient_.data<float>();
    if (!std::isfinite(value) || !std::isfinite(norms(g, x.size()).square)) {
      skip(x);
      return value;
    }
    const bool best = options_.keep_best && value < value_;
    if (best || !options_.keep_best) value_ = value;
    ++steps_;
    const double b1 = options_.beta1, b2 = options_.beta2;
    const AdamStep how{static_cast<float>(b1),
                       static_cast<float>(1 - b1),
                       static_cast<float>(b2),
                       static_cast<float>(1 - b2),
                       static_cast<float>(rate_ / (1 - std::pow(b1, steps_))),
                       static_cast<float>(1 / std::sqrt(1 - std::pow(b2, steps_))),
                       static_cast<float>(options_.epsilon)};
    adam_step(how, g, x.size(), first_.data<float>(), second_.data<float>(),
              best ? best_.data<float>() : nullptr, x.data<float>());
    return value;
  }

  double finish(const Tensor& x) override {
    if (options_.keep_best && std::isfinite(value_)) x.copy_from(best_);
    return value_;
  }

  void set_learning_rate(double rate) override { rate_ = rate; }

  NamedTensors state() const override {
    if (!gradient_) return {};
    return {{"adam.first", first_.clone()},
            {"adam.second", second_.clone()},
            {"adam.steps", Tensor::full({1}, steps_)}};
  }

  void restore(const NamedTensors& state) override {
    const auto get = [&](const char* name) {
      const auto found = state.find(name);
      if (found == state.end()) {
        throw Error(ErrorCode::input, std::string("a checkpoint without '") + name + "'");
      }
      return found->second.clone();
    };
    first_ = get("adam.first");
    second_ = get("adam.second");
    steps_ = static_cast<int>(get("adam.steps").at(0));
    if (first_.size() != second_.size()) {
      throw Error(ErrorCode::input, "a checkpoint whose Adam moments differ in size");
    }
    gradient_ = Tensor(first_.shape());
    if (options_.keep_best) best_ = Tensor(first_.shape());
  }

 private:
  void prepare(const Tensor& x) {
    if (gradient_ && x.size() == gradient_.size()) return;
    if (gradient_) throw Error(ErrorCode::internal, "Adam: the number of unknowns changed");
    const Shape shape{x.size()};
    gradient_ = Tensor(shape);
    first_ = Tensor::zeros(shape);
    second_ = Tensor::zeros(shape);
    if (options_.keep_best) best_ = Tensor(shape);
  }

  void skip(const Tensor& x) {
    rate_ *= 0.5;
    if (!options_.keep_best || !std::isfinite(value_)) return;
    x.copy_from(best_);
    first_.fill(0);
    second_.fill(0);
    steps_ = 0;
  }

  AdamOptions options_;
  double rate_;
  Tensor gradient_, first_, second_;  // the gradient's moments
  Tensor best_;
  double value_ = std::numeric_limits<double>::infinity();  // the best, or the last
  int steps_ = 0;                                           // in the moments
};

}  // namespace

std::unique_ptr<Optimizer> make_adam(const AdamOptions& options) {
  if (!(options.learning_rate > 0)) {
    throw Error(ErrorCode::usage, "Adam: expected a learning rate above 0, found " +
                                      significant(options.learning_rate, 6));
  }
  return std::make_unique<Adam>(options);
}

int64_t adam_bytes(const AdamOptions& options, int64_t size) {
  // Gradient, two moments, best point.
  return (options.keep_best ? 4 : 3) * size * static_cast<int64_t>(sizeof(float));
}

}  // namespace impasto
