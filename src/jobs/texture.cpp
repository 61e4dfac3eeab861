// Only the style: Gatys, Ecker and Bethge 2015.

#include "impasto/texture.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "base/random.h"
#include "canvas/joined.h"
#include "canvas/picture.h"
#include "canvas/strip.h"
#include "canvas/weighted_style.h"
#include "colour/palette.h"
#include "descent/optimize.h"
#include "image/oklab.h"
#include "image/resize.h"
#include "impasto/error.h"
#include "jobs/plan_parts.h"
#include "options/checks.h"
#include "options/sides.h"
#include "zoo/session.h"

namespace impasto {

namespace {

const std::set<std::string> obeyed = {
    "style-scale", "time",         "seed",   "network",    "pooling",       "precision",
    "unknown",     "optimizer",    "scales", "iterations", "learning-rate", "history",
    "style-loss",  "style-layers", "bits",   "tv-loss",    "tv-weight",     "chroma-weight"};

Size parse_size(const std::string& text) {
  const std::optional<Size> size = parse_sides(text);
  if (size) return *size;
  throw Error(ErrorCode::usage, "size: expected WIDTHxHEIGHT, 1 to " +
                                    std::to_string(largest_side) + " pixels each, found '" + text +
                                    "'");
}

// Every pixel by itself in the colours of one of the pictures.
Image coloured_noise(const std::vector<WeightedStyle>& pictures, const Size& size, uint64_t seed) {
  std::vector<ColourMap> colours;
  double sum = 0;
  for (const WeightedStyle& p : pictures) {
    colours.push_back(from_standard(palette_of(*p.image)));
    sum += p.weight;
  }
  Image noise(size.width, size.height);
  Random random(seed);
  for (int64_t i = 0; i < int64_t{3} * size.width * size.height; i += 3) {
    double at = random.uniform() * sum;
    size_t one = 0;
    while (one + 1 < pictures.size() && (at -= pictures[one].weight) >= 0) ++one;
    float* pixel = noise.data() + i;
    for (int c = 0; c < 3; ++c) pixel[c] = static_cast<float>(random.normal());
    colours[one].apply(pixel, 1);
  }
  from_oklab(noise.data(), int64_t{size.width} * size.height, noise.data());
  return noise;
}

// The engine that paints tiles.
std::shared_ptr<Engine> tiles_engine(Session& session, const StylizeOptions& o) {
  return session.impl().kept.get<Engine>("tiles " + engine_key(o), [&] {
    auto engine = std::make_shared<Engine>(open_engine(o));
    join_borders(*engine);
    return engine;
  });
}

// What is given to the optimiser.
struct Wanted {
  Wanted(Session& s, std::vector<PaintingHeader> given, const TextureOptions& options)
      : session(s), pictures(std::move(given)) {
    const TextureOptions& t = options;
    check_ranges(texture_options(), t);
    o = t.paint;
    check_pictures(any, pictures, o);
    const StylizeOptions defaults;
    o.strength = defaults.strength;
    o.detail = defaults.detail;
    o.content_weight = 0;
    o.start = "noise";
    size = {t.width, t.height};
    check_size(size, text_of(size));
    // A tile is painted somewhat larger than it will be, and the smallest much.
    const Size painted =
        t.tileable ? Size{joined_side(size.width), joined_side(size.height)} : size;
    o.style_scale *= longer_side(pictures[0]) / static_cast<double>(stroke_side(painted));
    if (t.tileable) o.margin = 0;
    engine = t.tileable ? tiles_engine(session, o) : engine_of(session, o);
    bits = result_bits(pictures[0], o);
  }

  Job job(size_t decoding_bytes, const std::string& output) const {
    Descent d;
    d.size = size;
    d.styles = {pictures};
    d.budget = budget_of(session);
    for (const PictureHeader& picture : pictures) {
      d.given_bytes += given_bytes(picture, Storage::memory);
    }
    d.decoding_bytes = decoding_bytes;
    // A tile's borders are joined in a copy.
    d.beside_bytes = [this](const Size& at) {
      return engine->joined ? colour_bytes(at, Samples::f32, Storage::memory) : 0;
    };
    d.bits = bits;
    d.output = output;
    d.size_text = [](const Size& at) { return text_of(at); };
    return make_job(*engine, d, o);
  }

  Session& session;
  const std::vector<PaintingHeader> pictures;
  const Image any = Image(1, 1);  // there is no photograph
  StylizeOptions o;
  Size size{0, 0};
  std::shared_ptr<Engine> engine;
  int bits = 8;
};

}  // namespace

const OptionTable<TextureOptions>& texture_options() {
  static const OptionTable<TextureOptions> table = [] {
    OptionTable<TextureOptions> all = lifted(stylize_options(), &TextureOptions::paint);
    std::erase_if(all, [](const OptionInfo& option) { return !obeyed.contains(option.name); });
    for (OptionInfo& option : all) {
      option.methods = {Method::optimize};  // there is but one
      if (option.name == "style-scale") {
        option.help = "Size of what the texture shows: 1 as in the first picture, pixel for pixel";
      }
    }
    TableBuilder<TextureOptions> own;
    own.group = "The picture";
    own.add(
        "size", "WxH", "Of the texture in pixels; one number is a square",
        [](const TextureOptions& o) {
          return text_of(Size{o.width, o.height});
        },
        [](TextureOptions& o, const std::string& text) {
          const Size sides = parse_size(text);
          o.width = sides.width;
          o.height = sides.height;
        });
    own.flag("tileable", &TextureOptions::tileable, "Opposite borders fit together");
    OptionTable<TextureOptions> made = std::move(own).table();
    made.insert(made.end(), all.begin(), all.end());
    return with_initial(std::move(made), TextureOptions());
  }();
  return table;
}

Job plan_texture(Session& session, const std::vector<PaintingHeader>& pictures,
                 const TextureOptions& options, const std::string& output) {
  return run_in(session, [&] {
    size_t decoding = 0;
    for (const PictureHeader& picture : pictures) {
      decoding = std::max(decoding, picture.decoding_bytes);
    }
    const Wanted wanted(session, pictures, options);
    if (!options.tileable) measure_step_speed(wanted.o, *wanted.engine);
    return wanted.job(decoding, output);
  });
}

StylizeResult texture(Session& session, const std::vector<Painting>& pictures,
                      const TextureOptions& options, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    const Wanted wanted(session, headers_of(addresses(pictures)), options);
    const std::vector<WeightedStyle> styles = weighted(addresses(pictures), wanted.o);
    const Job job = wanted.job(0, "");
    const auto start = [&](const Image& like) {
      return coloured_noise(styles, size_of(like), wanted.o.seed);
    };
    StylizeResult result = optimize(*wanted.engine, wanted.any, styles, job.size, wanted.o,
                                    job.stages, start, spend_engine(session), progress);
    result.quality = Quality::best;
    result.threads = session.options().threads;
    result.planned_bytes = job.peak_bytes;
    result.image.bits = wanted.bits;
    return result;
  });
}

}  // namespace impasto
