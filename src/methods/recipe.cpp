#include <nlohmann/json.hpp>

#include "formats/sha256.h"
#include "impasto/error.h"
#include "impasto/stylize.h"
#include "impasto/version.h"

namespace impasto {

namespace {

using Json = nlohmann::ordered_json;

Json described_file(const std::string& path) {
  return {{"path", path}, {"sha256", sha256_hex_of_file(path)}};
}

// A file that the recipe names, checked against what it was then.
std::string named_file(const Json& file, std::vector<std::string>& notes) {
  const std::string path = file.at("path");
  if (sha256_hex_of_file(path) != file.at("sha256")) {
    notes.push_back(path + ": has changed since the recipe was written");
  }
  return path;
}

}  // namespace

std::string make_recipe(const StylizeFiles& files, const StylizeOptions& options,
                        const StylizeResult& result) {
  Json recipe = {{"program", "impasto"},
                 {"version", version()},
                 {"command", "stylize"},
                 {"content", described_file(files.content)},
                 {"network_sha256", result.network_sha256},
                 {"precision", result.precision}};
  for (const std::string& style : files.styles) recipe["styles"].push_back(described_file(style));
  recipe["style_weights"] = options.style_weights;
  StylizeOptions copy = options;
  for (const Option& option : stylize_options(copy)) recipe["options"][option.name] = option.get();
  if (!result.losses.empty()) {
    for (const auto& [term, value] : result.losses.back().terms) recipe["losses"][term] = value;
  }
  recipe["seconds"] = result.seconds;
  return recipe.dump();
}

void read_recipe_options(const std::string& text, StylizeFiles& files, StylizeOptions& options,
                         std::vector<std::string>& notes) {
  try {
    const Json recipe = Json::parse(text);
    if (recipe.at("program") != "impasto" || recipe.at("command") != "stylize") {
      throw Error(ErrorCode::input, "the recipe is not one of impasto stylize");
    }
    if (recipe.at("version") != version()) {
      notes.push_back("the recipe was written by impasto " +
                      recipe.at("version").get<std::string>() + ", this is " + version());
    }
    files.content = named_file(recipe.at("content"), notes);
    files.styles.clear();
    for (const Json& style : recipe.at("styles")) files.styles.push_back(named_file(style, notes));
    options.style_weights = recipe.at("style_weights").get<std::vector<double>>();
    for (const Option& option : stylize_options(options)) {
      const auto& saved = recipe.at("options");
      if (saved.contains(option.name)) option.set(saved.at(option.name).get<std::string>());
    }
  } catch (const Json::exception&) {
    throw Error(ErrorCode::input, "the recipe is damaged");
  }
}

}  // namespace impasto
