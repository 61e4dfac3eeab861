#pragma once

#include <functional>
#include <optional>

#include "impasto/image.h"
#include "impasto/stylize.h"
#include "jobs/speed.h"

namespace impasto {

/// The options with all values in their ranges, and with the method where the network can do but
/// one. Throws Error{usage}: a value out of range; Error{input}: a network's file that cannot be
/// read.
StylizeOptions settled(const StylizeOptions&);

/// What --quality, or its absence, comes to for one picture.
struct PickedQuality {
  Quality name = Quality::automatic;  ///< draft, good, best
  std::string reason;                 ///< why
  StylizeOptions options;             ///< with the method, and with start and steps of its descent
  std::vector<Size> sizes;  ///< what is painted first, and what that is enlarged to by painting;
                            ///< the result's, or of the largest pictures painted_size()
  double patience = 0;      ///< seconds that it was picked for, if they were why, else 0
};

/// Told when it is first asked for: it may have to be measured.
using AskSpeeds = std::function<Speeds()>;

/// draft and good: painted at once, settled by 22 steps at 384 pixels or refined by 35 at 800, and
/// enlarged by painting (instant/enlarge.h); best: the full optimisation at full size; with the
/// method `instant` what is painted at once is all, and called a draft. Where neither method nor
/// quality is given: best when an option asks for the optimiser, else the best that is expected
/// within twenty seconds for a result of this size; a draft where nothing is. Throws Error{usage}
/// when method and quality contradict each other.
PickedQuality pick_quality(const StylizeOptions&, const Size& result, const AskSpeeds&);

/// The next lower quality, for where that one takes too much: of best good, of good draft, where
/// it was the time that decided; of draft what is painted at once, where the options allow it.
std::optional<PickedQuality> lower_quality(const PickedQuality&, const StylizeOptions&,
                                           const Size& result, const AskSpeeds&);

/// Where method and quality are left open, sets all of them, different options for one photograph,
/// to the best quality that pick_quality() has for one, but not above good unless an option asks
/// for best: pictures painted in different ways could not be compared, and many take long. The
/// options are settled() then.
void settle_qualities(std::vector<StylizeOptions>&, const PictureHeader& content, const AskSpeeds&);

/// What the network is given of a picture of this size, in pixels.
double pixels_with_margin(const Size&, const StylizeOptions&);

/// How long the network takes to paint once that looks at so many pixels, in seconds.
double seconds_at_once(const StylizeOptions&, double pixels, const Speeds&);

/// How long one pass of the network, or the optimisation, whichever the method says, takes here
/// for a result, in seconds.
double estimated_seconds(const StylizeOptions&, const Size& result, const Speeds&);

}  // namespace impasto
