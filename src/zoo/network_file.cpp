#include "zoo/network_file.h"

#include <filesystem>
#include <set>

#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "formats/weights.h"
#include "impasto/error.h"
#include "zoo/builtin.h"
#include "zoo/cache.h"
#include "zoo/downloads.h"

namespace impasto {

namespace {

// Keys of the metadata in our own files, beside those of vgg_metadata.
constexpr const char *convention_key = "impasto.convention", *source_key = "impasto.source",
                     *licence_key = "impasto.licence";

std::string known_names() {
  std::set<std::string> names;
  for (const Builtin& builtin : builtins()) names.insert(builtin.name);
  for (const Download& download : known_downloads()) names.insert(download.name);
  for (const std::string& name : cached_names()) names.insert(name);
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

bool is_file(const std::string& path) {
  std::error_code failure;
  return !path.empty() && std::filesystem::exists(path, failure);
}

}  // namespace

NetworkFile locate_network(const std::string& name) {
  if (find_builtin(name)) return {name, ModelPlace::built_in, ""};
  if (is_network_name(name)) {
    const std::string path = cached_file(name);
    if (is_file(path)) return {name, ModelPlace::cache, path};
    if (find_download(name)) {
      throw Error(ErrorCode::input, name + ": is not here yet; get it with 'impasto models fetch " +
                                        name +
                                        "', or, if you have the file, with 'impasto models "
                                        "import FILE --name " +
                                        name + "'");
    }
  }
  if (is_file(name)) return {name, ModelPlace::file, name};
  throw Error(
      ErrorCode::input,
      "'" + name + "': no such file, and no network of that name; known are " + known_names());
}

LoadedNetwork load_network(const NetworkFile& file, VggConvention convention) {
  LoadedNetwork network;
  std::map<std::string, std::string> metadata;
  NamedTensors tensors;
  if (const Builtin* builtin = file.path.empty() ? find_builtin(file.name) : nullptr) {
    tensors = parse_safetensors(builtin->bytes, builtin->name, &metadata);
    network.bytes = builtin->bytes.size();
    network.source = builtin->source;
    network.licence = builtin->licence;
  } else {
    tensors = read_weights(file.path, &metadata);
    network.bytes = std::filesystem::file_size(file.path);
    network.source = metadata[source_key];
    network.licence = metadata[licence_key];
  }
  network.vgg =
      import_vgg(tensors, metadata, file.path.empty() ? file.name : file.path, convention);
  network.convention = name_of(network.vgg.convention);
  if (network.vgg.convention == VggConvention::native && metadata.contains(convention_key)) {
    network.convention = metadata[convention_key];
  }
  return network;
}

std::string sha256_of(const NetworkFile& file) {
  const Builtin* builtin = file.path.empty() ? find_builtin(file.name) : nullptr;
  return builtin ? builtin->sha256 : sha256_hex_of_file(file.path);
}

void save_network(const LoadedNetwork& network, const std::string& path) {
  auto metadata = vgg_metadata(network.vgg.config);
  metadata[convention_key] = network.convention;
  if (!network.source.empty()) metadata[source_key] = network.source;
  if (!network.licence.empty()) metadata[licence_key] = network.licence;
  write_safetensors(path, network.vgg.tensors, DType::f32, metadata);
}

}  // namespace impasto
