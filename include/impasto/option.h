#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "impasto/choices.h"

namespace impasto {

/// How an option's value reads.
enum class OptionKind {
  text,    ///< `form` tells how
  number,  ///< low..high, or one of `choices`
  whole,   ///< the same, without a fraction
  choice,  ///< one of `choices`
  file,    ///< a file, or one of `choices`
  yes_no,  ///< "yes" or "no", which is what it is when nothing is said
};

/// All that there is to know of one knob of a job. Checks, command-line help, completion, recipes,
/// reports and forms are made from these.
struct OptionInfo {
  std::string name;  ///< "strength"; on the command line --strength
  std::string help;
  std::string group;  ///< heading in help
  OptionKind kind = OptionKind::text;
  double low = 0, high = 0;
  std::vector<std::string> choices;
  std::string unit;             ///< of a number: "px", "s"; empty: none
  std::string form;             ///< what stands for the value in help: "0..100"
  std::string initial;          ///< its value when nothing is said
  std::vector<Method> methods;  ///< those that obey it
};

/// One knob of the jobs whose options are `Options`. Values are text as people write it; numbers
/// are written the same in every locale.
template <class Options>
struct Option : OptionInfo {
  std::function<std::string(const Options&)> get;
  /// Throws Error{usage}, which begins with the option's name: "strength: expected a number from 0
  /// to 100, found 'x'". The options are as they were then.
  std::function<void(Options&, const std::string&)> set;
};

/// Those of one job, in the order of help.
template <class Options>
using OptionTable = std::vector<Option<Options>>;

/// Null: there is none of that name.
template <class Options>
const Option<Options>* find_option(const OptionTable<Options>& table, std::string_view name) {
  for (const Option<Options>& option : table) {
    if (option.name == name) return &option;
  }
  return nullptr;
}

/// Of a struct that holds `Part`, the options of that part: how tables of several parts are joined.
template <class Options, class Part>
OptionTable<Options> lifted(const OptionTable<Part>& table, Part Options::*part) {
  OptionTable<Options> all;
  for (const Option<Part>& option : table) {
    Option<Options>& lifted = all.emplace_back();
    static_cast<OptionInfo&>(lifted) = option;
    lifted.get = [get = option.get, part](const Options& o) { return get(o.*part); };
    lifted.set = [set = option.set, part](Options& o, const std::string& text) {
      set(o.*part, text);
    };
  }
  return all;
}

/// Whether an option is obeyed by that method alone.
inline bool is_only_of(const OptionInfo& option, Method method) {
  return option.methods == std::vector{method};
}

}  // namespace impasto
