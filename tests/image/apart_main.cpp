// All tests of pictures once more, decoded by workers.

#include <gmock/gmock.h>

#include "impasto/image.h"

int main(int argc, char** argv) {
  testing::InitGoogleMock(&argc, argv);
  impasto::decode_apart();
  return RUN_ALL_TESTS();
}
