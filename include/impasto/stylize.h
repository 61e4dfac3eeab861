#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "impasto/choices.h"
#include "impasto/image.h"
#include "impasto/option.h"
#include "impasto/painting.h"
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
  Quality quality = Quality::automatic;
  Method method = Method::automatic;
  double strength = 50;  ///< 0 the photograph .. 100 the painting
  double match = 0;      ///< 0 all of it in one manner .. 100 each part like one of the painting's
  double detail = 50;    ///< 0 only large shapes stay .. 100 fine detail of the photograph stays
  double style_scale = 1;         ///< size of the strokes, 0.1..4
  std::optional<double> feather;  ///< pixels over which masks soften, inwards, 0..10000; none: in
                                  ///< proportion
  Colors colors = Colors::style;
  double palette = 100;     ///< 0 the photograph's palette .. 100 the painting's; of light and dark
                            ///< alone with luminance
  ResultSize size;          ///< of the result; as it is: the photograph's own
  std::optional<int> bits;  ///< a channel of the result: 8, 16; none: the photograph's own
  double time = 0;          ///< seconds to paint; 0: as long as the steps take
  std::vector<double> style_weights;  ///< one per painting; empty: all alike
  uint64_t seed = 1;

  // How it is computed.
  std::string network = "small";
  std::optional<PoolKind> pooling;  ///< none: the network's own
  Precision precision = Precision::automatic;
  std::string start = "auto";  ///< content, noise, instant, or a picture's path; auto:
                               ///< instant, or content with another encoder than the built-in
  UnknownKind unknown = UnknownKind::pyramid;
  OptimizerKind optimizer = OptimizerKind::lbfgs;
  int iterations = 80;        ///< steps at 512 pixels, 1..100000; fewer at other scales
  int margin = 16;            ///< pixels painted beyond the frame and cut off, 0..256
  std::optional<int> scales;  ///< from small to large, 1..16; none: as many as the size asks for
  std::optional<double> learning_rate;  ///< up to 1000; none: 1 for lbfgs, 0.03 for adam
  int history = 6;                      ///< of lbfgs, 1..100

  // The objective.
  ContentKind content_loss = ContentKind::normalised;
  StyleKind style_loss = StyleKind::w2;
  TotalVariationKind tv_loss = TotalVariationKind::squared;
  LayerWeights content_layers;           ///< empty: from detail
  LayerWeights style_layers;             ///< empty: relu1_1 .. relu4_1 alike
  std::optional<double> content_weight;  ///< weights: 0..1e12; none: balanced
  std::optional<double> style_weight;    ///< none: from strength
  std::optional<double> tv_weight;       ///< none: balanced
  std::optional<double> chroma_weight;   ///< of colour's variation alone; none: balanced, or 0
                                         ///< when tv_weight is given
};

/// The options above but style_weights, with ranges, choices and help. Made once.
const OptionTable<StylizeOptions>& stylize_options();

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
  Precision precision = Precision::automatic;  ///< what was used: f32 or bf16
  Quality quality = Quality::automatic;        ///< what was painted: draft, good or best
  int threads = 0;  ///< as the session was asked for: with others, results may differ by a
                    ///< level of 255 here and there
};

/// Paints `content` in the manner of `styles`: with the method "optimize" by minimising content,
/// style and total variation losses over the picture (Gatys, Ecker, Bethge 2016), from small scales
/// to large ones; with "instant" in one pass of a network that was trained to do the same, where of
/// the options count strength, style_scale, size, style_weights, seed (strokes in flat places),
/// network (its decoder: built in or a file) and precision. Throws Error: options out of
/// range or contradicting, empty pictures, not enough memory (says
/// which size would fit), network errors.
StylizeResult stylize(Session&, const Image& content, const std::vector<Painting>& styles,
                      const StylizeOptions&, Progress&);

/// The same in parts: what no region covers is painted in `styles`, or, where there are none, stays
/// the photograph's; so does what the mask leaves, pixel for pixel. Statistics are taken within
/// each part. Throws also Error{input}: a mask with nothing in it.
StylizeResult stylize(Session&, const Image& content, const std::vector<Painting>& styles,
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
std::string stylize_report(const Image& content, const std::vector<Painting>& styles,
                           const StylizeFiles&, const StylizeOptions&, const StylizeResult&);

}  // namespace impasto
