#include "impasto/style_file.h"
#include "options/option_table.h"

namespace impasto {

const OptionTable<StyleFileOptions>& style_file_options() {
  using O = StyleFileOptions;
  static const OptionTable<O> table = [] {
    TableBuilder<O> t;
    t.group = "How it is computed";
    t.file("network", &O::network, {}, "NAME|FILE",
           "The encoder that will paint with it (for `method` instant: small)");
    t.number("size", &O::size, 64, 4096, "64..4096",
             "Largest longer side to look at it, in pixels: strokes for results up to it")
        .unit = "px";
    t.choice("precision", &O::precision, "Of features");
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
