#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace impasto::cli {

/// Of `words` the one that was most likely meant by `typed`, or "": spelt alike but for a few
/// letters, for British and American, for _ and -; or begun, or with more around it. Dashes before
/// words do not count.
std::string nearest_word(const std::string& typed, const std::vector<std::string>& words);

/// The first of the arguments that is no command where one has to be, or no option of its command,
/// in one line that names it, the nearest that there is, and where all are listed; "" when all
/// words are known.
std::string unknown_word(const CLI::App& program, const std::vector<std::string>& arguments);

/// The command that was asked for, as it is typed: "impasto models list".
std::string command_in(const CLI::App& program, const std::vector<std::string>& arguments);

/// The commands of a program or a command that are listed in help.
std::vector<const CLI::App*> listed_commands(const CLI::App&);

/// What the library says of an option begins with its name ("strength: expected ..."): as it stands
/// on the command line, where the command has one of that name.
std::string as_option(const std::string& message, const CLI::App& app);

/// Elsewhere in what it says, option names are between backquotes ("a larger `size`"): as they are
/// typed.
std::string with_flags(std::string text);

}  // namespace impasto::cli
