#pragma once

#include <functional>
#include <vector>

#include "canvas/weighted_style.h"
#include "zoo/engine.h"

namespace impasto {

/// Memory of the process when it has painted nothing yet: the program with its libraries, networks,
/// threads.
constexpr size_t process_bytes = size_t{60} << 20;

/// Bytes that painting may take beside process_bytes: what max_memory leaves, or, without that,
/// what the machine can spare.
size_t memory_for(uint64_t max_memory);
/// Memory that painting at this size takes beside process_bytes, as planned. Throws Error{memory},
/// with the size that would fit, when it is more than max_memory leaves, or, without that, more
/// than the machine can spare.
size_t checked_bytes(const Engine&, const Size&, uint64_t max_memory,
                     const std::vector<WeightedStyle>&, const StylizeOptions&);
/// The same for any method: `bytes_for` tells what a size takes.
size_t checked_bytes(const Size&, uint64_t max_memory,
                     const std::function<size_t(const Size&)>& bytes_for);

}  // namespace impasto
