#include "impasto/session.h"

#include <gtest/gtest.h>

#include <thread>

#include "base/parallel.h"
#include "formats/expect_error.h"
#include "impasto/batch.h"
#include "support/stylize_fixture.h"
#include "zoo/engine.h"

namespace impasto::test {
namespace {

class SessionTest : public StylizeTest {
 protected:
  Image paint(Session& session, const StylizeOptions& options) {
    Progress quiet;
    return stylize(session, photo_, {painting_}, options, quiet).image;
  }
  StylizeOptions at_once() const {
    StylizeOptions o;
    o.quality = Quality::draft;
    return o;
  }
};

TEST_F(SessionTest, SeveralAtOncePaintWhatEachPaintsAlone) {
  const std::vector<StylizeOptions> jobs = {options_, at_once()};
  std::vector<Image> alone, together(4);
  for (const int threads : {1, 2}) {
    for (const StylizeOptions& options : jobs) {
      Session session({.threads = threads});
      alone.push_back(paint(session, options));
    }
  }
  for (int round = 0; round < 3; ++round) {
    std::vector<std::thread> threads;
    for (size_t i = 0; i < 2; ++i) {
      threads.emplace_back([&, i] {
        Session session({.threads = static_cast<int>(i) + 1});
        for (size_t job = 0; job < 2; ++job) together[2 * i + job] = paint(session, jobs[job]);
      });
    }
    for (std::thread& thread : threads) thread.join();
    for (size_t i = 0; i < 4; ++i) EXPECT_TRUE(same(together[i], alone[i])) << i;
  }
}

TEST_F(SessionTest, LeavesThreadsOfOthersAlone) {
  const UseThreads own(2);
  Session session({.threads = 1});
  paint(session, options_);
  EXPECT_EQ(threads(), 2);
}

TEST_F(SessionTest, KeepsTheLastNetworkOfAKind) {
  Session session({.threads = 1});
  const auto engine = engine_of(session, options_);
  paint(session, options_);
  EXPECT_EQ(engine_of(session, options_), engine);
  StylizeOptions other = options_;
  other.network = "small";
  EXPECT_NE(engine_of(session, other), engine);
  EXPECT_NE(engine_of(session, options_), engine);
  const std::weak_ptr<Engine> kept = engine_of(session, options_);
  EXPECT_FALSE(kept.expired());
  session.rest();
  EXPECT_TRUE(kept.expired());

  StylizeOptions file = options_;
  const auto before = engine_of(session, file);
  const auto graph = before->network.graph;
  NamedTensors tensors = graph->named_parameters();
  tensors["conv1_1.bias"] = Tensor::full(tensors["conv1_1.bias"].shape(), 1);
  write_safetensors(file.network, tensors, DType::f32, vgg_metadata(before->network.config));
  EXPECT_NE(engine_of(session, file), before) << "another network in the same file";
}

TEST_F(SessionTest, WithoutKeepingPaintsTheSameAgainAndAgain) {
  Session keeping({.threads = 1}), not_keeping({.threads = 1, .keep_networks = false});
  for (const StylizeOptions& options : {options_, at_once()}) {
    const Image expected = paint(keeping, options);
    for (int i = 0; i < 2; ++i) {
      EXPECT_TRUE(same(paint(keeping, options), expected));
      EXPECT_TRUE(same(paint(not_keeping, options), expected));
    }
  }
}

TEST_F(SessionTest, RefusesWhatIsOutOfRange) {
  expect_error(ErrorCode::usage, "threads: expected", [] { Session session({.threads = -1}); });
  expect_error(ErrorCode::usage, "threads: expected", [] { Session session({.threads = 1025}); });
}

// What a caller throws, which knows nothing of Error.
struct Mine {
  int number;
};

class Throwing : public Progress {
 public:
  explicit Throwing(int at) : at_(at) {}
  void report(const ProgressReport&) override { count(); }
  bool wants_preview() override { return true; }
  double preview_interval() override { return 0; }
  void preview(const Image&) override { count(); }

 private:
  void count() {
    EXPECT_LT(count_, at_) << "nothing is told to who has thrown";
    if (++count_ == at_) throw Mine{at_};
  }
  const int at_;
  int count_ = 0;
};

TEST_F(SessionTest, WhatACallbackThrowsComesOutAsItIs) {
  Session session({.threads = 1});
  const Image expected = paint(session, options_);
  for (const StylizeOptions& options : {options_, at_once()}) {
    for (const int at : {1, 2, 3}) {
      Throwing progress(at);
      try {
        stylize(session, photo_, {painting_}, options, progress);
        ADD_FAILURE() << "nothing was thrown";
      } catch (const Mine& mine) {
        EXPECT_EQ(mine.number, at);
      }
    }
  }
  EXPECT_TRUE(same(paint(session, options_), expected)) << "the session has come to harm";
}

class ThrowingBatch : public BatchProgress {
 public:
  void finished(const BatchJob&, const BatchOutcome&) override { throw Mine{7}; }
};

TEST_F(SessionTest, WhatACallbackOfABatchThrowsComesOutAsItIs) {
  for (const char* name : {"a.png", "b.png", "c.png"}) write_image(photo_, folder_ / name);
  write_image(painting_, folder_ / "style.png");
  BatchFiles files;
  files.photos = {folder_ / "a.png", folder_ / "b.png", folder_ / "c.png"};
  files.styles = {folder_ / "style.png"};
  files.output = folder_ / "out";
  const Batch batch = plan_batch(files);
  ThrowingBatch progress;
  try {
    stylize_batch(session_, batch, options_, progress);
    ADD_FAILURE() << "nothing was thrown";
  } catch (const Mine& mine) {
    EXPECT_EQ(mine.number, 7);
  }
  EXPECT_TRUE(std::filesystem::exists(folder_ / "out/a.png"));
}

}  // namespace
}  // namespace impasto::test
