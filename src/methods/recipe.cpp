#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/promise.h"
#include "formats/sha256.h"
#include "impasto/doodle.h"
#include "impasto/error.h"
#include "impasto/stylize.h"
#include "impasto/texture.h"
#include "impasto/version.h"
#include "zoo/instant.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

using Json = nlohmann::ordered_json;

// Never fails: a picture that took minutes is not lost because a file went away meanwhile.
Json described_file(const StylizeFiles& files, const std::string& path) {
  Json file = {{"path", path}};
  const auto known = files.sha256.find(path);
  try {
    file["sha256"] = known != files.sha256.end() ? known->second : sha256_hex_of_file(path);
  } catch (const Error&) {
    file["sha256"] = nullptr;
  }
  return file;
}

// What every recipe begins and ends with.
Json begun(const char* command, const StylizeResult& result) {
  return {{"program", "impasto"},
          {"version", version()},
          {"command", command},
          {"network_sha256", result.network_sha256},
          {"precision", result.precision}};
}
std::string ended(Json& recipe, const std::vector<Option>& options, const StylizeResult& result) {
  for (const Option& option : options) recipe["options"][option.name] = option.get();
  if (!result.losses.empty()) {
    for (const auto& [term, value] : result.losses.back().terms) recipe["losses"][term] = value;
  }
  recipe["seconds"] = result.seconds;
  return json_text(recipe);
}

// A file that the recipe names, checked against what it was then. One that is missing is somebody
// else's error: the caller may have another in its place.
std::string named_file(const Json& file, std::vector<std::string>& notes) {
  const std::string path = file.at("path");
  std::string now;
  try {
    now = sha256_hex_of_file(path);
  } catch (const Error& e) {
    notes.emplace_back(e.what());
    return path;
  }
  if (file.at("sha256") != now) {
    notes.push_back(path + ": has changed since the recipe was written");
  }
  return path;
}

void compare_network(const Json& sha256, const std::string& network,
                     std::vector<std::string>& notes) {
  try {
    if (sha256 != sha256_of(locate_network(network))) {
      notes.push_back("network " + network + ": is another one than when the recipe was written");
    }
  } catch (const Error&) {
    // Missing: whoever opens it says so.
  }
}

}  // namespace

std::string make_recipe(const StylizeFiles& files, const StylizeOptions& options,
                        const StylizeResult& result) try {
  Json recipe = begun("stylize", result);
  recipe["content"] = described_file(files, files.content);
  for (const std::string& style : files.styles) {
    recipe["styles"].push_back(described_file(files, style));
  };
  if (files.styles.empty()) recipe["styles"] = Json::array();
  recipe["style_weights"] = options.style_weights;
  if (!files.regions.mask.empty()) recipe["mask"] = described_file(files, files.regions.mask);
  for (const RegionFiles::Part& part : files.regions.parts) {
    recipe["regions"].push_back({{"mask", described_file(files, part.mask)},
                                 {"style", described_file(files, part.style)},
                                 {"strength", part.strength}});
  }
  StylizeOptions copy = options;
  // What was picked, so that another machine does not pick another.
  if (copy.method == "auto" && !result.quality.empty()) copy.quality = result.quality;
  return ended(recipe, stylize_options(copy), result);
} catch (...) {
  rethrow_as_error();
}

std::string make_doodle_recipe(const DoodleFiles& files, const StylizeOptions& options,
                               const StylizeResult& result) try {
  Json recipe = begun("doodle", result);
  recipe["style"] = described_file({}, files.style);
  recipe["style_map"] = described_file({}, files.style_map);
  recipe["map"] = described_file({}, files.map);
  if (!files.content.empty()) recipe["content"] = described_file({}, files.content);
  StylizeOptions copy = options;
  return ended(recipe, doodle_options(copy), result);
} catch (...) {
  rethrow_as_error();
}

std::string make_texture_recipe(const StylizeFiles& files, const TextureOptions& options,
                                const StylizeResult& result) try {
  Json recipe = begun("texture", result);
  for (const std::string& picture : files.styles) {
    recipe["pictures"].push_back(described_file(files, picture));
  }
  recipe["weights"] = options.paint.style_weights;
  recipe["tileable"] = options.tileable;
  TextureOptions copy = options;
  return ended(recipe, texture_options(copy), result);
} catch (...) {
  rethrow_as_error();
}

void read_recipe_options(const std::string& text, StylizeFiles& files, StylizeOptions& options,
                         std::vector<std::string>& notes) try {
  try {
    const Json recipe = Json::parse(text);
    const std::string command = recipe.at("command");
    if (recipe.at("program") != "impasto" || command != "stylize") {
      throw Error(ErrorCode::input,
                  command == "texture" || command == "doodle"
                      ? "the recipe is one of impasto " + command +
                            ", which paints it again from the files and options that it names"
                      : "the recipe is not one of impasto stylize");
    }
    if (recipe.at("version") != version()) {
      notes.push_back("the recipe was written by impasto " +
                      recipe.at("version").get<std::string>() + ", this is " + version());
    }
    files.content = named_file(recipe.at("content"), notes);
    files.styles.clear();
    for (const Json& style : recipe.at("styles")) files.styles.push_back(named_file(style, notes));
    files.regions = {};
    if (recipe.contains("mask")) files.regions.mask = named_file(recipe.at("mask"), notes);
    for (const Json& part : recipe.value("regions", Json::array())) {
      files.regions.parts.push_back({named_file(part.at("mask"), notes),
                                     named_file(part.at("style"), notes),
                                     part.at("strength").get<double>()});
    }
    options.style_weights = recipe.at("style_weights").get<std::vector<double>>();
    const Json& saved = recipe.at("options");
    const bool nothing = files.styles.empty() && files.regions.parts.empty();
    if (nothing || !saved.is_object()) {
      throw Error(ErrorCode::input, "the recipe is damaged");
    }
    for (const Option& option : stylize_options(options)) {
      if (saved.contains(option.name)) option.set(saved.at(option.name).get<std::string>());
    }
    const bool at_once = options.method == "instant" || options.quality == "draft";
    compare_network(recipe.at("network_sha256"),
                    at_once ? instant_network(options.network) : options.network, notes);
  } catch (const Json::exception&) {
    throw Error(ErrorCode::input, "the recipe is damaged");
  }
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
