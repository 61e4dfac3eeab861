#pragma once

#include <string>

#include "impasto/image.h"

namespace impasto {

/// How large a result is to be, beside its photograph, whose proportions it keeps. A plain number
/// is its longer side.
struct ResultSize {
  ResultSize(int longer_side = 0) : width(longer_side), height(longer_side) {}
  ResultSize(int most_width, int most_height) : width(most_width), height(most_height) {}

  bool given() const { return width > 0 || percent > 0; }
  std::string text() const;  ///< as parse_result_size() reads it
  friend bool operator==(const ResultSize&, const ResultSize&) = default;

  int width, height;   ///< pixels that it fits into and fills in one direction, 1..100000; 0: as
                       ///< large as the photograph
  double percent = 0;  ///< of the photograph's sides, 1..1000, instead; 0: not so
};

/// From "1200", "1200x800", "50%" or "0". Throws Error{usage}: another form, or out of range.
ResultSize parse_result_size(const std::string& text);

/// What a photograph becomes, at least 1x1. Throws Error{usage}: more than 100000 pixels a side, or
/// more in all than could be read back.
Size result_size(const PictureHeader& photograph, const ResultSize&);

}  // namespace impasto
