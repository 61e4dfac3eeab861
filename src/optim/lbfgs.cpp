#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/number_text.h"
#include "impasto/error.h"
#include "optim/optimizer.h"
#include "optim/vectors.h"

namespace impasto {

namespace {

class Lbfgs : public Optimizer {
 public:
  explicit Lbfgs(const LbfgsOptions& options)
      : options_(options), slots_(options.history + 1), dots_(ids() * ids()) {}

  double step(const Tensor& x, const ValueAndGradient& function) override {
    prepare(x);
    std::swap(gradient_, before_);
    const double value = function(x, gradient_);
    const bool finite = moved_ ? update_dots() : gradient_is_finite();
    if (!finite || !std::isfinite(value) || much_worse(value)) return take_back(x, value);

    if (std::isinf(best_value_)) scale_ = std::abs(value);
    if (moved_) remember_pair();
    const bool best = value < best_value_;
    if (best) best_value_ = value;
    move(x, best);
    return value;
  }

  void set_learning_rate(double rate) override { options_.learning_rate = rate; }

  double finish(const Tensor& x) override {
    if (std::isfinite(best_value_)) x.copy_from(best_);
    return best_value_;
  }

 private:
  static size_t at(int i) { return static_cast<size_t>(i); }
  // The vectors that dots_ knows: s and y of every slot, and the gradient.
  size_t ids() const { return at(2 * slots_ + 1); }
  size_t s_id(int slot) const { return at(slot); }
  size_t y_id(int slot) const { return at(slots_ + slot); }
  size_t g_id() const { return at(2 * slots_); }
  double& dot(size_t i, size_t j) { return dots_[i * ids() + j]; }

  void prepare(const Tensor& x) {
    if (best_ && x.size() == best_.size()) return;
    if (best_) throw Error(ErrorCode::internal, "L-BFGS: the number of unknowns changed");
    const Shape shape{x.size()};
    const Tensor all({2 * slots_, x.size()}, options_.history_type);  // one block: large pages
    for (int i = 0; i < slots_; ++i) {
      s_.push_back(all.slice(2 * i * x.size(), shape));
      y_.push_back(all.slice((2 * i + 1) * x.size(), shape));
    }
    gradient_ = Tensor(shape);
    before_ = Tensor(shape);
    best_ = Tensor(shape);
  }

  // Unit steps rise by some per cent now and then, which does no harm; twice the best means that
  // the quadratic model is wrong. Near a minimum of 0 noise doubles, too: hence the first value.
  bool much_worse(double value) const {
    return value > best_value_ + std::abs(best_value_) + 1e-3 * scale_;
  }

  bool gradient_is_finite() {
    const Norms n = norms(gradient_.data<float>(), gradient_.size());
    gradient_norm_ = n.absolute;
    dot(g_id(), g_id()) = n.square;
    return std::isfinite(n.square);
  }

  // Makes the new y, and multiplies the newest three vectors with all.
  bool update_dots() {
    std::vector<Tensor> vectors;
    std::vector<size_t> columns;
    for (const int slot : history_) {
      vectors.push_back(s_[at(slot)]), columns.push_back(s_id(slot));
      vectors.push_back(y_[at(slot)]), columns.push_back(y_id(slot));
    }
    const size_t rows[] = {g_id(), s_id(spare_), y_id(spare_)};
    columns.insert(columns.end(), std::begin(rows), std::end(rows));
    const auto dots = pair_dots(gradient_.data<float>(), before_.data<float>(), s_[at(spare_)],
                                y_[at(spare_)], vectors, gradient_.size());
    bool finite = true;
    for (size_t i = 0; i < dots.size(); ++i) {
      const size_t row = rows[i / columns.size()], column = columns[i % columns.size()];
      dot(row, column) = dot(column, row) = dots[i];
      finite = finite && std::isfinite(dots[i]);
    }
    return finite;
  }

  // Keeps the newest pair if the curvature along it is positive (torch's bound).
  void remember_pair() {
    if (!(dot(s_id(spare_), y_id(spare_)) > 1e-10)) return;
    history_.push_back(spare_);
    if (history_.size() == at(slots_)) {
      spare_ = history_.front();
      history_.erase(history_.begin());
    } else {
      ++spare_;
      while (std::count(history_.begin(), history_.end(), spare_ %= slots_)) ++spare_;
    }
  }

