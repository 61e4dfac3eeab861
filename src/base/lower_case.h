#pragma once

#include <algorithm>
#include <cctype>
#include <string>

namespace impasto {

/// Names of formats, of files' ends, of elements: letters beyond ASCII stay as they are.
inline std::string lower_case(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return text;
}

}  // namespace impasto
