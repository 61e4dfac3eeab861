#include "impasto/inspect.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include <cmath>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "base/random.h"
#include "formats/safetensors.h"
#include "impasto/error.h"
#include "models/conventions.h"
#include "report/tap_view.h"
#include "shared_data.h"

namespace impasto::test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

Image noise(int width, int height) {
  Image image(width, height);
  Random random(3);
  for (int i = 0; i < 3 * width * height; ++i) {
    image.data()[i] = static_cast<float>(random.uniform());
  }
  return image;
}

Image grey(int width, int height, float value) {
  Image image(width, height);
  std::fill_n(image.data(), 3 * width * height, value);
  return image;
}

Session session;

// A network file that stops at relu3_4, as some that are passed around do.
class Inspect : public ::testing::Test {
 protected:
  Inspect() {
    VggConfig config = small_vgg_config();
    config.widths = {{4, 4}, {6, 6}, {8, 8, 8, 8}};
    const auto graph = make_vgg(config);
    initialise(*graph, 5);
    save(graph->named_parameters(), config);
    options_.network = path_;
  }
  ~Inspect() override { std::filesystem::remove(path_); }

  void save(const NamedTensors& tensors, const VggConfig& config) {
    write_safetensors(path_, tensors, DType::f32, vgg_metadata(config));
  }
  InspectResult run(const Image& photo) {
    Progress silent;
    InspectResult result = inspect(session, photo, options_, silent);
    check(result);
    return result;
  }
  std::string error(ErrorCode code) {
    try {
      run(noise(16, 16));
    } catch (const Error& e) {
      EXPECT_EQ(e.code(), code) << e.what();
      return e.what();
    }
    return "no error";
  }
  static void check(const InspectResult& result) {
    const Image& sheet = result.sheet;
    ASSERT_GT(sheet.width(), 500);
    bool in_range = true;
    for (int i = 0; i < 3 * sheet.width() * sheet.height(); ++i) {
      in_range = in_range && sheet.data()[i] >= 0 && sheet.data()[i] <= 1;
    }
    EXPECT_TRUE(in_range);
    EXPECT_EQ(sheet.data()[0], 1.0f);  // on white
    EXPECT_EQ(sheet.row(sheet.height() - 1)[3 * (sheet.width() - 1)], 1.0f);
    for (const TapStatistics& s : result.taps) {
      EXPECT_GE(s.condition, 1) << s.tap;
      EXPECT_LE(s.dead_channels, s.channels);
      EXPECT_TRUE(std::isfinite(s.mean) && std::isfinite(s.deviation)) << s.tap;
    }
  }

  const std::string path_ = (std::filesystem::temp_directory_path() /
                             ("impasto_inspect_test_" + std::to_string(getpid()) + ".safetensors"))
                                .string();
  InspectOptions options_;
};

std::vector<std::string> names(const InspectResult& result) {
  std::vector<std::string> taps;
  for (const TapStatistics& s : result.taps) taps.push_back(s.tap);
  return taps;
}

TEST_F(Inspect, ShowsTheTapsThatAShortNetworkHas) {
  const InspectResult result = run(noise(40, 24));
  EXPECT_THAT(names(result), ElementsAre("relu1_1", "relu2_1", "relu3_1"));
  EXPECT_EQ(result.taps[1].channels, 6);
  EXPECT_EQ(result.taps[1].width, 20);
  EXPECT_EQ(result.taps[1].height, 12);
  EXPECT_EQ(result.taps[1].strongest.size(), 6u);  // no more than there are
  EXPECT_EQ(result.network_sha256.size(), 64u);
}

TEST_F(Inspect, OpensTheBuiltInNetworkByDefault) {
  options_.network = InspectOptions().network;
  EXPECT_THAT(names(run(noise(64, 48))),
              ElementsAre("relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu4_2", "relu5_1"));
}

