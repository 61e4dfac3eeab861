#pragma once

#include <functional>
#include <string>

#include "impasto/stylize.h"

namespace impasto {

/// Throws Error{usage}: no format that results in a folder can have, "png".
void check_ending(const std::string& format);

/// SHA-256 of the bytes of the network that paints by these options. Throws Error{input}.
std::string sha256_of_network(const StylizeOptions&);

/// The hash of all that a result depends on but its pictures: options, how it is written, the bytes
/// of the network and of the picture to start from, version. Throws Error{input}: the latter cannot
/// be read.
std::string hash_of_run(const StylizeOptions&, int quality, bool recipe,
                        const std::string& network_sha256);

/// The hash of one job, from that and those of its files' bytes, as `sha256_of` tells them by path.
std::string hash_of_job(const std::string& run, const StylizeFiles&,
                        const std::function<std::string(const std::string&)>& sha256_of);

}  // namespace impasto
