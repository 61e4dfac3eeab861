#pragma once

#include <vector>

#include "base/forwarding.h"
#include "canvas/areas.h"
#include "canvas/weighted_style.h"
#include "instant/instant.h"

namespace impasto {

/// The areas' paintings as the method "optimize" takes them. The areas have to outlive them.
std::vector<WeightedStyle> weighted(const Areas&);

/// Instant::paint() for one area after another, each with the statistics of its part; where they
/// meet they are blended. What lies in none of them is painted, too, as in the first.
StylizeResult paint_areas(Instant&, const SharedImage& content, const Areas&, const StylizeOptions&,
                          const Size&, Progress&);
bool paint_areas(Instant&, const PictureSource&, const Areas&, const StylizeOptions&, Image& canvas,
                 Progress&);

/// `painting` where something is painted, elsewhere the photograph, which is brought to its size,
/// unchanged; with the photograph's alpha and metadata.
Image over_photograph(const Image& painting, const Image& content, const Areas&);

/// Lays previews over the photograph on their way to the caller.
class AreasProgress final : public Forwarding {
 public:
  AreasProgress(Progress& whole, const Image& content, const Areas& areas)
      : Forwarding(whole), content_(content), areas_(areas) {}

  void preview(const Image& picture) override {
    whole_.preview(over_photograph(picture, content_, areas_));
  }

 private:
  const Image& content_;
  const Areas& areas_;
};

}  // namespace impasto
