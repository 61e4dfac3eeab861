#include "zoo/instant.h"

#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "formats/weights.h"
#include "impasto/error.h"
#include "zoo/builtin.h"

namespace impasto {

InstantNetwork open_instant(const std::string& name) {
  InstantNetwork network;
  network.name = name;
  std::map<std::string, std::string> metadata;
  if (const Builtin* builtin = find_builtin(name)) {
    network.tensors = parse_safetensors(builtin->bytes, name, &metadata);
    network.sha256 = builtin->sha256;
  } else {
    network.tensors = read_weights(name, &metadata);
    network.sha256 = sha256_hex_of_file(name);
  }
  const std::string found = metadata["impasto.format"];
  if (found != instant_format) {
    throw Error(ErrorCode::input, name + ": expected a network for --method instant (" +
                                      instant_format + "), found " +
                                      (found.empty() ? "another kind of network" : found));
  }
  const auto decoder = make_decoder();
  decoder->load(network.tensors, name);
  network.decoder = decoder;
  return network;
}

}  // namespace impasto
