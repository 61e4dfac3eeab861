// The zoo of a build that cannot fetch: this program has the stub, which comes before the library's
// own.

#include <gmock/gmock.h>

#include "formats/expect_error.h"
#include "impasto/models.h"
#include "impasto/version.h"
#include "zoo/cache_fixture.h"
#include "zoo/fetch.h"
#include "zoo/zoo.h"

namespace impasto::test {
namespace {

using NoFetch = WithCache;

TEST_F(NoFetch, SaysWhatIsMissingAndLeavesNothingBehind) {
  Progress progress;
  expect_error(ErrorCode::unsupported,
               "fetching networks is not in this build: it takes libcurl (Debian: "
               "libcurl4-openssl-dev)",
               [&] { fetch_model("vgg19", progress); });
  EXPECT_THAT(cache_content(), testing::IsEmpty());
}

TEST_F(NoFetch, TheRestWorks) {
  EXPECT_EQ(open_network("small").name, "small");
  EXPECT_EQ(list_models().size(), 2 + known_downloads().size());
}

TEST(Components, HaveNamesWordsAndPackages) {
  for (const Component& c : components()) {
    for (const std::string& text : {c.name, c.does, c.takes, c.package}) EXPECT_FALSE(text.empty());
  }
  EXPECT_EQ(components().at(0).name, "fetch");
}

}  // namespace
}  // namespace impasto::test
