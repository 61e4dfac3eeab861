// A batch as a program runs it: what is painted, skipped, told, and left behind.

#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>

#include "formats/expect_error.h"
#include "impasto/batch.h"
#include "support/instant_network.h"
#include "support/stylize_fixture.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;
using Strings = std::vector<std::string>;

// Remembers what it was told, in the batch's order.
struct Told : BatchProgress {
  std::map<std::string, BatchOutcome> outcomes;  // by the result's name
  std::vector<double> fractions;
  Strings notes;
  size_t cancel_after = 1000;  // outcomes

  void finished(const BatchJob& job, const BatchOutcome& outcome) override {
    const std::string name = fs::path(job.output).filename().string();
    EXPECT_TRUE(outcomes.emplace(name, outcome).second) << name << " is told twice";
  }
  void report(const ProgressReport& r) override { fractions.push_back(r.fraction); }
  void noted(const std::string& note) override { notes.push_back(note); }
  bool cancelled() override { return outcomes.size() >= cancel_after; }

  Strings ended(BatchOutcome::End end) const {
    Strings names;
    for (const auto& [name, outcome] : outcomes) {
      if (outcome.end == end) names.push_back(name);
    }
    return names;
  }
  Strings painted() const { return ended(BatchOutcome::End::painted); }
  Strings skipped() const { return ended(BatchOutcome::End::skipped); }
  Strings failed() const { return ended(BatchOutcome::End::failed); }
};

class BatchTest : public StylizeTest {
 protected:
  BatchTest() {
    options_.method = Method::instant;
    options_.network = folder_ / "instant.safetensors";
    write_instant_network(options_.network);
    fs::create_directories(folder_ / "photos");
    fs::create_directories(folder_ / "styles");
    uint64_t seed = 1;
    for (const char* name : {"photos/a.png", "photos/b.png", "styles/x.png", "styles/y.png"}) {
      write_image(synthetic_picture(50 + static_cast<int>(seed), 48, seed), folder_ / name);
      ++seed;
    }
  }
  Told batch(size_t cancel_after = 1000) {
    Told told;
    told.cancel_after = cancel_after;
    last_ = stylize_batch(session_, plan_batch(files_), options_, told);
    EXPECT_EQ(last_.painted, told.painted().size());
    EXPECT_EQ(last_.skipped, told.skipped().size());
    EXPECT_EQ(last_.failed, told.failed().size());
    EXPECT_TRUE(std::is_sorted(told.fractions.begin(), told.fractions.end()));
    return told;
  }
  std::string out(const std::string& name) const {
    return (fs::path(files_.output) / name).string();
  }

  BatchFiles files_{{folder_ / "photos"}, {folder_ / "styles"}, folder_ / "out"};
  BatchResult last_;
};

TEST_F(BatchTest, PaintsWhatOneRunOfEachPaints) {
  const Told told = batch();
  EXPECT_THAT(told.painted(), ElementsAre("a_x.png", "a_y.png", "b_x.png", "b_y.png"));
  EXPECT_EQ(told.fractions.back(), 1);
  EXPECT_FALSE(last_.cancelled);
  EXPECT_LE(last_.painting_seconds, last_.seconds);
  EXPECT_EQ(told.outcomes.at("b_y.png").width, 52);
  const Image alone =
      run(read_image(folder_ / "photos/b.png"), {read_image(folder_ / "styles/x.png")}).image;
  write_image(alone, folder_ / "alone.png");
  EXPECT_TRUE(same(read_image(out("b_x.png")), read_image(folder_ / "alone.png")));
  // The recipe is that of a run alone, too.
  StylizeFiles files;
  StylizeOptions options;
  SessionOptions session;
  Strings notes;
  read_recipe_options(read_recipe(out("b_x.png")), {folder_ / "photos", folder_ / "styles"}, files,
                      options, session, notes);
  EXPECT_EQ(session.threads, 1);
  EXPECT_EQ(files.content, folder_ / "photos/b.png");
  EXPECT_THAT(files.styles, ElementsAre(folder_ / "styles/x.png"));
  EXPECT_THAT(notes, ElementsAre());
}

