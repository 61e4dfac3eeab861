#include "base/nameless_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

namespace impasto {

static std::vector<std::string> folders() {
  const char* wanted = std::getenv("TMPDIR");
  if (wanted != nullptr && *wanted != '\0') return {wanted};
  return {"/var/tmp", "/tmp"};
}

NamelessFile open_nameless_file(const std::string& use, ErrorCode code) {
  std::string folder;
  for (const std::string& candidate : folders()) {
    folder = candidate;
    int file = open(folder.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) return {file, folder};
    std::string name = folder + "/impasto-XXXXXX";  // file systems without O_TMPFILE
    file = mkostemp(name.data(), O_CLOEXEC);
    if (file < 0) continue;
    unlink(name.c_str());
    return {file, folder};
  }
  throw Error(code, folder + ": no file for " + use + " can be made there: " +
                        std::strerror(errno) + " (TMPDIR names another folder)");
}

}  // namespace impasto
