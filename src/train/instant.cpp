// The decoder for any style. Each picture of a batch is a random photograph in the manner of a
// random painting; the loss is the objective by which stylize() paints, and what an optimiser would
// do to the pixels, the decoder learns to do at once.

#include <algorithm>
#include <cmath>

#include "formats/safetensors.h"
#include "formats/weights.h"
#include "impasto/error.h"
#include "impasto/train.h"
#include "train/paint_loss.h"
#include "train/picture_set.h"
#include "train/sample_sheet.h"
#include "train/trainer.h"
#include "transfer/painter.h"
#include "zoo/instant.h"
#include "zoo/session.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

constexpr int longest_side = 512;
constexpr int code_pictures = 400;
// Shares of the way to the style: mostly all of it.
constexpr double partial_share = 0.15;

void check(const TrainInstantOptions& o) {
  if (o.crop % 16 != 0 || o.crop < 64 || o.style_crop < 64) {
    throw Error(ErrorCode::usage,
                "`crop`, `style-crop`: expected at least 64, `crop` a multiple of 16, found " +
                    std::to_string(o.crop) + " and " + std::to_string(o.style_crop));
  }
  if (o.batch < 1 || o.steps < 0) {
    throw Error(ErrorCode::usage, "`batch`, `steps`: expected at least 1 and 0, found " +
                                      std::to_string(o.batch) + " and " + std::to_string(o.steps));
  }
}

// Paintings of two kinds, as one source of styles.
class Styles {
 public:
  Styles(const TrainInstantOptions& o, Progress& progress) {
    if (!o.paintings.empty()) sets_.emplace_back(o.paintings, longest_side, progress);
    if (!o.strokes.empty()) sets_.emplace_back(o.strokes, longest_side, progress);
    if (sets_.empty()) throw Error(ErrorCode::usage, "`paintings`: expected a folder, found none");
  }
  // Small ones as a whole, never enlarged by much; large ones at the scale of their strokes.
  Tensor batch(Random& random, int count, int crop) const {
    const Tensor all({count, crop, crop, 3});
    for (int i = 0; i < count; ++i) {
      const PictureSet& set = sets_[static_cast<size_t>(i) % sets_.size()];
      all.picture(i).copy_from(set.batch(random, 1, crop, {0.8, 2.2, 0.7, true}));
    }
    return all;
  }

 private:
  std::vector<PictureSet> sets_;
};

class Training {
 public:
  Training(const TrainInstantOptions& o, Progress& progress)
      : o_(o),
        backend_(make_cpu_backend()),
        type_(backend_->preferred_type()),
        encoder_(open_network(default_network)),
        photos_(o.photos, longest_side, progress),
        styles_(o, progress),
        code_(std::vector<PictureStatistics>{}) {
    std::vector<std::string> taps = style_taps();
    const Shape styles{o.batch, o.style_crop, o.style_crop, 3};
    style_plan_.emplace(encoder_.graph, *backend_, styles, PlanOptions{type_, taps, false, false});
    code_ = measure_code();
    taps.insert(taps.end(), PaintLoss::content_taps().begin(), PaintLoss::content_taps().end());
    const Shape pictures{o.batch, o.crop, o.crop, 3};
    content_plan_.emplace(encoder_.graph, *backend_, pictures,
                          PlanOptions{type_, taps, false, false});
    loss_.emplace(encoder_.graph, *backend_, pictures, type_,
                  PaintLossWeights{o.style_weight, o.tv_weight, o.chroma_weight});
    graph_ = make_decoder(config_);
    initialise_decoder(*graph_, o.seed);
    if (!o.initial.empty()) graph_->load(read_weights(o.initial), o.initial);
    decoder_.emplace(graph_, *backend_, decoder_inputs(config_, o.batch, o.crop, o.crop),
                     PlanOptions{type_, {"rgb"}, false, true});
    dpictures_ = Tensor(pictures);
  }

  Graph& graph() { return *graph_; }

  std::vector<std::pair<std::string, double>> step(Random& random,
                                                   const std::vector<Tensor>& gradients) {
    // Black and white photographs want colours, too.
    CropOptions crop;
    crop.grey_share = 0.2;
    photo_batch_ = photos_.batch(random, o_.batch, o_.crop, crop);
    style_batch_ = styles_.batch(random, o_.batch, o_.style_crop);
    content_plan_->forward(photo_batch_);
    style_plan_->forward(style_batch_);
    std::vector<PaintTarget> targets;
    for (int64_t i = 0; i < o_.batch; ++i) targets.push_back(prepare(random, i));
    decoder_->parameters_changed();
    decoder_->forward();
    const auto losses = loss_->evaluate(decoder_->tap("rgb"), *content_plan_, targets, dpictures_);
    // Now and then the root of a nearly singular covariance makes one picture's gradient a hundred
    // times the others'; and one that the network does not know yet makes all parameters'.
    for (int64_t i = 0; i < o_.batch; ++i) picture_limit_.apply({dpictures_.picture(i)});
    decoder_->backward([&](const std::string&, const Tensor&, const Tensor& gradient, bool) {
      gradient.copy_from(dpictures_);
    });
    for (size_t i = 0; i < gradients.size(); ++i) {
      gradients[i].copy_from(decoder_->parameter_gradient(i));
    }
    parameter_limit_.apply(gradients);
    return losses;
  }

