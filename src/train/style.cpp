// The network for one style: what an optimiser would do to the pixels of any photograph, it learns
// to do at once.

#include <algorithm>
#include <cmath>

#include "canvas/saved_style.h"
#include "formats/file.h"
#include "impasto/error.h"
#include "impasto/train.h"
#include "options/strength.h"
#include "train/paint_loss.h"
#include "train/picture_set.h"
#include "train/sample_sheet.h"
#include "train/trainer.h"
#include "zoo/session.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

constexpr int side_of_photos = 512;
constexpr uint64_t largest_style_file = 64u << 20;
// How far the two pictures of a pair are apart, in each direction.
constexpr int most_shift = 15;

void check_style(const TrainStyleOptions& o) {
  if (o.crop % 16 != 0 || o.crop < 64) {
    throw Error(ErrorCode::usage,
                "`crop`: expected a multiple of 16, at least 64, found " + std::to_string(o.crop));
  }
  if (o.batch % 2 != 0 || o.batch < 2) {
    throw Error(ErrorCode::usage,
                "`batch`: expected an even number, found " + std::to_string(o.batch));
  }
  if (o.minutes <= 0 && o.steps <= 0) {
    throw Error(ErrorCode::usage, "`minutes`: expected some, or `steps`, found neither");
  }
  if (o.paintings.empty()) throw Error(ErrorCode::usage, "no painting to take the style from");
}

// Strengths that are trained: mostly the middle one, which is what people take.
double pick_strength(Random& random) {
  return random.uniform() < 0.5 ? 50 : 100 * random.uniform();
}

// Two views of each photograph, as two frames of a film: shifted, a touch brighter, noisy.
struct Pairs {
  struct Place {
    int64_t y, x;
  };
  Tensor pictures;            // [2 n, crop, crop, 3]: two and two
  std::vector<Place> places;  // where each begins in what both were cut from
};
Pairs pick_pairs(Random& random, const PictureSet& photos, int count, int crop) {
  CropOptions options;
  options.grey_share = 0.1;
  const int side = crop + most_shift;
  const Tensor wide = photos.batch(random, count, side, options);
  Pairs pairs{Tensor({2 * count, crop, crop, 3}), {}};
  for (int64_t i = 0; i < 2 * count; ++i) {
    const Pairs::Place at{random.below(most_shift + 1), random.below(most_shift + 1)};
    pairs.places.push_back(at);
    const float* from = wide.picture(i / 2).data<float>();
    float* to = pairs.pictures.picture(i).data<float>();
    for (int64_t y = 0; y < crop; ++y) {
      std::copy_n(from + 3 * ((at.y + y) * side + at.x), 3 * crop, to + 3 * y * crop);
    }
    if (i % 2 == 0) continue;
    const double brighter = random.uniform(-0.015, 0.015), noise = random.uniform(0, 0.015);
    for (int64_t k = 0; k < int64_t{3} * crop * crop; ++k) {
      to[k] = static_cast<float>(std::clamp(to[k] + brighter + noise * random.normal(), 0.0, 1.0));
    }
  }
  return pairs;
}

// Mean squared difference within pairs, where both show the same; its gradient grows.
double pair_differences(const Pairs& pairs, const Tensor& painted, double weight,
                        const Tensor& dpainted) {
  const int64_t side = painted.shape().h(), count = painted.shape().n() / 2;
  double sum = 0;
  for (int64_t i = 0; i < count; ++i) {
    const Pairs::Place a = pairs.places[static_cast<size_t>(2 * i)],
                       b = pairs.places[static_cast<size_t>(2 * i + 1)];
    const int64_t top = std::max(a.y, b.y), left = std::max(a.x, b.x);
    const int64_t h = side - std::abs(a.y - b.y), w = side - std::abs(a.x - b.x);
    const double factor = weight / static_cast<double>(count * h * w * 3);
    for (int64_t y = 0; y < h; ++y) {
      const int64_t in_a = 3 * ((top - a.y + y) * side + left - a.x),
                    in_b = 3 * ((top - b.y + y) * side + left - b.x);
      const float *of_a = painted.picture(2 * i).data<float>() + in_a,
                  *of_b = painted.picture(2 * i + 1).data<float>() + in_b;
      float *to_a = dpainted.picture(2 * i).data<float>() + in_a,
            *to_b = dpainted.picture(2 * i + 1).data<float>() + in_b;
      for (int64_t k = 0; k < 3 * w; ++k) {
        const double d = static_cast<double>(of_a[k]) - of_b[k];
        sum += factor * d * d;
        to_a[k] += static_cast<float>(2 * factor * d);
        to_b[k] -= static_cast<float>(2 * factor * d);
      }
    }
  }
  return sum;
}

