#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "formats/elements.h"
#include "formats/pickle.h"

namespace impasto {

/// Where a checkpoint keeps the numbers of a tensor: a run of elements of a named storage.
struct StorageRef {
  std::string key;
  ElementType type;
  uint64_t stored = 0;  ///< elements of the whole storage
  uint64_t first = 0;   ///< of the run
  uint64_t count = 0;
};

/// The functions and types that a file of weights may name ("torch._utils._rebuild_tensor_v2").
/// None is ever called: those that matter are understood, the rest is ignored.
bool is_allowed_global(std::string_view function);

/// Reads the identifier ('storage', type, key, device, elements[, view]) of a persistent value.
/// Throws Error{input} naming `file`.
StorageRef read_storage_ref(const PickleValue& persistent, const std::string& file);

}  // namespace impasto
