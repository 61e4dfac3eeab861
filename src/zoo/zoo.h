#pragma once

#include <memory>
#include <optional>
#include <string>

#include "models/vgg.h"

namespace impasto {

/// A network that is ready to be planned.
struct Network {
  std::string name;    ///< "small", "vgg19", or the file's path
  std::string sha256;  ///< of the weights file's bytes
  VggConfig config;
  std::shared_ptr<const Graph> graph;
};

/// The built-in encoder's name: what is used when nobody asks for another network.
constexpr const char* default_network = "small";

/// A network by name (built-in, or in the cache) or by file: an argument that is a known name is
/// the network, anything else a path. `pooling` replaces the file's own. Throws Error: unknown name
/// and no such file (lists the names), known but not fetched yet (says how), damaged file.
Network open_network(const std::string& name_or_file, std::optional<PoolKind> pooling = {});

}  // namespace impasto
