#include <algorithm>
#include <cmath>

#include "base/promise.h"
#include "canvas/picture.h"
#include "image/draw.h"
#include "impasto/error.h"
#include "impasto/sweep.h"
#include "jobs/memory.h"

namespace impasto {

namespace {

constexpr int gutter = 4;            // pixels
constexpr int longest_usual = 4096;  // pixels of a sheet's side, unless a size is asked for
constexpr int longest = 16'000;      // and then
constexpr int smallest_cell = 16;

int side_of(int cells, int cell) {
  return cells * cell + (cells - 1) * gutter;
}

}  // namespace

SweepSheet::SweepSheet(const Session& session, Sweep& sweep, const PictureHeader& content)
    : columns_(sweep.columns), rows_(sweep.rows) {
  const auto longer_side = [&](const Size& cell) {
    return std::max(side_of(columns_, cell.width), side_of(rows_, cell.height));
  };
  const std::string cells = std::to_string(columns_) + "x" + std::to_string(rows_) + " cells";
  Size cell = result_size(content, sweep.cells.front().size);
  if (sweep.cells.front().size.given()) {
    if (longer_side(cell) > longest) {
      throw Error(ErrorCode::usage, "size " + sweep.cells.front().size.text() +
                                        ": expected a sheet of at most " + std::to_string(longest) +
                                        " pixels a side, found " + cells + " with " +
                                        std::to_string(longer_side(cell)) +
                                        "; frames (`output` FOLDER/) may be larger");
    }
  } else if (longer_side(cell) > longest_usual) {
    int size = std::max(cell.width, cell.height);
    const double factor = static_cast<double>(longest_usual) / longer_side(cell);
    size = static_cast<int>(std::ceil(size * factor));
    while (size > 1 && longer_side(scaled_to(content, size)) > longest_usual) --size;
    cell = scaled_to(content, size);
    for (StylizeOptions& o : sweep.cells) o.size = size;
  }
  if (std::max(cell.width, cell.height) <
      std::min(smallest_cell, std::max(content.width, content.height))) {
    throw Error(ErrorCode::usage, "sweep: expected cells of at least " +
                                      std::to_string(smallest_cell) + " pixels, found " + cells +
                                      " of " + text_of(cell) +
                                      " on one picture; frames (`output` FOLDER/) are as large as "
                                      "the photograph");
  }
  checked_bytes(cell, budget_of(session), [&](const Size& s) { return bytes(s); });
}

size_t SweepSheet::bytes(const Size& cell) const {
  const size_t pixels = static_cast<size_t>(side_of(columns_, cell.width)) *
                        static_cast<size_t>(side_of(rows_, cell.height));
  return pixels * (3 * sizeof(float) + 3 * sizeof(uint16_t));
}

void SweepSheet::add(size_t cell, const Image& picture) try {
  const size_t cells = static_cast<size_t>(columns_) * static_cast<size_t>(rows_);
  const Size size{picture.width(), picture.height()};
  if (cell >= cells || picture.empty() || (!image_.empty() && !same(size, cell_))) {
    throw Error(ErrorCode::internal, "a sheet of " + std::to_string(cells) + " cells of " +
                                         text_of(cell_) + " got cell " + std::to_string(cell) +
                                         " of " + text_of(size));
  }
  if (image_.empty()) {
    cell_ = size;
    image_ = Image(side_of(columns_, picture.width()), side_of(rows_, picture.height()));
    for (int y = 0; y < image_.height(); ++y) {
      std::fill_n(image_.row(y), 3 * image_.width(), 1.0f);
    }
    image_.bits = picture.bits;
    const auto profile = picture.metadata.find("icc");
    if (profile != picture.metadata.end()) image_.metadata.insert(*profile);
  }
  const int column = static_cast<int>(cell) % columns_, row = static_cast<int>(cell) / columns_;
  const int left = column * (picture.width() + gutter), top = row * (picture.height() + gutter);
  if (!picture.alpha.empty()) return blit(image_, picture, left, top);
  for (int y = 0; y < picture.height(); ++y) {
    picture.read(0, y, picture.width(), image_.row(top + y) + 3 * left);
  }
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
