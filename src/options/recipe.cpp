#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/promise.h"
#include "formats/sha256.h"
#include "impasto/doodle.h"
#include "impasto/error.h"
#include "impasto/stylize.h"
#include "impasto/texture.h"
#include "impasto/version.h"
#include "options/option_table.h"
#include "zoo/instant.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

using Json = nlohmann::ordered_json;
namespace fs = std::filesystem;

// Paths as typed would publish the folders that somebody has.
std::string name_of(const std::string& path) {
  return fs::path(path).filename().string();
}

// Never fails: a picture that took minutes is not lost because a file went away meanwhile.
Json described_file(const StylizeFiles& files, const std::string& path) {
  const auto other = files.names.find(path);
  Json file = {{"name", other != files.names.end() ? other->second : name_of(path)}};
  const auto known = files.sha256.find(path);
  try {
    file["sha256"] = known != files.sha256.end() ? known->second : sha256_hex_of_file(path);
  } catch (const Error&) {
    file["sha256"] = nullptr;
  }
  return file;
}

// Which defaults these are: counted up when one that recipes hold changes its value or its form.
constexpr int defaults_number = 4;

// The first defaults said "" or a number out of range where "auto" is said now.
std::string said_today(const OptionInfo& option, const std::string& value) {
  const auto& words = option.choices;
  const bool may_be_automatic = std::find(words.begin(), words.end(), automatic) != words.end();
  const bool was = value.empty() || value == "-1" || (value == "0" && option.low > 0);
  return may_be_automatic && was ? automatic : value;
}

// A negative one was none, before.
std::optional<double> strength_of(const Json& value) {
  if (value.is_null() || value.get<double>() < 0) return {};
  return value.get<double>();
}

// What every recipe begins and ends with.
Json begun(const char* command, const StylizeResult& result) {
  return {{"program", "impasto"},
          {"version", version()},
          {"command", command},
          {"network_sha256", result.network_sha256},
          {"precision", name_of(result.precision)},
          {"defaults", defaults_number}};
}
template <class Options>
std::string ended(Json& recipe, const OptionTable<Options>& table, const Options& options,
                  const StylizeResult& result) {
  for (const Option<Options>& option : table) {
    const std::string value = option.get(options);
    recipe["options"][option.name] = option.kind == OptionKind::file ? name_of(value) : value;
  }
  recipe["options"]["threads"] = std::to_string(result.threads);
  if (!result.losses.empty()) {
    for (const auto& [term, value] : result.losses.back().terms) recipe["losses"][term] = value;
  }
  recipe["seconds"] = result.seconds;
  return json_text(recipe);
}

// Where a recipe's files may be now, and what is to be said of them.
class Finder {
 public:
  Finder(const std::vector<std::string>& folders, std::vector<std::string>& notes)
      : folders_(folders), notes_(notes) {}

  // `instead`: what names another on the command line.
  std::string file(const Json& described, const std::string& what,
                   const std::string& instead) const {
    const std::string name = name_of(described.at("name").get<std::string>());
    const Json& sha256 = described.at("sha256");
    std::string changed;
    for (const std::string& path : candidates(name)) {
      if (sha256 == sha256_hex_of_file(path)) return path;
      if (changed.empty()) changed = path;
    }
    if (changed.empty()) {
      throw Error(ErrorCode::input, what + " " + name + " is not in " + places() + " (" + instead +
                                        " names it elsewhere)");
    }
    notes_.push_back(changed + ": has changed since the recipe was written");
    return changed;
  }

  // An option's value, which may be a word.
  std::string value(const std::string& saved) const {
    if (!fs::path(saved).has_extension()) return saved;
    const std::vector<std::string> found = candidates(name_of(saved));
    return found.empty() ? name_of(saved) : found.front();
  }

