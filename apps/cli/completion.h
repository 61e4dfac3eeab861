#pragma once

#include <string>

namespace CLI {
class App;
}

namespace impasto::cli {

/// A script that completes the program's commands, options and their values in a shell: bash, zsh
/// or fish. Throws Error{usage} for another one.
std::string completion_script(const CLI::App& program, const std::string& shell);

}  // namespace impasto::cli
