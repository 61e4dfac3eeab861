#pragma once

#include <map>
#include <string>

namespace impasto::cli {

/// `path`, or for "-" a path to what comes from standard input, which is read to its end; `names`
/// gets what that is called. Throws Error{usage}: it is a terminal, or asked for twice; what
/// keep_input() throws.
std::string input_path(const std::string& path, std::map<std::string, std::string>& names);

/// What a picture is called where it comes from there, in names of files and in recipes: "stdin";
/// another keeps its path.
std::string name_of_input(const std::string& path);

/// A text with "standard input" in the place of the path to it.
std::string as_given(std::string text);

}  // namespace impasto::cli
