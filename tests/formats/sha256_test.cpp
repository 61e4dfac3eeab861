#include "formats/sha256.h"

#include <fstream>

#include "formats/byte_strings.h"
#include "formats/expect_error.h"

namespace impasto {
namespace {

using test::bytes_of;

// FIPS 180-2, appendix B, and the empty message.
TEST(Sha256, MatchesThePublishedVectors) {
  EXPECT_EQ(sha256_hex(bytes_of("")),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex(bytes_of("abc")),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256_hex(bytes_of("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq")),
            "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1");
  EXPECT_EQ(sha256_hex(bytes_of(std::string(1'000'000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256, OfAFileIsThatOfItsBytes) {
  const std::string path = testing::TempDir() + "sha256_test.bin";
  const std::string content(3'000'001, 'x');  // more than one piece
  std::ofstream(path, std::ios::binary) << content;
  EXPECT_EQ(sha256_hex_of_file(path), sha256_hex(bytes_of(content)));
  std::remove(path.c_str());
  test::expect_error(ErrorCode::input, path, [&] { sha256_hex_of_file(path); });
}

}  // namespace
}  // namespace impasto
