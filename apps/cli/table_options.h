#pragma once

#include <map>
#include <string>

#include "impasto/option.h"
#include "impasto/session.h"

namespace CLI {
class App;
}

namespace impasto::cli {

// From the library's option tables to the command line. What is given is kept as text, by name.

using GivenOptions = std::map<std::string, std::string>;

/// Adds an option to a command, with its value in help; what is given goes to `given`, which has to
/// outlive the parsing. A list (LAYER,...) may be given piece by piece; yes or no is a flag.
void add_option(CLI::App& command, const OptionInfo&, GivenOptions& given);

/// Adds all of a table.
template <class Options>
void add_table(CLI::App& command, const OptionTable<Options>& table, GivenOptions& given) {
  for (const OptionInfo& option : table) add_option(command, option, given);
}

/// Adds those of a job, and the session's.
template <class Options>
void add_options(CLI::App& command, const OptionTable<Options>& table, GivenOptions& given) {
  add_table(command, table, given);
  add_table(command, session_options(), given);
}

/// Sets the options that were given. Throws what they do.
template <class Options>
void set_given(const OptionTable<Options>& table, Options& options, const GivenOptions& given) {
  for (const Option<Options>& option : table) {
    const auto text = given.find(option.name);
    if (text != given.end()) option.set(options, text->second);
  }
}

}  // namespace impasto::cli
