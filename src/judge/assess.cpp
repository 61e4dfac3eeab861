#include "impasto/assess.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include "canvas/areas.h"
#include "canvas/doodle_parts.h"
#include "canvas/picture.h"
#include "canvas/strip.h"
#include "canvas/weighted_style.h"
#include "colour/colours.h"
#include "impasto/error.h"
#include "impasto/texture.h"
#include "judge/artefacts.h"
#include "judge/similarity.h"
#include "judge/style_meter.h"
#include "judge/warnings.h"
#include "options/checks.h"
#include "zoo/session.h"

namespace impasto {

namespace {

// Large enough for strokes and things, small enough to cost next to nothing.
constexpr int features_side = 256, similarity_side = 384, masks_side = 1024, texture_side = 512;
constexpr int smallest_side = 16;  // for the deepest features to be more than a point
// A photograph that differs less from the painting is in its style already: what painting changes
// anyway would be many times the way.
constexpr double no_way = 0.1;

Size with_stroke_side(const Size& size, int side) {
  const double factor = std::min(1.0, static_cast<double>(side) / stroke_side(size));
  const auto scaled = [&](int v) {
    return std::max(smallest_side, static_cast<int>(std::lround(v * factor)));
  };
  return {scaled(size.width), scaled(size.height)};
}

// What a result is measured against.
struct Against {
  const Image* content = nullptr;  // if there is one
  std::vector<const Painting*> paintings;
  std::vector<StyledPart> parts;
};

// Every distance of features. Where there is no photograph, of what is as far from any painting as
// it could be: grey. Returns whether there is a way to go.
bool judge_features(Session& session, const Against& against, const StylizeOptions& o,
                    const Image& result, const Size& size, Assessment& a) {
  Image grey(1, 1);
  std::fill_n(grey.data(), 3, 0.5f);
  StyleMeter meter(session, against.parts, o, size);
  meter.look_at(painted_colours(against.content ? *against.content : grey, o));
  const auto things = meter.content();
  const double before = meter.distance();
  meter.look_at(painted_colours(result, o));
  a.style = before < no_way ? NAN : meter.distance() / before;
  // Of normalised features that have nothing in common the loss is 2.
  a.content = against.content ? meter.differing(*things) / 2 : NAN;
  return !(before < no_way);
}

void judge_likeness(const Image& content, const Image& result, Assessment& a) {
  const Size small = with_stroke_side({result.width(), result.height()}, similarity_side);
  const Image photo = finite_at_size(content, small), painted = finite_at_size(result, small);
  const Plane light = lightness_of(photo), painted_light = lightness_of(painted);
  a.ssim = similarity(light, painted_light);
  a.edge_ssim = similarity(edges_of(light), edges_of(painted_light));
  a.colour_shift = colour_distance(photo, painted);
}

// Of all pixels of the result, beyond what its model has of itself: the photograph, facades or
// screens, or else the paintings. The tones of that.
Tones judge_pixels(const Against& against, const Image& result, Assessment& a) {
  const PixelSurvey after = survey(result);
  a.clipped = after.clipped;
  a.not_finite = after.not_finite;
  a.lightness = after.lightness;
  a.contrast = after.contrast;
  std::vector<const Image*> models(against.paintings.begin(), against.paintings.end());
  if (against.content) models = {against.content};
  double grid = 0;
  for (const Image* model : models) grid = std::max(grid, checkerboard_score(*model));
  a.checkerboard = std::max(0.0, checkerboard_score(result) - grid);
  const PixelSurvey before = survey(*models.front());
  a.seam = against.content ? seam_score(after, before) : NAN;
  a.frame = against.content ? frame_score(after, before) : NAN;
  return {before.lightness, before.contrast};
}

// At most so many pixels a side.
Image middle_of(const Image& image, int side) {
  const Size size{std::min(side, image.width()), std::min(side, image.height())};
  if (same(size, size_of(image))) return image;
  Image result(size.width, size.height);
  const int x = (image.width() - size.width) / 2, y = (image.height() - size.height) / 2;
  for (int row = 0; row < size.height; ++row) {
    image.read(x, y + row, size.width, result.row(row));
  }
  return result;
}

Size features_size(const Image& image) {
  return with_stroke_side(size_of(image), features_side);
}

void refuse_empty(const StylizeResult& result) {
  if (result.image.empty()) throw Error(ErrorCode::input, "the result is empty");
}

// `seen`: what of the result is looked at for its features, and how large.
Assessment judge(Session& session, const Against& against, const StylizeOptions& o,
                 const StylizeResult& result, const Image& seen, const Size& size,
                 bool tile = false) {
  Assessment a;
  const bool a_way = judge_features(session, against, o, seen, size, a);
  a.ssim = a.edge_ssim = a.colour_shift = NAN;
  if (against.content) judge_likeness(*against.content, result.image, a);
  const Tones before = judge_pixels(against, result.image, a);
  if (tile) a.seam = wrapped_seam(result.image);
  a.warnings = warnings_for(a, before, o, result);
  if (!a_way) a.warnings.push_back(nothing_to_paint(against.content != nullptr));
  return a;
}

// In the colours that a result can have.
std::vector<Painting> coloured(const Image& content, const std::vector<const Painting*>& paintings,
                               const StylizeOptions& o) {
  std::vector<Painting> result;
  for (const Painting* painting : paintings) {
    result.emplace_back(painting_in_colours(content, o, *painting));
  }
  return result;
}

// Takes paintings in the order of the parts.
Assessment judge_in_colours(Session& session, Against against, const StylizeOptions& o,
                            const StylizeResult& result) {
  std::vector<Painting> copies;
  if (changes_colours(o)) {
    copies = coloured(*against.content, against.paintings, o);
    size_t next = 0;
    for (StyledPart& part : against.parts) {
      for (StyledPart::Weighted& painting : part.paintings) painting.image = &copies[next++];
    }
  }
  return judge(session, against, o, result, result.image, features_size(result.image));
}

StyledPart part_of(const std::vector<const Painting*>& styles, const std::vector<double>& weights) {
  StyledPart part;
  for (size_t i = 0; i < styles.size(); ++i) {
    part.paintings.push_back({styles[i], weights.empty() ? 1.0 : weights[i]});
  }
  return part;
}

// Masks of a smaller size tell enough, unless there is nothing left of them.
std::optional<Areas> reduced_areas(const std::vector<SharedPainting>& styles,
                                   const Regions& regions, const StylizeOptions& o,
                                   const Size& size) {
  try {
    return make_areas(styles, regions, o, with_stroke_side(size, masks_side));
  } catch (const Error&) {
    return {};
  }
}

}  // namespace

Assessment assess(Session& session, const Image& content, const std::vector<Painting>& styles,
                  const StylizeOptions& o, const StylizeResult& result) {
  return assess(session, content, styles, Regions(), o, result);
}

Assessment assess(Session& session, const Image& content, const std::vector<Painting>& styles,
                  const Regions& regions, const StylizeOptions& options,
                  const StylizeResult& result) {
  std::vector<SharedPainting> paintings;
  for (const Painting& style : styles) paintings.emplace_back(SharedPainting(), &style);
  return assess(session, content, paintings, regions, options, result);
}

Assessment assess(Session& session, const Image& content, const std::vector<SharedPainting>& styles,
                  const Regions& regions, const StylizeOptions& options,
                  const StylizeResult& result) {
  return run_in(session, [&] {
    check_regions(content, styles, regions, options);
    refuse_empty(result);
    Against against{&content, {}, {}};
    if (regions.empty()) {
      against.paintings = addresses(styles);
      against.parts = {part_of(against.paintings, options.style_weights)};
      return judge_in_colours(session, against, options, result);
    }
    const std::optional<Areas> areas =
        reduced_areas(styles, regions, options, size_of(result.image));
    StylizeOptions o = options;
    double strengths = 0, shares = 0;
    for (size_t i = 0; areas && i < areas->areas.size(); ++i) {
      const StyleArea& area = areas->areas[i];
      against.parts.push_back(part_of(addresses(area.styles), area.weights));
      against.parts.back().where = &area.mask;
      for (const SharedPainting& style : area.styles) against.paintings.push_back(style.get());
      const double share = share_of_all(area.mask);
      strengths += share * area.strength;
      shares += share;
    }
    if (shares > 0) o.strength = strengths / shares;
    return judge_in_colours(session, against, o, result);
  });
}

Assessment assess_texture(Session& session, const std::vector<Painting>& pictures,
                          const TextureOptions& t, const StylizeResult& result) {
  return run_in(session, [&] {
    StylizeOptions o = t.paint;
    check_pictures(Image(1, 1), headers_of(addresses(pictures)), o);
    refuse_empty(result);
    // A part of it, in which things are as large as in the painting with a side of 256 pixels.
    const double shown = o.style_scale * longer_side(pictures.front());
    const double factor = std::min(1.0, features_side / shown);
    const Image part = middle_of(result.image, static_cast<int>(texture_side / factor));
    const Size size = scaled_to(
        part,
        std::max(1, static_cast<int>(std::lround(factor * std::max(part.width(), part.height())))));
    const Size seen{std::max(size.width, smallest_side), std::max(size.height, smallest_side)};
    o.style_scale = shown * factor / stroke_side(seen);
    return judge(session,
                 {nullptr, addresses(pictures), {part_of(addresses(pictures), o.style_weights)}}, o,
                 result, part, seen, t.tileable);
  });
}

Assessment assess_doodle(Session& session, const DoodlePictures& pictures, const StylizeOptions& o,
                         const StylizeResult& result) {
  return run_in(session, [&] {
    refuse_empty(result);
    const DoodleParts parts =
        read_maps(pictures, with_stroke_side(size_of(result.image), masks_side));
    Against against{pictures.content ? &*pictures.content : nullptr, {&pictures.style}, {}};
    for (size_t i = 0; i < parts.of_style.size(); ++i) {
      if (parts.of_result[i].empty()) continue;
      against.parts.push_back({{{&pictures.style, 1, &parts.of_style[i]}}, &parts.of_result[i]});
    }
    return judge(session, against, o, result, result.image, features_size(result.image));
  });
}

std::vector<std::pair<std::string, double>> scores_of(const Assessment& a) {
  std::vector<std::pair<std::string, double>> scores = {
      {"style", a.style},           {"content", a.content},           {"ssim", a.ssim},
      {"edge_ssim", a.edge_ssim},   {"colour_shift", a.colour_shift}, {"seam", a.seam},
      {"frame", a.frame},           {"checkerboard", a.checkerboard}, {"clipped", a.clipped},
      {"not_finite", a.not_finite}, {"lightness", a.lightness},       {"contrast", a.contrast}};
  std::erase_if(scores, [](const auto& score) { return std::isnan(score.second); });
  return scores;
}

}  // namespace impasto
