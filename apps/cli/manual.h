#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace impasto::cli {

/// The manual page of the program and its commands, as man(7) macros.
std::string manual_page(const CLI::App& program);

}  // namespace impasto::cli
