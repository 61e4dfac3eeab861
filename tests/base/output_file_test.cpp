// Every file that impasto writes: whole or untouched, and nothing beside it.

#include "base/output_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>

#include "file_size_limit.h"
#include "image/samples.h"
#include "impasto/output.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string text_of(const std::string& path) {
  const Bytes bytes = load(path);
  return {bytes.begin(), bytes.end()};
}

std::string only_name_in(const TempFolder& folder) {
  EXPECT_EQ(folder.count(), 1);
  return fs::directory_iterator(folder.path())->path().filename().string();
}

/// What a child of this process leaves when it is killed while it writes into the folder.
void leave_a_file(const std::string& folder) {
  const pid_t child = fork();
  if (child == 0) {
    const OutputFile file(folder + "/victim.txt");
    kill(getpid(), SIGKILL);
  }
  int status = 0;
  waitpid(child, &status, 0);
  ASSERT_TRUE(WIFSIGNALED(status));
}

TEST(OutputFile, WritesThroughLinks) {
  TempFolder folder;
  fs::create_directory(folder / "place");
  store(folder / "place/real.txt", std::string("before"));
  fs::create_symlink("place/real.txt", folder / "relative.txt");
  fs::create_symlink(folder / "relative.txt", folder / "absolute.txt");
  fs::create_symlink("place/new.txt", folder / "dangling.txt");
  for (const char* name : {"relative.txt", "absolute.txt"}) {
    write_text(folder / name, name);
    EXPECT_TRUE(fs::is_symlink(folder / name)) << name;
    EXPECT_EQ(text_of(folder / "place/real.txt"), name);
  }
  write_text(folder / "dangling.txt", "new");
  EXPECT_TRUE(fs::is_symlink(folder / "dangling.txt"));
  EXPECT_EQ(text_of(folder / "place/new.txt"), "new");
  fs::create_symlink("loop.txt", folder / "loop.txt");
  EXPECT_THAT(error_of(ErrorCode::output, [&] { write_text(folder / "loop.txt", "x"); }),
              AllOf(HasSubstr("loop.txt"), HasSubstr("Too many levels")));
  fs::create_symlink("none/x.txt", folder / "nowhere.txt");
  EXPECT_THAT(error_of(ErrorCode::output, [&] { check_output(folder / "nowhere.txt"); }),
              AllOf(StartsWith(folder / "nowhere.txt"), HasSubstr("No such file")));
}

TEST(OutputFile, LeavesWriteProtectedFilesAlone) {
  TempFolder folder;
  store(folder / "a.txt", std::string("precious"));
  fs::create_symlink("a.txt", folder / "link.txt");
  chmod((folder / "a.txt").c_str(), 0444);  // root could write it
  for (const char* name : {"a.txt", "link.txt"}) {
    const std::string path = folder / name;
    EXPECT_EQ(error_of(ErrorCode::output, [&] { write_text(path, "x"); }),
              path + ": cannot be written: is write-protected");
    error_of(ErrorCode::output, [&] { check_output(path); });
  }
  EXPECT_EQ(text_of(folder / "a.txt"), "precious");
  EXPECT_EQ(folder.count(), 2);
}

TEST(OutputFile, KeepsPermissions) {
  TempFolder folder;
  store(folder / "a.txt", std::string("mine"));
  chmod((folder / "a.txt").c_str(), 0640);
  write_text(folder / "a.txt", "still mine");
  struct stat status {};
  stat((folder / "a.txt").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
  const mode_t mask = umask(027);
  write_text(folder / "b.txt", "new");
  umask(mask);
  stat((folder / "b.txt").c_str(), &status);
  EXPECT_EQ(status.st_mode & 0777, 0640u);
}

TEST(OutputFile, NamesTellWhoseTheyAreAndCannotBeGuessed) {
  TempFolder folder;
  std::string first;
  for (int i = 0; i < 2; ++i) {
    const OutputFile file(folder / "a.txt");
    const std::string name = only_name_in(folder);
    EXPECT_THAT(name, testing::MatchesRegex("\\.impasto-[0-9a-f]{8}-[0-9a-f]{8}-" +
                                            std::to_string(getpid()) + "-[0-9a-f]{16}\\.tmp"));
    EXPECT_NE(name, first);
    first = name;
  }
  EXPECT_EQ(folder.count(), 0);
}

TEST(OutputFile, ClearsWhatKilledProcessesLeft) {
  TempFolder folder;
  leave_a_file(folder.path());
  const std::string left = only_name_in(folder);
  // Another machine's, another program's, one of this machine before it was started again, and one
  // of a process that lives.
  const std::string mine = left.substr(0, std::string(".impasto-01234567").size());
  const std::string boot = left.substr(mine.size(), std::string("-01234567").size());
  store(folder / (".impasto-ffffffff" + left.substr(mine.size())), std::string("x"));
  store(folder / ".impasto-4711-1.tmp", std::string("x"));
  store(folder / (mine + "-00000000-1-0000000000000000.tmp"), std::string("x"));
  store(folder / (mine + boot + "-1-0000000000000001.tmp"), std::string("x"));
  const OutputFile own(folder / "other.txt");
  EXPECT_FALSE(fs::exists(folder / left));
  EXPECT_FALSE(fs::exists(folder / (mine + "-00000000-1-0000000000000000.tmp")));
  EXPECT_EQ(folder.count(), 4) << "theirs, and that which is being written";
}

// In containers, numbers of processes come back soon.
TEST(OutputFile, ClearsWhatAnotherProcessOfItsNumberLeft) {
  TempFolder folder;
  leave_a_file(folder.path());
  const std::string left = only_name_in(folder);
  const size_t random = left.rfind('-');
  const size_t process = left.rfind('-', random - 1);
  const std::string same =
      left.substr(0, process + 1) + std::to_string(getpid()) + left.substr(random);
  fs::rename(folder / left, folder / same);
  check_output(folder / "a.txt");
  EXPECT_EQ(folder.count(), 0);
}

TEST(OutputFile, SignalHandlersRemoveWhatIsBeingWritten) {
  TempFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    const OutputFile one(folder / "a.txt"), two(folder / "b.txt");
    OutputFile done(folder / "c.txt");
    done.replace_target();
    std::signal(SIGUSR1, [](int) {
      remove_unfinished();
      _exit(0);
    });
    std::raise(SIGUSR1);
    _exit(1);
  }
  int status = 0;
  waitpid(child, &status, 0);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(only_name_in(folder), "c.txt");
}

TEST(OutputFile, AFileThatGrowsTooLargeIsAnError) {
  TempFolder folder;
  const std::string message = error_of(ErrorCode::output, [&] {
    const FileSizeLimit limit(50);
    write_text(folder / "a.txt", std::string(500, 'x'));
  });
  EXPECT_THAT(message, HasSubstr("File too large"));
  EXPECT_EQ(folder.count(), 0);
}

}  // namespace
}  // namespace impasto::test
