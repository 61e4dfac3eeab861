// A style file in the painting's place.

#include "impasto/style_file.h"

#include <filesystem>

#include "formats/expect_error.h"
#include "support/stylize_fixture.h"
#include "transfer/style_file.h"

namespace impasto::test {
namespace {

class StyleFileTest : public StylizeTest {
 protected:
  StyleFileTest() { save_options_.size = 160; }
  Painting saved(const std::string& network) {
    save_options_.network = network;
    Progress quiet;
    EXPECT_TRUE(save_style(session_, painting_, path_, save_options_, quiet));
    return read_painting(path_);
  }

  std::string path_ = folder_ / "a.style";
  StyleFileOptions save_options_;
};

TEST_F(StyleFileTest, HoldsAPreviewAndWhatItIs) {
  const Painting style = saved(options_.network);
  ASSERT_TRUE(style.learned);
  EXPECT_EQ(style.height(), 64);  // the painting has 64x72
  EXPECT_EQ(style.width(), 57);
  EXPECT_LT(max_difference(style, resize(painting_, 57, 64)), 0.03f);
  const StyleInfo info = style_info(path_);
  EXPECT_EQ(info.width, 64);
  EXPECT_EQ(info.height, 72);
  EXPECT_EQ(info.encoder, options_.network);
  EXPECT_EQ(info.sizes, (std::vector<int>{64, 128, 160}));
  EXPECT_EQ(info.bytes, std::filesystem::file_size(path_));
  EXPECT_TRUE(is_style_file(path_));
  EXPECT_FALSE(is_style_file(options_.network));
}

TEST_F(StyleFileTest, OptimizesLikeThePainting) {
  const Painting style = saved(options_.network);
  options_.size = 64;  // one of its sizes
  options_.scales = 1;
  const StylizeResult with_painting = run(), with_file = run(photo_, {style});
  const auto& first = with_painting.losses.front().terms;
  for (size_t i = 0; i < first.size(); ++i) {
    const auto& [name, value] = with_file.losses.front().terms[i];
    EXPECT_NEAR(value, first[i].second, 0.005 * first[i].second + 1e-6) << name;
  }
  // And not like another painting.
  const StylizeResult other = run(photo_, {synthetic_picture(64, 72, 9)});
  EXPECT_LT(max_difference(with_file.image, with_painting.image),
            0.3f * max_difference(other.image, with_painting.image));
  options_.style_weights = {1, 2};
  EXPECT_NO_THROW(run(photo_, {style, painting_}));
}

TEST_F(StyleFileTest, PaintsAtOnceLikeThePainting) {
  const Painting style = saved("small");
  use_instant();
  options_.size = 128;
  const Image with_painting = run().image, with_file = run(photo_, {style}).image;
  EXPECT_LT(max_difference(with_file, with_painting), 0.05f);
  const Image other = run(photo_, {synthetic_picture(64, 72, 9)}).image;
  EXPECT_GT(max_difference(other, with_painting), 2 * max_difference(with_file, with_painting));
}

TEST_F(StyleFileTest, RefusesAnotherEncoder) {
  const Painting style = saved("small");
  expect_error(ErrorCode::input, "a.style: expected statistics of the encoder " + options_.network,
               [&] { run(photo_, {style}); });
  const Painting random = saved(options_.network);
  use_instant();
  expect_error(ErrorCode::input, "found those of " + save_options_.network,
               [&] { run(photo_, {random}); });
}

TEST_F(StyleFileTest, RefusesLayersThatItLacks) {
  const Painting style = saved(options_.network);
  options_.style_layers = {{"relu4_2", 1}};
  expect_error(ErrorCode::usage, "relu4_2 (`style-layers`)", [&] { run(photo_, {style}); });
}

TEST_F(StyleFileTest, LeavesNothingWhenItFails) {
  struct Cancelled : Progress {
    bool cancelled() override { return true; }
  } cancelled;
  Progress quiet;
  EXPECT_FALSE(save_style(session_, painting_, path_, save_options_, cancelled));
  save_options_.size = 63;
  expect_error(ErrorCode::usage, "size: expected a number from 64 to 4096, found '63'",
               [&] { save_style(session_, painting_, path_, save_options_, quiet); });
  save_options_.size = 64;
  expect_error(ErrorCode::input, "empty",
               [&] { save_style(session_, Image(), path_, save_options_, quiet); });
  EXPECT_FALSE(std::filesystem::exists(path_));
  expect_error(ErrorCode::output, "none", [&] {
    save_style(session_, painting_, folder_ / "none/a.style", save_options_, quiet);
  });
}

}  // namespace
}  // namespace impasto::test