class StyleTraining {
 public:
  StyleTraining(const TrainStyleOptions& o, Progress& progress)
      : o_(o),
        backend_(make_cpu_backend()),
        type_(backend_->preferred_type()),
        encoder_(open_network(default_network)),
        photos_(o.photos, side_of_photos, progress),
        config_(style_network_config(o.width)),
        graph_(make_style_network(config_)) {
    std::vector<std::string> taps = style_taps();
    look_at_paintings();
    taps.insert(taps.end(), PaintLoss::content_taps().begin(), PaintLoss::content_taps().end());
    const Shape pictures{o.batch, o.crop, o.crop, 3};
    content_plan_.emplace(encoder_.graph, *backend_, pictures,
                          PlanOptions{type_, taps, false, false});
    loss_.emplace(encoder_.graph, *backend_, pictures, type_,
                  PaintLossWeights{o.style_weight, o.tv_weight, o.chroma_weight});
    initialise_style_network(*graph_, o.seed);
    parameters_.emplace(*graph_);
    if (!o.initial.empty()) load(o.initial);
    network_.emplace(graph_, *backend_, pictures, PlanOptions{type_, {"rgb"}, false, true});
    for (const Parameter& p : graph_->parameters()) of_graph_.emplace_back(p.value.shape());
    dpictures_ = Tensor(pictures);
  }

  std::vector<Parameter>& parameters() { return parameters_->all(); }

  std::vector<std::pair<std::string, double>> step(Random& random,
                                                   const std::vector<Tensor>& gradients) {
    const double strength = pick_strength(random);
    const Pairs pairs = pick_pairs(random, photos_, o_.batch / 2, o_.crop);
    content_plan_->forward(pairs.pictures);
    std::vector<PaintTarget> targets;
    for (int64_t i = 0; i < o_.batch; ++i) targets.push_back(target(pairs, i, strength));
    parameters_->fold(strength, *graph_);
    network_->parameters_changed();
    network_->forward(pairs.pictures);
    const Tensor painted = network_->tap("rgb").clone();
    auto losses = loss_->evaluate(painted, *content_plan_, targets, dpictures_);
    for (int64_t i = 0; i < o_.batch; ++i) picture_limit_.apply({dpictures_.picture(i)});
    const double apart = pair_differences(pairs, painted, o_.stability_weight, dpictures_);
    losses[0].second += apart;
    losses.emplace_back("stability", apart);
    network_->backward([&](const std::string&, const Tensor&, const Tensor& gradient, bool) {
      gradient.copy_from(dpictures_);
    });
    for (size_t i = 0; i < of_graph_.size(); ++i) {
      of_graph_[i].copy_from(network_->parameter_gradient(i));
    }
    parameters_->gradients(strength, of_graph_, gradients);
    parameter_limit_.apply(gradients);
    return losses;
  }

  void write_sheet(const SampleSheet& sheet) {
    parameters_->fold(50, *graph_);
    std::vector<std::vector<Tensor>> painted;
    for (const Tensor& photo : sheet.photos()) {
      Plan plan(graph_, *backend_, photo.shape(), PlanOptions{type_, {"rgb"}, false, false});
      plan.forward(photo);
      painted.push_back({plan.tap("rgb").clone()});
    }
    sheet.write(painted, o_.sheet);
  }

