#include "descent/octave.h"

#include <algorithm>

#include "backend/border.h"
#include "base/isa.h"

namespace impasto {

namespace {

void add_two(const float* a, float ka, const float* b, float kb, int64_t n, float* sum) {
  vectorised([=] {
    for (int64_t i = 0; i < n; ++i) sum[i] += ka * a[i] + kb * b[i];
  });
}

}  // namespace

std::vector<Octave::Tap> Octave::taps(int64_t coarse, int64_t fine, bool joined) {
  std::vector<Tap> taps;
  for (int64_t i = 0; i < fine; ++i) {
    const LinearTap t = linear_tap(i, coarse, fine, joined ? PadMode::circular : PadMode::reflect);
    taps.push_back({t.low, t.high, static_cast<float>(t.weight)});
  }
  return taps;
}

Octave::Octave(int64_t coarse_h, int64_t coarse_w, int64_t h, int64_t w, bool joined)
    : coarse_h_(coarse_h),
      coarse_w_(coarse_w),
      w_(w),
      rows_(taps(coarse_h, h, joined)),
      columns_(taps(coarse_w, w, joined)),
      first_(static_cast<size_t>(coarse_h), h),
      last_(static_cast<size_t>(coarse_h), -1) {
  for (int64_t y = 0; y < h; ++y) {
    const Tap& t = rows_[static_cast<size_t>(y)];
    for (const auto s : {static_cast<size_t>(t.low), static_cast<size_t>(t.high)}) {
      first_[s] = std::min(first_[s], y);
      last_[s] = std::max(last_[s], y);
    }
  }
}

void Octave::widen(const float* coarse_row, float* wide) const {
  for (const Tap& t : columns_) {
    const float *low = coarse_row + 3 * t.low, *high = coarse_row + 3 * t.high;
    for (int i = 0; i < 3; ++i) *wide++ = low[i] + t.weight * (high[i] - low[i]);
  }
}

Octave::Rows::Rows(const Octave& octave, const float* coarse) : octave_(&octave), coarse_(coarse) {
  for (std::vector<float>& row : wide_) row.resize(static_cast<size_t>(3 * octave.w_));
}

const float* Octave::Rows::wide(int64_t coarse_y) {
  const bool last = coarse_y + 1 == octave_->coarse_h_;
  const auto slot = static_cast<size_t>(last ? 2 : coarse_y % 2);
  if (at_[slot] != coarse_y) {
    octave_->widen(coarse_ + coarse_y * octave_->coarse_w_ * 3, wide_[slot].data());
    at_[slot] = coarse_y;
  }
  return wide_[slot].data();
}

void Octave::Rows::add(int64_t y, float* row) {
  const Tap& t = octave_->rows_[static_cast<size_t>(y)];
  add_two(wide(t.low), 1 - t.weight, wide(t.high), t.weight, 3 * octave_->w_, row);
}

void Octave::gather_row(const float* fine, int64_t coarse_y, float* room, float* coarse_row) const {
  const auto share = [&](int64_t y) {
    const Tap& t = rows_[static_cast<size_t>(y)];
    return (t.low == coarse_y ? 1 - t.weight : 0) + (t.high == coarse_y ? t.weight : 0);
  };
  const auto at = static_cast<size_t>(coarse_y);
  std::fill_n(room, 3 * w_, 0.0f);
  for (int64_t y = first_[at]; y <= last_[at]; y += 2) {
    const int64_t next = std::min(y + 1, last_[at]);
    add_two(fine + y * 3 * w_, share(y), fine + next * 3 * w_, next > y ? share(next) : 0, 3 * w_,
            room);
  }
  std::fill_n(coarse_row, 3 * coarse_w_, 0.0f);
  const float* from = room;
  for (const Tap& t : columns_) {
    for (int i = 0; i < 3; ++i, ++from) {
      coarse_row[3 * t.low + i] += (1 - t.weight) * *from;
      coarse_row[3 * t.high + i] += t.weight * *from;
    }
  }
}

}  // namespace impasto