TEST_F(Inspect, TakesPicturesOfAnyShape) {
  for (const auto& [width, height] : {std::pair{16, 16}, {3, 500}, {500, 3}, {1, 1}}) {
    SCOPED_TRACE(std::to_string(width) + "x" + std::to_string(height));
    const InspectResult result = run(noise(width, height));
    EXPECT_EQ(result.taps.size(), 3u);
    EXPECT_EQ(result.fed.width, width);
  }
}

TEST_F(Inspect, TakesFlatPictures) {
  for (const ChannelStatistic statistic :
       {ChannelStatistic::gram, ChannelStatistic::covariance, ChannelStatistic::correlation}) {
    options_.statistic = statistic;
    for (const float value : {0.0f, 0.5f, 1.0f}) {
      Progress silent;
      for (const TapStatistics& s : inspect(session, grey(32, 32, value), options_, silent).taps) {
        EXPECT_NEAR(s.deviation, s.deviation, 0) << "not a number";
        EXPECT_FALSE(s.condition < 1e6) << s.tap;  // infinite, or not defined: nothing varies
      }
    }
  }
}

TEST_F(Inspect, ReducesLargePicturesOnly) {
  options_.size = 50;
  EXPECT_EQ(run(noise(100, 40)).fed.width, 50);
  EXPECT_EQ(run(noise(30, 40)).fed.width, 30);
}

TEST_F(Inspect, GivesTheChosenLayersInTheNetworksOrder) {
  options_.layers = {"relu3_4", "relu1_2", "relu3_4"};
  options_.channels = 2;
  options_.map = MapColours::grey;
  const InspectResult result = run(noise(32, 32));
  EXPECT_THAT(names(result), ElementsAre("relu1_2", "relu3_4"));
  EXPECT_EQ(result.taps[0].strongest.size(), 2u);
}

TEST_F(Inspect, ListsTheLayersWhenOneIsUnknown) {
  options_.layers = {"relu1_1", "relu4_2"};
  const std::string message = error(ErrorCode::usage);
  EXPECT_THAT(message, HasSubstr("'relu4_2'"));
  EXPECT_THAT(message, HasSubstr("relu1_1, relu1_2, relu2_1"));
  EXPECT_THAT(message, HasSubstr("relu3_4"));
}

TEST_F(Inspect, RefusesOptionsOutOfRange) {
  const InspectOptions good = options_;
  options_.channels = 0;
  EXPECT_THAT(error(ErrorCode::usage),
              HasSubstr("channels: expected a number from 1 to 512, found '0'"));
  (options_ = good).size = 4000;
  EXPECT_THAT(error(ErrorCode::usage), HasSubstr("size: expected"));
  (options_ = good).layers = {"relu1_1", ""};
  EXPECT_THAT(error(ErrorCode::usage), HasSubstr("layers: expected layers such as"));
  (options_ = good).statistic = static_cast<ChannelStatistic>(7);
  EXPECT_THAT(error(ErrorCode::usage), HasSubstr("gram|covariance|correlation"));
  Progress silent;
  EXPECT_THROW(inspect(session, Image(), good, silent), Error);
}

TEST_F(Inspect, SurvivesANetworkOfNoNumbers) {
  VggConfig config = small_vgg_config();
  config.widths = {{4, 4}};
  const auto graph = make_vgg(config);
  NamedTensors tensors = graph->named_parameters();
  tensors.at("conv1_1.weight").fill(std::nan(""));
  save(tensors, config);
  try {
    Progress silent;
    const InspectResult result = inspect(session, noise(20, 20), options_, silent);
    const auto json = nlohmann::json::parse(inspect_json(result));
    EXPECT_EQ(json["taps"].size(), 1u);
  } catch (const Error& e) {
    EXPECT_EQ(e.code(), ErrorCode::input);  // refusing such a file is as good
  }
}

TEST_F(Inspect, StopsWhenAsked) {
  struct : Progress {
    bool cancelled() override { return true; }
  } impatient;
  const InspectResult result = inspect(session, noise(16, 16), options_, impatient);
  EXPECT_TRUE(result.taps.empty());
  EXPECT_FALSE(result.sheet.empty());
}

