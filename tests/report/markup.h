#pragma once

#include <map>
#include <string>
#include <vector>

namespace impasto::test {

/// One element of a document, with what stands between its tags, markup left out.
struct Element {
  std::string name;
  std::map<std::string, std::string> attributes;  ///< entities as they stand
  std::string text;
};

/// The elements in the order in which they close. Strict as XML: every tag closed in order,
/// attributes quoted and named once, no stray <, no & but the five entities and character numbers.
/// Throws std::runtime_error that says where it is not so.
std::vector<Element> parse_markup(const std::string& document);

/// The numbers in an attribute such as a path's; throws when one is not finite or not a number.
std::vector<double> numbers_in(const std::string& text);

}  // namespace impasto::test
