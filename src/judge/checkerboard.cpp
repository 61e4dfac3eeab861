#include <algorithm>
#include <array>
#include <cmath>
#include <complex>
#include <utility>
#include <vector>

#include "image/luma.h"
#include "judge/artefacts.h"
#include "judge/similarity.h"

namespace impasto {

namespace {

constexpr int block = 32, nyquist = block / 2;
constexpr int most_blocks = 12;  // along each side
constexpr double pi = 3.14159265358979323846;
// Energy, as measured here, of a wave of half a level of 8 bits: amplitude / 2 times the window's
// sum, squared.
constexpr double unseen_mean = 0.063;
constexpr double faint = 1e-4;  // variance of a block that counts as flat

using Block = std::array<float, block * block>;
using Frequency = std::pair<int, int>;  // waves in a block across and down

// A Hann window leaks into the next frequency, and no further.
const std::array<float, block>& window() {
  static const auto weights = [] {
    std::array<float, block> w{};
    for (size_t i = 0; i < block; ++i) {
      w[i] = static_cast<float>(0.5 - 0.5 * std::cos(2 * pi * static_cast<double>(i) / block));
    }
    return w;
  }();
  return weights;
}

using Complex = std::complex<float>;

const Complex& turn(int k, int i) {
  static const auto turns = [] {
    std::array<Complex, block> t{};
    for (size_t j = 0; j < block; ++j) {
      t[j] = Complex(std::polar(1.0, -2 * pi * static_cast<double>(j) / block));
    }
    return t;
  }();
  return turns[static_cast<size_t>((k * i) & (block - 1))];
}

// Energies of one block; transforms along rows are shared.
class Spectrum {
 public:
  explicit Spectrum(const Block& values) : values_(values) {}
  double energy(const Frequency& f) {
    const auto across = static_cast<size_t>(f.first);
    if (!known_[across]) transform_rows(f.first);
    known_[across] = true;
    Complex sum = 0;
    for (int y = 0; y < block; ++y)
      sum += rows_[across][static_cast<size_t>(y)] * turn(f.second, y);
    return std::norm(sum);
  }

 private:
  void transform_rows(int k) {
    for (size_t y = 0; y < block; ++y) {
      float re = 0, im = 0;
      for (size_t x = 0; x < block; ++x) {
        const Complex& t = turn(k, static_cast<int>(x));
        re += values_[y * block + x] * t.real();
        im += values_[y * block + x] * t.imag();
      }
      rows_[static_cast<size_t>(k)][y] = {re, im};
    }
  }

  const Block& values_;
  std::array<bool, nyquist + 1> known_{};
  std::array<std::array<Complex, block>, nyquist + 1> rows_;
};

// The frequencies beside one of the lattice: along an axis those of the axis, for there pictures
// have more than elsewhere.
std::vector<Frequency> beside(const Frequency& f) {
  std::vector<Frequency> result;
  for (const int d : {-4, -3, 3, 4}) {
    if (f.first > 0 && f.first + d <= nyquist) result.emplace_back(f.first + d, f.second);
    if (f.second != 0 && std::abs(f.second + d) <= nyquist) {
      result.emplace_back(f.first, f.second + d);
    }
  }
  return result;
}

// Reads a block, windowed and without its mean; returns its variance.
double read_block(const Image& image, int x0, int y0, Block& values) {
  std::array<float, 3 * block> row{};
  double sum = 0, squares = 0;
  for (int y = 0; y < block; ++y) {
    image.read(x0, y0 + y, block, row.data());
    for (int x = 0; x < block; ++x) {
      const float light = luma(row.data() + 3 * x);
      const float v = std::isfinite(light) ? light : 0;
      values[static_cast<size_t>(y * block + x)] = v;
      sum += v, squares += double{v} * v;
    }
  }
  const double n = block * block;
  const double mean = sum / n;
  for (size_t i = 0; i < values.size(); ++i) {
    values[i] = (values[i] - static_cast<float>(mean)) * window()[i / block] * window()[i % block];
  }
  return std::max(0.0, squares / n - mean * mean);
}

}  // namespace

double checkerboard_score(const Image& image) {
  if (std::min(image.width(), image.height()) < block) return 0;
  static const std::vector<Frequency> lattice = {{8, 0},  {0, 8},  {8, 8},  {8, -8}, {16, 0},
                                                 {0, 16}, {16, 8}, {8, 16}, {16, 16}};
  static const std::vector<std::vector<Frequency>> around = [] {
    std::vector<std::vector<Frequency>> all;
    for (const Frequency& f : lattice) all.push_back(beside(f));
    return all;
  }();
  std::vector<double> more(lattice.size()), usual(lattice.size());
  const auto count = [](int side) { return std::min(most_blocks, side / block); };
  const int columns = count(image.width()), rows = count(image.height());
  const auto place = [](int i, int n, int side) {
    return n > 1 ? static_cast<int>(int64_t{side - block} * i / (n - 1)) : (side - block) / 2;
  };
  Block values;
  for (int i = 0; i < rows * columns; ++i) {
    const double variance = read_block(image, place(i % columns, columns, image.width()),
                                       place(i / columns, rows, image.height()), values);
    const double weight = 1 / (variance + faint);  // busy or flat, all count alike
    Spectrum spectrum(values);
    for (size_t k = 0; k < lattice.size(); ++k) {
      double sum = 0;
      for (const Frequency& f : around[k]) sum += spectrum.energy(f);
      const double mean = sum / static_cast<double>(around[k].size());
      more[k] += weight * (spectrum.energy(lattice[k]) - mean);
      usual[k] += weight * (mean + unseen_mean);
    }
  }
  double score = 0;
  for (size_t k = 0; k < lattice.size(); ++k) score = std::max(score, more[k] / usual[k]);
  return score;
}

}  // namespace impasto
