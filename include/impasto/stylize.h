#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "impasto/image.h"
#include "impasto/option.h"
#include "impasto/progress.h"
#include "impasto/regions.h"
#include "impasto/result_size.h"
#include "impasto/session.h"

namespace impasto {

/// Weights per layer: {{"relu4_2", 1.0}, ...}.
using LayerWeights = std::vector<std::pair<std::string, double>>;

/// Everything about one run but the pictures. Defaults are what looks best on most pictures.
struct StylizeOptions {
  // What people turn.
  std::string quality = "auto";  ///< draft, good, best; auto: the best expected within 20 s
  std::string method = "auto";   ///< optimize, instant; auto: as the quality asks for
  double strength = 50;          ///< 0 the photograph .. 100 the painting
  double detail = 50;      ///< 0 only large shapes stay .. 100 fine detail of the photograph stays
  double style_scale = 1;  ///< size of the strokes, 0.1..4
  double feather = -1;     ///< pixels over which masks soften, inwards; negative: in proportion
  std::string colors = "style";  ///< whose colours: style, content, luminance, match
  double palette = 100;  ///< 0 the photograph's palette .. 100 the painting's; of light and dark
                         ///< alone with luminance
  ResultSize size;       ///< of the result; as it is: the photograph's own
  std::string bits = "auto";  ///< a channel of the result: 8, 16; auto: the photograph's own
  double time = 0;            ///< seconds to paint; 0: as long as the steps take
  std::vector<double> style_weights;  ///< one per painting; empty: all alike
  uint64_t seed = 1;

  // How it is computed.
  std::string network = "small";
  std::string pooling;              ///< max, average; empty: the network's own
  std::string precision = "auto";   ///< auto, f32, bf16
  std::string start = "content";    ///< content, noise, instant, or a picture's path
  std::string unknown = "pyramid";  ///< pyramid, pixels
  std::string optimizer = "lbfgs";  ///< lbfgs, adam
  int iterations = 50;              ///< steps per scale up to 512 pixels; fewer above
  int margin = 16;                  ///< pixels painted beyond the frame and cut off
  int scales = 0;            ///< from small to large; 0: as many as the size asks for; 1: none
  double learning_rate = 0;  ///< 0: 1 for lbfgs, 0.03 for adam
  int history = 6;           ///< of lbfgs

  // The objective.
  std::string content_loss = "normalised";  ///< normalised, plain
  std::string style_loss = "w2";            ///< w2, moments, gram
  std::string tv_loss = "squared";          ///< squared, absolute
  LayerWeights content_layers;              ///< empty: from detail
  LayerWeights style_layers;                ///< empty: relu1_1 .. relu5_1 alike
  double content_weight = -1;               ///< negative: balanced
  double style_weight = -1;                 ///< negative: from strength
  double tv_weight = -1;                    ///< negative: balanced
  double chroma_weight = -1;  ///< of colour's variation alone; negative: balanced, or 0
                              ///< when tv_weight is given
};

/// The table of the options above, bound to `options` (which must outlive it).
std::vector<Option> stylize_options(StylizeOptions& options);

/// One evaluation of the objective.
struct LossPoint {
  int longer_side;                                    ///< of the scale at which it was made
  int step;                                           ///< within that scale, from 1
  std::vector<std::pair<std::string, double>> terms;  ///< weighted; their sum is minimised
};

struct StylizeResult {
  Image image;  ///< exactly the photograph's size, or `size`; alpha and metadata are the
                ///< photograph's; of a photograph that is not f32 it may be in other samples, too
  std::vector<LossPoint> losses;
  double seconds = 0;
  bool cancelled = false;    ///< the caller asked to stop; image is the best so far
  bool painted = true;       ///< false: stopped before anything was; image is of no use then
  size_t planned_bytes = 0;  ///< memory of the largest scale, as planned
  std::string network_sha256;
  std::string precision;  ///< what was used: f32 or bf16
  std::string quality;    ///< what was painted: draft, good or best
  int threads = 0;        ///< as the session was asked for: with others, results may differ by a
                          ///< level of 255 here and there
};

/// Paints `content` in the manner of `styles`: with the method "optimize" by minimising content,
/// style and total variation losses over the picture (Gatys, Ecker, Bethge 2016), from small scales
/// to large ones; with "instant" in one pass of a network that was trained to do the same, where of
/// the options count strength, style_scale, size, style_weights, seed (strokes in flat places),
/// network (its decoder: built in or a file) and precision. Throws Error: options out of
/// range or contradicting, empty pictures, not enough memory (says
/// which size would fit), network errors.
StylizeResult stylize(Session&, const Image& content, const std::vector<Image>& styles,
                      const StylizeOptions&, Progress&);

/// The same in parts: what no region covers is painted in `styles`, or, where there are none, stays
/// the photograph's; so does what the mask leaves, pixel for pixel. Statistics are taken within
/// each part. Throws also Error{input}: a mask with nothing in it.
StylizeResult stylize(Session&, const Image& content, const std::vector<Image>& styles,
                      const Regions&, const StylizeOptions&, Progress&);

/// Files of a run.
struct StylizeFiles {
  std::string content;
  std::vector<std::string> styles;
  std::map<std::string, std::string> sha256 = {};  ///< by path, of those already known
  RegionFiles regions = {};
  std::map<std::string, std::string> names = {};  ///< by path, where a file is called otherwise
};
/// Everything that is needed to repeat a run, as JSON: options, files with their hashes, versions.
/// Files stand there by their names alone: a picture does not tell in which folders it was made.
std::string make_recipe(const StylizeFiles&, const StylizeOptions&, const StylizeResult&);
/// Fills the options from a recipe, of the session's those that a result depends on, and of the
/// files those that are not there yet: what the recipe names is looked for in `folders` in turn, ""
/// is the current one, and what has the hash of then goes first. `notes` receives a line for each
/// thing that differs now (a file that changed, another version, another network). Throws
/// Error{input}: no recipe, or a file that is not found, which it names.
void read_recipe_options(const std::string& recipe, const std::vector<std::string>& folders,
                         StylizeFiles&, StylizeOptions&, SessionOptions&,
                         std::vector<std::string>& notes);

/// One self-contained HTML page: pictures, options, the curve of each loss.
std::string stylize_report(const Image& content, const std::vector<Image>& styles,
                           const StylizeFiles&, const StylizeOptions&, const StylizeResult&);

}  // namespace impasto
