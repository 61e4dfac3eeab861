#pragma once

#include <string>
#include <utility>
#include <vector>

#include "impasto/regions.h"
#include "impasto/stylize.h"

namespace impasto {

struct DoodlePictures;
struct TextureOptions;

/// What became of a photograph, in numbers that mean the same for every picture, size and method.
/// Distances of features are those of the built-in encoder, whatever network painted, at 256
/// pixels; with several paintings their mean, in regions those within them. Of textures, and of
/// doodles without a photograph, NaN stands for what would need one.
struct Assessment {
  double style = 0;         ///< way left to the painting's statistics: 0 reached, 1 as far as the
                            ///< photograph is; more: further away than that
  double content = 0;       ///< 0: the same things in the same places; 1: nothing in common
  double ssim = 0;          ///< structural similarity of lightness, 1: the same (Wang et al. 2004)
  double edge_ssim = 0;     ///< the same of the strength of edges (Chen, Yang and Xie 2006)
  double colour_shift = 0;  ///< mean distance of the colours of large shapes, in CIELAB units: 2 is
                            ///< hardly seen, 20 another colour
  double seam = 0;          ///< the strongest step along a whole row or column that the photograph
                            ///< does not have, against the steps around it: 0 none, 1 twice as much
                            ///< of tiles: the step over their border
  double frame = 0;         ///< variation along the frame against that inside, beyond the
                            ///< photograph's: 0 alike, 1 twice as much, negative: paler
  double checkerboard = 0;  ///< energy of patterns that repeat every 2 or 4 pixels, against that of
                            ///< neighbouring frequencies: 0 none, 1 twice as much
  double clipped = 0;       ///< share of the numbers of all pixels that are 0 or 1
  double not_finite = 0;    ///< share that are no numbers
  double lightness = 0;     ///< mean, 0..1
  double contrast = 0;      ///< deviation of lightness
  std::vector<std::string> warnings;  ///< one line each, for people; none: all is well
};

/// Compares a result with its photograph and paintings. Takes some hundredths of a second and
/// little memory, whatever the size of the pictures (but for reading their pixels once). Throws
/// Error{input} for empty pictures, and for style files of an encoder that the options do not name.
Assessment assess(Session&, const Image& content, const std::vector<Painting>& styles,
                  const StylizeOptions&, const StylizeResult&);

/// The same of a picture in parts: style within each, weighted by size.
Assessment assess(Session&, const Image& content, const std::vector<Painting>& styles,
                  const Regions&, const StylizeOptions&, const StylizeResult&);
Assessment assess(Session&, const Image& content, const std::vector<SharedPainting>& styles,
                  const Regions&, const StylizeOptions&, const StylizeResult&);
/// Of a texture: its style, what shows of a tile's border and of grids.
Assessment assess_texture(Session&, const std::vector<Painting>& pictures, const TextureOptions&,
                          const StylizeResult&);
/// Of a doodle: its style within what each colour of the maps stands for.
Assessment assess_doodle(Session&, const DoodlePictures&, const StylizeOptions&,
                         const StylizeResult&);

/// The numbers by name, in the order above, for reports; without those that are NaN.
std::vector<std::pair<std::string, double>> scores_of(const Assessment&);

/// stylize_report() with what assess() says of the result.
std::string stylize_report(const Image& content, const std::vector<Painting>& styles,
                           const StylizeFiles&, const StylizeOptions&, const StylizeResult&,
                           const Assessment&);

}  // namespace impasto
