#include <gtest/gtest.h>

#include <algorithm>
#include <set>

#include "formats/expect_error.h"
#include "impasto/stylize.h"

namespace impasto::test {
namespace {

struct Job {
  StylizeOptions options;
  SessionOptions session;
};

const OptionTable<Job>& table() {
  static const OptionTable<Job> all = [] {
    OptionTable<Job> joined = lifted(stylize_options(), &Job::options);
    for (auto& option : lifted(session_options(), &Job::session)) joined.push_back(option);
    return joined;
  }();
  return all;
}

class Options : public testing::Test {
 protected:
  static const Option<Job>& option(const std::string& name) {
    const auto* found = find_option(table(), name);
    if (!found) throw std::logic_error("no option " + name);
    return *found;
  }
  void set(const std::string& name, const std::string& value) { option(name).set(job_, value); }
  std::string get(const std::string& name) const { return option(name).get(job_); }
  void expect_refused(const std::string& name, const std::string& value,
                      const std::string& part = "") {
    SCOPED_TRACE(value);
    const std::string before = get(name);
    expect_error(ErrorCode::usage, name + ": expected ", [&] { set(name, value); });
    expect_error(ErrorCode::usage, part, [&] { set(name, value); });
    expect_error(ErrorCode::usage, "'" + value + "'", [&] { set(name, value); });
    EXPECT_EQ(get(name), before) << name << " changed nevertheless";
  }

