// Paints from memory into memory, as a plug-in or a video program would: no file is read or
// written. Here a photograph of 8 bits whose rows have gaps becomes floats with alpha.

#include <impasto/error.h>
#include <impasto/pixels.h>
#include <impasto/stylize.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <vector>

namespace {

constexpr int width = 160, height = 120;

// A sun over hills, in rows of 512 bytes.
constexpr std::ptrdiff_t photo_row = 512;
std::vector<uint8_t> draw_photograph() {
  std::vector<uint8_t> pixels(photo_row * height);
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      uint8_t* rgb = &pixels[y * photo_row + 3 * x];
      const bool sun = std::hypot(x - 110, y - 35) < 20;
      const bool hill = y > 80 + 15 * std::sin(x / 25.0);
      rgb[0] = sun ? 250 : hill ? 40 : 90 + y;
      rgb[1] = sun ? 220 : hill ? 120 : 140;
      rgb[2] = sun ? 90 : hill ? 50 : 220 - y;
    }
  }
  return pixels;
}

// Stripes and dots, as 16 bits of grey.
std::vector<uint16_t> draw_painting() {
  std::vector<uint16_t> pixels(128 * 128);
  for (int i = 0; i < 128 * 128; ++i) {
    pixels[i] =
        static_cast<uint16_t>(32767 + 32000 * std::sin(i % 128 / 3.0) * std::cos(i / 512.0));
  }
  return pixels;
}

}  // namespace

int main() try {
  using Layout = impasto::PixelLayout;
  const std::vector<uint8_t> photo = draw_photograph();
  const std::vector<uint16_t> painting = draw_painting();
  const Layout photo_layout{width, height, 3, Layout::Channel::u8, photo_row};
  const Layout painting_layout{128, 128, 1, Layout::Channel::u16};

  impasto::Session session;
  impasto::StylizeOptions options;
  options.method = impasto::Method::instant;
  impasto::Progress quiet;
  const impasto::StylizeResult result =
      impasto::stylize(session, impasto::image_from(photo.data(), photo_layout),
                       {impasto::image_from(painting.data(), painting_layout)}, options, quiet);

  std::vector<float> rgba(width * height * 4);
  impasto::copy_pixels(result.image, rgba.data(), {width, height, 4, Layout::Channel::f32});
  double sum = 0;
  for (const float v : rgba) sum += v;
  std::printf("%dx%d, mean %.3f, in %.2f s\n", width, height,
              sum / static_cast<double>(rgba.size()), result.seconds);
  return sum > 0 ? 0 : 1;
} catch (const impasto::Error& e) {
  std::fprintf(stderr, "%s\n", e.what());
  return 1;
}
