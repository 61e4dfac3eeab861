#pragma once

#include <functional>
#include <vector>

#include "descent/scale_plan.h"
#include "impasto/job.h"
#include "jobs/memory.h"
#include "jobs/speed.h"

namespace impasto {

// What the plans of all jobs share.

/// Bytes that each thread beyond two takes for itself: bands and buffers.
constexpr size_t thread_bytes = size_t{4} << 20;
size_t bytes_of_threads();
/// What is compiled for the scales of a descent, and what one leaves to the next.
size_t bytes_of_scales(const Size&, const StylizeOptions&);

/// Of a picture's colours, if they are stored so.
size_t colour_bytes(const Size&, Samples, Storage);
/// A picture that is read has its place; of another, with its colours stored so.
size_t given_bytes(const PictureHeader&, Storage);

/// What stages take together, in seconds.
double seconds_of(const std::vector<JobStage>&);
/// Sets how long each stage takes here.
void time_stages(std::vector<JobStage>&, const StylizeOptions&, const Speeds&);

/// Throws Error{memory}: what `smallest` would take, and `fitting`, a value of `size` that would
/// do, or "" when there is none.
[[noreturn]] void refuse_plan(const Job& smallest, const Budget&, const std::string& fitting);

/// A job of the optimiser alone.
struct Descent {
  Size size{0, 0};
  PlannedStyles styles;
  Budget budget = {};
  size_t given_bytes = 0;     ///< of pictures
  size_t decoding_bytes = 0;  ///< of the one among them that takes most while it is read
  size_t reading_bytes = 0;   ///< of what else there is before the descent
  /// Of what lives beside a descent to this size.
  std::function<size_t(const Size&)> beside_bytes;
  bool alpha = false;  ///< of the result, and its bits
  int bits = 8;
  std::string output = {};  ///< where, if that is known
  /// "640x480", or "640".
  std::function<std::string(const Size&)> size_text;
};
/// Whole if that fits, else in windows. Throws Error{memory}.
Job make_job(const Engine&, const Descent&, const StylizeOptions&);

}  // namespace impasto