TEST_F(BatchTest, PaintsWithEveryMethodAndMixtures) {
  options_.method = Method::optimize;
  options_.network = folder_ / "random.safetensors";
  options_.iterations = 2;
  files_.styles = {folder_ / "styles/x.png", folder_ / "styles/y.png"};
  options_.style_weights = {3, 1};
  EXPECT_THAT(batch().painted(), ElementsAre("a.png", "b.png"));
  const Image photo = read_image(folder_ / "photos/a.png");
  write_image(run(photo, {read_image(files_.styles[0]), read_image(files_.styles[1])}).image,
              folder_ / "alone.png");
  EXPECT_TRUE(same(read_image(out("a.png")), read_image(folder_ / "alone.png")));
}

// A word is no file, whatever else the option takes.
TEST_F(BatchTest, StartsFromWhatIsPaintedAtOnce) {
  options_.method = Method::optimize;
  options_.network = folder_ / "random.safetensors";
  options_.iterations = 1;
  for (const char* start : {"instant", "noise", "content"}) {
    options_.start = start;
    EXPECT_THAT(batch().painted(), testing::SizeIs(4)) << start;
    EXPECT_THAT(batch().skipped(), testing::SizeIs(4)) << start;
  }
  options_.start = folder_ / "styles/x.png";
  EXPECT_THAT(batch().painted(), testing::SizeIs(4));
  write_image(synthetic_picture(50, 50, 77), options_.start);
  files_.styles = {folder_ / "styles/y.png"};
  EXPECT_THAT(batch().painted(), testing::SizeIs(2)) << "what it starts from has changed";
  options_.start = "none.png";
  expect_error(ErrorCode::input, "none.png", [&] { batch(); });
}

TEST_F(BatchTest, SkipsWhatIsDoneByWhatItWasMadeFrom) {
  batch();
  EXPECT_EQ(batch().skipped().size(), 4u);
  // Threads do not change a picture, strength does.
  session_ = Session({.threads = 2});
  EXPECT_EQ(batch().skipped().size(), 4u);
  options_.strength = 20;
  EXPECT_EQ(batch().painted().size(), 4u);
  // Another picture under an old name.
  write_image(synthetic_picture(50, 48, 77), folder_ / "styles/y.png");
  EXPECT_THAT(batch().painted(), ElementsAre("a_y.png", "b_y.png"));
  write_image(synthetic_picture(50, 48, 78), folder_ / "photos/a.png");
  EXPECT_THAT(batch().painted(), ElementsAre("a_x.png", "a_y.png"));
  // A result that is gone, one that was cut short, one that came later.
  fs::remove(out("a_x.png"));
  fs::resize_file(out("b_x.png"), 100);
  write_image(synthetic_picture(50, 48, 79), folder_ / "photos/c.png");
  EXPECT_THAT(batch().painted(), ElementsAre("a_x.png", "b_x.png", "c_x.png", "c_y.png"));
  EXPECT_EQ(batch().skipped().size(), 6u);
  // Another network in the same file.
  auto tensors = random_decoder();
  tensors["code.mean"] = Tensor::full(tensors["code.mean"].shape(), 2);
  write_safetensors(options_.network, tensors, DType::f32, {{"impasto.format", "instant-4"}});
  EXPECT_EQ(batch().painted().size(), 6u);
}

TEST_F(BatchTest, LivesWithADamagedRecord) {
  batch();
  const std::string record = out(".impasto/done");
  std::string text;
  std::getline(std::ifstream(record), text, '\0');
  const size_t last_line = text.rfind('\n', text.size() - 2) + 1;
  // Cut off in the middle of the last line; the next one must not grow together with it.
  store(record, "nonsense\n\n" + text.substr(0, last_line + 20));
  EXPECT_THAT(batch().painted(), ElementsAre("b_y.png"));
  EXPECT_EQ(batch().skipped().size(), 4u);
  fs::remove(record);
  EXPECT_EQ(batch().painted().size(), 4u);
}

