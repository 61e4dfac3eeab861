#include "impasto/inspect.h"

#include "options/option_table.h"

namespace impasto {

const OptionTable<InspectOptions>& inspect_options() {
  using O = InspectOptions;
  static const OptionTable<O> table = [] {
    TableBuilder<O> t;
    t.group = "What is shown";
    t.file("network", &O::network, {}, "NAME|FILE", "Encoder: see impasto models list");
    t.add(
        "layers", "LAYER,...", "Taps to show; empty: relu1_1, relu2_1, ..., and relu4_2",
        [](const O& o) { return text_of_layers(o.layers); },
        [](O& o, const std::string& text) {
          o.layers = listed_layers("layers", text, "relu2_2,relu4_2");
        });
    t.number("channels", &O::channels, 1, 512, "N", "Strongest channels to show of each tap");
    t.choice("statistic", &O::statistic, "Matrix to show of each tap");
    t.choice("map", &O::map, "Colours of the feature maps");
    t.number("size", &O::size, 8, 2048, "PIXELS", "Larger pictures are reduced to this longer side")
        .unit = "px";
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
