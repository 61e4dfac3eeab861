// What impasto stylize refuses: one line, a status, and nothing left behind.

#include <sys/stat.h>
#include <zlib.h>

#include <filesystem>
#include <nlohmann/json.hpp>

#include "cli/cli_fixture.h"
#include "formats/byte_strings.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;

std::string big_endian(uint32_t v) {
  std::string bytes = le(v);
  return {bytes.rbegin(), bytes.rend()};
}

// A PNG of black and white pixels, all of one: hardly any bytes, whatever its size.
std::string flat_png(uint32_t width, uint32_t height) {
  const auto chunk = [](const std::string& type, const std::string& data) {
    const std::string body = type + data;
    return big_endian(static_cast<uint32_t>(data.size())) + body +
           big_endian(static_cast<uint32_t>(crc32(0, reinterpret_cast<const Bytef*>(body.data()),
                                                  static_cast<uInt>(body.size()))));
  };
  const std::string rows(size_t{height} * (1 + (width + 7) / 8), '\0');
  uLongf size = compressBound(rows.size());
  std::string packed(size, '\0');
  compress2(reinterpret_cast<Bytef*>(packed.data()), &size,
            reinterpret_cast<const Bytef*>(rows.data()), rows.size(), 9);
  packed.resize(size);
  return "\x89PNG\r\n\x1a\n" +
         chunk("IHDR", big_endian(width) + big_endian(height) + std::string("\1\0\0\0\0", 5)) +
         chunk("IDAT", packed) + chunk("IEND", "");
}

TEST_F(CliTest, RefusesBadPictures) {
  std::vector<std::tuple<std::string, int, std::string>> bad;
  const auto add = [&](const std::string& name, int status, const std::string& part) {
    bad.emplace_back(folder_ / name, status, part);
    return folder_ / name;
  };
  add("missing.jpg", input, "missing.jpg");
  store(add("empty.jpg", input, "empty.jpg"), "");
  store(add("text.jpg", input, "text.jpg"), "Dear diary,\ntoday I painted.\n");
  write_image(synthetic_picture(200, 200, 1), folder_ / "whole.jpg");
  Bytes cut = load(folder_ / "whole.jpg");
  cut.resize(cut.size() / 2);
  store(add("truncated.jpg", input, "truncated.jpg"), cut);
  Bytes png = load(photo_);
  png.resize(png.size() / 2);
  store(add("truncated.png", input, "truncated.png"), png);
  store(add("huge.png", input, "huge.png"), flat_png(20000, 20000));
  ASSERT_LT(fs::file_size(folder_ / "huge.png"), 1u << 20);
  fs::create_directory(folder_ / "folder.png");
  expect_refused(stylize(folder_ / "folder.png", painting_, out_), usage, "folder.png is one");
  expect_refused(stylize(photo_, folder_ / "folder.png", out_), usage, "folder.png is one");
  expect_refused(stylize({"--start", folder_ / "folder.png"}), input, "folder.png");
  for (const auto& [file, status, part] : bad) {
    expect_refused(stylize(file, painting_, out_), status, part);
    // One pixel or a thin picture is refused as a painting, too, but by its number.
    const bool small = part.find("found") == 0;
    expect_refused(stylize(photo_, file, out_), status, part);
    if (!small) expect_refused(stylize({"--start", file}), status, part);
  }
}

// Nothing is read of them, as they could block or never end.
TEST_F(CliTest, RefusesPipesAndDevicesWhereverAFileCanBe) {
  const std::string pipe = folder_ / "pipe.png";
  ASSERT_EQ(mkfifo(pipe.c_str(), 0600), 0);
  const std::vector<std::pair<std::string, std::string>> files = {
      {pipe, "pipe.png: expected a file, found a pipe"},
      {"/dev/zero", "/dev/zero: expected a file, found a device"}};
  ASSERT_EQ(run_program(stylize()).status, 0);
  nlohmann::json recipe = nlohmann::json::parse(read_recipe(out_));
  for (const auto& [file, words] : files) {
    for (const char* role : {"content", "style"}) {
      (role[0] == 'c' ? recipe["content"] : recipe["styles"][0])["name"] = file;
      WriteOptions write;
      write.recipe = recipe.dump();
      const std::string named = folder_ / "named.png";
      write_image(synthetic_picture(20, 20, 1), named, write);
      for (const Words& more : {Words{}, Words{"--dry-run"}}) {
        Words replay = {"stylize", "--replay", named, "-o", folder_ / "replayed.png"};
        replay.insert(replay.end(), more.begin(), more.end());
        const Outcome outcome = run_program(replay);
        EXPECT_EQ(outcome.status, input) << outcome.err;
        EXPECT_THAT(outcome.err,
                    testing::HasSubstr(fs::path(file).filename().string() + " is not in "));
      }
      recipe = nlohmann::json::parse(read_recipe(out_));
    }
  }
  fs::remove(folder_ / "named.png");
  fs::remove(out_);
  for (const auto& [file, words] : files) {
    expect_refused(stylize(file, painting_, out_), input, words);
    expect_refused(stylize(photo_, file, out_), input, words);
    expect_refused(stylize({"--dry-run", "--style", file}), input, words);
    expect_refused(stylize({"--mask", file}), input, words);
    expect_refused(stylize({"--region", file + "=" + painting_}), input, words);
    expect_refused(stylize({"--region", photo_ + "=" + file}), input, words);
    expect_refused(stylize({"--start", file}), input, words);
    expect_refused({"stylize", "--replay", file, "-o", out_}, input, words);
    Words network = stylize();
    *(std::find(network.begin(), network.end(), "--network") + 1) = file;
    expect_refused(network, input, words);
    expect_refused({"texture", file, "-o", out_}, input, words);
    expect_refused({"inspect", file, "-o", out_}, input, words);
    expect_refused({"models", "style", file, "-o", folder_ / "a.style"}, input, words);
    for (const char* role : {"--style", "--style-map", "--map"}) {
      Words doodle = {"doodle", "-o", out_, role, file};
      for (const char* other : {"--style", "--style-map", "--map"}) {
        if (std::string(other) != role) doodle.insert(doodle.end(), {other, painting_});
      }
      expect_refused(doodle, input, words);
    }
  }
}

