#include "options/strength.h"

#include <algorithm>
#include <cmath>

namespace impasto {

namespace {

double boldness(double strength) {
  return std::max(0.0, strength / 50 - 1);
}

}  // namespace

double style_share(double strength) {
  return std::min(1.0, strength / 50);
}

double style_weight_for(double strength, StyleKind style_loss) {
  if (strength <= 0) return 0;
  // 50 is the weight at which most pictures look best; 100 is ten times as much. Below 50 what is
  // asked for gets nearer, not the asking weaker: colours cost content nothing and would be the
  // painting's at once.
  const double at_50 = style_loss == StyleKind::gram      ? 4000
                       : style_loss == StyleKind::moments ? 100
                                                          : 40;
  return at_50 * std::pow(10.0, boldness(strength));
}

double smoothing_share(double strength) {
  return style_share(strength);
}

Brush first_brush(double strength) {
  // Fitted with bench/strength.py: a third of what a network changes it changes at share 0, too.
  constexpr double opacity_power = 0.3;
  // Where the decoder was taught to weigh style as style_weight_for(50) does.
  constexpr double brush_at_50 = 0.2;
  const double share = style_share(strength);
  const double bold = brush_at_50 * share + (1 - brush_at_50) * boldness(strength);
  return {share, bold, std::pow(share, opacity_power)};
}

Brush second_brush(double strength) {
  return {1, boldness(strength), boldness(strength)};
}

}  // namespace impasto