  // Two-loop recursion on coefficients of the known vectors. The result is -H g.
  std::vector<double> direction() {
    std::vector<double> d(ids()), alpha(at(slots_));
    const auto along = [&](size_t id) {
      double sum = dot(g_id(), id) * d[g_id()];
      for (const int i : history_)
        sum += dot(s_id(i), id) * d[s_id(i)] + dot(y_id(i), id) * d[y_id(i)];
      return sum;
    };
    d[g_id()] = -1;
    for (auto i = history_.rbegin(); i != history_.rend(); ++i) {
      alpha[at(*i)] = along(s_id(*i)) / dot(s_id(*i), y_id(*i));
      d[y_id(*i)] -= alpha[at(*i)];
    }
    if (!history_.empty()) {
      const int newest = history_.back();
      const double h = dot(s_id(newest), y_id(newest)) / dot(y_id(newest), y_id(newest));
      for (double& k : d) k *= h;
    }
    for (const int i : history_) {
      d[s_id(i)] += alpha[at(i)] - along(y_id(i)) / dot(s_id(i), y_id(i));
    }
    // Rounding can make it point uphill after all.
    if (!history_.empty() && !(along(g_id()) < 0)) {
      forget();
      gradient_is_finite();
      return direction();
    }
    return d;
  }

  void move(const Tensor& x, bool best) {
    const std::vector<double> d = direction();
    const double rate =
        options_.learning_rate * shrink_ * (first_ ? std::min(1.0, 1 / gradient_norm_) : 1.0);
    std::vector<Tensor> vectors;
    std::vector<double> coefficients;
    for (const int i : history_) {
      vectors.push_back(s_[at(i)]), coefficients.push_back(rate * d[s_id(i)]);
      vectors.push_back(y_[at(i)]), coefficients.push_back(rate * d[y_id(i)]);
    }
    // The best point is kept while it is at hand, which saves a pass of its own.
    move_along(gradient_.data<float>(), rate * d[g_id()], vectors, coefficients, x.size(),
               s_[at(spare_)], best ? best_.data<float>() : nullptr, x.data<float>());
    moved_ = true;
    first_ = false;
    shrink_ = std::min(1.0, 1.25 * shrink_);
  }

  double take_back(const Tensor& x, double value) {
    if (std::isfinite(best_value_)) x.copy_from(best_);
    forget();
    moved_ = false;
    shrink_ *= 0.5;
    return value;
  }

  void forget() {
    history_.clear();
    first_ = true;
  }

  LbfgsOptions options_;
  int slots_;                  // one more than pairs: for the pair in the making
  std::vector<Tensor> s_, y_;  // steps, and differences of gradients
  Tensor gradient_, before_;   // at the point last evaluated, and at the one before
  Tensor best_;
  double best_value_ = std::numeric_limits<double>::infinity();
  double scale_ = 0;          // the first value
  std::vector<double> dots_;  // of all vectors with each other
  std::vector<int> history_;  // slots, oldest first
  int spare_ = 0;             // the slot that is not among them and is written next
  double gradient_norm_ = 0;  // sum of absolute values, known when first_
  double shrink_ = 1;         // of the step's length, after trouble
  bool first_ = true;         // nothing is known of the curvature
  bool moved_ = false;        // s_[spare_] is the step to here, from where the last gradient is
};

}  // namespace

std::unique_ptr<Optimizer> make_lbfgs(const LbfgsOptions& options) {
  if (options.history < 1) {
    throw Error(ErrorCode::usage, "L-BFGS: expected a history of 1 or more, found " +
                                      std::to_string(options.history));
  }
  if (!(options.learning_rate > 0)) {
    throw Error(ErrorCode::usage, "L-BFGS: expected a learning rate above 0, found " +
                                      significant(options.learning_rate, 6));
  }
  return std::make_unique<Lbfgs>(options);
}

int64_t lbfgs_bytes(const LbfgsOptions& options, int64_t size) {
  // s and y of every slot; gradients now and before, best point.
  const int64_t pairs = 2 * (int64_t{options.history} + 1);
  return size * (pairs * static_cast<int64_t>(size_of(options.history_type)) +
                 3 * static_cast<int64_t>(sizeof(float)));
}

}  // namespace impasto
