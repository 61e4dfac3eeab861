#pragma once

#include "base/forwarding.h"
#include "impasto/stylize.h"

namespace impasto {

// Colours are given to a picture after it is painted, whatever the method: its statistics are
// known then and not hoped for, style files need no pixels, and one painting serves all
// photographs.

/// What --colors and --palette make of the colours of `painted`, which was made from `content`; the
/// two may have different sizes.
void give_colours(const Image& content, const StylizeOptions&, Image& painted);

/// Whether the result's colours are others than the painting's.
bool changes_colours(const StylizeOptions&);
/// What of a picture's colours a painter has any part in: where those are the
/// photograph's, lightness alone.
Image painted_colours(Image, const StylizeOptions&);
/// A painting in colours that a result of it can have, reduced: to measure results against.
Image painting_in_colours(const Image& content, const StylizeOptions&, const Image& painting);

/// A job's previews with the colours that the result will have. What is given has to outlive it.
class ColouredPreviews final : public Forwarding {
 public:
  ColouredPreviews(Progress& whole, const Image& content, const StylizeOptions& options)
      : Forwarding(whole), content_(content), options_(options) {}

  void preview(const Image& picture) override;

 private:
  const Image& content_;
  const StylizeOptions& options_;
};

}  // namespace impasto
