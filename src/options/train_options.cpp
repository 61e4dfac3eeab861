#include "impasto/train.h"
#include "options/option_table.h"

namespace impasto {

namespace {

constexpr double most_steps = 1e9;

// What both trainers are told.
template <class O>
void add_training(TableBuilder<O>& t) {
  t.group = "Training";
  t.number("steps", &O::steps, 1, most_steps, "N", "Steps in all");
  t.number("batch", &O::batch, 1, 1024, "N", "Pictures a step");
  t.number("crop", &O::crop, 16, 4096, "PIXELS", "Of a side of the photographs, a multiple of 16")
      .unit = "px";
  t.number("learning-rate", &O::learning_rate, 1e-9, 1, "R", "Of Adam, at its largest");
  t.number("seed", &O::seed, 0, 0x1p64, "N", "Of the weights to begin with and of what is picked");
}

// What both painters are told.
template <class O>
void add_samples_and_weights(TableBuilder<O>& t) {
  t.number("sheet-steps", &O::sheet_steps, 1, most_steps, "N",
           "Steps between two sheets of samples");
  t.number("style-weight", &O::style_weight, 0, 1e12, "W",
           "Against content = 1, which counts a tenth for the boldest");
  t.number("tv-weight", &O::tv_weight, 0, 1e12, "W", "Of smoothness");
  t.number("chroma-weight", &O::chroma_weight, 0, 1e12, "W", "Of smoothness of colour alone");
}

}  // namespace

const OptionTable<TrainEncoderOptions>& train_encoder_options() {
  static const OptionTable<TrainEncoderOptions> table = [] {
    TableBuilder<TrainEncoderOptions> t;
    add_training(t);
    return std::move(t).table();
  }();
  return table;
}

const OptionTable<TrainInstantOptions>& train_instant_options() {
  using O = TrainInstantOptions;
  static const OptionTable<O> table = [] {
    TableBuilder<O> t;
    add_training(t);
    t.number("style-crop", &O::style_crop, 16, 4096, "PIXELS", "Of a side of the paintings").unit =
        "px";
    add_samples_and_weights(t);
    return std::move(t).table();
  }();
  return table;
}

const OptionTable<TrainStyleOptions>& train_style_options() {
  using O = TrainStyleOptions;
  static const OptionTable<O> table = [] {
    TableBuilder<O> t;
    t.group = "Training";
    t.choice("width", &O::width,
             "How much the network holds: small for films and phones, large for closeness");
    t.number("minutes", &O::minutes, 0, 1e6, "M", "Of training in all; 0: as the steps take").unit =
        "min";
    t.number("steps", &O::steps, 0, most_steps, "N",
             "Steps in all; 0: as many as there is time for");
    t.number("batch", &O::batch, 2, 1024, "N", "Pictures a step, two and two alike");
    t.number("crop", &O::crop, 64, 4096, "PIXELS", "Of a side of the photographs, a multiple of 16")
        .unit = "px";
    add_samples_and_weights(t);
    t.number("stability-weight", &O::stability_weight, 0, 1e12, "W",
             "Of what differs where photographs are alike but for a shift, noise and brightness");
    t.number("learning-rate", &O::learning_rate, 1e-9, 1, "R", "Of Adam, at its largest");
    t.number("seed", &O::seed, 0, 0x1p64, "N",
             "Of the weights to begin with and of what is picked");
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