TEST_F(Inspect, PrintsJson) {
  const InspectResult result = run(noise(1, 1));
  const auto json = nlohmann::json::parse(inspect_json(result));
  EXPECT_EQ(json["width"], 1);
  ASSERT_EQ(json["taps"].size(), 3u);
  EXPECT_EQ(json["taps"][0]["tap"], "relu1_1");
  EXPECT_EQ(json["taps"][0]["channels"], 4);
  EXPECT_TRUE(json["taps"][0]["condition"].is_null());  // infinite: one position
}

TEST_F(Inspect, OpensOthersNetworks) {
  IMPASTO_SHARED_FILE(vgg, "models/vgg19/vgg19-conv1_1-conv3_4.safetensors");
  options_.network = vgg;
  const InspectResult result = run(noise(64, 64));
  EXPECT_THAT(names(result), ElementsAre("relu1_1", "relu2_1", "relu3_1"));
  EXPECT_EQ(result.taps[2].channels, 256);
}

// Four positions, channels: (1 2 3 4), (0 0 0 0), (10 0 10 0), (5 5 5 5).
Tensor known_features() {
  const Tensor features({1, 2, 2, 4});
  const float values[] = {1, 0, 10, 5, 2, 0, 0, 5, 3, 0, 10, 5, 4, 0, 0, 5};
  std::copy(std::begin(values), std::end(values), features.data<float>());
  return features;
}

TEST(TapView, MeasuresWhatIsThere) {
  const auto backend = make_cpu_backend();
  const TapView view =
      view_tap(*backend, "relu1_1", known_features(), ChannelStatistic::covariance, 3);
  const TapStatistics& s = view.statistics;
  EXPECT_EQ(s.dead_channels, 1);
  EXPECT_NEAR(s.mean, (2.5 + 0 + 5 + 5) / 4, 1e-6);
  EXPECT_NEAR(s.deviation, std::sqrt((30 + 200 + 100) / 16.0 - 3.125 * 3.125), 1e-6);
  EXPECT_EQ(s.largest, 10);
  EXPECT_THAT(s.strongest, ElementsAre(2, 0, 1));
  EXPECT_THAT(view.maps[1], ElementsAre(1, 2, 3, 4));
  EXPECT_NEAR(view.deviations[0], 5, 1e-6);
  EXPECT_TRUE(std::isinf(s.condition));  // channel 3 does not vary
  EXPECT_NEAR(view.matrix[0], 1.25, 1e-5);
  EXPECT_NEAR(view.matrix[2], -2.5, 1e-4);  // (1*10 + 3*10)/4 - 2.5*5
}

TEST(TapView, FillsTheMatrixThatIsAskedFor) {
  const auto backend = make_cpu_backend();
  const TapView gram = view_tap(*backend, "x", known_features(), ChannelStatistic::gram, 1);
  EXPECT_NEAR(gram.matrix[0], 7.5, 1e-4);
  EXPECT_NEAR(gram.matrix[3], 12.5, 1e-4);
  const TapView correlation =
      view_tap(*backend, "x", known_features(), ChannelStatistic::correlation, 1);
  EXPECT_NEAR(correlation.matrix[0], 1, 1e-5);
  EXPECT_NEAR(correlation.matrix[2], -2.5 / std::sqrt(1.25 * 25), 1e-5);
  EXPECT_TRUE(std::isnan(correlation.matrix[1]));
  EXPECT_TRUE(std::isnan(correlation.matrix[5]));
}

TEST(TapView, KnowsTheConditionOfTheLivingChannels) {
  // Independent signs times 1 and 8, and a dead channel: variances 1 and 64.
  const Tensor features({1, 2, 2, 3});
  const float values[] = {1, 8, 0, -1, 8, 0, 1, -8, 0, -1, -8, 0};
  std::copy(std::begin(values), std::end(values), features.data<float>());
  const auto backend = make_cpu_backend();
  const TapView view = view_tap(*backend, "x", features, ChannelStatistic::gram, 1);
  EXPECT_EQ(view.statistics.dead_channels, 1);
  EXPECT_NEAR(view.statistics.condition, 64, 1e-3);
}

}  // namespace
}  // namespace impasto::test