  // A style file that holds the network, too.
  void save(const std::string& path) const {
    SavedStyle style = saved_;
    const auto network = std::make_shared<StyleNetwork>(config_);
    for (size_t i = 0; i < network->parameters.all().size(); ++i) {
      network->parameters.all()[i].value.copy_from(parameters_->all()[i].value);
    }
    style.network = network;
    write_file(path, format_style(style));
  }

 private:
  void load(const std::string& file) {
    const SavedStyle initial = parse_style(read_file(file, largest_style_file), file);
    const bool alike = initial.network && initial.network->config.channels == config_.channels &&
                       initial.network->config.blocks == config_.blocks;
    if (!alike) {
      throw Error(ErrorCode::input, file + ": expected a style with a network of this width");
    }
    for (size_t i = 0; i < parameters_->all().size(); ++i) {
      parameters_->all()[i].value.copy_from(initial.network->parameters.all()[i].value);
    }
  }

  void look_at_paintings() {
    for (size_t i = 0; i < o_.paintings.size(); ++i) {
      const Image painting = read_image(o_.paintings[i]);
      const auto look = [&](int side) {
        return look_at(*backend_, encoder_, type_, painting, rung_size(painting, side));
      };
      const PictureStatistics seen = look(side_of_photos);
      styles_.push_back({prepare_style(*backend_, seen), o_.weights.empty() ? 1 : o_.weights[i]});
      if (i > 0) continue;
      saved_ = begin_style(encoder_, painting);
      saved_.rungs = {{side_of_photos / 2, look(side_of_photos / 2)}, {side_of_photos, seen}};
    }
  }

  // What picture i is to become: as much of the style as the strength asks for, or all of it and
  // less of the photograph.
  PaintTarget target(const Pairs& pairs, int64_t i, double strength) {
    const double share = style_share(strength);
    const double rest = std::pow(10.0, -second_brush(strength).boldness);
    if (share == 1 && styles_.size() == 1) return {styles_[0].style.statistics, rest};
    const PictureStatistics content =
        picture_statistics(*backend_, pairs.pictures, *content_plan_, i);
    return {make_transfer(*backend_, content, styles_, share).reached, rest};
  }

  const TrainStyleOptions& o_;
  std::unique_ptr<Backend> backend_;
  DType type_;
  Network encoder_;
  PictureSet photos_;
  StyleNetworkConfig config_;
  std::shared_ptr<Graph> graph_;
  std::vector<WeightedStatistics> styles_;
  SavedStyle saved_;
  std::optional<StyleParameters> parameters_;
  std::optional<Plan> content_plan_, network_;
  std::optional<PaintLoss> loss_;
  Tensor dpictures_;
  std::vector<Tensor> of_graph_;
  GradientLimit picture_limit_, parameter_limit_;
};

}  // namespace

TrainReport train_style(Session& session, const TrainStyleOptions& o, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    check_style(o);
    const SampleSheet sheet(o.sheet_photos, o.paintings);
    StyleTraining training(o, progress);
    if (progress.cancelled()) return TrainReport();
    TrainerOptions options{o.steps, o.learning_rate, o.seed, o.checkpoint, 60 * o.minutes};
    options.beta2 = 0.99;
    options.after_step = [&](int step) {
      if (o.sheet_steps < 1 || step % o.sheet_steps != 0) return;
      if (!sheet.empty() && !o.sheet.empty()) training.write_sheet(sheet);
    };
    const TrainReport report = run_training(
        training.parameters(), options,
        [&](Random& random, const std::vector<Tensor>& g) { return training.step(random, g); },
        progress);
    if (!sheet.empty() && !o.sheet.empty()) training.write_sheet(sheet);
    if (!o.output.empty()) training.save(o.output);
    return report;
  });
}

}  // namespace impasto