TEST_F(BatchTest, TellsOneBadFileAndGoesOn) {
  store(folder_ / "photos/aa.png", "not a picture");
  Told told = batch();
  EXPECT_EQ(told.painted().size(), 4u);
  EXPECT_THAT(told.failed(), ElementsAre("aa_x.png", "aa_y.png"));
  EXPECT_EQ(told.outcomes.at("aa_x.png").code, ErrorCode::input);
  EXPECT_THAT(told.outcomes.at("aa_x.png").error, HasSubstr("photos/aa.png"));
  EXPECT_FALSE(fs::exists(out("aa_x.png")));

  store(folder_ / "styles/y.png", "");
  fs::create_symlink(folder_ / "nowhere", folder_ / "photos/lost.png");
  write_image(synthetic_picture(50, 48, 5), folder_ / "photos/d.png");
  told = batch();
  EXPECT_THAT(told.painted(), ElementsAre("d_x.png"));
  EXPECT_THAT(told.skipped(), ElementsAre("a_x.png", "b_x.png"));
  EXPECT_EQ(told.failed().size(), 7u);
  EXPECT_THAT(told.outcomes.at("d_y.png").error, HasSubstr("styles/y.png"));
  EXPECT_THAT(told.outcomes.at("lost_x.png").error, HasSubstr("photos/lost.png"));
}

TEST_F(BatchTest, TellsWhatCannotBeWrittenAndGoesOn) {
  fs::create_directories(out("a_x.png"));  // a folder in the way
  const Told told = batch();
  EXPECT_THAT(told.failed(), ElementsAre("a_x.png"));
  EXPECT_EQ(told.outcomes.at("a_x.png").code, ErrorCode::output);
  EXPECT_EQ(told.painted().size(), 3u);
}

TEST_F(BatchTest, StopsAndGoesOn) {
  Told told = batch(1);
  EXPECT_TRUE(last_.cancelled);
  const size_t before = told.painted().size();
  EXPECT_GE(before, 1u);
  for (const std::string& name : told.painted()) EXPECT_TRUE(fs::exists(out(name))) << name;
  told = batch();
  EXPECT_FALSE(last_.cancelled);
  EXPECT_EQ(told.skipped().size(), before);
  EXPECT_EQ(told.painted().size(), 4 - before);
  batch(0);
  EXPECT_TRUE(last_.cancelled);
}

TEST_F(BatchTest, MakesTheFoldersOfItsResults) {
  fs::create_directories(folder_ / "photos/summer/sea");
  fs::rename(folder_ / "photos/a.png", folder_ / "photos/summer/sea/a.png");
  files_.output = folder_ / "made/for/it";
  batch();
  EXPECT_TRUE(fs::exists(folder_ / "made/for/it/summer/sea/a_x.png"));
  EXPECT_TRUE(fs::exists(folder_ / "made/for/it/b_x.png"));
  EXPECT_EQ(batch().skipped().size(), 4u);
}

TEST_F(BatchTest, RefusesOptionsBeforeAnythingIsWritten) {
  options_.strength = 1000;
  expect_error(ErrorCode::usage, "strength: expected", [&] { batch(); });
  options_.strength = 50;
  options_.network = folder_ / "missing.safetensors";
  expect_error(ErrorCode::input, "missing.safetensors", [&] { batch(); });
  EXPECT_FALSE(fs::exists(files_.output));
}

TEST_F(BatchTest, TellsTheNotesOfPicturesOnce) {
  save_pages(folder_ / "photos/film.gif", 3);
  save_pages(folder_ / "styles/z.gif", 2);
  Told told = batch();
  EXPECT_EQ(told.painted().size(), 9u);
  EXPECT_THAT(told.notes,
              testing::UnorderedElementsAre(testing::HasSubstr("film.gif: is animated (3 frames)"),
                                            testing::HasSubstr("z.gif: is animated (2 frames)")));
  EXPECT_THAT(batch().notes, ElementsAre()) << "nothing is read again";
}

TEST_F(BatchTest, EndsAtOptionsThatFitNoPicture) {
  options_.content_weight = options_.style_weight = 0;
  expect_error(ErrorCode::usage, "nothing to paint", [&] { batch(); });
  store(folder_ / "in the way", "");
  options_.content_weight = options_.style_weight = std::nullopt;
  files_.output = folder_ / "in the way/out";
  expect_error(ErrorCode::output, "in the way", [&] { batch(); });
}

}  // namespace
}  // namespace impasto::test
