#include "descent/schedule.h"

#include <algorithm>
#include <cmath>

namespace impasto {

namespace {

constexpr int smallest_scale = 128;  // of the longer side: below, nothing is recognisable
constexpr int smallest_side = 24;    // of the shorter side: below, deep layers see one position
// The largest scale up to that gets all steps: it is there that strokes get their form. Smaller
// ones need fewer, as what is painted there is painted over; larger ones go on from what is nearly
// done.
constexpr double full_steps_at = 512;

}  // namespace

std::vector<ScaleStage> plan_scales(int width, int height, const StylizeOptions& o) {
  const int longer = std::max(width, height), shorter = std::min(width, height);
  // 1, 1/sqrt(2), 1/2, 1/3, then on by thirds: close steps at the end, where detail is made.
  std::vector<double> factors = {1.0, std::sqrt(0.5), 0.5};
  while (longer * factors.back() > 2 * smallest_scale) factors.push_back(factors.back() / 1.5);
  std::vector<ScaleStage> scales;
  for (const double f : factors) {
    const bool too_small = longer * f < smallest_scale || shorter * f < smallest_side;
    const bool enough = o.scales && static_cast<int>(scales.size()) >= *o.scales;
    if (!scales.empty() && (too_small || enough)) break;
    ScaleStage s;
    s.width = std::max(1, static_cast<int>(std::lround(width * f)));
    s.height = std::max(1, static_cast<int>(std::lround(height * f)));
    const double side = s.longer_side();
    const double share = side > full_steps_at ? std::max(std::pow(full_steps_at / side, 0.8), 0.2)
                                              : side / std::min<double>(longer, full_steps_at);
    s.steps = std::max(1, static_cast<int>(std::lround(o.iterations * share)));
    scales.push_back(s);
  }
  std::reverse(scales.begin(), scales.end());
  return scales;
}

}  // namespace impasto
