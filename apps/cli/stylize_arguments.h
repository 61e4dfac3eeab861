#pragma once

#include <memory>
#include <string>
#include <vector>

#include "impasto/stylize.h"
#include "painting.h"

namespace CLI {
class App;
}

namespace impasto::cli {

/// The command line of stylize.
struct StylizeArguments : PaintingArguments {
  std::vector<std::string> photos;
  std::string replay, report;
  std::vector<std::string> styles;   // PAINTING[:WEIGHT]
  std::vector<std::string> sweeps;   // NAME=FROM:TO:COUNT
  std::vector<std::string> regions;  // MASK=PAINTING[:STRENGTH]
  std::string mask;
};

/// Adds them to the command; what it returns is filled when that is parsed.
std::shared_ptr<StylizeArguments> add_stylize_arguments(CLI::App& command);

/// Throws Error{usage}: options that contradict each other, or that would not be obeyed.
void check_options(const StylizeArguments&);
/// The same with what is swept, and options that do not go with --sweep.
void check_sweeps(const StylizeArguments&);
/// Options that are for one picture, where there are several.
void check_batch(const StylizeArguments&);

/// The files and options of this run: what the command line says, then a recipe's. Throws Error:
/// something is missing, or the recipe.
void resolve(const StylizeArguments&, StylizeFiles&, StylizeOptions&, SessionOptions&);

}  // namespace impasto::cli