TEST_F(CliTest, RefusesHostileNetworks) {
  using namespace pickle;
  const std::string trace = folder_ / "owned";
  const Text attack = call(global("os", "system"), tuple({text("touch " + trace)}));
  const Text reduce = call(global("builtins", "eval"), tuple({text("1/0")}));
  const auto header = [](const std::string& json, const std::string& data = "") {
    return safetensors_file(json, data);
  };
  Bytes whole = load(network_);
  const std::string good(whole.begin(), whole.end());
  TensorParts absurd;
  absurd.stored = int64_t{1} << 60;
  absurd.sizes = {int64_t{1} << 30, int64_t{1} << 30};
  absurd.strides = {int64_t{1} << 30, 1};
  TensorParts outside;
  outside.stored = 4;
  outside.offset = -8;
  outside.sizes = {64, 3, 3, 3};
  outside.strides = {27, 9, 3, 1};
  const StorageBytes four{"0", 4, std::string(16, '\0')};

  const std::vector<std::pair<std::string, std::string>> files = {
      {"empty.pth", ""},
      {"text.safetensors", "not a network"},
      {"cut.safetensors", good.substr(0, good.size() / 2)},
      {"cut_in_header.safetensors", good.substr(0, 20)},
      {"endless_header.safetensors", le(uint64_t{1} << 60) + "{}"},
      {"no_tensors.safetensors", header("{}")},
      {"absurd_shape.safetensors",
       header(R"({"conv1_1.weight":{"dtype":"F32","shape":[9223372036854775807,3,3,3],)"
              R"("data_offsets":[0,4]}})",
              "abcd")},
      {"negative_shape.safetensors",
       header(R"({"conv1_1.weight":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", "abcd")},
      {"overlap.safetensors",
       header(R"({"conv1_1.weight":{"dtype":"F32","shape":[2],"data_offsets":[0,8]},)"
              R"("conv1_1.bias":{"dtype":"F32","shape":[2],"data_offsets":[4,12]}})",
              std::string(12, 'x'))},
      {"another_network.safetensors",
       header(R"({"decoder.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "abcd")},
      {"system.pth", torch_zip_file(attack, {})},
      {"system_legacy.pth", legacy_file(attack, {})},
      {"system_bare.pth", pickle::file(attack)},
      {"eval.pth", torch_zip_file(dict({{"conv1_1.weight", reduce}}), {})},
      {"absurd.pth", torch_zip_file(dict({{"conv1_1.weight", tensor(absurd)}}), {four})},
      {"outside.pth", torch_zip_file(dict({{"conv1_1.weight", tensor(outside)}}), {four})},
      {"bomb.pth", zip_file({{"net/data.pkl", std::string(1000, 'x'), true, int64_t{1} << 31}})},
  };
  for (const auto& [name, content] : files) {
    const std::string file = folder_ / name;
    store(file, content);
    Words words = stylize();
    *(std::find(words.begin(), words.end(), "--network") + 1) = file;
    expect_refused(words, input, name);
    EXPECT_FALSE(fs::exists(trace)) << name;
    fs::remove(file);
  }
  Words words = stylize();
  *(std::find(words.begin(), words.end(), "--network") + 1) = "no-such-network";
  expect_refused(words, input, "small");  // lists what there is
}

