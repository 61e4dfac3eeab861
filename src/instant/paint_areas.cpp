#include "instant/paint_areas.h"

#include "base/part_progress.h"
#include "canvas/picture.h"
#include "image/resize.h"

namespace impasto {

namespace {

// paint(area, mask, progress, first) for each area in turn; with options_in() of each. The shares
// in which each is to be laid over those before come with it.
template <class Paint>
void in_turn(Instant& instant, const Areas& areas, const StylizeOptions& o, const Size& size,
             Progress& progress, const Paint& paint) {
  const auto begin = Clock::now();
  const auto count = static_cast<double>(areas.areas.size());
  Mask so_far;
  for (size_t i = 0; i < areas.areas.size(); ++i) {
    const StyleArea& area = areas.areas[i];
    const Mask mask = resized(area.mask, size);
    if (mask.empty()) continue;  // too small for this size; nothing may be left at all
    Mask share;
    if (so_far.values.empty()) {
      so_far = mask;
    } else {
      add(so_far, mask);
      share = share_of(mask, so_far);
    }
    instant.set_options(options_in(area, o));
    const auto at = static_cast<double>(i);
    PartProgress part(progress, begin, at / count, (at + 1) / count);
    if (!paint(area.styles, mask, share, part)) break;
  }
  instant.set_options(o);
}

}  // namespace

std::vector<WeightedStyle> weighted(const Areas& areas) {
  std::vector<WeightedStyle> result;
  for (const StyleArea& area : areas.areas) {
    for (size_t i = 0; i < area.styles.size(); ++i) {
      const double weight = area.weights.empty() ? 1 : area.weights[i];
      result.push_back({area.styles[i].get(), weight, &area.mask, area.strength});
    }
  }
  return result;
}

StylizeResult paint_areas(Instant& instant, const SharedImage& content, const Areas& areas,
                          const StylizeOptions& o, const Size& size, Progress& progress) {
  StylizeResult result;
  in_turn(instant, areas, o, size, progress,
          [&](const auto& styles, const Mask& mask, const Mask& share, Progress& part) {
            StylizeResult painted = instant.paint(content, styles, size, part, &mask);
            if (result.image.empty()) {
              result = std::move(painted);
            } else {
              lay_over(result.image, painted.image, share);
              result.cancelled = painted.cancelled;
            }
            return !result.cancelled;
          });
  if (result.image.empty()) result.image = resize(*content, size.width, size.height);
  return result;
}

bool paint_areas(Instant& instant, const PictureSource& photo, const Areas& areas,
                 const StylizeOptions& o, Image& canvas, Progress& progress) {
  bool finished = true, first = true;
  in_turn(instant, areas, o, {photo.width, photo.height}, progress,
          [&](const auto& styles, const Mask& mask, const Mask& share, Progress& part) {
            if (first) {
              first = false;
              return finished = instant.paint(photo, styles, canvas, part, &mask);
            }
            Image painted(photo.width, photo.height, canvas.samples());
            finished = instant.paint(photo, styles, painted, part, &mask);
            lay_over(canvas, painted, share);
            return finished;
          });
  if (first) blend(photo, 1, canvas);
  return finished;
}

Image over_photograph(const Image& painting, const Image& content, const Areas& areas) {
  const Size size{painting.width(), painting.height()};
  // The photograph's numbers come through in floats, or in the samples that it has itself.
  const bool floats = painting.samples() == Samples::f32;
  Image result = resize(content, size.width, size.height,
                        floats || content.samples() == Samples::f32 ? Samples::f32
                        : content.samples() == Samples::u8          ? painting.samples()
                                                                    : content.samples(),
                        painting.storage());
  lay_over(result, painting, resized(areas.painted, size));
  return result;
}

}  // namespace impasto
