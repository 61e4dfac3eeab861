#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/number_text.h"
#include "impasto/option.h"

namespace impasto {

// What option tables are made of.

/// What leaves a value to the program.
inline constexpr const char* automatic = "auto";

/// Throws Error{usage}: "name: expected this, found 'that'".
[[noreturn]] void refuse_value(const std::string& name, const std::string& expected,
                               const std::string& found);

/// Layers as they are listed: "relu2_2,relu4_2"; none in "". Throws Error{usage} where one is
/// empty, which expected layers such as `example`.
std::vector<std::string> listed_layers(const std::string& name, const std::string& text,
                                       const std::string& example);
/// The other way round.
std::string text_of_layers(const std::vector<std::string>&);

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
T parse_number(const std::string& name, const std::string& text, T low, T high,
               const std::string& else_expected = "") {
  const std::optional<T> v = number_in<T>(text);
  bool fits = v && *v >= low && *v <= high;
  if constexpr (std::is_floating_point_v<T>) fits = fits && std::isfinite(*v);
  if (!fits) {
    refuse_value(
        name, "a number from " + plain_text(low) + " to " + plain_text(high) + else_expected, text);
  }
  return *v;
}

/// The table with what these say as what options are when nothing is said.
template <class Options>
OptionTable<Options> with_initial(OptionTable<Options> table, const Options& defaults) {
  for (Option<Options>& option : table) option.initial = option.get(defaults);
  return table;
}

/// Makes the options of a table one after another, under one heading.
template <class Options>
class TableBuilder {
 public:
  std::string group;
  std::vector<Method> methods{Method::optimize, Method::instant};

  Option<Options>& add(const std::string& name, const std::string& form, const std::string& help,
                       std::function<std::string(const Options&)> get,
                       std::function<void(Options&, const std::string&)> set) {
    Option<Options>& option = table_.emplace_back();
    option.name = name;
    option.form = form;
    option.help = help;
    option.group = group;
    option.methods = methods;
    option.get = std::move(get);
    option.set = std::move(set);
    return option;
  }

  /// T: double, int or uint64_t, or an optional of one, which is "auto" where there is none.
  template <class T>
  Option<Options>& number(const std::string& name, T Options::*v, double low, double high,
                          const std::string& form, const std::string& help) {
    using Number = typename Inner<T>::type;
    constexpr bool optional = !std::is_same_v<T, Number>;
    const auto get = [v](const Options& o) -> std::string {
      if constexpr (optional) return o.*v ? text_of_number(*(o.*v)) : automatic;
      if constexpr (!optional) return text_of_number(o.*v);
    };
    // 2^64 - 1 is no double.
    const Number most =
        high >= 0x1p64 ? static_cast<Number>(UINT64_MAX) : static_cast<Number>(high);
    const auto set = [v, name, low, most](Options& o, const std::string& text) {
      if constexpr (optional) {
        if (text == automatic) {
          (o.*v).reset();
          return;
        }
      }
      o.*v = parse_number<Number>(name, text, static_cast<Number>(low), most,
                                  optional ? std::string(", or ") + automatic : "");
    };
    Option<Options>& option = add(name, form, help, get, set);
    option.kind = std::is_integral_v<Number> ? OptionKind::whole : OptionKind::number;
    option.low = low;
    option.high = high;
    if (optional) option.choices = {automatic};
    return option;
  }

  /// E: an enumeration whose choices have names, or an optional of one, which is "auto" where there
  /// is none.
  template <class E>
  Option<Options>& choice(const std::string& name, E Options::*v, const std::string& help) {
    using Enum = typename Inner<E>::type;
    constexpr bool optional = !std::is_same_v<E, Enum>;
    std::vector<std::string> names;
    if (optional) names.emplace_back(automatic);
    names.insert(names.end(), names_of<Enum>.begin(), names_of<Enum>.end());
    std::string form;
    for (const std::string& n : names) form += (form.empty() ? "" : "|") + n;
    const auto get = [v](const Options& o) -> std::string {
      if constexpr (optional) return o.*v ? name_of(*(o.*v)) : automatic;
      if constexpr (!optional) return name_of(o.*v);
    };
    const auto set = [v, name, names, form](Options& o, const std::string& text) {
      const auto found = std::find(names.begin(), names.end(), text);
      if (found == names.end()) refuse_value(name, form, text);
      const auto index = found - names.begin() - (optional ? 1 : 0);
      if constexpr (optional) {
        if (index < 0) {
          (o.*v).reset();
          return;
        }
      }
      o.*v = static_cast<Enum>(index);
    };
    Option<Options>& option = add(name, form, help, get, set);
    option.kind = OptionKind::choice;
    option.choices = std::move(names);
    return option;
  }

  /// A file, or one of these words.
  Option<Options>& file(const std::string& name, std::string Options::*v,
                        const std::vector<std::string>& words, const std::string& form,
                        const std::string& help) {
    const auto set = [v, name](Options& o, const std::string& text) {
      if (text.empty()) refuse_value(name, "a name", text);
      o.*v = text;
    };
    Option<Options>& option = add(
        name, form, help, [v](const Options& o) { return o.*v; }, set);
    option.kind = OptionKind::file;
    option.choices = words;
    return option;
  }

  /// Whether something is wanted that is not when nothing is said.
  Option<Options>& flag(const std::string& name, bool Options::*v, const std::string& help) {
    const std::string form = "yes|no";
    Option<Options>& option = add(
        name, form, help, [v](const Options& o) { return o.*v ? "yes" : "no"; },
        [v, name, form](Options& o, const std::string& text) {
          if (text != "yes" && text != "no") refuse_value(name, form, text);
          o.*v = text == "yes";
        });
    option.kind = OptionKind::yes_no;
    return option;
  }

  OptionTable<Options> table(const Options& defaults = {}) && {
    return with_initial(std::move(table_), defaults);
  }

 private:
  template <class T>
  struct Inner {
    using type = T;
  };
  template <class T>
  struct Inner<std::optional<T>> {
    using type = T;
  };
  template <class T>
  static std::string text_of_number(T v) {
    if constexpr (std::is_integral_v<T>) return std::to_string(v);
    return text_of(static_cast<double>(v));
  }

  OptionTable<Options> table_;
};

/// Throws Error{usage}: one of the options has a value out of range.
template <class Options>
void check_ranges(const OptionTable<Options>& table, Options options) {
  for (const Option<Options>& option : table) option.set(options, option.get(options));
}

}  // namespace impasto
