#pragma once

#include <string>

namespace CLI {
class App;
}

namespace impasto::cli {

/// The manual page of the program and its commands, as man(7) macros.
std::string manual_page(const CLI::App& program);

}  // namespace impasto::cli
