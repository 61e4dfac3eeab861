// Which pictures a batch paints, and what the results are called.

#include <gmock/gmock.h>

#include <filesystem>

#include "formats/expect_error.h"
#include "image/samples.h"
#include "impasto/batch.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using Strings = std::vector<std::string>;

class BatchPlan : public testing::Test {
 protected:
  // Plans do not look inside.
  std::string file(const std::string& name) {
    const std::string path = folder_ / name;
    fs::create_directories(fs::path(path).parent_path());
    store(path, "x");
    return path;
  }
  void files(const Strings& names) {
    for (const std::string& name : names) file(name);
  }
  Batch plan() { return plan_batch(given_, options_); }
  // Results' names below the output folder.
  Strings outputs() {
    Strings names;
    for (const BatchJob& job : plan().jobs) {
      names.push_back(fs::path(job.output).lexically_relative(given_.output).string());
    }
    return names;
  }
  Strings photos() {
    Strings names;
    for (const BatchJob& job : plan().jobs) {
      names.push_back(fs::path(job.photo).lexically_relative(folder_.path()).string());
    }
    return names;
  }
  void expect_refused(ErrorCode code, const std::string& part) {
    expect_error(code, part, [this] { plan(); });
    EXPECT_FALSE(fs::exists(folder_ / "out"));
  }

  TempFolder folder_;
  BatchFiles given_{{folder_ / "photos"}, {folder_ / "styles"}, folder_ / "out"};
  BatchOptions options_;
};

TEST_F(BatchPlan, CombinesEveryPhotographWithEveryPainting) {
  files({"photos/b.png", "photos/a.jpg", "styles/y.png", "styles/x.jpg"});
  const Batch batch = plan();
  EXPECT_EQ(batch.folder, folder_ / "out");
  EXPECT_THAT(outputs(), ElementsAre("a_x.jpg", "a_y.jpg", "b_x.png", "b_y.png"));
  EXPECT_EQ(batch.jobs[1].photo, folder_ / "photos/a.jpg");
  EXPECT_THAT(batch.jobs[1].styles, ElementsAre(folder_ / "styles/y.png"));
  EXPECT_FALSE(fs::exists(folder_ / "out")) << "a plan writes nothing";
}

TEST_F(BatchPlan, PairsByName) {
  files({"photos/b.png", "photos/a.jpg", "styles/y.png", "styles/x.jpg"});
  options_.pairing = Pairing::paired;
  EXPECT_THAT(outputs(), ElementsAre("a_x.jpg", "b_y.png"));
  file("photos/c.jpg");
  expect_refused(ErrorCode::usage, "found 3 photographs and 2 paintings");
  fs::remove(folder_ / "styles/x.jpg");
  expect_refused(ErrorCode::usage, "found 3 photographs and 1 painting");
}

TEST_F(BatchPlan, MixesSeveralFilesUnlessToldOtherwise) {
  files({"photos/a.jpg", "photos/b.jpg"});
  given_.styles = {file("x.jpg"), file("y.jpg")};
  EXPECT_THAT(outputs(), ElementsAre("a.jpg", "b.jpg"));
  EXPECT_EQ(plan().jobs[0].styles, given_.styles);
  options_.pairing = Pairing::all;
  EXPECT_THAT(outputs(), ElementsAre("a_x.jpg", "a_y.jpg", "b_x.jpg", "b_y.jpg"));
  options_.pairing = Pairing::paired;
  EXPECT_THAT(outputs(), ElementsAre("a_x.jpg", "b_y.jpg"));
  const auto* pairing = find_option(batch_options(), "pairing");
  ASSERT_NE(pairing, nullptr);
  expect_error(ErrorCode::usage, "all|paired, found 'some'",
               [&] { pairing->set(options_, "some"); });
}

TEST_F(BatchPlan, TakesPicturesOnlyInSubfoldersToo) {
  files({"photos/a.JPG", "photos/.hidden.jpg", "photos/notes.txt", "photos/noextension",
         "photos/summer/b.webp", "photos/.cache/c.jpg", "x.jpg"});
  fs::create_directories(folder_ / "photos/folder.png");
  given_.styles = {folder_ / "x.jpg"};
  EXPECT_THAT(photos(), ElementsAre("photos/a.JPG", "photos/summer/b.webp"));
  EXPECT_THAT(outputs(), ElementsAre("a.JPG", "summer/b.webp"));
  EXPECT_THAT(plan().notes,
              ElementsAre(testing::AllOf(testing::StartsWith(folder_ / "photos: left out 2 files"),
                                         testing::HasSubstr("notes.txt (a text)"),
                                         testing::HasSubstr("noextension (a text)"))));
}

