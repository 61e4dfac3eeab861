// Jobs that are written down: what they paint, what they are called, and what is no job.

#include "impasto/file_job.h"

#include <filesystem>
#include <functional>
#include <nlohmann/json.hpp>
#include <random>

#include "impasto/stylizer.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;

class FileJobTest : public StylizeTest {
 protected:
  FileJobTest() {
    options_.iterations = 2;
    options_.quality = Quality::best;
    write_image(photo_, folder_ / "photo.png");
    write_image(painting_, folder_ / "painting.png");
  }

  FileJob wanted(const std::string& output) const {
    return {.files = {.content = folder_ / "photo.png", .styles = {folder_ / "painting.png"}},
            .output = folder_ / output,
            .options = options_};
  }
  FileJob planned(const std::string& output) { return plan_file_job(session_, wanted(output)); }
  FileJobResult run_job(const FileJob& job) {
    Progress quiet;
    return run_file_job(session_, job, quiet);
  }
  // The job's text with something changed in it.
  static std::string changed(const FileJob& job,
                             const std::function<void(nlohmann::ordered_json&)>& change) {
    auto json = nlohmann::ordered_json::parse(text_of(job));
    change(json);
    return json.dump();
  }
};

TEST_F(FileJobTest, PaintsWhatStylizePaints) {
  const FileJobResult result = run_job(planned("out.png"));
  EXPECT_FALSE(result.done);
  EXPECT_EQ(result.file, folder_ / "out.png");
  write_image(run(read_image(folder_ / "photo.png"), {read_image(folder_ / "painting.png")}).image,
              folder_ / "alone.png");
  EXPECT_TRUE(same(read_image(result.file), read_image(folder_ / "alone.png")));
  EXPECT_NE(read_recipe(result.file).find("\"quality\":\"best\""), std::string::npos);
}

TEST_F(FileJobTest, PaintsTheSameAfterItWasWrittenDown) {
  const FileJob job = planned("a.png");
  FileJob again = read_file_job(text_of(job));
  EXPECT_EQ(text_of(again), text_of(job));
  again.output = folder_ / "b.png";
  run_job(job);
  run_job(again);
  EXPECT_TRUE(same(read_image(job.output), read_image(again.output)));
}

TEST_F(FileJobTest, KeepsRegionsAndOptionsInItsText) {
  Image mask(80, 64);
  std::fill_n(mask.data(), 80 * 32 * 3, 1.0f);
  write_image(mask, folder_ / "mask.png");
  FileJob job = wanted("out.png");
  job.files.regions.mask = folder_ / "mask.png";
  job.files.regions.parts = {{folder_ / "mask.png", folder_ / "painting.png", 80.0},
                             {folder_ / "mask.png", folder_ / "painting.png", {}}};
  job.files.styles = {folder_ / "painting.png", folder_ / "painting.png"};
  job.options.style_weights = {1, 0.25};
  job.options.strength = 61.5;
  job.options.learning_rate = 0.5;
  job = plan_file_job(session_, job);
  const FileJob again = read_file_job(text_of(job));
  EXPECT_EQ(text_of(again), text_of(job));
  EXPECT_EQ(again.options.style_weights, job.options.style_weights);
  EXPECT_EQ(again.files.regions.parts[0].strength, 80.0);
  EXPECT_FALSE(again.files.regions.parts[1].strength);
  EXPECT_EQ(again.options.learning_rate, 0.5);
  EXPECT_FALSE(again.options.bits);
  EXPECT_EQ(key_of(again), key_of(job));
}

