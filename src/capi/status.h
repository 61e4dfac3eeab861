#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>

#include "impasto/impasto.h"

namespace impasto {

/// Keeps the line that impasto_last_error() gives.
impasto_status fail(impasto_status, const std::string& message) noexcept;

/// In a catch (...): the status of what was thrown, with its line.
impasto_status status_of_exception() noexcept;

/// Runs a part of the interface: nothing is thrown across it.
template <class F>
impasto_status guarded(const F& f) noexcept {
  try {
    f();
    return IMPASTO_OK;
  } catch (...) {
    return status_of_exception();
  }
}

/// Throws Error{usage} that names what is missing.
void require(const void* given, const char* name);

/// Throws Error{usage}: an index that is not below `count`.
void require_index(size_t index, size_t count);

/// A caller's struct, as long as this library knows it: what an older one lacks is 0. Throws
/// Error{usage}: no size.
template <class Struct>
Struct taken(const Struct* given, const char* name) {
  require(given, name);
  Struct whole{};
  if (given->struct_size == 0) require(nullptr, (std::string(name) + "->struct_size").c_str());
  std::memcpy(&whole, given, std::min(given->struct_size, sizeof whole));
  return whole;
}

/// The same the other way: as much as the caller's has room for.
template <class Struct>
void give(Struct whole, Struct* to, const char* name) {
  require(to, name);
  if (to->struct_size == 0) require(nullptr, (std::string(name) + "->struct_size").c_str());
  whole.struct_size = to->struct_size;
  std::memcpy(to, &whole, std::min(to->struct_size, sizeof whole));
}

}  // namespace impasto
