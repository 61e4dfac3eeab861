#pragma once

#include <vector>

#include "impasto/job.h"
#include "impasto/stylize.h"

namespace impasto {

/// A texture of any size from pictures that show it.
struct TextureOptions {
  int width = 1024, height = 1024;  ///< 1..100000
  bool tileable = false;            ///< opposite borders fit together
  /// Of these count those that texture_options() lists. style_scale 1: as large as in the first
  /// picture, pixel for pixel.
  StylizeOptions paint;
};

/// Those that a texture obeys. Made once.
const OptionTable<TextureOptions>& texture_options();

/// What that would come to, of headers as read_painting_header() gives them. With `output`, that
/// file is counted, too. Throws what texture() throws.
Job plan_texture(Session&, const std::vector<PaintingHeader>& pictures, const TextureOptions&,
                 const std::string& output = {});

/// Synthesises a texture (Gatys, Ecker and Bethge 2015, "Texture synthesis using convolutional
/// neural networks"): from noise in the colours of `pictures`, one or more, which are mixed, by the
/// style loss and a little smoothness alone, from small scales to large ones. Pictures may be style
/// files. Tileable: opposite borders are neighbours in every part of the objective, so that rolling
/// the picture around changes nothing; sides are painted as multiples of 16 pixels and brought to
/// their own. When the caller cancels, the best so far. Throws what stylize() throws.
StylizeResult texture(Session&, const std::vector<Painting>& pictures, const TextureOptions&,
                      Progress&);

/// As make_recipe(), of a texture from `styles`.
std::string make_texture_recipe(const StylizeFiles&, const TextureOptions&, const StylizeResult&);

}  // namespace impasto
