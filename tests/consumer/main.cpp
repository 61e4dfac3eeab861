#include <cstdio>
#include <string>

#include "impasto/error.h"
#include "impasto/image.h"
#include "impasto/version.h"

namespace {

// Both a call into libvips and an exception have to cross from the library into this program.
bool refuses_missing_files() {
  try {
    impasto::read_image("no such picture.jpg");
  } catch (const impasto::Error& e) {
    return e.code() == impasto::ErrorCode::input;
  }
  return false;
}

}  // namespace

int main() {
  const impasto::Image image(8, 6);
  const impasto::Size size = impasto::scaled_to(image, 4);
  const bool works = std::string(impasto::version()) == EXPECTED_VERSION && size.width == 4 &&
                     size.height == 3 && !impasto::encode_png(image).empty() &&
                     refuses_missing_files();
  std::printf("impasto %s %s\n", impasto::version(), works ? "works" : "does not work");
  return works ? 0 : 1;
}
