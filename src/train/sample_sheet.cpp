#include "train/sample_sheet.h"

#include <algorithm>
#include <filesystem>

#include "image/draw.h"
#include "impasto/image.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

constexpr size_t most_of_a_folder = 6;

std::vector<std::string> files_of(const std::vector<std::string>& places) {
  std::vector<std::string> files;
  for (const std::string& place : places) {
    if (!fs::is_directory(place)) {
      files.push_back(place);
      continue;
    }
    std::vector<std::string> inside;
    for (const auto& entry : fs::directory_iterator(place)) inside.push_back(entry.path().string());
    std::sort(inside.begin(), inside.end());
    inside.resize(std::min(inside.size(), most_of_a_folder));
    files.insert(files.end(), inside.begin(), inside.end());
  }
  return files;
}

// The middle square, or all of it, with the shorter or longer side brought to `side`.
Tensor read(const std::string& file, int side, bool square) {
  const Image image = read_image(file);
  const double by =
      square ? std::min(image.width(), image.height()) : std::max(image.width(), image.height());
  const Image small = resize(image, std::max(32, static_cast<int>(image.width() * side / by + 0.5)),
                             std::max(32, static_cast<int>(image.height() * side / by + 0.5)));
  const int w = square ? side : small.width(), h = square ? side : small.height();
  const int x = (small.width() - w) / 2, y = (small.height() - h) / 2;
  const Tensor t({1, h, w, 3});
  for (int row = 0; row < h; ++row) {
    std::copy_n(small.row(y + row) + 3 * x, 3 * w, t.data<float>() + int64_t{3} * row * w);
  }
  return t;
}

Image to_image(const Tensor& t) {
  Image image(static_cast<int>(t.shape().w()), static_cast<int>(t.shape().h()));
  std::transform(t.data<float>(), t.data<float>() + t.size(), image.data(),
                 [](float v) { return std::clamp(v, 0.0f, 1.0f); });
  return image;
}

}  // namespace

SampleSheet::SampleSheet(const std::vector<std::string>& photos,
                         const std::vector<std::string>& paintings, int side)
    : side_(side) {
  for (const std::string& file : files_of(photos)) photos_.push_back(read(file, side, true));
  for (const std::string& file : files_of(paintings)) paintings_.push_back(read(file, side, false));
}

void SampleSheet::write(const std::vector<std::vector<Tensor>>& painted,
                        const std::string& path) const {
  const int columns = static_cast<int>(paintings_.size()) + 1;
  const int cell = side_ + 4;
  Image sheet(columns * cell, (static_cast<int>(photos_.size()) + 1) * cell);
  std::fill_n(sheet.data(), size_t{3} * sheet.width() * sheet.height(), 1.0f);
  for (size_t i = 0; i < paintings_.size(); ++i) {
    blit(sheet, to_image(paintings_[i]), static_cast<int>(i + 1) * cell, 0);
  }
  for (size_t row = 0; row < photos_.size(); ++row) {
    const int y = static_cast<int>(row + 1) * cell;
    blit(sheet, to_image(photos_[row]), 0, y);
    for (size_t i = 0; i < painted[row].size(); ++i) {
      blit(sheet, to_image(painted[row][i]), static_cast<int>(i + 1) * cell, y);
    }
  }
  write_image(sheet, path);
}

}  // namespace impasto
