#include <cmath>
#include <limits>
#include <utility>

#include "base/number_text.h"
#include "impasto/error.h"
#include "optim/optimizer.h"
#include "optim/vectors.h"

namespace impasto {

namespace {

class MemorylessBfgs : public Optimizer {
 public:
  explicit MemorylessBfgs(const MemorylessOptions& options) : options_(options) {}

  double step(const Tensor& x, const ValueAndGradient& function) override {
    prepare(x);
    const double value = function(x, gradient_);
    if (!std::isfinite(value) || !measure() || much_worse(value)) return take_back(x, value);
    if (std::isinf(value_)) scale_ = std::abs(value);
    value_ = value;
    move(x);
    return value;
  }

  void set_learning_rate(double rate) override { options_.learning_rate = rate; }

  double finish(const Tensor& x) override {
    undo(x);
    return value_;
  }

 private:
  void prepare(const Tensor& x) {
    if (gradient_ && x.size() == gradient_.size()) return;
    if (gradient_) throw Error(ErrorCode::internal, "BFGS: the number of unknowns changed");
    gradient_ = Tensor({x.size()});
    before_ = Tensor({x.size()});
    step_ = Tensor({x.size()}, options_.step_type);
  }

  // As L-BFGS has it, but for the last point: the best is not kept.
  bool much_worse(double value) const { return value > value_ + std::abs(value_) + 1e-3 * scale_; }

  // Makes y of the gradient before, and all dot products; false when they are not finite.
  bool measure() {
    const int64_t n = gradient_.size();
    if (!moved_) {
      const Norms now = norms(gradient_.data<float>(), n);
      norm_ = now.absolute;
      return std::isfinite(now.square);
    }
    const auto dots =
        pair_dots(gradient_.data<float>(), before_.data<float>(), step_, before_, {}, n);
    gg_ = dots[0], gs_ = dots[1], gy_ = dots[2], sy_ = dots[5], yy_ = dots[8];
    return std::isfinite(gg_ + gs_ + gy_ + sy_ + yy_);
  }

  void move(const Tensor& x) {
    double along_g = -std::min(1.0, 1 / norm_), along_s = 0, along_y = 0;
    if (moved_) {
      const bool curved = sy_ > 1e-10;
      if (curved) length_ = sy_ / yy_;
      along_g = -length_;
      if (curved) {
        // H = (I - s y'/sy) h (I - y s'/sy) + s s'/sy with h = sy/yy; the step is -H g.
        along_y = length_ * gs_ / sy_;
        along_s = length_ * (gy_ - yy_ * gs_ / sy_) / sy_ - gs_ / sy_;
        if (!(along_g * gg_ + along_y * gy_ + along_s * gs_ < 0)) along_y = along_s = 0;
      }
      if (length_ == 0) along_g = -std::min(1.0, 1 / norm_);
    }
    const double rate = options_.learning_rate * shrink_;
    const Tensor vectors[] = {step_, before_};
    const double coefficients[] = {rate * along_s, rate * along_y};
    const size_t known = moved_ ? 2 : 0;
    move_along(gradient_.data<float>(), rate * along_g, std::span(vectors, known),
               std::span(coefficients, known), x.size(), step_, nullptr, x.data<float>());
    std::swap(gradient_, before_);
    moved_ = true;
    shrink_ = std::min(1.0, 1.25 * shrink_);
  }

  // Back to the point that was evaluated before.
  void undo(const Tensor& x) {
    if (moved_) add_scaled(-1, step_, x.size(), x.data<float>());
    moved_ = false;
  }

  double take_back(const Tensor& x, double value) {
    undo(x);
    length_ = 0;
    shrink_ *= 0.5;
    return value;
  }

  MemorylessOptions options_;
  Tensor gradient_;
  Tensor before_;  // the gradient at the point before; while a step is made y, the difference
  Tensor step_;    // s, the step from there
  double value_ = std::numeric_limits<double>::infinity();  // at the last good point
  double scale_ = 0;                                        // the first value
  double norm_ = 1;                                         // sum |g|, of a first step
  double gg_ = 0, gs_ = 0, gy_ = 0, sy_ = 0, yy_ = 0;
  double length_ = 0;   // of the last curvature: the step along a gradient
  double shrink_ = 1;   // of the step's length, after trouble
  bool moved_ = false;  // step_ and before_ hold something
};

}  // namespace

std::unique_ptr<Optimizer> make_memoryless_bfgs(const MemorylessOptions& options) {
  if (!(options.learning_rate > 0)) {
    throw Error(ErrorCode::usage, "BFGS: expected a learning rate above 0, found " +
                                      significant(options.learning_rate, 6));
  }
  return std::make_unique<MemorylessBfgs>(options);
}

int64_t memoryless_bytes(const MemorylessOptions& options, int64_t size) {
  return size * static_cast<int64_t>(2 * sizeof(float) + size_of(options.step_type));
}

}  // namespace impasto
