// From "strength=0:100:5" to the options of each cell.

#include <gtest/gtest.h>

#include "formats/expect_error.h"
#include "impasto/sweep.h"

namespace impasto::test {
namespace {

using Texts = std::vector<std::string>;
using Weights = std::vector<double>;

Sweep plan(const Texts& texts, size_t paintings = 1, const StylizeOptions& o = {}) {
  return plan_sweep(texts, o, paintings);
}

template <class T>
std::vector<T> values_of(const Sweep& sweep, T StylizeOptions::*member) {
  std::vector<T> values;
  for (const StylizeOptions& o : sweep.cells) values.push_back(o.*member);
  return values;
}

TEST(SweepPlan, GoesInEvenSteps) {
  const Sweep sweep = plan({"strength=0:100:5"});
  EXPECT_EQ(sweep.columns, 5);
  EXPECT_EQ(sweep.rows, 1);
  EXPECT_EQ(sweep.across.name, "strength");
  EXPECT_EQ(sweep.across.values, (Texts{"0", "25", "50", "75", "100"}));
  EXPECT_TRUE(sweep.down.name.empty());
  EXPECT_EQ(values_of(sweep, &StylizeOptions::strength), (std::vector<double>{0, 25, 50, 75, 100}));
  EXPECT_EQ(values_of(plan({"strength=90:30:3"}), &StylizeOptions::strength),
            (std::vector<double>{90, 60, 30}));
  EXPECT_EQ(values_of(plan({"style-weight=1e-2:1e2:2"}), &StylizeOptions::style_weight),
            (std::vector<std::optional<double>>{0.01, 100}));
}

TEST(SweepPlan, TakesValuesAsTheyAre) {
  const Sweep sweep = plan({"style-scale=0.50,1,2"});
  EXPECT_EQ(values_of(sweep, &StylizeOptions::style_scale), (std::vector<double>{0.5, 1, 2}));
  EXPECT_EQ(sweep.across.values, (Texts{"0.5", "1", "2"}));
}

TEST(SweepPlan, RoundsWhatIsWhole) {
  EXPECT_EQ(values_of(plan({"seed=1:4:4"}), &StylizeOptions::seed),
            (std::vector<uint64_t>{1, 2, 3, 4}));
  EXPECT_EQ(values_of(plan({"iterations=10:100:5"}), &StylizeOptions::iterations),
            (std::vector<int>{10, 33, 55, 78, 100}));
}

TEST(SweepPlan, KeepsTheOtherOptions) {
  StylizeOptions o;
  o.detail = 77;
  o.style_weights = {3, 1};
  for (const StylizeOptions& cell : plan({"strength=0:100:3", "seed=1,2"}, 2, o).cells) {
    EXPECT_EQ(cell.detail, 77);
    EXPECT_EQ(cell.style_weights, o.style_weights);
  }
}

TEST(SweepPlan, FillsAGridRowByRow) {
  const Sweep sweep = plan({"strength=0:100:3", "seed=1,2"});
  EXPECT_EQ(sweep.columns, 3);
  EXPECT_EQ(sweep.rows, 2);
  EXPECT_EQ(sweep.down.name, "seed");
  EXPECT_EQ(values_of(sweep, &StylizeOptions::strength),
            (std::vector<double>{0, 50, 100, 0, 50, 100}));
  EXPECT_EQ(values_of(sweep, &StylizeOptions::seed), (std::vector<uint64_t>{1, 1, 1, 2, 2, 2}));
}

TEST(SweepPlan, MixesTwoPaintings) {
  const Sweep sweep = plan({"styles:3"}, 2);
  EXPECT_EQ(sweep.rows, 1);
  EXPECT_EQ(sweep.across.values, (Texts{"100:0", "50:50", "0:100"}));
  EXPECT_EQ(values_of(sweep, &StylizeOptions::style_weights),
            (std::vector<Weights>{{1, 0}, {0.5, 0.5}, {0, 1}}));
  const Sweep grid = plan({"strength=20:80:2", "styles:2"}, 2);
  EXPECT_EQ(values_of(grid, &StylizeOptions::style_weights),
            (std::vector<Weights>{{1, 0}, {1, 0}, {0, 1}, {0, 1}}));
  EXPECT_EQ(values_of(grid, &StylizeOptions::strength), (std::vector<double>{20, 80, 20, 80}));
}

TEST(SweepPlan, MixesFourPaintingsInTheCorners) {
  const Sweep sweep = plan({"styles:3"}, 4);
  ASSERT_EQ(sweep.columns, 3);
  ASSERT_EQ(sweep.rows, 3);
  const auto weights = values_of(sweep, &StylizeOptions::style_weights);
  EXPECT_EQ(weights[0], (Weights{1, 0, 0, 0}));
  EXPECT_EQ(weights[2], (Weights{0, 1, 0, 0}));
  EXPECT_EQ(weights[6], (Weights{0, 0, 1, 0}));
  EXPECT_EQ(weights[8], (Weights{0, 0, 0, 1}));
  EXPECT_EQ(weights[4], (Weights{0.25, 0.25, 0.25, 0.25}));
  EXPECT_EQ(weights[1], (Weights{0.5, 0.5, 0, 0}));
  EXPECT_EQ(weights[3], (Weights{0.5, 0, 0.5, 0}));
}

TEST(SweepPlan, RefusesWhatIsNoSweep) {
  for (const char* text :
       {"", "strength", "strength=", "strength=5", "strength=0:100", "strength=0:100:x",
        "strength=a:b:3", "strength=0:100:5:1", "strength=0:inf:3", "styles", "styles=5",
        "styles:x", "seed=0:1e300:3"}) {
    SCOPED_TRACE(text);
    expect_error(ErrorCode::usage, "sweep: expected NAME=FROM:TO:COUNT", [&] { plan({text}, 2); });
    expect_error(ErrorCode::usage, std::string("found '") + text + "'", [&] { plan({text}, 2); });
  }
  for (const char* text : {"size=100:200:2", "threads=1:2:2", "method=1,2", "no-such=0:1:2"}) {
    expect_error(ErrorCode::usage, "sweep: expected one of strength, match, detail, style-scale",
                 [&] { plan({text}); });
  }
}

TEST(SweepPlan, RefusesValuesOutOfRange) {
  expect_error(ErrorCode::usage, "sweep strength: expected a number from 0 to 100, found '101'",
               [] { plan({"strength=1:101:3"}); });
  expect_error(ErrorCode::usage, "sweep strength: expected", [] { plan({"strength=1,x"}); });
  expect_error(ErrorCode::usage, "sweep strength: expected", [] { plan({"strength=1,"}); });
  expect_error(ErrorCode::usage, "sweep seed: expected", [] { plan({"seed=-3:3:3"}); });
  expect_error(ErrorCode::usage, "found 5 twice", [] { plan({"strength=5:5:3"}); });
  expect_error(ErrorCode::usage, "found 2 twice", [] { plan({"seed=1:3:5"}); });
  expect_error(ErrorCode::usage, "2 to 10000 cells, found 1", [] { plan({"strength=0:1:1"}); });
  expect_error(ErrorCode::usage, "2 to 10000 cells, found 99999",
               [] { plan({"strength=0:1:99999"}); });
  expect_error(ErrorCode::usage, "at most 10000 cells, found 500x50", [] {
    plan({"strength=0:1:500", "detail=0:1:50"});
  });
}

TEST(SweepPlan, RefusesContradictions) {
  expect_error(ErrorCode::usage, "two paintings for a strip or four for a grid, found 3",
               [] { plan({"styles:5"}, 3); });
  expect_error(ErrorCode::usage, "expected strength in one direction, found two", [] {
    plan({"strength=0:100:2", "strength=0:50:2"});
  });
  expect_error(ErrorCode::usage, "expected styles in one direction", [] {
    plan({"styles:2", "styles:2"}, 2);
  });
  expect_error(ErrorCode::usage, "one or two directions", [] {
    plan({"styles:2", "seed=1,2"}, 4);
  });
  expect_error(ErrorCode::usage, "one or two directions", [] { plan({}); });
  expect_error(ErrorCode::usage, "found 3", [] {
    plan({"strength=0,1", "detail=0,1", "seed=0,1"});
  });
  StylizeOptions weighted;
  weighted.style_weights = {2, 1};
  expect_error(ErrorCode::usage, "`style` PAINTING:WEIGHT contradict",
               [&] { plan({"styles:5"}, 2, weighted); });
}

}  // namespace
}  // namespace impasto::test
