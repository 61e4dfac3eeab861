#include <filesystem>

#include "base/promise.h"
#include "formats/sha256.h"
#include "impasto/error.h"
#include "impasto/models.h"
#include "impasto/output.h"
#include "zoo/builtin.h"
#include "zoo/cache.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

// "My VGG.v2.pth" becomes my-vgg-v2.
std::string name_from(const std::string& file) {
  std::string name;
  for (char c : std::filesystem::path(file).stem().string()) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (!is_network_name({&c, 1})) c = '-';
    if (c != '-' || !(name.empty() || name.back() == '-')) name += c;
  }
  name.resize(std::min<size_t>(name.size(), 64));
  return name;
}

void check_name(const std::string& name) {
  if (!is_network_name(name)) {
    throw Error(ErrorCode::usage, "'" + name +
                                      "' cannot be a network's name: expected 1 to 64 of a-z, 0-9, "
                                      "_ and -, not beginning with -");
  }
  if (find_builtin(name)) {
    throw Error(ErrorCode::usage,
                "'" + name + "' is a built-in network: give yours another `name`");
  }
}

}  // namespace

ModelInfo import_model(const std::string& file, const ImportOptions& options,
                       Progress& progress) try {
  const VggConvention convention = parse_convention(options.convention);
  std::string path = options.output, name = options.name;
  if (path.empty()) {
    if (name.empty()) name = name_from(file);
    check_name(name);
  } else if (!name.empty()) {
    throw Error(ErrorCode::usage, "a network is imported under a name or to a file, not both");
  }

  if (!path.empty()) check_output(path);
  progress.report({0, 0, 0, "reading " + file, {}});
  LoadedNetwork network = load_network({file, ModelPlace::file, file}, convention);
  if (network.source.empty()) {
    network.source =
        std::filesystem::path(file).filename().string() + ", SHA-256 " + sha256_hex_of_file(file);
  }
  if (path.empty()) {
    make_cache();
    path = cached_file(name);
  }
  progress.report({0.7, 0, 0, "writing " + path, {}});
  save_network(network, path);
  progress.report({1, 0, 0, path, {}});
  return model_info(name.empty() ? path : name);
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
