#pragma once

#include <cstdint>

#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto::apart {

// What goes between a program and its workers: both are the same program, so as it lies in memory.

enum class Wish : uint32_t { header, image, recipe };

/// With the open file beside it; the file's name follows.
struct Request {
  Wish wish;
  uint32_t name_bytes;
  int64_t max_pixels;
  bool compact;
};

enum class Part : uint32_t {
  header,  ///< a WireHeader
  rows,    ///< `value` rows: their packed colours, then their alpha in floats
  block,   ///< of metadata: `value` bytes of a key, then the block
  facts,   ///< `value`: alpha_may_be_added; the note
  recipe,
  error,  ///< `value`: its code; the message
  end,
};

struct Head {
  Part part;
  uint32_t value;
  uint64_t bytes;  ///< that follow
};

struct WireHeader {
  int32_t width, height, bits;
  Samples samples;
  bool has_alpha;
  uint64_t decoding_bytes;
};

constexpr size_t piece_bytes = size_t{1} << 18;       // of rows, if one row is not more
constexpr uint64_t most_bytes = uint64_t{256} << 20;  // of a part that is not rows
constexpr int no_memory = 5;                          // a worker's exit status

/// Asks the nursery for a worker: the answer is its process id, and an end of a socket to it. Or,
/// of a worker that is dead or dying, waits for the end: the answer is its wait status.
struct Order {
  bool bury;
  int32_t process;
};

/// Forks the nursery; a socket to it. Throws Error{memory}.
int start_nursery();

/// The life of a worker.
[[noreturn]] void serve(int line);

/// Sends or receives everything, with at most one open file beside the first byte. False when the
/// other side is gone. send_all() takes ownership of nothing.
bool send_all(int line, const void* data, size_t bytes, int file = -1);
bool receive_all(int line, void* data, size_t bytes, int* file = nullptr);

}  // namespace impasto::apart
