// Paints one picture, with a progress bar: progress_bar PHOTO PAINTING RESULT

#include <impasto/error.h>
#include <impasto/stylize.h>

#include <cstdio>
#include <string>

namespace {

class Bar : public impasto::Progress {
 public:
  void report(const impasto::ProgressReport& r) override {
    constexpr int width = 30;
    const int done = static_cast<int>(r.fraction * width);
    std::printf("\r[%s%s] %3.0f %%, %.0f s left ", std::string(done, '=').c_str(),
                std::string(width - done, ' ').c_str(), 100 * r.fraction, r.remaining);
    std::fflush(stdout);
  }
};

}  // namespace

int main(int count, char** arguments) try {
  if (count != 4) {
    std::fprintf(stderr, "usage: %s PHOTO PAINTING RESULT\n", arguments[0]);
    return 2;
  }
  impasto::check_writable(arguments[3]);  // before anybody waits
  const impasto::Image photo = impasto::read_image(arguments[1]);
  const impasto::Image painting = impasto::read_image(arguments[2]);

  impasto::Session session;
  impasto::StylizeOptions options;
  options.quality = impasto::Quality::good;
  options.size = 256;
  Bar bar;
  const impasto::StylizeResult result = impasto::stylize(session, photo, {painting}, options, bar);
  impasto::write_image(result.image, arguments[3]);
  std::printf("\n%s: %dx%d in %.1f s\n", arguments[3], result.image.width(), result.image.height(),
              result.seconds);
  return 0;
} catch (const impasto::Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
