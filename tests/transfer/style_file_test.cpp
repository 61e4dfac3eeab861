// A style in a file: what comes back, and what is refused.

#include "transfer/style_file.h"

#include <gtest/gtest.h>

#include <cmath>
#include <functional>
#include <map>
#include <memory>

#include "base/random.h"
#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "transfer/packed_covariance.h"

namespace impasto::test {
namespace {

// Of `positions` random vectors: singular when there are fewer than channels. Channel 1 is dead.
FeatureStatistics random_statistics(int64_t c, int64_t positions, uint64_t seed) {
  Random random(seed);
  std::vector<double> mixing(static_cast<size_t>(c * c));
  for (double& v : mixing) v = random.normal();
  FeatureStatistics s{c, static_cast<double>(positions),
                      std::vector<double>(static_cast<size_t>(c)),
                      std::vector<double>(static_cast<size_t>(c * c))};
  for (double& m : s.mean) m = 3 * random.normal();
  std::vector<double> x(static_cast<size_t>(c));
  for (int64_t n = 0; n < positions; ++n) {
    std::vector<double> noise(x.size());
    for (double& v : noise) v = random.normal();
    for (size_t i = 0; i < x.size(); ++i) {
      x[i] = 0;
      for (size_t j = 0; j < x.size(); ++j) x[i] += mixing[i * x.size() + j] * noise[j];
      x[i] *= i == 1 ? 0 : std::pow(1.3, static_cast<double>(i % 9));
    }
    for (size_t k = 0; k < s.covariance.size(); ++k) {
      s.covariance[k] += x[k / x.size()] * x[k % x.size()] / static_cast<double>(positions);
    }
  }
  return s;
}

double difference(const std::vector<double>& a, const std::vector<double>& b) {
  double sum = 0, norm = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    sum += (a[i] - b[i]) * (a[i] - b[i]);
    norm += b[i] * b[i];
  }
  return std::sqrt(sum / norm);
}

SavedStyle sample_style() {
  SavedStyle style;
  style.encoder = "small";
  style.encoder_sha256 = std::string(64, 'a');
  style.pooling = "max";
  style.width = 300, style.height = 200;
  style.preview = Tensor::full({2, 3, 3}, 0.25);
  for (const int side : {64, 256}) {
    SavedStyle::Rung rung{side, {}};
    for (const int64_t c : {3, 8, 12, 16, 24, 32}) {
      rung.statistics.push_back(random_statistics(c, c == 32 ? 12 : 100, rung.longer_side + c));
    }
    style.rungs.push_back(rung);
  }
  return style;
}

// The sample's file after a change of its tensors and texts.
using Change = std::function<void(NamedTensors&, std::map<std::string, std::string>&)>;
std::vector<std::byte> changed(const Change& change) {
  std::map<std::string, std::string> metadata;
  NamedTensors tensors = parse_safetensors(format_style(sample_style()), "s", &metadata);
  change(tensors, metadata);
  return format_safetensors(tensors, {}, metadata);
}

TEST(PackedCovariance, ComesBack) {
  for (const int64_t positions : {1, 5, 31, 32, 500}) {
    const FeatureStatistics s = random_statistics(32, positions, 3);
    const PackedCovariance packed = pack_covariance(s.covariance, 32);
    EXPECT_EQ(check_packed(packed), "") << positions;
    EXPECT_LT(difference(unpack_covariance(packed), s.covariance), 1e-6) << positions;
  }
}

TEST(PackedCovariance, SeesRowsOfAnotherLength) {
  PackedCovariance packed = pack_covariance({4, 1, 1, 9}, 2);
  EXPECT_EQ(packed.deviation, (std::vector<double>{2, 3}));
  packed.factor[2] = 2;
  EXPECT_NE(check_packed(packed), "");
  packed = pack_covariance({4, 1, 1, 9}, 2);
  packed.deviation[1] = -3;
  EXPECT_NE(check_packed(packed), "");
}

TEST(StyleFile, GivesBackWhatWasWritten) {
  const SavedStyle style = sample_style();
  const auto bytes = format_style(style);
  EXPECT_EQ(bytes, format_style(style));
  const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  EXPECT_TRUE(looks_like_style(text.substr(0, 4096)));
  const SavedStyle read = parse_style(bytes, "a.style");
  EXPECT_EQ(read.file, "a.style");
  EXPECT_EQ(read.encoder, "small");
  EXPECT_EQ(read.width, 300);
  EXPECT_EQ(read.preview.at(7), 0.25);
  ASSERT_EQ(read.rungs.size(), 2u);
  for (size_t r = 0; r < 2; ++r) {
    EXPECT_EQ(read.rungs[r].longer_side, style.rungs[r].longer_side);
    for (size_t k = 0; k < 6; ++k) {
      const FeatureStatistics &a = read.rungs[r].statistics[k], &b = style.rungs[r].statistics[k];
      EXPECT_LT(difference(a.mean, b.mean), 1e-6);
      EXPECT_LT(difference(a.covariance, b.covariance), 5e-4);  // F16 keeps eleven bits
      for (size_t i = 0; i < a.mean.size(); ++i) {
        const size_t d = i * a.mean.size() + i;
        EXPECT_NEAR(a.covariance[d], b.covariance[d], 1e-6 * b.covariance[d]);
      }
    }
  }
}

SavedStyle sample_with_network() {
  SavedStyle style = sample_style();
  const auto network = std::make_shared<StyleNetwork>(StyleNetworkConfig{{4, 3, 2}, 1});
  Random random(8);
  for (const Parameter& p : network->parameters.all()) {
    for (int64_t i = 0; i < p.value.size(); ++i) {
      p.value.data<float>()[i] = static_cast<float>(random.normal());
    }
  }
  style.network = network;
  return style;
}

TEST(StyleFile, GivesBackItsNetwork) {
  const SavedStyle style = sample_with_network();
  const SavedStyle found = parse_style(format_style(style), "s");
  ASSERT_NE(found.network, nullptr);
  EXPECT_EQ(found.network->config.channels, style.network->config.channels);
  EXPECT_EQ(found.network->config.blocks, style.network->config.blocks);
  const auto &wanted = style.network->parameters.all(), &read = found.network->parameters.all();
  ASSERT_EQ(read.size(), wanted.size());
  for (size_t i = 0; i < read.size(); ++i) {
    for (int64_t k = 0; k < read[i].value.size(); ++k) {
      ASSERT_NEAR(read[i].value.at(k), wanted[i].value.at(k), 3e-3) << read[i].name;
    }
  }
}

TEST(StyleFile, RefusesEveryLieOfItsNetwork) {
  using Metadata = std::map<std::string, std::string>;
  const auto refused = [](const std::string& part, auto change) {
    Metadata metadata;
    NamedTensors tensors = parse_safetensors(format_style(sample_with_network()), "s", &metadata);
    change(tensors, metadata);
    const auto bytes = format_safetensors(tensors, {}, metadata);
    expect_error(ErrorCode::input, part, [&] { parse_style(bytes, "s"); });
  };
  for (const char* channels : {"4,3", "4,3,2,1", "4,3,0", "4,3,-2", "4,3,100000", "a,b,c", ""}) {
    refused("network.", [&](auto&, Metadata& m) { m["network.channels"] = channels; });
  }
  for (const char* blocks : {"-1", "1000", "two", ""}) {
    refused("network.blocks", [&](auto&, Metadata& m) { m["network.blocks"] = blocks; });
  }
  refused("network.blocks", [](auto&, Metadata& m) { m.erase("network.blocks"); });
  refused("network.half.bias", [](NamedTensors& t, auto&) { t.erase("network.half.bias"); });
  refused("network.half.weight", [](NamedTensors& t, auto&) {
    t["network.half.weight"] = Tensor::full({4, 3, 5, 5}, 0);
  });
  refused("network.to_whole.bias",
          [](NamedTensors& t, Metadata&) { t["network.to_whole.bias"] = Tensor::full({3}, 1e30); });
}

TEST(StyleFile, InterpolatesBetweenItsSizes) {
  const SavedStyle style = sample_style();
  const auto mean = [&](double side) { return statistics_at(style, side, "relu2_1").mean[0]; };
  const double low = style.rungs[0].statistics[2].mean[0],
               high = style.rungs[1].statistics[2].mean[0];
  EXPECT_EQ(mean(1), low);
  EXPECT_EQ(mean(64), low);
  EXPECT_NEAR(mean(128), (low + high) / 2, 1e-9);
  EXPECT_EQ(mean(256), high);
  EXPECT_EQ(mean(5000), high);
  EXPECT_EQ(statistics_at(style, 256)[5].covariance, style.rungs[1].statistics[5].covariance);
  expect_error(ErrorCode::usage, "relu4_2", [&] { statistics_at(style, 100, "relu4_2"); });
}

TEST(StyleFile, IsOfOneEncoder) {
  SavedStyle style = sample_style();
  style.file = "a.style";
  EXPECT_NO_THROW(check_encoder(style, "any name", style.encoder_sha256, "max"));
  expect_error(ErrorCode::input, "a.style: expected statistics of the encoder vgg19 (bbbbbbbb",
               [&] { check_encoder(style, "vgg19", std::string(64, 'b'), "max"); });
  expect_error(ErrorCode::input, "found those of small (aaaaaaaa, max pooling): make it anew",
               [&] { check_encoder(style, "small", style.encoder_sha256, "average"); });
}

TEST(StyleFile, RefusesEveryLie) {
  using Tensors = NamedTensors;
  using Texts = std::map<std::string, std::string>;
  const auto set = [](const std::string& name, int64_t index, float value) -> Change {
    return [=](Tensors& t, Texts&) { t.at(name).data<float>()[index] = value; };
  };
  const auto shape = [](const std::string& name, const Shape& s) -> Change {
    return [=](Tensors& t, Texts&) { t[name] = Tensor::zeros(s); };
  };
  const auto text = [](const std::string& key, const std::string& value) -> Change {
    return [=](Tensors&, Texts& m) { m[key] = value; };
  };
  const std::vector<std::pair<Change, std::string>> lies = {
      {text("impasto.format", "style-2"), "found style-2: a newer impasto made it"},
      {text("impasto.format", "instant-4"), "another kind of safetensors file"},
      {[](Tensors&, Texts& m) { m.erase("impasto.format"); }, "another kind"},
      {[](Tensors&, Texts& m) { m.erase("encoder.sha256"); }, "does not tell encoder.sha256"},
      {text("painting.width", "-3"), "painting.width is not a size"},
      {text("painting.width", "99999999999999999999"), "painting.width is not a size"},
      {[](Tensors& t, Texts&) { t.erase("relu3_1.mean"); }, "lacks the tensor relu3_1.mean"},
      {set("relu2_1.mean", 3, NAN), "relu2_1.mean holds a number that is not finite"},
      {set("relu2_1.factor", 3, INFINITY), "relu2_1.factor holds a number"},
      {set("relu2_1.deviation", 3, 1e30f), "relu2_1.deviation holds a number"},
      {set("relu2_1.deviation", 3, -1), "relu2_1: a negative deviation"},
      {set("relu2_1.factor", 0, 1.5f), "row 0 of the factor: expected the length 1"},
      {set("relu1_1.deviation", 1, 2), "row 1 of the factor: expected the length 1"},
      {set("sizes", 1, 64), "sizes do not ascend"},
      {set("sizes", 0, 0), "sizes do not ascend"},
      {set("sizes", 0, 0.5f), "sizes do not ascend"},
      {shape("sizes", {0}), "impossible number of sizes"},
      {[](Tensors& t, Texts&) { t["sizes"] = Tensor::full({1}, 9); },
       "colours.mean: expected the shape [1, ?]"},
      {shape("relu1_1.deviation", {2, 9}), "relu1_1.deviation: expected the shape [2, 8]"},
      {shape("relu1_1.factor", {2, 64}), "relu1_1.factor: expected the shape [2, 36]"},
      {shape("relu1_1.mean", {2, 0}), "impossible channels"},
      {shape("colours.mean", {2, 4}), "impossible channels"},
      {shape("preview", {65, 10, 3}), "preview: expected sides"},
      {shape("preview", {0, 10, 3}), "preview: expected sides"},
      {shape("preview", {10, 3}), "preview: expected the shape"},
  };
  ASSERT_NO_THROW(parse_style(changed([](auto&, auto&) {}), "s"));
  for (const auto& [lie, part] : lies) {
    const auto bytes = changed(lie);
    expect_error(ErrorCode::input, "bad.style: ", [&] { parse_style(bytes, "bad.style"); });
    SCOPED_TRACE(part);
    expect_error(ErrorCode::input, part, [&] { parse_style(bytes, "bad.style"); });
  }
  auto cut = format_style(sample_style());
  for (const size_t size : {0, 7, 300, static_cast<int>(cut.size()) - 1}) {
    cut.resize(size);
    expect_error(ErrorCode::input, "cut.style: ", [&] { parse_style(cut, "cut.style"); });
    cut = format_style(sample_style());
  }
}

}  // namespace
}  // namespace impasto::test
