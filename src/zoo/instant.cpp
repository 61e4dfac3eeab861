#include "zoo/instant.h"

#include <filesystem>

#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "formats/weights.h"
#include "impasto/error.h"
#include "zoo/builtin.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

constexpr const char* format_key = "impasto.format";

struct WeightsFile {
  NamedTensors tensors;
  std::map<std::string, std::string> metadata;
};

WeightsFile read(const std::string& name) {
  WeightsFile file;
  const Builtin* builtin = find_builtin(name);
  std::error_code ignored;
  if (!builtin && !std::filesystem::exists(name, ignored)) {
    throw Error(ErrorCode::input,
                "'" + name + "': expected '" + default_instant +
                    "' or the file of a network for `method` instant, found no such file");
  }
  file.tensors = builtin ? parse_safetensors(builtin->bytes, name, &file.metadata)
                         : read_weights(name, &file.metadata);
  return file;
}

}  // namespace

bool is_instant(const std::string& name) {
  std::error_code ignored;
  if (find_builtin(name) || !std::filesystem::exists(name, ignored)) return name == default_instant;
  return read(name).metadata.contains(format_key);
}

std::string instant_network(const std::string& network) {
  return network == default_network ? default_instant : network;
}

InstantNetwork open_instant(const std::string& name) {
  InstantNetwork network;
  network.name = name;
  WeightsFile file = read(name);
  if (const Builtin* builtin = find_builtin(name)) {
    network.sha256 = builtin->sha256;
    network.bytes = builtin->bytes.size();
  } else {
    network.sha256 = sha256_hex_of_file(name);
    network.bytes = std::filesystem::file_size(name);
  }
  network.tensors = std::move(file.tensors);
  const std::string found = file.metadata[format_key];
  if (found != instant_format) {
    const bool other_version = found.size() < 64 && found.starts_with("instant-");
    throw Error(ErrorCode::input,
                name + ": expected a network for `method` instant (" + instant_format +
                    "), found " +
                    (other_version ? found + ": train it anew (impasto train instant)"
                                   : "another kind of network"));
  }
  network.decoder = make_painting_decoder(network.tensors, name);
  return network;
}

}  // namespace impasto
