#include "impasto/result_options.h"

#include "options/option_table.h"

namespace impasto {

const OptionTable<ResultOptions>& result_options() {
  using O = ResultOptions;
  static const OptionTable<O> table = [] {
    TableBuilder<O> t;
    t.group = "The file";
    t.add(
        "format", "jpg|png|...",
        "Of the results in a folder, or of standard output; else each photograph's own",
        [](const O& o) { return o.format; },
        [](O& o, const std::string& text) {
          o.format = text.substr(text.starts_with('.') ? 1 : 0);
        });
    t.number("output-quality", &O::quality, 1, 100, "1..100",
             "How exactly JPEG, WebP, AVIF, HEIF and JPEG XL keep the result");
    t.flag("no-recipe", &O::no_recipe, "Embed nothing that tells how the result was made");
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
