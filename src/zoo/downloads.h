#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

/// A network that others publish.
struct Download {
  std::string name;    ///< "vgg19"
  std::string file;    ///< its name on the server
  std::string sha256;  ///< of that file
  uint64_t bytes = 0;  ///< its size, for people
  std::string source, licence;
  uint64_t max_bytes = 600u << 20;
};

const std::vector<Download>& known_downloads();
/// Null when there is none of that name.
const Download* find_download(std::string_view name);

/// The folder of their files: IMPASTO_MODELS_URL, else the official server's.
std::string models_url();

}  // namespace impasto
