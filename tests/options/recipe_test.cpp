#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "formats/expect_error.h"
#include "formats/sha256.h"
#include "image/samples.h"
#include "impasto/doodle.h"
#include "impasto/stylize.h"
#include "impasto/texture.h"

namespace impasto::test {
namespace {

using Notes = std::vector<std::string>;

class Recipe : public testing::Test {
 protected:
  Recipe() {
    store(files_.content, "a photograph");
    store(files_.styles[0], "a painting");
    store(files_.styles[1], "another");
    store(network_, "weights");
    options_.network = network_;
    options_.strength = 61.25;
    options_.style_weights = {1, 0.1};
    options_.style_layers = {{"relu2_1", 1.0 / 3}, {"relu4_1", 2}};
    options_.seed = 1ull << 63;
    result_.network_sha256 = sha256_hex_of_file(network_);
    result_.precision = Precision::bf16;
    result_.threads = 3;
    result_.losses = {{64, 1, {{"content", 3}}}, {64, 2, {{"content", 2}, {"style", 1.5}}}};
  }
  std::string recipe() const { return make_recipe(files_, options_, result_); }
  Notes notes_of(const std::string& recipe) {
    StylizeFiles files;
    StylizeOptions options;
    Notes notes;
    read_recipe_options(recipe, folders_, files, options, session_, notes);
    return notes;
  }
  void expect_refused(const std::string& recipe, const std::string& part = "recipe") {
    expect_error(ErrorCode::input, part, [&] { notes_of(recipe); });
  }

  TempFolder folder_;
  std::string network_ = folder_ / "net.safetensors";
  StylizeFiles files_{folder_ / "photo.jpg", {folder_ / "a \"b\" ü.png", folder_ / "c.tif"}};
  StylizeOptions options_;
  StylizeResult result_;
  SessionOptions session_;
  Notes folders_ = {folder_.path()};
};

TEST_F(Recipe, GivesBackFilesAndOptions) {
  StylizeFiles files;
  StylizeOptions options;
  options.detail = 3;
  Notes notes;
  read_recipe_options(recipe(), folders_, files, options, session_, notes);
  EXPECT_EQ(files.content, files_.content);
  EXPECT_EQ(files.styles, files_.styles);
  EXPECT_EQ(session_.threads, 3);
  EXPECT_EQ(options.style_weights, options_.style_weights);
  for (const auto& option : stylize_options()) {
    EXPECT_EQ(option.get(options), option.get(options_)) << option.name;
  }
  EXPECT_EQ(options.style_layers, options_.style_layers) << "to the last bit";
  EXPECT_TRUE(notes.empty());
}

// The first defaults had no number, and said what is left to the program with -1, 0 or nothing.
TEST_F(Recipe, ReadsThoseOfOtherDefaults) {
  auto json = nlohmann::json::parse(recipe());
  EXPECT_EQ(json.at("defaults"), 4);
  json.erase("defaults");
  for (const char* name : {"feather", "tv-weight", "style-weight"}) json["options"][name] = "-1";
  for (const char* name : {"scales", "learning-rate"}) json["options"][name] = "0";
  json["options"]["pooling"] = "";
  json["options"]["content-weight"] = "0";
  StylizeFiles files;
  StylizeOptions options;
  options.scales = 7;
  Notes notes;
  read_recipe_options(json.dump(), folders_, files, options, session_, notes);
  EXPECT_FALSE(options.feather || options.tv_weight || options.style_weight || options.scales ||
               options.learning_rate || options.pooling);
  EXPECT_EQ(options.content_weight, 0) << "which is a weight";
  EXPECT_EQ(options.strength, options_.strength);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("other defaults (1, now 4)"), std::string::npos) << notes[0];
}

TEST_F(Recipe, TellsWhatWasDone) {
  const auto json = nlohmann::json::parse(recipe());
  EXPECT_EQ(json.at("program"), "impasto");
  EXPECT_EQ(json.at("precision"), "bf16");
  EXPECT_EQ(json.at("content").at("sha256"), sha256_hex_of_file(files_.content));
  EXPECT_EQ(json.at("losses").at("style"), 1.5);
}

TEST_F(Recipe, NotesWhatHasChanged) {
  const std::string before = recipe();
  store(files_.styles[1], "something else");
  EXPECT_EQ(notes_of(before),
            Notes{files_.styles[1] + ": has changed since the recipe was written"});
  store(files_.styles[1], "another");
  store(network_, "trained on");
  EXPECT_EQ(notes_of(before),
            Notes{"network " + network_ + ": is another one than when the recipe was written"});
}

TEST_F(Recipe, TellsNoFolder) {
  options_.start = folder_ / "start.png";
  files_.regions = {folder_ / "mask.png", {{folder_ / "part.png", folder_ / "c.tif", 5}}};
  StylizeOptions copy = options_;
  const std::string all[] = {
      recipe(), make_texture_recipe(files_, {.paint = copy}, result_),
      make_doodle_recipe({files_.content, files_.content, files_.content, files_.content}, copy,
                         result_)};
  for (const std::string& text : all) {
    EXPECT_EQ(text.find(folder_.path()), std::string::npos) << text;
    EXPECT_EQ(text.find('/'), std::string::npos) << text;
    EXPECT_NE(text.find("\"name\":\""), std::string::npos) << text;
  }
  const auto json = nlohmann::json::parse(all[0]);
  EXPECT_EQ(json.at("options").at("start"), "start.png");
  EXPECT_EQ(json.at("options").at("network"), "net.safetensors");
  EXPECT_EQ(json.at("regions").at(0).at("mask").at("name"), "part.png");
}

TEST_F(Recipe, NamesWhatIsMissing) {
  const std::string before = recipe();
  std::filesystem::remove(files_.content);
  expect_error(ErrorCode::input, "the photograph photo.jpg is not in " + folder_.path() + " (PHOTO",
               [&] { notes_of(before); });
  folders_ = {folder_.path(), ""};
  expect_error(ErrorCode::input, folder_.path() + " or the current folder",
               [&] { notes_of(before); });
  StylizeFiles files;
  files.content = "given.jpg";
  StylizeOptions options;
  Notes notes;
  read_recipe_options(before, folders_, files, options, session_, notes);
  EXPECT_EQ(files.content, "given.jpg");
  EXPECT_EQ(files.styles, files_.styles);
  std::filesystem::remove(files_.styles[0]);
  expect_error(ErrorCode::input, "the painting a \"b\" ü.png is not in ", [&] {
    StylizeFiles other;
    other.content = "given.jpg";
    read_recipe_options(before, folders_, other, options, session_, notes);
  });
}

TEST_F(Recipe, KeepsWhatIsGiven) {
  StylizeFiles files;
  files.styles = {"other.png"};
  StylizeOptions options;
  options.style_weights = {3};
  Notes notes;
  read_recipe_options(recipe(), folders_, files, options, session_, notes);
  EXPECT_EQ(files.content, files_.content);
  EXPECT_EQ(files.styles, Notes{"other.png"});
  EXPECT_EQ(options.style_weights, std::vector<double>{3});
  EXPECT_EQ(options.strength, 61.25);
  EXPECT_TRUE(notes.empty());
}

TEST_F(Recipe, TakesTheFileThatHasNotChanged) {
  const std::string before = recipe(), first = folder_ / "first";
  std::filesystem::create_directory(first);
  store(first + "/photo.jpg", "another photograph");
  folders_ = {first, folder_.path()};
  StylizeFiles files;
  StylizeOptions options;
  Notes notes;
  read_recipe_options(before, folders_, files, options, session_, notes);
  EXPECT_EQ(files.content, files_.content);
  EXPECT_TRUE(notes.empty());
  store(files_.content, "changed, too");
  EXPECT_EQ(notes_of(before),
            Notes{first + "/photo.jpg: has changed since the recipe was written"});
}

TEST_F(Recipe, ReadsNothingButOrdinaryFilesOfItsFolders) {
  auto json = nlohmann::json::parse(recipe());
  for (const char* name :
       {"/dev/zero", "../../../../../../dev/zero", "/etc/passwd", ".", "..", "", "/"}) {
    json["content"]["name"] = name;
    expect_refused(json.dump(), "the photograph ");
  }
  std::filesystem::remove(files_.content);
  ASSERT_EQ(mkfifo(files_.content.c_str(), 0600), 0);
  expect_refused(recipe(), "the photograph photo.jpg is not in ");
}

TEST_F(Recipe, NotesAnotherVersion) {
  auto json = nlohmann::json::parse(recipe());
  json["version"] = "99.1";
  const Notes notes = notes_of(json.dump());
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find("99.1"), std::string::npos);
}

