#pragma once

#include <string>

namespace impasto {

// Numbers as text that files and pages hold: with a point, whatever language the program that uses
// this library speaks (setlocale, std::locale::global). printf, std::to_string of a fraction and
// streams would follow it.

/// So many digits behind the point.
std::string fixed(double, int decimals);
/// So many digits that count; large and small ones with an exponent, as %g has it.
std::string significant(double, int digits);

}  // namespace impasto
