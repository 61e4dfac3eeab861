#include "report/markup.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <regex>
#include <stdexcept>

namespace impasto::test {

namespace {

[[noreturn]] void fail(const std::string& what, const std::string& document, size_t at) {
  throw std::runtime_error(what + " at '" + document.substr(at, 60) + "'");
}

void check_entities(const std::string& document, size_t begin, size_t end) {
  for (size_t i = document.find('&', begin); i < end; i = document.find('&', i + 1)) {
    const size_t semicolon = document.find(';', i);
    static const std::regex entity("&(amp|lt|gt|quot|#[0-9]+)");
    if (semicolon > end || !std::regex_match(document.substr(i, semicolon - i), entity)) {
      fail("a stray &", document, i);
    }
  }
}

// `at` stands behind the tag's name; afterwards behind its >. Returns whether it closes itself.
bool parse_attributes(const std::string& document, size_t& at, Element& element) {
  const auto skip_space = [&] {
    while (at < document.size() && std::isspace(static_cast<unsigned char>(document[at]))) ++at;
  };
  for (skip_space(); at < document.size(); skip_space()) {
    if (document[at] == '>') return ++at, false;
    if (document.compare(at, 2, "/>") == 0) return at += 2, true;
    const size_t equals = document.find_first_of("=<> \"", at);
    if (equals == std::string::npos || document.compare(equals, 2, "=\"") != 0) {
      fail("an attribute without a quoted value", document, at);
    }
    const size_t close = document.find('"', equals + 2);
    if (close == std::string::npos) fail("an open quote", document, at);
    const std::string name = document.substr(at, equals - at);
    const std::string value = document.substr(equals + 2, close - equals - 2);
    if (value.find('<') != std::string::npos) fail("< in an attribute", document, at);
    if (!element.attributes.emplace(name, value).second) fail("named twice", document, at);
    check_entities(document, equals + 2, close);
    at = close + 1;
  }
  fail("an open tag", document, document.size());
}

}  // namespace

std::vector<Element> parse_markup(const std::string& document) {
  std::vector<Element> closed, open;
  size_t at = 0;
  static const std::string doctype = "<!DOCTYPE html>";
  if (document.compare(0, doctype.size(), doctype) == 0) at = doctype.size();
  while (at < document.size()) {
    const size_t tag = std::min(document.find('<', at), document.size());
    check_entities(document, at, tag);
    if (!open.empty()) open.back().text += document.substr(at, tag - at);
    if (tag == document.size()) break;
    at = document.find_first_of("> \n/", tag + 2);
    if (at == std::string::npos) fail("an open tag", document, tag);
    if (document[tag + 1] == '/') {
      const std::string name = document.substr(tag + 2, at - tag - 2);
      if (open.empty() || open.back().name != name) fail("closes what is not open", document, tag);
      closed.push_back(open.back());
      open.pop_back();
      ++at;
      continue;
    }
    Element element;
    element.name = document.substr(tag + 1, at - tag - 1);
    if (!std::isalpha(static_cast<unsigned char>(element.name[0])))
      fail("a stray <", document, tag);
    const bool whole = parse_attributes(document, at, element);
    (whole ? closed : open).push_back(element);
  }
  if (!open.empty()) fail("never closed: " + open.back().name, document, document.size());
  return closed;
}

std::vector<double> numbers_in(const std::string& text) {
  std::vector<double> numbers;
  static const std::regex word("[^\\s,MLZ()]+");
  for (std::sregex_iterator i(text.begin(), text.end(), word), end; i != end; ++i) {
    const std::string found = i->str();
    size_t used = 0;
    const double value = std::stod(found, &used);
    if (used != found.size() || !std::isfinite(value)) {
      throw std::runtime_error("not a finite number: " + found);
    }
    numbers.push_back(value);
  }
  return numbers;
}

}  // namespace impasto::test
