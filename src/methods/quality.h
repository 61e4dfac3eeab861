#pragma once

#include <optional>

#include "impasto/image.h"
#include "impasto/stylize.h"

namespace impasto {

/// The options with all values in their ranges, and with the method where the network can do but
/// one. Throws Error{usage}: a value out of range; Error{input}: a network's file that cannot be
/// read.
StylizeOptions settled(const StylizeOptions&);

/// What --quality, or its absence, comes to for one picture.
struct Quality {
  std::string name;         ///< draft, good, best
  std::string reason;       ///< why
  StylizeOptions options;   ///< with the method, and for good with the start and the steps
  std::vector<Size> sizes;  ///< what is painted first, and what that is enlarged to by painting;
                            ///< the result's, or of the largest pictures painted_size()
  double patience = 0;      ///< seconds that it was picked for, if they were why, else 0
};

/// draft: painted at once; good: from there refined in a few steps; both begin small and are
/// enlarged by painting (methods/enlarge.h); best: the full optimisation at full size. Where
/// neither method nor quality is given: best when an option asks for the optimiser, else the best
/// that takes a couple of seconds for a result of this size. Throws Error{usage} when method and
/// quality contradict each other.
Quality pick_quality(const StylizeOptions&, const Size& result);

/// The next lower quality, for where that one takes too much: of best good, of good draft; nothing
/// where it was not the time that decided, and of draft.
std::optional<Quality> lower_quality(const Quality&, const StylizeOptions&, const Size& result);

/// Where method and quality are left open, sets all of them, different options for one photograph,
/// to the best quality that pick_quality() has for one: pictures painted in different ways could
/// not be compared. The options are settled() then.
void settle_qualities(std::vector<StylizeOptions>&, const Image& content);

/// Roughly how long one pass of the network, or the optimisation, whichever the method says, takes
/// here for a result, in seconds, with the built-in encoder.
double estimated_seconds(const StylizeOptions&, const Size& result);

}  // namespace impasto
