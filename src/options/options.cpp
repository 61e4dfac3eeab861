#include "impasto/stylize.h"
#include "options/option_table.h"

namespace impasto {

namespace {

// "20", "20s", "1.5m" -> seconds.
double parse_seconds(const std::string& name, std::string text) {
  double unit = 1;
  if (!text.empty() && (text.back() == 's' || text.back() == 'm')) {
    unit = text.back() == 'm' ? 60 : 1;
    text.pop_back();
  }
  return unit * parse_number(name, text, 0.0, 1e6);
}

// "relu2_2=0.5,relu4_2" -> pairs; a layer without a weight has 1.
LayerWeights parse_layers(const std::string& name, const std::string& text) {
  const std::string example = "relu2_2=0.5,relu4_2=0.5";
  LayerWeights layers;
  for (const std::string& item : listed_layers(name, text, example)) {
    const size_t equals = item.find('=');
    const std::string layer = item.substr(0, equals);
    if (layer.empty()) refuse_value(name, "layers such as " + example, text);
    for (const auto& [other, weight] : layers) {
      if (other == layer) refuse_value(name, "each layer once", text);
    }
    layers.emplace_back(layer, equals == std::string::npos
                                   ? 1.0
                                   : parse_number(name, item.substr(equals + 1), 0.0, 1e12));
  }
  return layers;
}

std::string text_of_weighted(const LayerWeights& layers) {
  std::vector<std::string> items;
  for (const auto& [layer, weight] : layers) items.push_back(layer + "=" + text_of(weight));
  return text_of_layers(items);
}

using Builder = TableBuilder<StylizeOptions>;

void add_layers(Builder& t, const std::string& name, LayerWeights StylizeOptions::*v,
                const std::string& help) {
  t.add(
      name, "LAYER=W,...", help, [v](const StylizeOptions& o) { return text_of_weighted(o.*v); },
      [v, name](StylizeOptions& o, const std::string& text) { o.*v = parse_layers(name, text); });
}

void add_picture(Builder& t) {
  using O = StylizeOptions;
  t.group = "The picture";
  t.choice("quality", &O::quality,
           "draft: in a second or two; good: refined in some; best: takes its time; auto: the best "
           "that is expected within 20 seconds");
  t.number("strength", &O::strength, 0, 100, "0..100", "From the photograph to the painting");
  t.number("match", &O::match, 0, 100, "0..100",
           "How much each thing is painted like what resembles it in the painting, a sky like its "
           "sky, not all in one manner")
      .methods = {Method::optimize};
  t.number("detail", &O::detail, 0, 100, "0..100",
           "How much of the photograph's fine detail stays readable; above 50 also its edges, at "
           "any strength")
      .methods = {Method::optimize};
  t.number("style-scale", &O::style_scale, 0.1, 4, "0.1..4",
           "Size of the strokes: 2 paints with strokes twice as large");
  t.number("feather", &O::feather, 0, 10000, "PIXELS",
           "Masks soften over so many pixels, inwards; auto: in proportion to the result")
      .unit = "px";
  t.choice("colors", &O::colors,
           "Whose colours: style: the painting's; match: the photograph's palette in the "
           "painting's strokes; content: the same, and each thing keeps its colour; luminance: "
           "only light and dark are painted");
  t.number("palette", &O::palette, 0, 100, "0..100",
           "From the photograph's palette to the painting's; with luminance: of light and dark");
  t.add(
      "size", "PIXELS|WxH|N%",
      "Longer side of the result, or what it fits into (1200x800), or a share of the photograph's "
      "sides (50%); 0: exactly the photograph's size",
      [](const O& o) { return o.size.text(); },
      [](O& o, const std::string& text) { o.size = parse_result_size(text); });
  auto& bits = t.add(
      "bits", "auto|8|16",
      "A channel of the result, where its format can (PNG, TIFF, JPEG XL); auto: as many as the "
      "photograph has",
      [](const O& o) { return o.bits ? std::to_string(*o.bits) : automatic; },
      [](O& o, const std::string& text) {
        if (text != automatic && text != "8" && text != "16") {
          refuse_value("bits", "auto|8|16", text);
        }
        o.bits = text == automatic ? std::nullopt : std::optional(text == "16" ? 16 : 8);
      });
  bits.kind = OptionKind::choice;
  bits.choices = {automatic, "8", "16"};
  auto& time = t.add(
      "time", "SECONDS", "Best picture within this time (20s, 2m); 0: no limit",
      [](const O& o) { return text_of(o.time); },
      [](O& o, const std::string& text) { o.time = parse_seconds("time", text); });
  time.unit = "s";
  time.methods = {Method::optimize};
  t.number("seed", &O::seed, 0, 0x1p64, "N",
           "Of the noise to start from, and of strokes in flat places");
}

void add_computation(Builder& t) {
  using O = StylizeOptions;
  t.group = "How it is computed";
  t.choice(
      "method", &O::method,
      "optimize: a descent on the picture; instant: one pass of a network; auto: by `quality`");
  t.file("network", &O::network, {}, "NAME|FILE", "Encoder: see impasto models list");
  t.choice("pooling", &O::pooling, "auto: the network's own").methods = {Method::optimize};
  t.choice("precision", &O::precision,
           "Of features; auto: bf16 where the processor multiplies it natively");
  t.methods = {Method::optimize};
  t.file("start", &O::start, {automatic, "content", "noise", "instant"},
         "auto|content|noise|instant|FILE",
         "What the first scale begins with; auto: instant, with another encoder content");
  t.choice("unknown", &O::unknown, "What the optimiser moves");
  t.choice("optimizer", &O::optimizer, "Method of descent");
  t.number("iterations", &O::iterations, 1, 100000, "N",
           "Steps at the scale of 512 pixels; others take fewer");
  t.number("scales", &O::scales, 1, 16, "N",
           "Number of scales; auto: as many as the size asks for");
  t.number("margin", &O::margin, 0, 256, "PIXELS",
           "Painted beyond the frame and cut off, so that borders are like the inside")
      .unit = "px";
  t.number("learning-rate", &O::learning_rate, 1e-9, 1000, "R",
           "Of a step; auto: 1 for lbfgs, 0.03 for adam");
  t.number("history", &O::history, 1, 100, "N", "Pairs that lbfgs remembers");
}

void add_objective(Builder& t) {
  using O = StylizeOptions;
  t.group = "The objective";
  t.choice("content-loss", &O::content_loss,
           "plain: squared difference, as Gatys; normalised: per channel, without colour and "
           "contrast");
  t.choice("style-loss", &O::style_loss, "Distance of feature statistics; gram as Gatys");
  t.choice("tv-loss", &O::tv_loss, "Kind of total variation");
  add_layers(t, "content-layers", &O::content_layers,
             "Where content is compared; empty: from `detail`");
  add_layers(t, "style-layers", &O::style_layers,
             "Where style is compared; empty: relu1_1 to relu4_1");
  t.number("content-weight", &O::content_weight, 0, 1e12, "W", "Raw weight; auto: balanced");
  t.number("style-weight", &O::style_weight, 0, 1e12, "W", "Raw weight; auto: from `strength`");
  t.number("tv-weight", &O::tv_weight, 0, 1e12, "W", "Raw weight; auto: balanced");
  t.number("chroma-weight", &O::chroma_weight, 0, 1e12, "W",
           "Raw weight of total variation of colour alone; auto: balanced, 0 with `tv-weight`");
}

}  // namespace

const OptionTable<StylizeOptions>& stylize_options() {
  static const OptionTable<StylizeOptions> table = [] {
    Builder t;
    add_picture(t);
    add_computation(t);
    add_objective(t);
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
