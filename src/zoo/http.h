#pragma once

#include <cstdint>
#include <functional>
#include <string>

#include "zoo/part_file.h"

namespace impasto {

/// How a download ended.
struct HttpResult {
  enum class End {
    complete,     ///< as far as the server knows: what arrived is still to be checked
    stopped,      ///< because the caller said so
    unreachable,  ///< nothing arrived
    refused,      ///< the server has no such file or does not give it
    broken,       ///< in the middle
    web_page,     ///< something for people came instead: a log-in page of the network, say
    too_large,
  };
  End end = End::complete;
  std::string reason;  ///< for people, when not complete: "Connection refused", "status 404"
};

/// Appends what `url` delivers to `file`, beginning where the file ends (HTTP ranges; from the
/// start when the server cannot). Redirects are followed to https only. Gives up when there is no
/// connection in 20 seconds, or no byte in 60. `proceed(done, total)` is called often, in bytes of
/// the whole file, total 0 while unknown; false stops. What went wrong on the way is in the result;
/// Error{output} when the file cannot be written.
HttpResult http_download(const std::string& url, PartFile& file, uint64_t max_bytes,
                         const std::function<bool(uint64_t done, uint64_t total)>& proceed);

}  // namespace impasto
