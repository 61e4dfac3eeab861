#pragma once

#include <cstdint>
#include <vector>

#include "impasto/progress.h"

namespace impasto::test {

/// Keeps the loss of each step, and stops after so many.
class Following : public Progress {
 public:
  void report(const ProgressReport& r) override {
    if (!r.losses.empty()) totals.push_back(r.losses[0].second);
  }
  bool cancelled() override { return totals.size() >= most; }
  std::vector<double> totals;
  size_t most = SIZE_MAX;
};

}  // namespace impasto::test
