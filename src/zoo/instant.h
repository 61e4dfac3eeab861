#pragma once

#include <memory>
#include <string>

#include "models/decoder.h"

namespace impasto {

/// A network that paints in any style at once, on features of the built-in encoder.
struct InstantNetwork {
  std::string name;    ///< "instant", or the file's path
  std::string sha256;  ///< of the weights file's bytes
  std::shared_ptr<const Graph> decoder;
  NamedTensors tensors;  ///< all of the file's, with those of the style code
};

/// The built-in one's name.
constexpr const char* default_instant = "instant";

/// What a file of such weights says it is, in its metadata under "impasto.format".
constexpr const char* instant_format = "instant-1";

/// By name (built in) or by file. Throws Error{input}: no such file, damaged, another kind of
/// network.
InstantNetwork open_instant(const std::string& name_or_file);

}  // namespace impasto
