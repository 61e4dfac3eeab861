#pragma once

#include <memory>
#include <vector>

#include "image/mask.h"
#include "impasto/stylize.h"

namespace impasto {

struct AlikeParts;

/// A painting with its weight among the others.
struct WeightedStyle {
  const Painting* image;
  double weight;
  /// Where in the result it counts, of any size from the result's on; null: everywhere. Paintings
  /// with the same area are mixed there.
  const Mask* area = nullptr;
  double strength = -1;        ///< in that area; negative: the options'
  const Mask* part = nullptr;  ///< what of the painting is looked at; null: all of it
  /// What of the result resembles which part of the painting; null: not known.
  std::shared_ptr<const AlikeParts> alike = {};
};
/// The paintings with the options' weights; they are not copied.
std::vector<WeightedStyle> weighted(const std::vector<const Painting*>& styles,
                                    const StylizeOptions&);

/// Where the pictures are.
std::vector<const Painting*> addresses(const std::vector<Painting>&);
std::vector<const Painting*> addresses(const std::vector<SharedPainting>&);
/// What is known of them without their pixels.
std::vector<PaintingHeader> headers_of(const std::vector<const Painting*>&);

}  // namespace impasto
