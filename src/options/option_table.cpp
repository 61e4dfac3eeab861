#include "options/option_table.h"

#include "impasto/error.h"

namespace impasto {

void refuse_value(const std::string& name, const std::string& expected, const std::string& found) {
  throw Error(ErrorCode::usage, name + ": expected " + expected + ", found '" + found + "'");
}

std::vector<std::string> listed_layers(const std::string& name, const std::string& text,
                                       const std::string& example) {
  std::vector<std::string> layers;
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    layers.push_back(text.substr(begin, end - begin));
    // A comma is between two.
    if (layers.back().empty() || end + 1 == text.size()) {
      refuse_value(name, "layers such as " + example, text);
    }
    begin = end + 1;
  }
  return layers;
}

std::string text_of_layers(const std::vector<std::string>& layers) {
  std::string text;
  for (const std::string& layer : layers) text += (text.empty() ? "" : ",") + layer;
  return text;
}

std::string text_of(double v) {
  char text[32];
  const auto end = std::to_chars(text, text + sizeof text, v).ptr;
  return {text, end};
}

}  // namespace impasto