TEST_F(CliTest, RefusesContradictions) {
  expect_refused(stylize({"--time", "1", "--iterations", "5"}), usage, "--time and --iterations");
  expect_refused(stylize({"--strength", "1", "--style-weight", "5"}), usage, "--strength");
  expect_refused(stylize({"--detail", "1", "--content-layers", "relu1_1"}), usage, "--detail");
  expect_refused(stylize({"--quiet", "--json"}), usage, "--json");
  expect_refused(stylize({"--strength", "101"}), usage, "--strength: expected");
  expect_refused(stylize({"--strength"}), usage, "--strength");
  expect_refused(stylize({"--precision", "f8"}), usage, "auto|f32|bf16");
  expect_refused(stylize({"--style-layers", "relu7_1"}), usage, "no layer 'relu7_1'");
  expect_refused(stylize({"--no-such-option"}), usage, "--no-such-option");
  expect_refused(stylize({"another.jpg"}), usage, "there are several photographs, found");
  expect_refused(stylize({"--content-weight", "0", "--style-weight", "0"}), usage, "nothing");
  expect_refused(stylize({"--size", "-1"}), usage, "--size");
  expect_refused(stylize(photo_, painting_ + ":-1", out_), usage, "weight");
  expect_refused(stylize(photo_, painting_ + ":0", out_), usage, "weight 0");
  expect_refused({"stylize", photo_, "-o", out_}, usage, "--style");
  expect_refused({"stylize", "--style", painting_, "-o", out_}, usage, "photograph");
  expect_refused({"stylize", photo_, "--style", painting_}, usage, "--output");
}

TEST_F(CliTest, RefusesOptionsThatANetworkAloneDoesNotObey) {
  const Words draft = {"stylize", photo_, "--style", painting_, "-o", out_};
  for (const Words& more : {Words{"--method", "instant", "--iterations", "9"},
                            Words{"--method", "instant", "--detail", "90"},
                            Words{"--method", "instant", "--match", "90"}}) {
    Words words = draft;
    words.insert(words.end(), more.begin(), more.end());
    expect_refused(words, usage, more[2] + " is for --method optimize, not for " + more[0]);
  }
}

TEST_F(CliTest, RefusesWhatDoesNotFitIntoMemory) {
  expect_refused(stylize({"--size", "9000", "--max-memory", "200M"}), memory, "would fit");
}

TEST_F(CliTest, RefusesResultsThatCouldNotBeReadAgain) {
  for (const char* size : {"100000", "20000"}) {
    expect_refused(stylize({"--size", size}), usage, std::string("--size ") + size + ": expected");
    expect_refused(stylize({"--size", size, "--dry-run"}), usage, "at most 300 megapixels");
  }
  const Outcome largest = run_program(stylize({"--size", "19000", "--dry-run", "-q"}));
  EXPECT_NE(largest.err.find("megapixels"), 0u) << "19,000 x 15,200";
}

TEST_F(CliTest, RefusesOutputsThatCannotBe) {
  expect_refused(stylize(photo_, painting_, folder_ / "none/out.png"), output, "none");
  expect_refused(stylize(photo_, painting_, folder_ / "out.xyz"), output, "out.xyz");
  expect_refused(stylize(photo_, painting_, folder_ / "out"), output, "out");
  expect_refused(stylize(photo_, painting_, folder_.path()), usage, "would overwrite");
  expect_refused(stylize(photo_, painting_, "/dev/full"), output, "/dev/full");
  expect_refused(stylize(photo_, painting_, ""), output);
  expect_refused(stylize({"--preview", folder_ / "none/p.png"}), output, "none");
  expect_refused(stylize({"--preview", folder_ / "p.xyz"}), output, "p.xyz");
  expect_refused(stylize({"--report", folder_ / "none/r.html"}), output, "none");
}

TEST_F(CliTest, OverwritesNobodysPicture) {
  const Bytes photo = load(photo_), painting = load(painting_);
  fs::create_hard_link(photo_, folder_ / "same.png");
  expect_refused(stylize(photo_, painting_, photo_), usage, "overwrite the photograph");
  expect_refused(stylize(photo_, painting_, folder_ / "same.png"), usage, "overwrite");
  expect_refused(stylize(photo_, painting_, painting_), usage, "overwrite a painting");
  expect_refused(stylize({"--preview", photo_}), usage, "overwrite the photograph");
  expect_refused(stylize({"--report", painting_}), usage, "overwrite a painting");
  ASSERT_EQ(run_program(stylize()).status, 0);
  expect_refused({"stylize", "--replay", out_, "-o", photo_}, usage, "overwrite the photograph");
  EXPECT_EQ(load(photo_), photo);
  EXPECT_EQ(load(painting_), painting);
}

TEST_F(CliTest, RefusesToReplayOtherPictures) {
  expect_refused({"stylize", "--replay", photo_, "-o", out_}, input, "no recipe");
  expect_refused({"stylize", "--replay", folder_ / "none.png", "-o", out_}, input, "none.png");
  WriteOptions damaged;
  damaged.recipe = "{\"program\":\"impasto\"";
  write_image(synthetic_picture(20, 20, 1), folder_ / "damaged.png", damaged);
  expect_refused({"stylize", "--replay", folder_ / "damaged.png", "-o", out_}, input,
                 "damaged.png: the recipe is damaged");
}

// An earlier result stays whole when a later run fails.
TEST_F(CliTest, LeavesAnEarlierResultAlone) {
  ASSERT_EQ(run_program(stylize()).status, 0);
  const Bytes before = load(out_);
  expect_refused(stylize(folder_ / "missing.png", painting_, out_), input);
  expect_refused(stylize({"--size", "9000", "--max-memory", "200M"}), memory);
  EXPECT_EQ(load(out_), before);
}

}  // namespace
}  // namespace impasto::test