TEST_F(FileJobTest, IsCalledByAllThatItIsMadeFrom) {
  const FileJob job = planned("out.png");
  const std::string key = key_of(job);
  EXPECT_EQ(key.size(), 64u);
  const auto differs = [&](const std::function<void(FileJob&)>& change) {
    FileJob other = job;
    change(other);
    return key_of(other) != key;
  };
  fs::copy_file(folder_ / "photo.png", folder_ / "copy.png");
  EXPECT_FALSE(differs([&](FileJob& j) { j.files.content = folder_ / "copy.png"; }));
  EXPECT_FALSE(differs([&](FileJob& j) { j.output = folder_ / "other.png"; }));
  EXPECT_TRUE(differs([&](FileJob& j) { j.files.content = folder_ / "painting.png"; }));
  EXPECT_TRUE(differs([](FileJob& j) { j.options.strength = 51; }));
  EXPECT_TRUE(differs([](FileJob& j) { j.options.style_weights = {2}; }));
  EXPECT_TRUE(differs([](FileJob& j) { j.result.quality = 50; }));
  EXPECT_TRUE(differs([](FileJob& j) { j.result.no_recipe = true; }));
  EXPECT_TRUE(differs([&](FileJob& j) { j.files.regions.mask = folder_ / "photo.png"; }));
  EXPECT_TRUE(differs([](FileJob& j) { j.job.stages.back().lean = true; }));
  FileJob mixed = job, masked = job;  // the same files in other places
  mixed.files.styles.push_back(folder_ / "photo.png");
  masked.files.regions.mask = folder_ / "photo.png";
  EXPECT_NE(key_of(mixed), key_of(masked));
}

TEST_F(FileJobTest, IsDoneOnceInAFolder) {
  const FileJob job = planned("results/");
  const FileJobResult first = run_job(job), second = run_job(job);
  EXPECT_EQ(first.file, folder_ / ("results/" + key_of(job) + ".png"));
  EXPECT_FALSE(first.done);
  EXPECT_TRUE(second.done);
  EXPECT_EQ(second.file, first.file);
  fs::remove(first.file);
  EXPECT_FALSE(run_job(job).done);
}

TEST_F(FileJobTest, LeavesNothingWhenItIsCancelled) {
  class Cancelling final : public Progress {
   public:
    bool cancelled() override { return true; }
  } cancelling;
  const FileJob job = planned("results/");
  const FileJobResult result = run_file_job(session_, job, cancelling);
  EXPECT_TRUE(result.painted.cancelled);
  EXPECT_TRUE(fs::is_empty(folder_ / "results"));
}

TEST_F(FileJobTest, RefusesMoreMemoryThanThereIs) {
  const FileJob job = planned("out.png");
  limit_memory(job.job.peak_bytes - 1);
  EXPECT_NE(error_of(ErrorCode::memory, [&] { run_job(job); }).find("planned again"),
            std::string::npos);
}

TEST_F(FileJobTest, RefusesPicturesOfAnotherSize) {
  const FileJob job = planned("out.png");
  write_image(painting_, folder_ / "photo.png");
  EXPECT_EQ(error_of(ErrorCode::usage, [&] { run_job(job); }),
            "a job for a result of 80x64 got pictures for one of 64x72");
}

