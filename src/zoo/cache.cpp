#include "zoo/cache.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "impasto/error.h"
#include "impasto/models.h"

namespace impasto {

namespace {

namespace fs = std::filesystem;

constexpr const char* extension = ".safetensors";

// The XDG base directory specification: relative paths are to be ignored.
std::string absolute_folder(const char* variable) {
  const char* value = std::getenv(variable);
  return value && fs::path(value).is_absolute() ? value : "";
}

}  // namespace

std::string model_cache() {
  const std::string cache = absolute_folder("XDG_CACHE_HOME"), home = absolute_folder("HOME");
  if (!cache.empty()) return cache + "/impasto";
  return home.empty() ? "" : home + "/.cache/impasto";
}

bool is_network_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && name[0] != '-' &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_' || c == '-';
         });
}

std::string cached_file(const std::string& name) {
  const std::string folder = model_cache();
  return folder.empty() ? "" : folder + "/" + name + extension;
}

std::vector<std::string> cached_names() {
  std::vector<std::string> names;
  std::error_code failure;  // no cache yet: no names
  for (fs::directory_iterator it(model_cache(), failure), end; !failure && it != end;
       it.increment(failure)) {
    const fs::path file = it->path();
    if (file.extension() == extension && is_network_name(file.stem().string())) {
      names.push_back(file.stem().string());
    }
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string make_cache() {
  const std::string folder = model_cache();
  if (folder.empty()) {
    throw Error(ErrorCode::output,
                "no place to keep networks: neither XDG_CACHE_HOME nor HOME is set to a folder");
  }
  std::error_code failure;
  fs::create_directories(folder, failure);
  if (failure) {
    throw Error(ErrorCode::output, folder + ": cannot be created: " + failure.message());
  }
  return folder;
}

}  // namespace impasto
