#include "impasto/streams.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <span>
#include <vector>

#include "base/nameless_file.h"
#include "base/output_file.h"
#include "base/promise.h"
#include "impasto/error.h"

namespace impasto {

std::string keep_input(int descriptor, const std::string& name, int64_t most_bytes) try {
  const NamelessFile kept = open_nameless_file(name, ErrorCode::output);
  OutputFile file(kept.descriptor, kept.folder);
  std::vector<uint8_t> piece(size_t{1} << 16);
  int64_t bytes = 0;
  for (ssize_t got = 0; (got = read(descriptor, piece.data(), piece.size())) != 0;) {
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      throw Error(ErrorCode::input, name + ": cannot be read: " + std::strerror(errno));
    }
    bytes += got;
    if (bytes > most_bytes) {
      throw Error(ErrorCode::input, name + ": expected at most " +
                                        std::to_string(most_bytes >> 20) + " MiB, found more");
    }
    file.write(std::span(piece).first(static_cast<size_t>(got)));
  }
  if (bytes == 0) throw Error(ErrorCode::input, name + ": expected a picture, found nothing");
  const int open = fcntl(kept.descriptor, F_DUPFD_CLOEXEC, 0);
  if (open < 0) throw Error(ErrorCode::input, name + ": cannot be kept: " + std::strerror(errno));
  // By way of the process, so that those that it starts find it, too.
  return "/proc/" + std::to_string(getpid()) + "/fd/" + std::to_string(open);
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