TEST_F(FileJobTest, RefusesWhatIsNoJob) {
  const FileJob job = planned("out.png");
  using Json = nlohmann::ordered_json;
  const auto refused = [&](const std::function<void(Json&)>& change) {
    return error_of(ErrorCode::input, [&] { read_file_job(changed(job, change)); });
  };
  EXPECT_EQ(error_of(ErrorCode::input, [] { read_file_job(""); }), "the job is damaged");
  EXPECT_EQ(error_of(ErrorCode::input, [] { read_file_job("[[[[{"); }), "the job is damaged");
  EXPECT_EQ(error_of(ErrorCode::input, [] { read_file_job(std::string(2 << 20, '[')); }),
            "the job is too long");
  EXPECT_EQ(refused([](Json& j) {
              Json deep = 1;
              for (int i = 0; i < 2000; ++i) deep = Json::array({std::move(deep)});
              j["decided"]["quality"] = std::move(deep);
            }),
            "the job is damaged");
  EXPECT_EQ(refused([](Json& j) { j["options"].erase("strength"); }),
            "the job lacks options, or has too many");
  EXPECT_EQ(refused([](Json& j) { j["decided"]["options"]["strength"] = "100"; }),
            "the job was asked for with another strength than it was planned with");
  EXPECT_EQ(refused([](Json& j) { j["decided"]["quality"] = "auto"; }),
            "the job has stages that contradict each other");
  EXPECT_EQ(refused([](Json& j) { j["version"] = "0.0.1"; }).find("the job was written by another"),
            0u);
  EXPECT_NE(refused([](Json& j) {
              j["output"] = "results/";
              j["format"] = "x/../../a.png";
            }).find("format"),
            std::string::npos);
  EXPECT_EQ(refused([](Json& j) { j["job"] = "video"; }), "the job is not one of impasto stylize");
  EXPECT_EQ(refused([](Json& j) { j.erase("content"); }), "the job is damaged");
  EXPECT_EQ(refused([](Json& j) { j["options"]["strength"] = "300"; }),
            "the job is damaged: strength: expected a number from 0 to 100, found '300'");
  EXPECT_EQ(refused([](Json& j) { j["options"]["vigour"] = "3"; }),
            "the job lacks options, or has too many");
  EXPECT_EQ(refused([](Json& j) {
              j["options"].erase("strength");
              j["options"]["vigour"] = "3";
            }),
            "the job has an option vigour, which there is not");
  EXPECT_EQ(refused([](Json& j) { j["decided"]["stages"] = Json::array(); }),
            "the job has no stages, or too many");
  const auto stage = [&](const char* name, const Json& value) {
    return refused([&](Json& j) { j["decided"]["stages"].back()[name] = value; });
  };
  EXPECT_EQ(stage("kind", "dance"), "the job says \"dance\", which there is not");
  EXPECT_EQ(stage("width", 81), "the job has stages that contradict each other");
  EXPECT_EQ(stage("width", -1), "the job has width out of range");
  EXPECT_EQ(stage("steps", 0), "the job has steps out of range");
  EXPECT_EQ(stage("steps", 1.9), "the job has steps out of range");
  EXPECT_EQ(stage("cost", 0), "the job has cost out of range");
  EXPECT_EQ(stage("window_side", 16), "the job has too small windows");
  EXPECT_EQ(stage("octaves", 60), "the job has octaves out of range");
  EXPECT_EQ(stage("kind", "at once"), "the job has stages that contradict each other");
  // Nothing on the way is larger than the result, whose size is the pictures'.
  EXPECT_EQ(refused([](Json& j) { j["decided"]["stages"].front()["height"] = 20000; }),
            "the job has stages that contradict each other");
}

// Whatever bytes are changed: a job, or an error of its text.
TEST_F(FileJobTest, SurvivesAnyText) {
  const std::string text = text_of(planned("out.png"));
  std::mt19937 random(1);
  int jobs = 0;
  for (int i = 0; i < 3000; ++i) {
    std::string other = text;
    for (uint32_t changes = 1 + random() % 3; changes > 0; --changes) {
      const size_t at = random() % other.size();
      if (random() % 4 == 0) {
        other.erase(at, 1 + random() % 20);
      } else {
        other[at] = "0123456789-\"{}[],:e.\0\xff"[random() % 22];
      }
      if (other.empty()) other = "{";
    }
    try {
      read_file_job(other);
      ++jobs;
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), ErrorCode::input) << e.what();
    }
  }
  EXPECT_GT(jobs, 20) << "names of files may be changed";
}

TEST_F(FileJobTest, CannotWriteDownNamesThatAreNotUtf8) {
  FileJob job = planned("out.png");
  job.output = "\xff.png";
  error_of(ErrorCode::unsupported, [&] { text_of(job); });
}

}  // namespace
}  // namespace impasto::test
