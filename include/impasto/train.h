#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "impasto/option.h"
#include "impasto/progress.h"
#include "impasto/session.h"

namespace impasto {

/// Distils the small encoder from two teachers (Collaborative Distillation, Wang et al. 2020): each
/// tap, through a linear map that is trained along and then dropped, has to predict the teachers'
/// features at the same tap.
struct TrainEncoderOptions {
  std::vector<std::string> pictures;  ///< folders (searched with their subfolders) to train on
  std::string teacher;                ///< VGG-19 weights, at least up to conv3_1
  std::string deep_teacher;  ///< a whole small VGG with *_aux maps, for relu4_1 and relu5_1
  std::string output;        ///< the weights, safetensors
  std::string checkpoint;    ///< resumed when it is there; written every two minutes
  int steps = 20000;
  int batch = 8;
  int crop = 256;  ///< pixels
  double learning_rate = 2e-3;
  uint64_t seed = 1;
};

/// Those that are numbers.
const OptionTable<TrainEncoderOptions>& train_encoder_options();

struct TrainReport {
  int steps = 0;
  double seconds = 0;
  bool finished = false;  ///< false when it was cancelled; the checkpoint holds the rest
};

TrainReport train_encoder(Session&, const TrainEncoderOptions&, Progress&);

/// Trains the decoder that paints any photograph in any style in one pass: random photographs in
/// the manner of random paintings, by the objective of stylize() (style_loss w2, normalised
/// content, smoothness), measured by the built-in encoder.
struct TrainInstantOptions {
  std::vector<std::string> photos;           ///< folders
  std::vector<std::string> paintings;        ///< folders: small pictures, many
  std::vector<std::string> strokes;          ///< folders: large paintings, at whose scale brushes
                                             ///< show; half of all styles when given
  std::vector<std::string> sheet_photos;     ///< pictures or folders: rows of the sample sheet
  std::vector<std::string> sheet_paintings;  ///< its columns
  std::string sheet;  ///< written here (.png), with the weights so far, every sheet_steps steps
  int sheet_steps = 500;
  std::string output;      ///< the weights, safetensors
  std::string checkpoint;  ///< resumed when it is there; written every two minutes
  std::string initial;     ///< weights to begin with instead of random ones
  int steps = 12000;
  int batch = 4;
  int crop = 256;            ///< pixels of a side of the photographs, a multiple of 16
  int style_crop = 192;      ///< of the paintings
  double style_weight = 25;  ///< against content = 1; content counts a tenth for the boldest
  double tv_weight = 8, chroma_weight = 50;
  double learning_rate = 1e-3;
  uint64_t seed = 1;
};

/// Those that are numbers.
const OptionTable<TrainInstantOptions>& train_instant_options();

TrainReport train_instant(Session&, const TrainInstantOptions&, Progress&);

/// Trains a network that paints any photograph in one style, by the objective of stylize(), steady
/// under shifts, noise and changes of brightness as there are between the frames of a film.
struct TrainStyleOptions {
  std::vector<std::string> paintings;     ///< files
  std::vector<double> weights;            ///< one for each; empty: all alike
  std::vector<std::string> photos;        ///< folders
  std::vector<std::string> sheet_photos;  ///< pictures or folders that samples are painted of
  std::string sheet;  ///< written here (.png), with the network so far, every sheet_steps steps
  int sheet_steps = 500;
  std::string output;      ///< the network
  std::string checkpoint;  ///< resumed when it is there; written every two minutes
  std::string initial;     ///< a network to begin with instead of random weights
  NetworkWidth width = NetworkWidth::small;
  double minutes = 15;       ///< of training in all; 0: as the steps take
  int steps = 0;             ///< 0: as many as there is time for
  int batch = 4;             ///< pictures, in pairs that show the same a little otherwise
  int crop = 256;            ///< pixels of a side of the photographs, a multiple of 16
  double style_weight = 40;  ///< against content = 1; content counts a tenth for the boldest
  double tv_weight = 8, chroma_weight = 50;
  double stability_weight = 50;  ///< of the mean squared difference within pairs
  double learning_rate = 2e-3;
  uint64_t seed = 1;
};

/// Those that are numbers.
const OptionTable<TrainStyleOptions>& train_style_options();

TrainReport train_style(Session&, const TrainStyleOptions&, Progress&);

/// How well an encoder's taps predict the teachers' on pictures it was not trained on: R^2 of the
/// best linear map per tap, fitted on one half of the pictures and measured on the other.
struct TapQuality {
  std::string tap;
  double r2;
};
std::vector<TapQuality> evaluate_encoder(Session&, const std::string& encoder,
                                         const std::string& teacher,
                                         const std::string& deep_teacher,
                                         const std::vector<std::string>& pictures, Progress&);

}  // namespace impasto
