// The small encoder, distilled. Student tap -> 1x1 map -> compared with the teacher's tap. The maps
// are pulled towards isometries, so that distances between the student's features are distances
// between the teacher's: style and content losses then mean the same on both.

#include <Eigen/Dense>
#include <algorithm>
#include <cmath>

#include "formats/safetensors.h"
#include "impasto/error.h"
#include "impasto/train.h"
#include "train/picture_set.h"
#include "train/teacher.h"
#include "train/trainer.h"
#include "zoo/session.h"
#include "zoo/vgg_file.h"

namespace impasto {

namespace {

using RowMatrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

constexpr double isometry_weight = 0.02;
constexpr int calibration_batches = 12;
constexpr int side_of_pictures = 640;

// A teacher's tap, its channels brought to mean 0 and the tap's mean variance to 1.
struct Target {
  std::string tap, map;  // student's taps before and after the linear map
  int channels = 0;
  std::vector<double> mean;
  double deviation = 1;
  std::vector<double> weight;  // per channel; weight * variance has mean 1 over the channels
};

std::vector<Target> calibrate(Teachers& teachers, const PictureSet& pictures,
                              const TrainEncoderOptions& o, DType type) {
  std::vector<Target> targets;
  for (const auto& [tap, channels] : teachers.taps()) {
    Target t;
    t.tap = tap;
    t.map = "map" + tap.substr(4);
    t.channels = channels;
    targets.push_back(t);
  }
  std::vector<std::vector<double>> sums(targets.size());
  std::vector<double> counts(targets.size());
  const auto backend = make_cpu_backend();
  Random random(o.seed + 77);
  for (int i = 0; i < calibration_batches; ++i) {
    teachers.forward(pictures.batch(random, o.batch, o.crop), type);
    for (size_t k = 0; k < targets.size(); ++k) {
      const Tensor f = teachers.features(targets[k].tap);
      const Tensor s({3, f.shape().c()}, DType::f64);
      backend->channel_sums(f, f, s);
      sums[k].resize(static_cast<size_t>(s.size()));
      for (int64_t j = 0; j < s.size(); ++j) sums[k][static_cast<size_t>(j)] += s.at(j);
      counts[k] += static_cast<double>(f.shape().pixels());
    }
  }
  for (size_t k = 0; k < targets.size(); ++k) {
    Target& t = targets[k];
    const auto channels = static_cast<size_t>(t.channels);
    std::vector<double> variance;
    double mean_variance = 0;
    for (size_t c = 0; c < channels; ++c) {
      const double mean = sums[k][c] / counts[k];
      t.mean.push_back(mean);
      variance.push_back(std::max(0.0, sums[k][channels + c] / counts[k] - mean * mean));
      mean_variance += variance.back() / t.channels;
    }
    t.deviation = std::sqrt(mean_variance);
    // Half way between all channels alike and all errors alike.
    double norm = 0;
    for (const double v : variance) {
      t.weight.push_back(1 / (0.5 * v / mean_variance + 0.5));
      norm += t.weight.back() * v / mean_variance / t.channels;
    }
    for (double& w : t.weight) w /= norm;
  }
  return targets;
}

std::shared_ptr<Graph> student_with_maps(const std::vector<Target>& targets, uint64_t seed) {
  const auto graph = make_vgg(small_vgg_config());
  for (const Target& t : targets) {
    ConvOptions map;
    const int tap = graph->tap(t.tap);
    // Channels of the tap: those of the bias of the convolution that makes it.
    const auto& node = graph->nodes()[static_cast<size_t>(tap)];
    map.in_channels =
        static_cast<int>(graph->parameters()[static_cast<size_t>(node.parameters[1])].value.size());
    map.out_channels = t.channels;
    map.kernel = 1;
    graph->name_tap(t.map, graph->add(t.map, make_conv(map), {tap}));
  }
  initialise(*graph, seed);
  return graph;
}

// weight * |A^T A - I|^2 / c and its gradient, for a map A [out, in] to at least as many channels.
double isometry(const Tensor& map, const Tensor& gradient, double weight) {
  const int64_t out = map.shape()[0], in = map.shape()[1];
  const Eigen::Map<const RowMatrix> a(map.data<float>(), out, in);
  Eigen::Map<RowMatrix> d(gradient.data<float>(), out, in);
  const RowMatrix error = a.transpose() * a - RowMatrix::Identity(in, in);
  d += static_cast<float>(4 * weight / static_cast<double>(in)) * a * error;
  return weight * static_cast<double>(error.squaredNorm()) / static_cast<double>(in);
}

// Weighted mean squared error of the prediction of one tap; 1 when nothing is explained.
double prediction_error(Backend& backend, const Target& t, const Tensor& prediction,
                        const Tensor& teacher, const Tensor& gradient) {
  const auto c = static_cast<int64_t>(t.channels);
  const auto n = static_cast<double>(prediction.shape().pixels());
  const Tensor p({3, c}, DType::f64), s({3, c}, DType::f64), coefficients({3, c});
  backend.channel_sums(prediction, teacher, p);
  backend.channel_sums(teacher, teacher, s);
  double loss = 0;
  for (int64_t i = 0; i < c; ++i) {
    const double mean = t.mean[static_cast<size_t>(i)], d = t.deviation;
    const double w = t.weight[static_cast<size_t>(i)] / (n * t.channels);
    const double target_square = (s.at(c + i) - 2 * mean * s.at(i) + n * mean * mean) / (d * d);
    const double product = (p.at(2 * c + i) - mean * p.at(i)) / d;
    loss += w * (p.at(c + i) - 2 * product + target_square);
    float* k = coefficients.data<float>();
    k[i] = static_cast<float>(2 * w);
    k[c + i] = static_cast<float>(-2 * w / d);
    k[2 * c + i] = static_cast<float>(2 * w * mean / d);
  }
  backend.channel_blend(prediction, teacher, coefficients, false, gradient);
  return loss;
}

void save_encoder(const Graph& graph, const std::string& path) {
  NamedTensors tensors;
  for (const auto& [name, tensor] : graph.named_parameters()) {
    if (name.rfind("conv", 0) == 0) tensors[name] = tensor;
  }
  write_safetensors(path, tensors, DType::bf16, vgg_metadata(small_vgg_config()));
}

}  // namespace

TrainReport train_encoder(Session& session, const TrainEncoderOptions& o, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    const auto backend = make_cpu_backend();
    const DType type = backend->preferred_type();
    Teachers teachers(*backend, o.teacher, o.deep_teacher);
    const PictureSet pictures(o.pictures, side_of_pictures, progress);
    if (progress.cancelled()) return TrainReport();
    const std::vector<Target> targets = calibrate(teachers, pictures, o, type);
    const auto graph = student_with_maps(targets, o.seed);

    PlanOptions plan_options;
    plan_options.type = type;
    plan_options.parameter_gradients = true;
    for (const Target& t : targets) plan_options.taps.push_back(t.map);
    Plan plan(graph, *backend, {o.batch, o.crop, o.crop, 3}, plan_options);

    const auto step = [&](Random& random, const std::vector<Tensor>& gradients) {
      const Tensor batch = pictures.batch(random, o.batch, o.crop);
      teachers.forward(batch, type);
      plan.parameters_changed();
      plan.forward(batch);
      std::vector<std::pair<std::string, double>> losses = {{"total", 0}};
      plan.backward(
          [&](const std::string& tap, const Tensor& prediction, const Tensor& gradient, bool) {
            const auto t = std::find_if(targets.begin(), targets.end(),
                                        [&](const Target& target) { return target.map == tap; });
            losses.emplace_back(t->tap, prediction_error(*backend, *t, prediction,
                                                         teachers.features(t->tap), gradient));
            losses[0].second += losses.back().second;
          });
      for (size_t i = 0; i < gradients.size(); ++i) {
        gradients[i].copy_from(plan.parameter_gradient(i));
        const Parameter& p = graph->parameters()[i];
        if (p.name.rfind("map", 0) == 0 && p.value.shape().rank() == 4) {
          losses[0].second += isometry(p.value, gradients[i], isometry_weight);
        }
      }
      return losses;
    };
    TrainerOptions options{o.steps, o.learning_rate, o.seed, o.checkpoint};
    const TrainReport report = run_training(graph->parameters(), options, step, progress);
    if (!o.output.empty()) save_encoder(*graph, o.output);
    return report;
  });
}

