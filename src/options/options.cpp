#include <sstream>

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
  LayerWeights layers;
  std::stringstream list(text);
  for (std::string item; std::getline(list, item, ',');) {
    const size_t equals = item.find('=');
    const std::string layer = item.substr(0, equals);
    if (layer.empty()) refuse_value(name, "layers such as relu2_2=0.5,relu4_2=0.5", text);
    for (const auto& [other, weight] : layers) {
      if (other == layer) refuse_value(name, "each layer once", text);
    }
    layers.emplace_back(layer, equals == std::string::npos
                                   ? 1.0
                                   : parse_number(name, item.substr(equals + 1), 0.0, 1e12));
  }
  return layers;
}

std::string text_of_layers(const LayerWeights& layers) {
  std::string text;
  for (const auto& [layer, weight] : layers) {
    text += (text.empty() ? "" : ",") + layer + "=" + text_of(weight);
  }
  return text;
}

// A table's options whose values are layers.
void add_layers(OptionTable& t, const std::string& name, LayerWeights& v, const std::string& help) {
  t.options.push_back({name, "LAYER=W,...", help, t.group, t.method,
                       [&v] { return text_of_layers(v); },
                       [&v, name](const std::string& text) { v = parse_layers(name, text); }});
}

}  // namespace

std::vector<Option> stylize_options(StylizeOptions& o) {
  OptionTable t;
  t.group = "The picture";
  t.choice(
      "quality", o.quality, {"auto", "draft", "good", "best"},
      "draft: at once; good: refined in a few steps; best: takes its time; auto: the best that "
      "is expected within 20 seconds");
  t.number("strength", o.strength, 0, 100, "0..100", "From the photograph to the painting");
  t.method = "optimize";
  t.number(
      "detail", o.detail, 0, 100, "0..100",
      "How much of the photograph's fine detail stays readable; above 50 also its edges, at any "
      "strength");
  t.method = "";
  t.number("style-scale", o.style_scale, 0.1, 4, "0.1..4",
           "Size of the strokes: 2 paints with strokes twice as large");
  t.number("feather", o.feather, -1, 10000, "PIXELS",
           "Masks soften over so many pixels, inwards; -1: in proportion to the result");
  t.choice(
      "colors", o.colors, {"style", "content", "luminance", "match"},
      "Whose colours: style: the painting's; match: the photograph's palette in the "
      "painting's strokes; content: the same, and each thing keeps its colour; luminance: only "
      "light and dark are painted");
  t.number("palette", o.palette, 0, 100, "0..100",
           "From the photograph's palette to the painting's; with luminance: of light and dark");
  t.options.push_back(
      {"size", "PIXELS|WxH|N%",
       "Longer side of the result, or what it fits into (1200x800), or a share of the photograph's "
       "sides (50%); 0: exactly the photograph's size",
       t.group, t.method, [&o] { return o.size.text(); },
       [&o](const std::string& text) { o.size = parse_result_size(text); }});
  t.choice(
      "bits", o.bits, {"auto", "8", "16"},
      "A channel of the result, where its format can (PNG, TIFF, JPEG XL); auto: as many as the "
      "photograph has");
  t.options.push_back({"time", "SECONDS", "Best picture within this time (20s, 2m); 0: no limit",
                       t.group, "optimize", [&o] { return text_of(o.time); },
                       [&o](const std::string& text) { o.time = parse_seconds("time", text); }});
  t.options.push_back({"seed", "N", "Of the noise to start from, and of strokes in flat places",
                       t.group, t.method, [&o] { return std::to_string(o.seed); },
                       [&o](const std::string& text) {
                         o.seed = parse_number<uint64_t>("seed", text, 0, UINT64_MAX);
                       },
                       OptionKind::whole});

  t.group = "How it is computed";
  t.choice(
      "method", o.method, {"auto", "optimize", "instant"},
      "optimize: a descent on the picture; instant: one pass of a network; auto: by --quality");
  t.file("network", o.network, "NAME|FILE", "Encoder: see impasto models list");
  t.options.push_back({"pooling", "max|average", "Instead of the network's own pooling", t.group,
                       "optimize", [&o] { return o.pooling; },
                       [&o](const std::string& text) {
                         if (text != "" && text != "max" && text != "average") {
                           refuse_value("pooling", "max|average", text);
                         }
                         o.pooling = text;
                       }});
  t.choice("precision", o.precision, {"auto", "f32", "bf16"},
           "Of features; auto: bf16 where the processor multiplies it natively");
  t.method = "optimize";
  t.file("start", o.start, "content|noise|instant|FILE", "What the first scale begins with");
  t.choice("unknown", o.unknown, {"pyramid", "pixels"}, "What the optimiser moves");
  t.choice("optimizer", o.optimizer, {"lbfgs", "adam"}, "Method of descent");
  t.whole("iterations", o.iterations, 1, 100000, "N",
          "Steps at each scale up to 512 pixels; larger scales take fewer");
  t.whole("scales", o.scales, 0, 16, "N", "Number of scales; 0: as many as the size asks for");
  t.whole("margin", o.margin, 0, 256, "PIXELS",
          "Painted beyond the frame and cut off, so that borders are like the inside");
  t.number("learning-rate", o.learning_rate, 0, 1000, "R", "0: 1 for lbfgs, 0.03 for adam");
  t.whole("history", o.history, 1, 100, "N", "Pairs that lbfgs remembers");

  t.group = "The objective";
  t.choice(
      "content-loss", o.content_loss, {"normalised", "plain"},
      "plain: squared difference, as Gatys; normalised: per channel, without colour and contrast");
  t.choice("style-loss", o.style_loss, {"w2", "moments", "gram"},
           "Distance of feature statistics; gram as Gatys");
  t.choice("tv-loss", o.tv_loss, {"squared", "absolute"}, "Kind of total variation");
  add_layers(t, "content-layers", o.content_layers,
             "Where content is compared; empty: from --detail");
  add_layers(t, "style-layers", o.style_layers,
             "Where style is compared; empty: relu1_1 to relu5_1");
  t.number("content-weight", o.content_weight, -1, 1e12, "W", "Raw weight; -1: balanced");
  t.number("style-weight", o.style_weight, -1, 1e12, "W", "Raw weight; -1: from --strength");
  t.number("tv-weight", o.tv_weight, -1, 1e12, "W", "Raw weight; -1: balanced");
  t.number("chroma-weight", o.chroma_weight, -1, 1e12, "W",
           "Raw weight of total variation of colour alone; -1: balanced, 0 with --tv-weight");
  return t.options;
}

}  // namespace impasto
