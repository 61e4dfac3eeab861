#pragma once

#include <memory>
#include <string>

#include "models/decoder.h"

namespace impasto {

/// A network that paints in any style at once, on features of the built-in encoder.
struct InstantNetwork {
  std::string name;    ///< "instant", or the file's path
  std::string sha256;  ///< of the weights file's bytes
  uint64_t bytes = 0;  ///< of that file
  PaintingDecoder decoder;
  NamedTensors tensors;  ///< all of the file's, with those of the style code
};

/// The built-in one's name.
constexpr const char* default_instant = "instant";

/// What a file of such weights says it is, in its metadata under "impasto.format".
constexpr const char* instant_format = "instant-4";

/// Whether a name or file is such a network. Throws Error{input} for files that cannot be read.
bool is_instant(const std::string& name_or_file);

/// The name or file of the decoder that --network stands for when painting at once: the built-in
/// decoder for the built-in encoder, else what it says.
std::string instant_network(const std::string& network);

/// By name (built in) or by file. Throws Error{input}: no such file, damaged, another kind of
/// network.
InstantNetwork open_instant(const std::string& name_or_file);

}  // namespace impasto
