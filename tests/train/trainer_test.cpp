#include "train/trainer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <filesystem>

#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "image/samples.h"
#include "models/vgg.h"

namespace impasto::test {

namespace fs = std::filesystem;

namespace {

std::shared_ptr<Graph> small_graph(int width = 5) {
  VggConfig config;
  config.widths = {{width}};
  const auto graph = make_vgg(config);
  initialise(*graph, 3);
  return graph;
}

// Half the squared distance of all parameters from 0.25, and its gradient.
double bowl(const Graph& graph, const std::vector<Tensor>& gradients) {
  double sum = 0;
  for (size_t i = 0; i < gradients.size(); ++i) {
    const float* x = graph.parameters()[i].value.data<float>();
    float* g = gradients[i].data<float>();
    for (int64_t k = 0; k < gradients[i].size(); ++k) {
      g[k] = x[k] - 0.25f;
      sum += 0.5 * g[k] * g[k];
    }
  }
  return sum;
}

class Counting : public Progress {
 public:
  explicit Counting(int most = 1 << 30) : most_(most) {}
  void report(const ProgressReport& r) override { reports_.push_back(r); }
  bool cancelled() override { return static_cast<int>(reports_.size()) >= most_; }
  const std::vector<ProgressReport>& reports() const { return reports_; }

 private:
  int most_;
  std::vector<ProgressReport> reports_;
};

class TrainerTest : public testing::Test {
 protected:
  // Every gradient is off by some chance, as batches are.
  TrainReport train(Graph& graph, Progress& progress) {
    return run_training(
        graph.parameters(), options_,
        [&](Random& random, const std::vector<Tensor>& gradients) {
          const double value = bowl(graph, gradients);
          for (const Tensor& g : gradients) {
            for (int64_t k = 0; k < g.size(); ++k) {
              g.data<float>()[k] += static_cast<float>(0.01 * random.normal());
            }
          }
          return std::vector<std::pair<std::string, double>>{{"total", value}};
        },
        progress);
  }
  static void expect_same_parameters(const Graph& a, const Graph& b) {
    for (size_t i = 0; i < a.parameters().size(); ++i) {
      const Tensor &x = a.parameters()[i].value, &y = b.parameters()[i].value;
      EXPECT_EQ(std::memcmp(x.raw(), y.raw(), x.bytes()), 0) << a.parameters()[i].name;
    }
  }

  TempFolder folder_;
  TrainerOptions options_ = [this] {
    TrainerOptions o;
    o.steps = 40;
    o.learning_rate = 0.3;
    o.checkpoint = folder_ / "checkpoint.safetensors";
    return o;
  }();
};

TEST_F(TrainerTest, Learns) {
  options_.steps = 300;
  const auto graph = small_graph();
  Counting progress;
  const TrainReport report = train(*graph, progress);
  EXPECT_TRUE(report.finished);
  EXPECT_EQ(report.steps, 300);
  ASSERT_EQ(progress.reports().size(), 300u);
  const auto& first = progress.reports().front();
  const auto& last = progress.reports().back();
  EXPECT_EQ(last.fraction, 1);
  EXPECT_EQ(last.remaining, 0);
  EXPECT_EQ(last.losses[0].first, "total");
  EXPECT_LT(last.losses[0].second, 0.1 * first.losses[0].second);
  for (const Parameter& p : graph->parameters()) {
    for (int64_t k = 0; k < p.value.size(); ++k) EXPECT_NEAR(p.value.at(k), 0.25, 0.03) << p.name;
  }
}

TEST_F(TrainerTest, GoesOnFromItsCheckpointAsIfItHadNeverStopped) {
  const auto whole = small_graph();
  Counting all;
  const std::string checkpoint = options_.checkpoint;
  options_.checkpoint.clear();
  train(*whole, all);

  options_.checkpoint = checkpoint;
  const auto begun = small_graph(), resumed = small_graph();
  Counting some(17), rest;
  const TrainReport stopped = train(*begun, some);
  EXPECT_FALSE(stopped.finished);
  EXPECT_EQ(stopped.steps, 17);
  const TrainReport finished = train(*resumed, rest);
  EXPECT_TRUE(finished.finished);
  EXPECT_EQ(finished.steps, 40);
  EXPECT_EQ(rest.reports().size(), 23u);
  expect_same_parameters(*resumed, *whole);

  Counting nothing;  // is left to do
  EXPECT_TRUE(train(*small_graph(), nothing).finished);
  EXPECT_TRUE(nothing.reports().empty());
}

TEST_F(TrainerTest, RefusesWhatIsNotItsCheckpoint) {
  const auto graph = small_graph();
  Counting progress;
  write_safetensors(options_.checkpoint, graph->named_parameters());
  expect_error(ErrorCode::input, options_.checkpoint + ": is not a training checkpoint",
               [&] { train(*graph, progress); });
  fs::remove(options_.checkpoint);

  train(*small_graph(6), progress);
  expect_error(ErrorCode::input, "of another network", [&] { train(*graph, progress); });

  store(options_.checkpoint, std::string("what is no checkpoint at all"));
  expect_error(ErrorCode::input, options_.checkpoint, [&] { train(*graph, progress); });
}

TEST(GradientLimit, LeavesWhatIsUsualAlone) {
  GradientLimit limit(3);
  const Tensor g({2});
  for (int i = 0; i < 20; ++i) {
    g.data<float>()[0] = 3, g.data<float>()[1] = -4;
    limit.apply({g});
    EXPECT_EQ(g.at(0), 3);
    EXPECT_EQ(g.at(1), -4);
  }
}

TEST(GradientLimit, BringsWhatIsFarAboveDown) {
  GradientLimit limit(3);
  const Tensor g({2}), h({1});
  g.fill(0), h.fill(1);
  limit.apply({g, h});  // a norm of 1 is usual
  g.data<float>()[0] = 300, g.data<float>()[1] = 0, h.fill(400);
  limit.apply({g, h});  // as one vector, with a norm of 500
  EXPECT_NEAR(g.at(0), 3 * 0.6, 1e-6);
  EXPECT_NEAR(h.at(0), 3 * 0.8, 1e-6);
}

TEST(GradientLimit, DropsWhatIsNotFinite) {
  for (const float bad : {NAN, INFINITY}) {
    GradientLimit limit;
    const Tensor g({2});
    g.fill(1);
    limit.apply({g});
    g.data<float>()[1] = bad;
    limit.apply({g});
    EXPECT_EQ(g.at(0), 0);
    EXPECT_EQ(g.at(1), 0);
    g.fill(1);
    limit.apply({g});
    EXPECT_EQ(g.at(1), 1);
  }
}

TEST(FlattenParameters, MakesThemViewsOfOneVector) {
  const auto graph = small_graph(), same = small_graph();
  const Tensor x = flatten_parameters(graph->parameters());
  int64_t at = 0;
  for (size_t i = 0; i < graph->parameters().size(); ++i) {
    const Tensor &view = graph->parameters()[i].value, &before = same->parameters()[i].value;
    for (int64_t k = 0; k < view.size(); ++k, ++at) {
      EXPECT_EQ(x.at(at), before.at(k));
      x.data<float>()[at] = static_cast<float>(at);
      EXPECT_EQ(view.at(k), static_cast<double>(at));
    }
  }
  EXPECT_EQ(at, x.size());
}

}  // namespace
}  // namespace impasto::test
