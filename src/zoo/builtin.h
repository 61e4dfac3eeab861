#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

/// A network that is compiled into the library, with what models/MANIFEST.json says about it.
struct Builtin {
  std::string name;                  ///< "small"
  std::span<const std::byte> bytes;  ///< a safetensors file
  std::string sha256, source, licence;
};

const std::vector<Builtin>& builtins();
/// Null when there is none of that name.
const Builtin* find_builtin(std::string_view name);

/// The manifest itself, JSON.
std::string_view builtin_manifest();

}  // namespace impasto
