// What a program with a slider does: while somebody moves it, the picture that is being painted is
// given up and painted anew. Networks, and what was learned of the pictures, are kept by the
// session and the Stylizer, so only what strength changes is done again: slider PHOTO PAINTING

#include <impasto/error.h>
#include <impasto/stylizer.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>

namespace {

std::atomic<int> slider = 20;      // where it stands now
std::atomic<bool> let_go = false;  // nobody moves it any more

// Gives up once the slider stands elsewhere.
class UntilMoved : public impasto::Progress {
 public:
  explicit UntilMoved(int painted) : painted_(painted) {}
  bool cancelled() override { return slider != painted_; }

 private:
  const int painted_;
};

void move_slider() {
  for (int strength = 30; strength <= 90; strength += 10) {
    std::this_thread::sleep_for(std::chrono::milliseconds(40));
    slider = strength;
  }
  let_go = true;
}

}  // namespace

int main(int count, char** arguments) try {
  if (count != 3) {
    std::fprintf(stderr, "usage: %s PHOTO PAINTING\n", arguments[0]);
    return 2;
  }
  const auto photo = std::make_shared<const impasto::Image>(impasto::read_image(arguments[1]));
  const auto painting =
      std::make_shared<const impasto::Painting>(impasto::read_painting(arguments[2]));
  impasto::Session session;
  impasto::StylizeOptions options;
  options.method = impasto::Method::instant;
  options.size = 320;
  impasto::Stylizer stylizer(session, options);

  std::thread hand(move_slider);
  int shown = -1, given_up = 0;
  while (!let_go || shown != slider) {
    const int strength = slider;
    if (strength == shown) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
      continue;
    }
    options.strength = strength;
    stylizer.set_options(options);
    UntilMoved progress(strength);
    const impasto::StylizeResult result = stylizer.paint(photo, {painting}, progress);
    if (result.cancelled) {
      ++given_up;
      continue;
    }
    shown = strength;
    std::printf("strength %d: %dx%d in %.3f s\n", strength, result.image.width(),
                result.image.height(), result.seconds);
  }
  hand.join();
  std::printf("%d pictures were given up on the way\n", given_up);
  return shown == 90 ? 0 : 1;
} catch (const impasto::Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
