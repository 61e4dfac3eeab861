#pragma once

#include <functional>
#include <string>
#include <vector>

namespace impasto {

/// How an option's value reads.
enum class OptionKind {
  text,
  number,
  whole,  ///< a number without a fraction
  file,   ///< a file, or one of a few words
};

/// One knob of a job, described once: command-line help, recipes and forms are made from these.
struct Option {
  std::string name;         ///< "strength"; on the command line --strength
  std::string placeholder;  ///< what stands for the value in help: "0..100"; empty: a switch
  std::string help;
  std::string group;   ///< heading in help
  std::string method;  ///< the only one that obeys it; empty: all do
  std::function<std::string()> get;
  std::function<void(const std::string&)> set;  ///< throws Error{usage} that names the option
  OptionKind kind = OptionKind::text;
};

}  // namespace impasto
