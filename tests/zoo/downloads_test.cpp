// What can be fetched, whether this build can fetch or not.

#include "zoo/downloads.h"

#include <gmock/gmock.h>

#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "impasto/models.h"
#include "models/synthetic.h"
#include "zoo/cache_fixture.h"

namespace impasto::test {
namespace {

class Downloads : public WithCache {
 protected:
  Progress progress;
};

TEST_F(Downloads, HaveWholeHashes) {
  for (const Download& known : known_downloads()) {
    EXPECT_EQ(known.sha256.size(), 64u);
    // The publisher's names hold the first digits.
    EXPECT_THAT(known.file, testing::HasSubstr("-" + known.sha256.substr(0, 8) + "."));
  }
}

TEST_F(Downloads, AreOnlyThoseThatAreKnown) {
  expect_error(ErrorCode::usage, "'small' cannot be fetched; known are vgg16, vgg19",
               [&] { fetch_model("small", progress); });
}

TEST_F(Downloads, AreNotFetchedWhenTheyAreHere) {
  setenv("IMPASTO_MODELS_URL", "http://no-such-host.invalid", 1);
  const auto bytes = format_safetensors(synthetic_vgg({{8, 16}, {16}}, 1));
  write(path("own.pth"), {reinterpret_cast<const char*>(bytes.data()), bytes.size()});
  import_model(path("own.pth"), {"vgg19", "", "detect"}, progress);
  EXPECT_EQ(fetch_model("vgg19", progress).place, ModelPlace::cache);
}

}  // namespace
}  // namespace impasto::test
