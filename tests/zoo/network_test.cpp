// Networks by name and by file, what is said about them, and importing.

#include <gmock/gmock.h>

#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "impasto/models.h"
#include "models/conventions.h"
#include "models/synthetic.h"
#include "zoo/cache_fixture.h"
#include "zoo/instant.h"
#include "zoo/zoo.h"

namespace impasto::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const Widths widths = {{2, 3}, {4}};

class Networks : public WithCache {
 protected:
  std::string vgg_file(const std::string& name) {
    write_safetensors(path(name), synthetic_vgg(widths, 1));
    return path(name);
  }
  void refuse(const std::string& name, const std::string& part) {
    expect_error(ErrorCode::input, part, [&] { open_network(name); });
    expect_error(ErrorCode::input, part, [&] { model_info(name); });
  }
  std::vector<std::string> listed() {
    std::vector<std::string> names;
    for (const ModelInfo& model : list_models()) names.push_back(model.name);
    return names;
  }
  Progress progress;
};

TEST_F(Networks, ByFile) {
  const std::string file = vgg_file("any name.bin");
  const Network network = open_network(file);
  EXPECT_EQ(network.name, file);
  EXPECT_EQ(network.sha256, sha256_hex_of_file(file));
  EXPECT_EQ(network.config.widths, widths);
  EXPECT_EQ(network.graph->taps().size(), 3u);
}

TEST_F(Networks, PoolingOfTheCaller) {
  const std::string file = vgg_file("a");
  EXPECT_EQ(open_network(file).config.pooling, PoolKind::max);
  EXPECT_EQ(open_network(file, PoolKind::average).config.pooling, PoolKind::average);
  EXPECT_EQ(open_network("small", PoolKind::average).config.pooling, PoolKind::average);
}

