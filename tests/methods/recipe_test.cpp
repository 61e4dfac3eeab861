#include <gtest/gtest.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "formats/expect_error.h"
#include "formats/sha256.h"
#include "image/samples.h"
#include "impasto/stylize.h"

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
    result_.precision = "bf16";
    result_.losses = {{64, 1, {{"content", 3}}}, {64, 2, {{"content", 2}, {"style", 1.5}}}};
  }
  std::string recipe() const { return make_recipe(files_, options_, result_); }
  Notes notes_of(const std::string& recipe) {
    StylizeFiles files;
    StylizeOptions options;
    Notes notes;
    read_recipe_options(recipe, files, options, notes);
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
};

TEST_F(Recipe, GivesBackFilesAndOptions) {
  StylizeFiles files;
  files.styles = {"left over"};
  StylizeOptions options;
  options.detail = 3;
  Notes notes;
  read_recipe_options(recipe(), files, options, notes);
  EXPECT_EQ(files.content, files_.content);
  EXPECT_EQ(files.styles, files_.styles);
  EXPECT_EQ(options.style_weights, options_.style_weights);
  const auto found = stylize_options(options), expected = stylize_options(options_);
  for (size_t i = 0; i < found.size(); ++i) {
    EXPECT_EQ(found[i].get(), expected[i].get()) << found[i].name;
  }
  EXPECT_EQ(options.style_layers, options_.style_layers) << "to the last bit";
  EXPECT_TRUE(notes.empty());
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

TEST_F(Recipe, NotesWhatIsMissing) {
  const std::string before = recipe();
  std::filesystem::remove(files_.content);
  StylizeFiles files;
  StylizeOptions options;
  Notes notes;
  read_recipe_options(before, files, options, notes);
  ASSERT_EQ(notes.size(), 1u);
  EXPECT_NE(notes[0].find(files_.content), std::string::npos);
  EXPECT_EQ(files.content, files_.content) << "another may be given in its place";
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
  EXPECT_EQ(json.at("content").at("path"), files_.content);
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
    for (const char* value : {"null", "7", "[[]]", "[{\"path\":3}]", "{\"strength\":[]}"}) {
      SCOPED_TRACE(std::string(key) + ": " + value);
      json[key] = nlohmann::json::parse(value);
      expect_refused(json.dump());
    }
  }
}

TEST_F(Recipe, RefusesOptionsOutOfRange) {
  auto json = nlohmann::json::parse(recipe());
  json["options"]["strength"] = "1e9";
  expect_error(ErrorCode::usage, "--strength", [&] { notes_of(json.dump()); });
  json["options"]["strength"] = 50;  // a number, not its text
  expect_refused(json.dump());
}

}  // namespace
}  // namespace impasto::test
