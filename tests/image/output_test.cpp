#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "file_size_limit.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using ::testing::AllOf;
using ::testing::HasSubstr;

/// Both the early check and the writing itself must refuse `path`.
std::string write_error(const std::string& path) {
  const std::string early = error_of(ErrorCode::output, [&] { check_writable(path); });
  EXPECT_EQ(error_of(ErrorCode::output, [&] { write_image(gradient(8, 8), path); }), early);
  return early;
}

TEST(Output, UnknownExtensionsListTheKnownOnes) {
  TempFolder folder;
  for (const char* name : {"a.xyz", "a", "a.csv", "a.png.txt", ".png"}) {
    EXPECT_THAT(write_error(folder / name),
                AllOf(HasSubstr(name), HasSubstr(".jpg"), HasSubstr(".png"), HasSubstr(".tif")));
  }
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, FoldersThatCannotHoldIt) {
  TempFolder folder;
  store(folder / "file", std::string("x"));
  ASSERT_EQ(mkdir((folder / "folder.png").c_str(), 0700), 0);
  EXPECT_THAT(write_error(folder / "no/a.png"), AllOf(HasSubstr("no/a.png"), HasSubstr("No such")));
  EXPECT_THAT(write_error(folder / "file/a.png"), HasSubstr("Not a directory"));
  EXPECT_THAT(write_error(folder / "folder.png"), HasSubstr("is a folder"));
  EXPECT_THAT(write_error(folder / (std::string(300, 'n') + ".png")), HasSubstr("too long"));
  error_of(ErrorCode::output, [] { check_writable(""); });
  EXPECT_EQ(folder.count(), 2);
}

TEST(Output, ReadOnlyFolder) {
  if (geteuid() == 0) GTEST_SKIP() << "root may write everywhere";
  TempFolder folder;
  chmod(folder.path().c_str(), 0500);
  EXPECT_THAT(write_error(folder / "a.png"), HasSubstr("Permission denied"));
  chmod(folder.path().c_str(), 0700);
}

TEST(Output, CheckingChangesNothing) {
  TempFolder folder;
  store(folder / "a.png", std::string("before"));
  check_writable(folder / "a.png");
  check_writable(folder / "b.jpg");
  EXPECT_EQ(folder.count(), 1);
  EXPECT_EQ(load(folder / "a.png").size(), 6u);
}

TEST(Output, AFullDiskLeavesTheOldFileAndNothingElse) {
  TempFolder folder;
  store(folder / "a.png", std::string("before"));
  const std::string message = error_of(ErrorCode::output, [&] {
    const FileSizeLimit limit(50);
    write_image(gradient(64, 64), folder / "a.png");
  });
  EXPECT_THAT(message, AllOf(HasSubstr("a.png"), HasSubstr("File too large")));
  EXPECT_EQ(folder.count(), 1);
  EXPECT_EQ(load(folder / "a.png").size(), 6u);
}

TEST(Output, SidesThatAFormatCannotHold) {
  TempFolder folder;
  EXPECT_THAT(
      error_of(ErrorCode::output, [&] { write_image(Image(16'384, 1), folder / "a.webp"); }),
      AllOf(HasSubstr("a.webp"), HasSubstr("16383"), HasSubstr("16384x1")));
  EXPECT_THAT(error_of(ErrorCode::output, [&] { write_image(Image(), folder / "a.png"); }),
              HasSubstr("empty"));
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, AnAlphaPlaneOfAnotherSize) {
  TempFolder folder;
  Image image = gradient(8, 8);
  image.alpha.assign(3, 1.0f);
  error_of(ErrorCode::internal, [&] { write_image(image, folder / "a.png"); });
  error_of(ErrorCode::internal, [&] { resize(image, 4, 4); });
  EXPECT_EQ(folder.count(), 0);
}

TEST(Output, ReplacesAndHasOrdinaryPermissions) {
  TempFolder folder;
  write_image(gradient(8, 8), folder / "a.png");
  write_image(gradient(9, 9), folder / "a.png");
  EXPECT_EQ(read_image(folder / "a.png").width(), 9);
  EXPECT_EQ(folder.count(), 1);
  const mode_t mask = umask(022);
  write_image(gradient(9, 9), folder / "b.png");
  umask(mask);
  struct stat status {};
  stat((folder / "b.png").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0644u);
}

TEST(Output, RelativeNamesAreInTheCurrentFolder) {
  TempFolder folder;
  const auto before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  check_writable("a.png");
  write_image(gradient(8, 8), "a.png");
  std::filesystem::current_path(before);
  EXPECT_EQ(read_image(folder / "a.png").width(), 8);
}

}  // namespace
}  // namespace impasto::test