TEST_F(Networks, ThatPaintAtOnceAreDescribedToo) {
  const ModelInfo info = model_info("instant");
  EXPECT_EQ(info.kind, "instant");
  EXPECT_EQ(info.layers[0].name, "hidden");
  EXPECT_GT(info.parameters(), 900'000);
  EXPECT_EQ(model_info("small").kind, "encoder");
  EXPECT_EQ(open_instant("instant").sha256, info.sha256);
  EXPECT_EQ(instant_network("small"), "instant");
  EXPECT_EQ(instant_network("mine"), "mine");
  expect_error(ErrorCode::input, "'vgg19': expected 'instant' or the file of a network",
               [] { open_instant("vgg19"); });
  expect_error(ErrorCode::input, "small: expected a network for `method` instant",
               [] { open_instant("small"); });
}

TEST_F(Networks, NobodyKnows) {
  refuse(
      "vgg91",
      "'vgg91': no such file, and no network of that name; known are instant, small, vgg16, vgg19");
  refuse("missing/file.pth", "'missing/file.pth': no such file");
  refuse("", "no such file");
  refuse("../small", "no such file");
  import_model(vgg_file("a"), {"mine", "", "detect"}, progress);
  refuse("vgg91", "known are instant, mine, small, vgg16, vgg19");
}

TEST_F(Networks, NotFetchedYet) {
  refuse("vgg19", "vgg19: is not here yet; get it with 'impasto models fetch vgg19'");
}

TEST_F(Networks, FilesThatAreNoNetworks) {
  write(path("text.pth"), "These are not the weights.");
  refuse(path("text.pth"), path("text.pth") + ": is not a weights file");
  write(path("page.pth"), "<!DOCTYPE html><html>");
  refuse(path("page.pth"), path("page.pth") + ": is a web page");
  write(path("empty"), "");
  refuse(path("empty"), path("empty") + ": is empty");
  refuse(path("."), "found a folder");
  write_safetensors(path("other"), {{"layer.weight", Tensor::zeros({2, 2})}});
  refuse(path("other"), path("other") + ": holds no VGG network");
}

TEST_F(Networks, TruncatedAnywhere) {
  const std::string whole = read(vgg_file("whole"));
  for (size_t size = 0; size < whole.size(); size += 97) {
    write(path("cut"), whole.substr(0, size));
    EXPECT_THROW(open_network(path("cut")), Error) << size;
  }
}

TEST_F(Networks, Info) {
  const ModelInfo info = model_info(vgg_file("a"));
  EXPECT_EQ(info.place, ModelPlace::file);
  EXPECT_EQ(info.bytes, std::filesystem::file_size(path("a")));
  EXPECT_EQ(info.sha256.size(), 64u);
  EXPECT_EQ(info.convention, "torchvision");
  EXPECT_EQ(info.padding, "zero");
  EXPECT_EQ(info.pooling, "max");
  ASSERT_EQ(info.layers.size(), 3u);
  EXPECT_EQ(info.layers[2].name, "conv2_1");
  EXPECT_EQ(info.layers[2].tap, "relu2_1");
  EXPECT_THAT(info.layers[2].shape, ElementsAre(4, 3, 3, 3));
  EXPECT_EQ(info.layers[2].parameters(), 4 * 3 * 9 + 4);
  EXPECT_EQ(info.parameters(), (2 * 27 + 2) + (3 * 18 + 3) + (4 * 27 + 4));

  const ModelInfo small = model_info("small");
  EXPECT_EQ(small.place, ModelPlace::built_in);
  EXPECT_EQ(small.path, "");
  EXPECT_EQ(small.licence, "MIT");
  EXPECT_EQ(small.layers.size(), 13u);
}

TEST_F(Networks, ImportUnderAName) {
  const ModelInfo info = import_model(vgg_file("a.bin"), {"mine_2", "", "caffe"}, progress);
  EXPECT_EQ(info.name, "mine_2");
  EXPECT_EQ(info.path, in_cache("mine_2.safetensors"));
  EXPECT_EQ(info.convention, "caffe");
  EXPECT_THAT(info.source, HasSubstr("a.bin, SHA-256 " + sha256_hex_of_file(path("a.bin"))));
  const Network network = open_network("mine_2");
  EXPECT_EQ(network.config.pixels.matrix[2], 255);
  EXPECT_EQ(network.graph->named_parameters().at("conv2_1.weight").at(7),
            synthetic_vgg(widths, 1).at("conv2_1.weight").at(7));
  EXPECT_THAT(listed(), ElementsAre("small", "instant", "vgg16", "vgg19", "mine_2"));
  EXPECT_THAT(cache_content(), ElementsAre("mine_2.safetensors"));
}

TEST_F(Networks, ImportMakesANameOfTheFile) {
  EXPECT_EQ(import_model(vgg_file("My VGG (2).v3.pth"), {}, progress).name, "my-vgg-2-v3");
}

TEST_F(Networks, ImportToAFileKeepsTheConvention) {
  ImportOptions options;
  options.output = path("out.safetensors");
  options.convention = "caffe";
  EXPECT_EQ(import_model(vgg_file("a"), options, progress).name, options.output);
  EXPECT_THAT(cache_content(), IsEmpty());
  // And again, from our own form.
  const ModelInfo again = import_model(options.output, {"again", "", "detect"}, progress);
  EXPECT_EQ(again.convention, "caffe");
  EXPECT_EQ(again.pixel_offset[0], -103.939f);
  EXPECT_THAT(again.source, HasSubstr("a, SHA-256"));
}

TEST_F(Networks, ImportRefusesNames) {
  const std::string file = vgg_file("a");
  const auto refuse_name = [&](const std::string& name, const std::string& part) {
    expect_error(ErrorCode::usage, part, [&] {
      import_model(file, {name, "", "detect"}, progress);
    });
  };
  refuse_name("small", "'small' is a built-in network");
  for (const char* name : {"Mine", "a/b", "..", "-x", "a b", "\xc3\xa9"}) {
    refuse_name(name, "cannot be a network's name");
  }
  refuse_name(std::string(65, 'a'), "cannot be a network's name");
  expect_error(ErrorCode::usage, "not both", [&] {
    import_model(file, {"x", path("y"), "detect"}, progress);
  });
  expect_error(ErrorCode::usage, "unknown convention 'bgr'", [&] {
    import_model(file, {"x", "", "bgr"}, progress);
  });
  expect_error(ErrorCode::usage,
               "'' cannot be a network's name",  // of a file's name nothing is left
               [&] { import_model(vgg_file("().pth"), {}, progress); });
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Networks, ImportOfWhatIsNoNetworkLeavesNothing) {
  write(path("text"), "no weights");
  expect_error(ErrorCode::input, "is not a weights file", [&] {
    import_model(path("text"), {"x", "", "detect"}, progress);
  });
  expect_error(ErrorCode::input, "no such file", [&] {
    import_model(path("missing"), {"x", "", "detect"}, progress);
  });
  EXPECT_THAT(cache_content(), IsEmpty());
}

TEST_F(Networks, DamageInTheCacheIsListedNotFatal) {
  import_model(vgg_file("a"), {"fine", "", "detect"}, progress);
  write(in_cache("bad.safetensors"), read(path("a")).substr(0, 700));
  write(in_cache("Not A Name.safetensors"), "x");
  write(in_cache("vgg19-dcbb9e9d.pth.part"), "x");
  EXPECT_THAT(listed(), ElementsAre("small", "instant", "vgg16", "vgg19", "bad", "fine"));
  EXPECT_THAT(list_models()[4].problem, HasSubstr(in_cache("bad.safetensors")));
  EXPECT_EQ(list_models()[5].problem, "");
  refuse("bad", in_cache("bad.safetensors"));
}

// A file of ours in the cache cannot stand before a built-in network.
TEST_F(Networks, BuiltInComesFirst) {
  const std::string before = open_network("small").sha256;
  write(in_cache("small.safetensors"), read(vgg_file("a")));
  EXPECT_EQ(open_network("small").sha256, before);
  EXPECT_THAT(listed(), ElementsAre("small", "instant", "vgg16", "vgg19"));
}

TEST_F(Networks, WithoutAHome) {
  unsetenv("XDG_CACHE_HOME");
  const char* home = std::getenv("HOME");
  const std::string kept = home ? home : "";
  unsetenv("HOME");
  EXPECT_EQ(model_cache(), "");
  EXPECT_EQ(open_network("small").name, "small");
  refuse("vgg19", "is not here yet");
  EXPECT_EQ(listed().size(), 4u);
  expect_error(ErrorCode::output, "neither XDG_CACHE_HOME nor HOME", [&] {
    import_model(vgg_file("a"), {"x", "", "detect"}, progress);
  });
  setenv("HOME", "/home/somebody", 1);
  EXPECT_EQ(model_cache(), "/home/somebody/.cache/impasto");
  setenv("XDG_CACHE_HOME", "relative", 1);  // to be ignored, says its specification
  EXPECT_EQ(model_cache(), "/home/somebody/.cache/impasto");
  if (home)
    setenv("HOME", kept.c_str(), 1);
  else
    unsetenv("HOME");
}

}  // namespace
}  // namespace impasto::test
