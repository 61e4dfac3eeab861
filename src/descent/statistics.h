#pragma once

#include <vector>

#include "canvas/picture.h"
#include "image/mask.h"
#include "impasto/stylize.h"
#include "losses/loss.h"
#include "nn/tiled_plan.h"
#include "zoo/zoo.h"

namespace impasto {

// What a network sees of whole pictures, at each of some layers.

/// A guide for each layer; none: everything.
using Guides = std::vector<Guide>;

/// To run as far as these layers.
PlanOptions reading(const LayerWeights&, DType);

/// Windows of a picture for a TiledPlan.
TiledPlan::Read reader(const PictureSource&);

Shape shape_of(const PictureSource&);

/// Statistics of one picture at each of these layers, the plan's, for each of `parts`: within its
/// guides. Of a part without positions there are none (0 channels).
std::vector<std::vector<FeatureStatistics>> statistics_of_parts(TiledPlan, Backend&,
                                                                const PictureSource&,
                                                                const LayerWeights&,
                                                                const std::vector<Guides>& parts);
/// The same of everything.
std::vector<FeatureStatistics> statistics_of_all(TiledPlan, Backend&, const PictureSource&,
                                                 const LayerWeights&);

/// The layers' shapes for pictures of that size with a margin.
std::vector<Shape> shapes_at(const Network&, Backend&, const Size& inside, int margin,
                             const LayerWeights&);
/// Guides at these layers within a mask of the picture's size.
Guides guides_within(const Mask&, int margin, const Network&, Backend&, const LayerWeights&);

/// Layers whose statistics are style: the options', or where they name none all that are usual.
LayerWeights style_layers_for(const Graph&, const StylizeOptions&);

/// stroke_side() at which paintings are looked at for a result of this size.
int painting_side(const Size& result, const StylizeOptions&);

/// A painting's statistics at each of these layers, looked at as in a picture whose stroke_side()
/// is `side`; of all of it, or within a mask. Throws Error{input}: a style file of another encoder.
std::vector<FeatureStatistics> statistics_of(const Network&, Backend&, DType,
                                             const Painting& painting, int side,
                                             const LayerWeights& layers,
                                             const Mask* within = nullptr);

/// Memory that this takes for a while to look at one painting, for a result of this size.
size_t painting_bytes(const Network&, Backend&, DType, const PaintingHeader& painting,
                      const Size& result, const StylizeOptions&);

/// To look at a picture, a large one window by window.
TiledPlan look_plan(const Network&, Backend&, DType, const Shape&, const LayerWeights&);

}  // namespace impasto
