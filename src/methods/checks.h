#pragma once

#include <functional>

#include "impasto/image.h"
#include "methods/scale_plan.h"

namespace impasto {

/// The options with all values in their ranges. Throws Error{usage}: a value out of range.
StylizeOptions checked(const StylizeOptions&);
/// Throws Error{usage}: one of these has a value out of range.
void check_ranges(const std::vector<Option>&);
/// Throws Error{usage}: options that contradict the pictures or each other; Error{input}: pictures
/// that are empty.
void check_pictures(const Image& content, const std::vector<const Image*>& styles,
                    const StylizeOptions&);
/// The same of paintings that are mixed and, behind them, those of regions, which have no weights;
/// `masks` are those of the regions, or one more.
void check_paintings(const Image& content, const std::vector<const Image*>& paintings, size_t masks,
                     const StylizeOptions&);
/// Throws Error{usage}: a result of that size could not be read back. `text` is what asked for it.
void check_size(const Size&, const std::string& text);
/// A channel of the result: `bits` of the options, or the photograph's own.
int result_bits(const Image& content, const StylizeOptions&);
/// The picture's path that a run starts from; "" where `start` is a word.
std::string start_file(const StylizeOptions&);
/// Where the pictures are.
std::vector<const Image*> addresses(const std::vector<Image>&);
std::vector<const Image*> addresses(const std::vector<SharedImage>&);

/// Memory of the process when it has painted nothing yet: the program with its libraries, networks,
/// threads.
constexpr size_t process_bytes = size_t{60} << 20;

/// Bytes that painting may take beside process_bytes: what max_memory leaves, or, without that,
/// what the machine can spare.
size_t memory_for(uint64_t max_memory);
/// Memory that painting at this size takes beside process_bytes, as planned. Throws Error{memory},
/// with the size that would fit, when it is more than max_memory leaves, or, without that, more
/// than the machine can spare.
size_t checked_bytes(const Engine&, const Size&, const std::vector<WeightedStyle>&,
                     const StylizeOptions&);
/// The same for any method: `bytes_for` tells what a size takes.
size_t checked_bytes(const Size&, uint64_t max_memory,
                     const std::function<size_t(const Size&)>& bytes_for);

}  // namespace impasto
