#pragma once

#include <functional>
#include <string>

#include "impasto/stylize.h"

namespace impasto {

/// SHA-256 of the bytes of the network that paints by these options. Throws Error{input}.
std::string sha256_of_network(const StylizeOptions&);

/// The hash of all that a result depends on but its pictures: options (without those that change
/// only how it is computed), how it is written, network, version, the picture to start from. Throws
/// Error{input}: the latter cannot be read.
std::string hash_of_run(const StylizeOptions&, int quality, bool recipe,
                        const std::string& network_sha256);

/// The hash of one job, from that and those of its files' bytes, as `sha256_of` tells them by path.
std::string hash_of_job(const std::string& run, const StylizeFiles&,
                        const std::function<std::string(const std::string&)>& sha256_of);

}  // namespace impasto