// A picture that took minutes must not be lost for them.
TEST_F(Recipe, IsWrittenWhateverTheFilesAre) {
  files_.styles[0] = folder_ / "latin-1 \xfc.png";  // not UTF-8
  std::filesystem::remove(files_.content);
  const auto json = nlohmann::json::parse(recipe());
  EXPECT_EQ(json.at("content").at("name"), "photo.jpg");
  EXPECT_TRUE(json.at("content").at("sha256").is_null());
}

TEST_F(Recipe, RefusesDamage) {
  const std::string whole = recipe();
  for (size_t length = 0; length < whole.size(); length += 7) {
    expect_refused(whole.substr(0, length));
  }
  for (const char* text : {"null", "[]", "{}", "3", "\"recipe\"", "{\"program\":\"impasto\"}",
                           "{\"program\":\"gimp\",\"command\":\"stylize\"}"}) {
    expect_refused(text);
  }
  for (const char* key : {"content", "styles", "style_weights", "options", "version"}) {
    auto json = nlohmann::json::parse(whole);
    json.erase(key);
    expect_refused(json.dump());
    for (const char* value : {"null", "7", "[[]]", "[{\"name\":3}]", "{\"strength\":[]}"}) {
      SCOPED_TRACE(std::string(key) + ": " + value);
      json[key] = nlohmann::json::parse(value);
      expect_refused(json.dump());
    }
  }
}

TEST_F(Recipe, RefusesOptionsOutOfRange) {
  auto json = nlohmann::json::parse(recipe());
  json["options"]["strength"] = "1e9";
  expect_error(ErrorCode::usage, "strength: expected", [&] { notes_of(json.dump()); });
  json["options"]["strength"] = 50;  // a number, not its text
  expect_refused(json.dump());
}

}  // namespace
}  // namespace impasto::test
