#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/number_text.h"
#include "impasto/option.h"

namespace impasto {

// What option tables are made of.

/// Throws Error{usage}: "--name: expected this, found 'that'".
[[noreturn]] void refuse_value(const std::string& name, const std::string& expected,
                               const std::string& found);

/// The shortest text that is read as the same number, whatever the locale.
std::string text_of(double);

/// As people write it: 100000, not 1e+05.
template <class T>
std::string plain_text(T v) {
  if constexpr (std::is_integral_v<T>) return std::to_string(v);
  char text[400];  // the longest
  const auto format = std::chars_format::fixed;
  return {text, std::to_chars(text, text + sizeof text, static_cast<double>(v), format).ptr};
}

/// Throws Error{usage}: no number, or one outside of low..high.
template <class T>
T parse_number(const std::string& name, const std::string& text, T low, T high) {
  const std::optional<T> v = number_in<T>(text);
  bool fits = v && *v >= low && *v <= high;
  if constexpr (std::is_floating_point_v<T>) fits = fits && std::isfinite(*v);
  if (!fits) {
    refuse_value(name, "a number from " + plain_text(low) + " to " + plain_text(high), text);
  }
  return *v;
}

/// Makes options of one kind after another, under one heading.
struct OptionTable {
  std::vector<Option> options;
  std::string group, method;

  void number(const std::string& name, double& v, double low, double high,
              const std::string& placeholder, const std::string& help) {
    options.push_back({name, placeholder, help, group, method, [&v] { return text_of(v); },
                       [&v, name, low, high](const std::string& text) {
                         v = parse_number(name, text, low, high);
                       },
                       OptionKind::number});
  }
  void whole(const std::string& name, int& v, int low, int high, const std::string& placeholder,
             const std::string& help) {
    options.push_back({name, placeholder, help, group, method, [&v] { return std::to_string(v); },
                       [&v, name, low, high](const std::string& text) {
                         v = parse_number(name, text, low, high);
                       },
                       OptionKind::whole});
  }
  void choice(const std::string& name, std::string& v, const std::vector<std::string>& choices,
              const std::string& help) {
    std::string list;
    for (const std::string& c : choices) list += (list.empty() ? "" : "|") + c;
    options.push_back({name, list, help, group, method, [&v] { return v; },
                       [&v, name, choices, list](const std::string& text) {
                         if (std::find(choices.begin(), choices.end(), text) == choices.end()) {
                           refuse_value(name, list, text);
                         }
                         v = text;
                       }});
  }
  void file(const std::string& name, std::string& v, const std::string& placeholder,
            const std::string& help) {
    options.push_back({name, placeholder, help, group, method, [&v] { return v; },
                       [&v, name](const std::string& text) {
                         if (text.empty()) refuse_value(name, "a name", text);
                         v = text;
                       },
                       OptionKind::file});
  }
};

}  // namespace impasto
