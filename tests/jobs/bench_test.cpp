// Measuring a step: that it is the step which stylize takes, and that the numbers make sense.

#include "impasto/bench.h"

#include <gmock/gmock.h>

#include "impasto/error.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

class BenchTest : public StylizeTest {
 protected:
  BenchTest() { bench_.seconds = 0; }

  StepBench measure() {
    return bench_step(session_, photo_, {painting_}, options_, bench_, progress_);
  }

  BenchOptions bench_;
  Progress progress_;
};

TEST_F(BenchTest, TakesTheStepsOfStylize) {
  options_.scales = 1;
  bench_.steps = 4;
  const StepBench step = measure();
  EXPECT_EQ(step.steps, 4);
  options_.iterations = options_.history + 2 + step.steps;  // the warm-up comes before
  EXPECT_EQ(step.objective, loss(run().losses.back()));
}

TEST_F(BenchTest, TellsWhatItMeasured) {
  options_.size = 100;
  options_.margin = 4;
  options_.precision = Precision::f32;
  bench_.seconds = 0.05;
  const StepBench step = measure();
  EXPECT_EQ(step.network, options_.network);
  EXPECT_EQ(step.precision, Precision::f32);
  EXPECT_EQ(step.width, 100);
  EXPECT_EQ(step.height, 80);
  EXPECT_EQ(step.margin, 4);
  EXPECT_EQ(step.threads, 1);
  EXPECT_GE(step.steps, bench_.steps);
  EXPECT_GE(step.steps * step.max_ms, 50);
  EXPECT_GT(step.min_ms, 0);
  EXPECT_LE(step.min_ms, step.median_ms);
  EXPECT_LE(step.median_ms, step.max_ms);
  EXPECT_GT(step.first_ms, 0);
  EXPECT_GT(step.setup_ms, 0);
  EXPECT_GT(step.planned_bytes, size_t{100 * 80 * 8 * 4});
  EXPECT_GT(step.peak_bytes, size_t{1} << 20);
  EXPECT_FALSE(step.cancelled);
}

TEST_F(BenchTest, DrawsPicturesWhenThereAreNone) {
  options_.size = 48;
  const StepBench step = bench_step(session_, Image(), {}, options_, bench_, progress_);
  EXPECT_EQ(step.width, 48);
  EXPECT_EQ(step.height, 48);
  EXPECT_GT(step.objective, 0);
  EXPECT_EQ(step.objective,
            bench_step(session_, Image(), {}, options_, bench_, progress_).objective);
}

TEST_F(BenchTest, StopsWhenCancelled) {
  class Impatient : public Progress {
   public:
    void report(const ProgressReport& r) override {
      EXPECT_GE(r.fraction, fraction);
      EXPECT_LE(r.fraction, 1);
      fraction = r.fraction;
      ++reports;
    }
    bool cancelled() override { return reports >= 2; }
    double fraction = 0;
    int reports = 0;
  } impatient;
  const StepBench step = bench_step(session_, photo_, {painting_}, options_, bench_, impatient);
  EXPECT_TRUE(step.cancelled);
  EXPECT_EQ(impatient.reports, 2);
  EXPECT_EQ(step.steps, 0);
  EXPECT_EQ(step.median_ms, 0);
}

TEST_F(BenchTest, RefusesWhatStylizeRefuses) {
  options_.size = -1;
  EXPECT_THROW(measure(), Error);
  EXPECT_THROW(bench_step(session_, Image(), {}, options_, bench_, progress_), Error);
  options_.size = 0;
  options_.style_loss = static_cast<StyleKind>(99);
  EXPECT_THROW(measure(), Error);
}

TEST(SlowBench, MeasuresTheMachine) {
  Session session({.threads = 1});
  const MachineBench machine = bench_machine(session);
  EXPECT_EQ(machine.threads, 1);
  EXPECT_THAT(machine.instructions, testing::MatchesRegex("sse41|avx.*"));
  EXPECT_GT(machine.f32_gflops, 1);
  EXPECT_GE(machine.bf16_gflops, 0);
  EXPECT_GT(machine.memory_gbytes, 0.5);
}

}  // namespace
}  // namespace impasto::test
