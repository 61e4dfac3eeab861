#include "base/input_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cstring>

#include "formats/file.h"
#include "formats/sha256.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;

// All doors through which files come: none waits, none reads for ever.
TEST(InputFile, RefusesWhatIsNoOrdinaryFile) {
  TempFolder folder;
  const std::string pipe = folder / "pipe", socket_path = folder / "socket";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const int listener = socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path, socket_path.c_str(), sizeof address.sun_path - 1);
  ASSERT_EQ(bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address), 0);
  std::filesystem::create_symlink("/dev/zero", folder / "link");
  const std::vector<std::pair<std::string, std::string>> files = {
      {pipe, "found a pipe"},
      {socket_path, "found a socket"},
      {"/dev/zero", "found a device"},
      {folder / "link", "found a device"},
      {folder.path(), "found a folder"},
      {folder / "none", "no such file"}};
  for (const auto& [path, words] : files) {
    for (const std::function<void()>& read : std::vector<std::function<void()>>{
             [&] { InputFile file(path); }, [&] { read_file(path, 1 << 20); },
             [&] { sha256_hex_of_file(path); }, [&] { read_image(path); },
             [&] { read_header(path); }, [&] { read_recipe(path); }}) {
      const std::string error = error_of(ErrorCode::input, read);
      EXPECT_THAT(error, testing::StartsWith(path + ": "));
      EXPECT_THAT(error, HasSubstr(words));
    }
  }
  close(listener);
}

TEST(InputFile, ReadsPiecesUpToTheEnd) {
  TempFolder folder;
  store(folder / "a", std::string("0123456789"));
  const InputFile file(folder / "a");
  EXPECT_EQ(file.size(), 10u);
  std::string text(20, '?');
  EXPECT_EQ(file.read(8, 5, text.data()), 2u);
  EXPECT_EQ(text.substr(0, 3), "89?");
  EXPECT_EQ(file.read(11, 5, text.data()), 0u);
}

}  // namespace
}  // namespace impasto::test
