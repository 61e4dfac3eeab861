#pragma once

#include <string>

#include "commands.h"

namespace impasto::cli {

constexpr const char* example = "impasto stylize photo.jpg --style painting.jpg -o out.jpg";

/// What the program says when it is called without a command: what it is, an example, and the
/// commands.
std::string short_help(const CLI::App& program);

}  // namespace impasto::cli
