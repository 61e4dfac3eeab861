#include "train/trainer.h"

#include <algorithm>
#include <cmath>
#include <filesystem>

#include "base/clock.h"
#include "formats/file.h"
#include "formats/safetensors.h"
#include "formats/weights.h"
#include "impasto/error.h"
#include "optim/optimizer.h"

namespace impasto {

namespace {

constexpr double seconds_between_checkpoints = 120;

// How much of the training is done, 0..1.
double share_done(const TrainerOptions& o, int step, double seconds) {
  if (o.steps <= 0 && o.seconds <= 0) return 1;
  const double by_steps = o.steps > 0 ? 1.0 * step / o.steps : 0;
  const double by_time = o.seconds > 0 ? seconds / o.seconds : 0;
  return std::min(1.0, std::max(by_steps, by_time));
}

double scheduled_rate(const TrainerOptions& o, int step, double done) {
  const double warm_up = std::min(1.0, (step + 1) / 200.0);
  return o.learning_rate * warm_up * 0.5 * (1 + std::cos(M_PI * done)) + 1e-9;
}

// The step is kept as an f32 tensor too: exact up to 16 million.
void save_checkpoint(const std::string& path, const std::vector<Parameter>& parameters,
                     const Optimizer& optimizer, int step, double seconds) {
  NamedTensors tensors;
  for (const Parameter& p : parameters) tensors[p.name] = p.value;
  for (auto& [name, tensor] : optimizer.state()) tensors[name] = tensor;
  tensors["train.step"] = Tensor::full({1}, step);
  tensors["train.seconds"] = Tensor::full({1}, seconds);
  write_safetensors(path, tensors);
}

}  // namespace

void GradientLimit::apply(const std::vector<Tensor>& gradients) {
  double square = 0;
  for (const Tensor& g : gradients) {
    const float* v = g.data<float>();
    for (int64_t i = 0; i < g.size(); ++i) square += static_cast<double>(v[i]) * v[i];
  }
  const double norm = std::sqrt(square), limit = usual_ > 0 ? most_ * usual_ : norm;
  if (!std::isfinite(norm)) {
    for (const Tensor& g : gradients) g.fill(0);
    return;
  }
  if (norm > limit) {
    for (const Tensor& g : gradients) {
      float* v = g.data<float>();
      for (int64_t i = 0; i < g.size(); ++i) v[i] *= static_cast<float>(limit / norm);
    }
  }
  usual_ += (usual_ > 0 ? 0.02 : 1) * (std::min(norm, limit) - usual_);
}

Tensor flatten_parameters(std::vector<Parameter>& parameters) {
  int64_t count = 0;
  for (const Parameter& p : parameters) count += p.value.size();
  const auto buffer = std::make_shared<Buffer>(static_cast<size_t>(count) * sizeof(float));
  size_t offset = 0;
  for (Parameter& p : parameters) {
    const Tensor view(buffer, offset, p.value.shape(), DType::f32);
    view.copy_from(p.value);
    p.value = view;
    offset += view.bytes();
  }
  return Tensor(buffer, 0, {count}, DType::f32);
}

TrainReport run_training(std::vector<Parameter>& parameters, const TrainerOptions& options,
                         const TrainingStep& step, Progress& progress) {
  const Tensor x = flatten_parameters(parameters);
  AdamOptions adam;
  adam.learning_rate = options.learning_rate;
  adam.beta2 = options.beta2;
  adam.keep_best = false;
  const auto optimizer = make_adam(adam);

  TrainReport report;
  double seconds_before = 0;
  if (!options.checkpoint.empty() && std::filesystem::exists(options.checkpoint)) {
    const NamedTensors saved = read_weights(options.checkpoint);
    if (!saved.count("train.step") || !saved.count("train.seconds")) {
      throw Error(ErrorCode::input, options.checkpoint + ": is not a training checkpoint");
    }
    for (const Parameter& p : parameters) {
      const auto found = saved.find(p.name);
      if (found == saved.end() || !(found->second.shape() == p.value.shape())) {
        throw Error(
            ErrorCode::input,
            options.checkpoint + ": is a checkpoint of another network ('" + p.name + "' differs)");
      }
      p.value.copy_from(found->second);
    }
    optimizer->restore(saved);
    report.steps = static_cast<int>(saved.at("train.step").at(0));
    seconds_before = saved.at("train.seconds").at(0);
  }

  std::vector<Tensor> gradients;  // one per parameter, for the caller to fill
  for (const Parameter& p : parameters) gradients.emplace_back(p.value.shape());
  std::vector<std::pair<std::string, double>> losses;
  const auto begin = Clock::now();
  auto last_checkpoint = begin;
  const int first = report.steps;
  const auto done = [&] {
    return share_done(options, report.steps, seconds_before + seconds_since(begin));
  };
  const double done_before = done();
  while (done() < 1 && !progress.cancelled()) {
    Random random(options.seed * 1000003 + static_cast<uint64_t>(report.steps));
    optimizer->set_learning_rate(scheduled_rate(options, report.steps, done()));
    optimizer->step(x, [&](const Tensor&, const Tensor& flat) {
      const auto now = step(random, gradients);
      float* to = flat.data<float>();
      for (const Tensor& g : gradients) to = std::copy_n(g.data<float>(), g.size(), to);
      if (losses.empty()) losses = now;
      for (size_t i = 0; i < now.size(); ++i) {
        const double change = now[i].second - losses[i].second;
        // A running mean that one outlier does not hide for hundreds of steps.
        if (std::isfinite(change)) losses[i].second += 0.02 * std::min(change, losses[i].second);
      }
      return now.empty() ? 0.0 : now[0].second;
    });
    ++report.steps;

    ProgressReport p;
    p.fraction = done();
    p.seconds = seconds_since(begin);
    p.remaining = p.seconds / (p.fraction - done_before) * (1 - p.fraction);
    p.stage = "step " + std::to_string(report.steps);
    if (options.steps > 0) p.stage += " of " + std::to_string(options.steps);
    p.losses = losses;
    progress.report(p);
    if (options.after_step) options.after_step(report.steps);
    if (!options.checkpoint.empty() &&
        seconds_since(last_checkpoint) > seconds_between_checkpoints) {
      save_checkpoint(options.checkpoint, parameters, *optimizer, report.steps,
                      seconds_before + seconds_since(begin));
      last_checkpoint = Clock::now();
    }
  }
  report.seconds = seconds_before + seconds_since(begin);
  report.finished = done() >= 1;
  if (!options.checkpoint.empty() && report.steps > first) {
    save_checkpoint(options.checkpoint, parameters, *optimizer, report.steps, report.seconds);
  }
  return report;
}

}  // namespace impasto