  void write_sheet(const SampleSheet& sheet) {
    const PaintingDecoder decoder =
        make_painting_decoder(graph_->named_parameters(), "the decoder", config_);
    Painter painter(*backend_, encoder_.graph, decoder, code_, type_);
    std::vector<std::vector<WeightedStatistics>> styles;
    for (const Tensor& painting : sheet.paintings()) {
      styles.push_back({{painter.look_at_style({painting, painting}), 1}});
    }
    std::vector<std::vector<Tensor>> painted;
    for (const Tensor& photo : sheet.photos()) {
      painter.look_at_content(photo);
      std::vector<Tensor>& row = painted.emplace_back();
      for (const auto& style : styles) row.push_back(painter.paint(style, 1, 0, 1).clone());
    }
    sheet.write(painted, o_.sheet);
  }

  void save(const std::string& path) const {
    NamedTensors tensors = graph_->named_parameters();
    for (const auto& [name, tensor] : code_.tensors()) tensors[name] = tensor;
    write_safetensors(path, tensors, DType::bf16, {{"impasto.format", instant_format}});
  }

 private:
  StyleCode measure_code() {
    Random random(o_.seed + 77);
    std::vector<PictureStatistics> pictures;
    while (static_cast<int>(pictures.size()) < code_pictures) {
      const Tensor batch = styles_.batch(random, o_.batch, o_.style_crop);
      style_plan_->forward(batch);
      for (int i = 0; i < o_.batch; ++i) {
        pictures.push_back(picture_statistics(*backend_, batch, *style_plan_, i));
      }
    }
    return StyleCode(pictures);
  }

  // The decoder's inputs for picture i, and what its result will be measured against.
  PaintTarget prepare(Random& random, int64_t i) {
    const double share = random.uniform() < partial_share ? random.uniform() : 1;
    const double boldness = random.uniform() < 0.5 ? 0 : random.uniform();
    const StyleStatistics style =
        prepare_style(*backend_, picture_statistics(*backend_, style_batch_, *style_plan_, i));
    const PictureStatistics content =
        picture_statistics(*backend_, photo_batch_, *content_plan_, i);
    const Transfer transfer = make_transfer(*backend_, content, style, share);
    feed_decoder(*backend_, config_, *content_plan_,
                 {training_maps(config_, content, transfer, type_), transfer.reached, boldness,
                  random.next()},
                 code_, i, *decoder_);
    return {share < 1 ? transfer.reached : style.statistics, std::pow(10.0, -boldness)};
  }

  const TrainInstantOptions& o_;
  std::unique_ptr<Backend> backend_;
  DType type_;
  Network encoder_;
  PictureSet photos_;
  Styles styles_;
  StyleCode code_;
  DecoderConfig config_;
  std::shared_ptr<Graph> graph_;
  std::optional<Plan> content_plan_, style_plan_, decoder_;
  std::optional<PaintLoss> loss_;
  Tensor photo_batch_, style_batch_, dpictures_;
  GradientLimit picture_limit_, parameter_limit_;
};

}  // namespace

TrainReport train_instant(Session& session, const TrainInstantOptions& o, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    check(o);
    const SampleSheet sheet(o.sheet_photos, o.sheet_paintings);
    Training training(o, progress);
    if (progress.cancelled()) return TrainReport();
    TrainerOptions options{o.steps, o.learning_rate, o.seed, o.checkpoint};
    options.beta2 = 0.99;
    options.after_step = [&](int step) {
      if (o.sheet_steps < 1 || step % o.sheet_steps != 0) return;
      if (!sheet.empty() && !o.sheet.empty()) training.write_sheet(sheet);
      if (!o.output.empty()) training.save(o.output);  // to try it meanwhile
    };
    const TrainReport report = run_training(
        training.graph().parameters(), options,
        [&](Random& random, const std::vector<Tensor>& g) { return training.step(random, g); },
        progress);
    if (!sheet.empty() && !o.sheet.empty()) training.write_sheet(sheet);
    if (!o.output.empty()) training.save(o.output);
    return report;
  });
}

}  // namespace impasto
