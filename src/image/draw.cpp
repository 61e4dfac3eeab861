#include "image/draw.h"

#include <vips/vips.h>

#include <algorithm>
#include <cmath>
#include <memory>

#include "base/memory.h"
#include "image/vips.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using GlibText = std::unique_ptr<char, decltype(&g_free)>;

// Fonts and what reads them. Cairo and Pango go on without what they do not get, with lines of
// their own about it.
constexpr size_t fonts_bytes = size_t{32} << 20;

/// The inked rectangle of one line as 8-bit coverage, with its place in the line in Xoffset,
/// Yoffset.
vips::Picture draw_line(const std::string& text, int font_pixels) {
  require_address_space(fonts_bytes);
  const GlibText valid(g_utf8_make_valid(text.data(), static_cast<gssize>(text.size())), g_free);
  const GlibText markup(g_markup_escape_text(valid.get(), -1), g_free);  // Pango reads markup
  const std::string font = "sans " + std::to_string(font_pixels);
  VipsImage* lazy = nullptr;
  if (vips_text(&lazy, markup.get(), "font", font.c_str(), "dpi", 72, nullptr) != 0) {
    throw Error(ErrorCode::unsupported, "text cannot be drawn: " + vips::take_error());
  }
  const vips::Picture drawn(lazy);
  vips::Picture line(vips_image_copy_memory(lazy));
  if (!line) throw Error(ErrorCode::unsupported, "text cannot be drawn: " + vips::take_error());
  return line;
}

/// Polynomial of degree 6 fitted to matplotlib's viridis (van der Walt and Smith, 2015), by
/// Matt Zucker, public domain; off by less than 0.01.
void viridis(float t, float* rgb) {
  static constexpr float fit[7][3] = {
      {0.277727327f, 0.005407345f, 0.334099805f},   {0.105093043f, 1.404613530f, 1.384590163f},
      {-0.330861829f, 0.214847559f, 0.095095163f},  {-4.634230499f, -5.799100973f, -19.332440956f},
      {6.228269936f, 14.179933366f, 56.690552601f}, {4.776384998f, -13.745145378f, -65.353032633f},
      {-5.435455856f, 4.645852612f, 26.312435249f}};
  for (int c = 0; c < 3; ++c) {
    float value = 0;
    for (int power = 6; power >= 0; --power) value = value * t + fit[power][c];
    rgb[c] = std::clamp(value, 0.0f, 1.0f);
  }
}

}  // namespace

Image render_text(const std::string& text, int pixel_height, float grey) {
  vips::start();
  std::string line = text;
  std::replace_if(
      line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
  const bool blank = line.find_first_not_of(' ') == std::string::npos;
  // Ascender to descender is about 1.2 times the nominal size of a face.
  const int font_pixels = std::max(1, pixel_height * 5 / 6);
  const vips::Picture ink = blank ? nullptr : draw_line(line, font_pixels);
  const int left = ink ? std::max(0, vips_image_get_xoffset(ink.get())) : 0;
  const int top = ink ? vips_image_get_yoffset(ink.get()) : 0;
  Image result(ink ? left + vips_image_get_width(ink.get()) : 1, pixel_height);
  std::fill_n(result.data(), static_cast<size_t>(result.width()) * result.height() * 3, grey);
  result.alpha.assign(static_cast<size_t>(result.width()) * result.height(), 0);
  for (int y = 0; ink && y < vips_image_get_height(ink.get()); ++y) {
    if (y + top < 0 || y + top >= pixel_height) continue;
    const uint8_t* row = VIPS_IMAGE_ADDR(ink.get(), 0, y);
    float* to = result.alpha.data() + static_cast<size_t>(y + top) * result.width() + left;
    for (int x = 0; x < vips_image_get_width(ink.get()); ++x) to[x] = row[x] / 255.0f;
  }
  return result;
}

void blit(Image& canvas, const Image& tile, int x, int y) {
  const int x_begin = std::max(0, -x), x_end = std::min(tile.width(), canvas.width() - x);
  const int y_begin = std::max(0, -y), y_end = std::min(tile.height(), canvas.height() - y);
  for (int ty = y_begin; ty < y_end; ++ty) {
    for (int tx = x_begin; tx < x_end; ++tx) {
      const size_t pixel = static_cast<size_t>(ty) * tile.width() + tx;
      const float cover = tile.alpha.empty() ? 1 : tile.alpha[pixel];
      float* to = canvas.row(y + ty) + 3 * (x + tx);
      for (int c = 0; c < 3; ++c) to[c] += cover * (tile.data()[3 * pixel + c] - to[c]);
    }
  }
}

Image heat_map(std::span<const float> values, int width, int height, float low, float high) {
  Image result(width, height);
  if (values.size() != static_cast<size_t>(width) * height) {
    throw Error(ErrorCode::internal, "a heat map of " + std::to_string(width) + "x" +
                                         std::to_string(height) + " got " +
                                         std::to_string(values.size()) + " values");
  }
  const float range = high > low ? high - low : 1;
  for (size_t i = 0; i < values.size(); ++i) {
    float* rgb = result.data() + 3 * i;
    if (std::isnan(values[i])) {
      std::fill_n(rgb, 3, 0.5f);
    } else {
      viridis(std::clamp((values[i] - low) / range, 0.0f, 1.0f), rgb);
    }
  }
  return result;
}

Image labelled_grid(const std::vector<std::pair<std::string, Image>>& items, int columns) {
  constexpr int margin = 8, text_height = 18;
  if (items.empty() || columns < 1) {
    throw Error(ErrorCode::internal, "a contact sheet needs pictures and columns");
  }
  columns = std::min(columns, static_cast<int>(items.size()));
  const int rows = (static_cast<int>(items.size()) + columns - 1) / columns;
  std::vector<Image> labels;
  int cell_width = 1, cell_height = 0;
  for (const auto& [text, tile] : items) {
    labels.push_back(render_text(text, text_height, 0));
    cell_width = std::max({cell_width, tile.width(), labels.back().width()});
    cell_height = std::max(cell_height, tile.height());
  }
  cell_width += margin;
  const int row_height = cell_height + text_height + 2 * margin;
  Image sheet(columns * cell_width + margin, rows * row_height + margin);
  std::fill_n(sheet.data(), static_cast<size_t>(sheet.width()) * sheet.height() * 3, 1.0f);
  for (int i = 0; i < static_cast<int>(items.size()); ++i) {
    const int left = margin + i % columns * cell_width, top = margin + i / columns * row_height;
    const auto centre = [&](const Image& part) {
      return left + (cell_width - margin - part.width()) / 2;
    };
    const Image& tile = items[i].second;
    blit(sheet, tile, centre(tile), top + cell_height - tile.height());
    blit(sheet, labels[i], centre(labels[i]), top + cell_height + margin / 2);
  }
  return sheet;
}

}  // namespace impasto