std::vector<TapQuality> evaluate_encoder(Session& session, const std::string& encoder,
                                         const std::string& teacher,
                                         const std::string& deep_teacher,
                                         const std::vector<std::string>& folders,
                                         Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    constexpr int crop = 256;
    const auto backend = make_cpu_backend();
    Teachers teachers(*backend, teacher, deep_teacher);
    const PictureSet pictures(folders, side_of_pictures, progress);
    const ImportedVgg vgg = read_vgg(encoder);
    const auto graph = make_vgg(vgg.config);
    graph->load(vgg.tensors, encoder);
    PlanOptions options;
    for (const auto& [tap, channels] : teachers.taps()) options.taps.push_back(tap);
    Plan plan(graph, *backend, {1, crop, crop, 3}, options);

    // Normal equations of [f 1] -> t, on even pictures; the error is measured on odd ones.
    struct Fit {
      Eigen::MatrixXd xx, xt, map;
      double error = 0, square = 0;
      Eigen::VectorXd sum;
      double count = 0;
    };
    std::vector<Fit> fits(options.taps.size());
    const auto pass = [&](size_t parity, auto&& use) {
      for (size_t i = parity; i < pictures.size() && !progress.cancelled(); i += 2) {
        const Tensor picture = pictures.middle(i, crop);
        teachers.forward(picture, DType::f32);
        plan.forward(picture);
        for (size_t k = 0; k < fits.size(); ++k) {
          const Tensor f = plan.tap(options.taps[k]), t = teachers.features(options.taps[k]);
          const Eigen::Map<const RowMatrix> fm(f.data<float>(), f.shape().pixels(), f.shape().c());
          const Eigen::Map<const RowMatrix> tm(t.data<float>(), t.shape().pixels(), t.shape().c());
          Eigen::MatrixXf x(fm.rows(), fm.cols() + 1);
          x << fm, Eigen::VectorXf::Ones(fm.rows());
          use(fits[k], x, tm);
        }
      }
    };
    pass(0, [](Fit& fit, const Eigen::MatrixXf& x, const auto& t) {
      const Eigen::MatrixXd xx = (x.transpose() * x).template cast<double>();
      const Eigen::MatrixXd xt = (x.transpose() * t).template cast<double>();
      if (fit.xx.size() == 0) {
        fit.xx = xx;
        fit.xt = xt;
      } else {
        fit.xx += xx;
        fit.xt += xt;
      }
    });
    for (Fit& fit : fits) {
      fit.xx.diagonal().array() += 1e-6 * fit.xx.diagonal().mean();
      fit.map = fit.xx.ldlt().solve(fit.xt);
    }
    pass(1, [](Fit& fit, const Eigen::MatrixXf& x, const auto& t) {
      const Eigen::MatrixXf error = x * fit.map.cast<float>() - t;
      fit.error += static_cast<double>(error.squaredNorm());
      fit.square += static_cast<double>(t.squaredNorm());
      const Eigen::VectorXd sum = t.colwise().sum().transpose().template cast<double>();
      fit.sum = fit.sum.size() ? Eigen::VectorXd(fit.sum + sum) : sum;
      fit.count += static_cast<double>(t.rows());
    });
    std::vector<TapQuality> qualities;
    for (size_t k = 0; k < fits.size(); ++k) {
      const double variance = fits[k].square - fits[k].sum.squaredNorm() / fits[k].count;
      qualities.push_back({options.taps[k], 1 - fits[k].error / variance});
    }
    return qualities;
  });
}

}  // namespace impasto