  Job job_;
  StylizeOptions& options_ = job_.options;
  SessionOptions& session_ = job_.session;
};

// Values that differ from the default, as they are read back.
const std::vector<std::pair<std::string, std::string>> other_values = {
    {"quality", "best"},
    {"method", "instant"},
    {"strength", "12.5"},
    {"detail", "99.9"},
    {"style-scale", "0.25"},
    {"size", "1024"},
    {"bits", "16"},
    {"feather", "12.5"},
    {"colors", "luminance"},
    {"palette", "37.5"},
    {"match", "37.5"},
    {"time", "20"},
    {"seed", "18446744073709551615"},
    {"network", "nets/vgg 19.pth"},
    {"pooling", "average"},
    {"precision", "bf16"},
    {"threads", "3"},
    {"max-memory", "500M"},
    {"start", "noise"},
    {"unknown", "pixels"},
    {"optimizer", "adam"},
    {"iterations", "7"},
    {"scales", "2"},
    {"margin", "0"},
    {"learning-rate", "0.1"},
    {"history", "20"},
    {"content-loss", "plain"},
    {"style-loss", "moments"},
    {"tv-loss", "absolute"},
    {"content-layers", "relu1_2=0.1,relu4_2=1"},
    {"style-layers", "relu3_1=1e-12"},
    {"content-weight", "5"},
    {"style-weight", "1e+12"},
    {"tv-weight", "0.001"},
    {"chroma-weight", "0.30000000000000004"}};

TEST_F(Options, KeepEveryValue) {
  std::set<std::string> tried;
  for (const auto& [name, value] : other_values) {
    EXPECT_NE(get(name), value) << name << ": try another than the default";
    set(name, value);
    EXPECT_EQ(get(name), value) << name;
    tried.insert(name);
  }
  Job copy;
  for (const Option<Job>& o : table()) {
    EXPECT_TRUE(tried.count(o.name)) << "add --" << o.name << " to this test";
    o.set(copy, o.get(job_));
    EXPECT_EQ(o.get(copy), o.get(job_));
  }
  // Some of them in the struct itself.
  EXPECT_EQ(copy.options.strength, 12.5);
  EXPECT_EQ(copy.options.seed, UINT64_MAX);
  EXPECT_EQ(copy.options.content_layers, (LayerWeights{{"relu1_2", 0.1}, {"relu4_2", 1}}));
  EXPECT_EQ(copy.options.optimizer, OptimizerKind::adam);
  EXPECT_EQ(copy.options.pooling, PoolKind::average);
  EXPECT_EQ(copy.options.bits, 16);
  EXPECT_EQ(copy.options.tv_weight, 0.001);
}

TEST_F(Options, TakeTheirOwnDefaults) {
  for (const Option<Job>& o : table()) {
    EXPECT_EQ(o.initial, o.get(Job())) << o.name;
    EXPECT_NO_THROW(o.set(job_, o.initial)) << o.name << " " << o.initial;
    EXPECT_EQ(get(o.name), o.initial) << o.name;
  }
}

// What is left to the program has no value, and a word of its own.
TEST_F(Options, AreLeftToTheProgram) {
  for (const char* name : {"feather", "scales", "learning-rate", "content-weight", "style-weight",
                           "tv-weight", "chroma-weight"}) {
    SCOPED_TRACE(name);
    EXPECT_EQ(get(name), "auto");
    EXPECT_EQ(option(name).choices, std::vector<std::string>{"auto"});
    set(name, "3");
    EXPECT_EQ(get(name), "3");
    set(name, "auto");
    EXPECT_EQ(get(name), "auto");
    expect_refused(name, "-1", ", or auto");
  }
  EXPECT_FALSE(options_.feather || options_.scales || options_.style_weight);
}

TEST_F(Options, AreDescribed) {
  std::set<std::string> names;
  for (const Option<Job>& o : table()) {
    SCOPED_TRACE(o.name);
    EXPECT_TRUE(names.insert(o.name).second) << "twice";
    EXPECT_GT(o.help.size(), 5u);
    EXPECT_FALSE(o.group.empty());
    EXPECT_FALSE(o.form.empty());
    EXPECT_EQ(o.name.find_first_not_of("abcdefghijklmnopqrstuvwxyz-"), std::string::npos);
    EXPECT_FALSE(o.methods.empty());
    const bool number = o.kind == OptionKind::number || o.kind == OptionKind::whole;
    EXPECT_EQ(number, o.high > o.low);
    EXPECT_EQ(o.kind == OptionKind::choice, o.choices.size() > 1 && o.kind != OptionKind::file);
    for (const std::string& choice : o.choices) {
      EXPECT_NO_THROW(o.set(job_, choice)) << choice;
      EXPECT_EQ(o.get(job_), choice);
    }
  }
}

TEST_F(Options, TellWhichMethodsObeyThem) {
  EXPECT_TRUE(is_only_of(option("iterations"), Method::optimize));
  EXPECT_FALSE(is_only_of(option("strength"), Method::optimize));
  EXPECT_FALSE(is_only_of(option("strength"), Method::instant));
}

TEST_F(Options, RefuseNumbersOutOfRange) {
  const std::vector<std::tuple<std::string, std::string, std::string>> ranges = {
      {"strength", "0", "100"},      {"detail", "0", "100"},
      {"style-scale", "0.1", "4"},   {"threads", "0", "1024"},
      {"iterations", "1", "100000"}, {"scales", "1", "16"},
      {"margin", "0", "256"},        {"learning-rate", "1e-9", "1000"},
      {"history", "1", "100"},       {"content-weight", "0", "1e12"},
      {"style-weight", "0", "1e12"}, {"tv-weight", "0", "1e12"},
      {"chroma-weight", "0", "1e12"}};
  for (const auto& [name, low, high] : ranges) {
    SCOPED_TRACE(name);
    EXPECT_NO_THROW(set(name, low));
    EXPECT_NO_THROW(set(name, high));
    const double below = std::stod(low) - 1, above = std::stod(high) * 2;
    expect_refused(name, std::to_string(static_cast<int64_t>(below)), "a number from ");
    expect_refused(name, std::to_string(static_cast<int64_t>(above)), "a number from ");
  }
}

TEST_F(Options, TellRangesInPlainNumbers) {
  expect_refused("iterations", "0", "a number from 1 to 100000,");
  expect_refused("style-scale", "0", "a number from 0.1 to 4,");
  expect_refused("seed", "-1", "a number from 0 to 18446744073709551615,");
  for (const Option<Job>& o : table()) {
    try {
      o.set(job_, "?");
    } catch (const Error& e) {
      const std::string said = e.what();
      EXPECT_EQ(said.find("e+"), std::string::npos) << said;
    }
  }
}

TEST_F(Options, ReadSizes) {
  const auto size = [&](const std::string& text) {
    set("size", text);
    EXPECT_EQ(get("size"), text);
    return options_.size;
  };
  EXPECT_EQ(size("1200"), ResultSize(1200));
  EXPECT_EQ(size("1200x800"), ResultSize(1200, 800));
  EXPECT_EQ(size("12.5%").percent, 12.5);
  EXPECT_FALSE(size("0").given());
  for (const char* text : {"", "x", "%", "-1", "100001", "0x5", "5x0", "5x", "x5", "5x5x5", "5 x 5",
                           "0%", "1001%", "nan%", "1e3", "1.5", "5%%", "99999999999"}) {
    expect_refused("size", text, "1 to 100000 pixels");
  }
}

TEST_F(Options, RefuseWhatIsNoNumber) {
  for (const char* text : {"", "x", "1x", "1 ", " 1", "nan", "inf", "-inf", "1e999", "0x10", "+5",
                           "1,5", "--1", "99999999999999999999999"}) {
    for (const char* name : {"strength", "iterations", "seed", "style-weight", "time"}) {
      if (std::string(name) == "seed" && std::string(text) == "") continue;
      SCOPED_TRACE(name);
      expect_refused(name, text);
    }
  }
  expect_refused("iterations", "2.5");
  expect_refused("seed", "-1");
}

TEST_F(Options, ListTheChoicesOfAnUnknownOne) {
  expect_refused("precision", "f16", "auto|f32|bf16");
  expect_refused("unknown", "Pixels", "pyramid|pixels");
  expect_refused("optimizer", "sgd", "lbfgs|adam");
  expect_refused("content-loss", "", "normalised|plain");
  expect_refused("style-loss", "w2 ", "w2|moments|gram");
  expect_refused("tv-loss", "l2", "squared|absolute");
  expect_refused("pooling", "min", "auto|max|average");
  expect_refused("network", "", "a name");
  expect_refused("start", "", "a name");
}

TEST_F(Options, ReadTimes) {
  const auto seconds = [&](const std::string& text) {
    set("time", text);
    return options_.time;
  };
  EXPECT_EQ(seconds("20"), 20);
  EXPECT_EQ(seconds("20s"), 20);
  EXPECT_EQ(seconds("1.5m"), 90);
  EXPECT_EQ(seconds("0"), 0);
  for (const char* text : {"s", "m", "-1", "1h", "1ms", "2 m"})
    expect_error(ErrorCode::usage, "time: expected ", [&] { set("time", text); });
}

TEST_F(Options, ReadMemory) {
  const auto bytes = [&](const std::string& text) {
    set("max-memory", text);
    return session_.max_memory;
  };
  EXPECT_EQ(bytes("500M"), uint64_t{500} << 20);
  EXPECT_EQ(get("max-memory"), "500M");
  EXPECT_EQ(bytes("2G"), uint64_t{2} << 30);
  EXPECT_EQ(bytes("2GiB"), uint64_t{2} << 30);
  EXPECT_EQ(bytes("2gb"), 2'000'000'000u);
  EXPECT_EQ(bytes(get("max-memory")), 2'000'000'000u);
  EXPECT_EQ(bytes("1.5G"), uint64_t{1536} << 20);
  EXPECT_EQ(get("max-memory"), "1536M");
  EXPECT_EQ(bytes("auto"), 0u);
  EXPECT_EQ(bytes("500m"), uint64_t{500} << 20);
  EXPECT_EQ(bytes("0"), 0u);
  for (const char* text : {"", "2", "G", "-1G", "0G", "nanG", "infG", "2X", "2GG", "2 G", " 2G",
                           "2Gi", "2G ", "1e30G", "lots", "0x2G", "1,5G", "2BB"}) {
    expect_refused("max-memory", text, "a size such as 500M or 2G");
  }
}

TEST_F(Options, ReadLayers) {
  set("style-layers", "relu1_1,relu2_1=0.5");
  EXPECT_EQ(options_.style_layers, (LayerWeights{{"relu1_1", 1}, {"relu2_1", 0.5}}));
  set("style-layers", "");
  EXPECT_TRUE(options_.style_layers.empty());
  for (const char* text :
       {"=1", "relu1_1,,relu2_1", ",relu1_1", "relu1_1,", ",", "relu1_1,relu1_1"}) {
    expect_refused("style-layers", text);
  }
  for (const char* text : {"relu1_1=", "relu1_1=x", "relu1_1=-1", "relu1_1=nan"}) {
    expect_error(ErrorCode::usage, "style-layers: expected ", [&] { set("style-layers", text); });
  }
}

}  // namespace
}  // namespace impasto::test
