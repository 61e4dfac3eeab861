#pragma once

#include <string>

#include "commands.h"

namespace impasto::cli {

/// impasto models style: a painting's statistics into a file.
void add_models_style(CLI::App& models, Run& run);

/// What impasto models info says of such a file.
void print_style_info(const std::string& path, bool json);

}  // namespace impasto::cli