// As they come from browsers, phones and chats.
TEST_F(BatchPlan, TakesPicturesByTheirContent) {
  files({"x.jpg", "photos/a.png"});
  fs::remove(folder_ / "photos/a.png");
  write_image(gradient(8, 8), folder_ / "a.jpg");
  write_image(gradient(8, 8), folder_ / "a.webp");
  for (const char* name : {"b.jpg_large", "c.jfif", "d", "e.jpe", "f.txt"}) {
    fs::copy_file(folder_ / "a.jpg", folder_ / (std::string("photos/") + name));
  }
  fs::copy_file(folder_ / "a.webp", folder_ / "photos/g.image");
  for (const char* name : {"1.mov", "2.mov", "3.mov", "4.mov"}) {
    store(folder_ / (std::string("photos/") + name), std::string("\0\0\0\x14"
                                                                 "ftypqt  \0\0\0\0qt  ",
                                                                 20));
  }
  given_.styles = {folder_ / "x.jpg"};
  EXPECT_THAT(outputs(), ElementsAre("b.jpg", "c.jpg", "d.jpg", "e.jpg", "f.jpg", "g.png"));
  ASSERT_EQ(plan().notes.size(), 1u);
  EXPECT_THAT(plan().notes[0], testing::HasSubstr("photos: left out 4 files that are no pictures"));
  EXPECT_THAT(plan().notes[0], testing::HasSubstr(".mov (a video), "));
  EXPECT_THAT(plan().notes[0], testing::EndsWith(", ..."));
}

TEST_F(BatchPlan, IsNotLedIntoItsOwnResults) {
  files({"photos/a.jpg", "photos/out/a_x.jpg", "photos/styles/x.jpg", "photos/other/b.jpg"});
  given_.output = folder_ / "photos/out";
  given_.styles = {folder_ / "photos/styles/"};
  EXPECT_THAT(photos(), ElementsAre("photos/a.jpg", "photos/other/b.jpg"));
  // By another name, and with a loop of links.
  fs::create_directory_symlink(folder_ / "photos", folder_ / "photos/other/again");
  given_.output = folder_ / "photos/other/../out/";
  EXPECT_THAT(photos(), ElementsAre("photos/a.jpg", "photos/other/b.jpg"));
}

TEST_F(BatchPlan, KeepsResultsApartThatWouldHaveOneName) {
  files({"photos/a.jpg", "photos/a.png", "photos/A.webp", "more/a.jpg", "x.jpg"});
  given_.photos.push_back(folder_ / "more");
  given_.styles = {folder_ / "x.jpg"};
  EXPECT_THAT(outputs(), ElementsAre("A.webp", "a.jpg", "a.png", "a-2.jpg"));
  options_.result.format = "png";
  EXPECT_THAT(outputs(), ElementsAre("A.png", "a-2.png", "a-3.png", "a-4.png"));
  EXPECT_EQ(outputs(), outputs());
}

TEST_F(BatchPlan, CountsAFileOnce) {
  given_.photos = {file("photos/a.jpg"), folder_ / "photos", folder_ / "photos/../photos/a.jpg"};
  given_.styles = {file("x.jpg")};
  EXPECT_THAT(outputs(), ElementsAre("a.jpg"));
}

TEST_F(BatchPlan, ChoosesFormatsThatCanBeWritten) {
  files({"photos/a.gif", "photos/b.svg", "photos/c.tif", "x.jpg"});
  given_.styles = {folder_ / "x.jpg"};
  EXPECT_THAT(outputs(), ElementsAre("a.png", "b.png", "c.tif"));
  options_.result.format = ".webp";
  EXPECT_THAT(outputs(), ElementsAre("a.webp", "b.webp", "c.webp"));
  options_.result.format = "gif";
  expect_refused(ErrorCode::usage, "format: expected a picture's extension");
}

TEST_F(BatchPlan, RefusesWhatIsNotThere) {
  file("x.jpg");
  given_.styles = {folder_ / "x.jpg"};
  expect_refused(ErrorCode::input, "photos: no such file or folder");
  fs::create_directories(folder_ / "photos");
  expect_refused(ErrorCode::input, "photos: expected a folder with pictures, found none");
  file("photos/notes.txt");
  expect_refused(ErrorCode::input, "photos: expected a folder with pictures, found none");
  file("photos/a.jpg");
  given_.styles = {};
  expect_refused(ErrorCode::usage, "no painting");
  given_.styles = {folder_ / "styles"};
  expect_refused(ErrorCode::input, "styles: no such file or folder");
  given_.photos = {};
  expect_refused(ErrorCode::usage, "no photograph");
}

TEST_F(BatchPlan, RefusesFoldersThatWouldLosePictures) {
  given_.photos = {folder_ / "photos"};
  given_.styles = {file("styles/x.jpg")};
  file("photos/a.jpg");
  given_.output = folder_ / "photos/";
  expect_refused(ErrorCode::usage, "would fall among the photographs");
  given_.styles = {folder_ / "styles"};
  given_.output = folder_ / "styles";
  expect_refused(ErrorCode::usage, "would fall among the paintings");
  given_.output = folder_ / "photos/a.jpg";
  expect_refused(ErrorCode::output, "expected a folder for the results, found a file");
  given_.photos = {folder_ / "photos/a.jpg"};
  given_.styles = {folder_ / "styles/x.jpg"};
  given_.output = folder_ / "photos";
  expect_refused(ErrorCode::usage, "a.jpg: the result would overwrite");
}

}  // namespace
}  // namespace impasto::test
