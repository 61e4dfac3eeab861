#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "impasto/models.h"
#include "models/conventions.h"

namespace impasto {

/// Where a name or a file leads.
struct NetworkFile {
  std::string name;  ///< of a file its path
  ModelPlace place = ModelPlace::file;
  std::string path;  ///< empty when built in
};

/// A known name is that network, anything else a path. Throws Error{input}: neither (lists the
/// names), or a network that is yet to be fetched (says how).
NetworkFile locate_network(const std::string& name_or_file);

/// What a network's file holds.
struct LoadedNetwork {
  ImportedVgg vgg;
  uint64_t bytes = 0;
  std::string convention, source, licence;
};
/// Reads and checks it whole. Throws Error{input} or Error{unsupported} naming the file.
LoadedNetwork load_network(const NetworkFile&, VggConvention = VggConvention::detect);

/// SHA-256 of its bytes.
std::string sha256_of(const NetworkFile&);

/// Writes a network in impasto's own form, f32, with where it comes from. Throws Error{output}.
void save_network(const LoadedNetwork&, const std::string& path);

}  // namespace impasto
