#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace impasto {

/// What a network in the cache may be called: 1 to 64 of a-z 0-9 _ -, not beginning with -.
bool is_network_name(std::string_view name);

/// The cache's file of a network, whether it exists or not; empty when there can be no cache (see
/// model_cache).
std::string cached_file(const std::string& name);

/// Names of the networks in the cache, sorted.
std::vector<std::string> cached_names();

/// The folder of the cache, created if need be. Throws Error{output}.
std::string make_cache();

}  // namespace impasto