 private:
  // Ordinary files alone: a recipe comes from anywhere, and reading a device may never end.
  std::vector<std::string> candidates(const std::string& name) const {
    std::vector<std::string> paths;
    for (const std::string& folder : folders_) {
      const std::string path = (fs::path(folder) / name).string();
      std::error_code ignored;
      if (fs::is_regular_file(path, ignored)) paths.push_back(path);
    }
    return paths;
  }
  std::string places() const {
    std::string text;
    for (const std::string& folder : folders_) {
      text += (text.empty() ? "" : " or ") + (folder.empty() ? "the current folder" : folder);
    }
    return text;
  }

  const std::vector<std::string>& folders_;
  std::vector<std::string>& notes_;
};

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
                                 {"strength", part.strength ? Json(*part.strength) : Json()}});
  }
  StylizeOptions copy = options;
  // What was picked, so that another machine does not pick another.
  if (copy.method == Method::automatic && result.quality != Quality::automatic) {
    copy.quality = result.quality;
  }
  return ended(recipe, stylize_options(), copy, result);
} catch (...) {
  rethrow_as_error();
}

std::string make_doodle_recipe(const DoodleFiles& files, const StylizeOptions& options,
                               const StylizeResult& result) try {
  Json recipe = begun("doodle", result);
  StylizeFiles named;
  named.names = files.names;
  recipe["style"] = described_file(named, files.style);
  recipe["style_map"] = described_file(named, files.style_map);
  recipe["map"] = described_file(named, files.map);
  if (!files.content.empty()) recipe["content"] = described_file(named, files.content);
  return ended(recipe, doodle_options(), options, result);
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
  return ended(recipe, texture_options(), options, result);
} catch (...) {
  rethrow_as_error();
}

// Those that are not given already.
static void find_files(const Json& recipe, const Finder& finder, StylizeFiles& files,
                       StylizeOptions& options) {
  if (files.content.empty()) {
    files.content = finder.file(recipe.at("content"), "the photograph", "PHOTO");
  }
  if (files.styles.empty()) {
    for (const Json& style : recipe.at("styles")) {
      files.styles.push_back(finder.file(style, "the painting", "`style`"));
    }
    options.style_weights = recipe.at("style_weights").get<std::vector<double>>();
  }
  if (recipe.contains("mask") && files.regions.mask.empty()) {
    files.regions.mask = finder.file(recipe.at("mask"), "the mask", "`mask`");
  }
  if (!files.regions.parts.empty()) return;
  for (const Json& part : recipe.value("regions", Json::array())) {
    files.regions.parts.push_back({finder.file(part.at("mask"), "the mask", "`region`"),
                                   finder.file(part.at("style"), "the painting", "`region`"),
                                   strength_of(part.at("strength"))});
  }
}

void read_recipe_options(const std::string& text, const std::vector<std::string>& folders,
                         StylizeFiles& files, StylizeOptions& options, SessionOptions& session,
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
    const Finder finder(folders, notes);
    find_files(recipe, finder, files, options);
    const Json& saved = recipe.at("options");
    const bool nothing = files.styles.empty() && files.regions.parts.empty();
    if (nothing || !saved.is_object()) {
      throw Error(ErrorCode::input, "the recipe is damaged");
    }
    const int of_defaults = recipe.value("defaults", 1);
    if (of_defaults != defaults_number) {
      notes.push_back("the recipe was written with other defaults (" + std::to_string(of_defaults) +
                      ", now " + std::to_string(defaults_number) +
                      "): what it does not say may be painted otherwise");
    }
    const auto take = [&](const auto& table, auto& into) {
      for (const auto& option : table) {
        if (!saved.contains(option.name)) continue;
        std::string value = saved.at(option.name);
        if (of_defaults == 1) value = said_today(option, value);
        option.set(into, option.kind == OptionKind::file ? finder.value(value) : value);
      }
    };
    take(stylize_options(), options);
    take(session_options(), session);
    const bool at_once = options.method == Method::instant;
    compare_network(recipe.at("network_sha256"),
                    at_once ? instant_network(options.network) : options.network, notes);
  } catch (const Json::exception&) {
    throw Error(ErrorCode::input, "the recipe is damaged");
  }
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
