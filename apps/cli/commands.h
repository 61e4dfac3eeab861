#pragma once

#include <functional>

namespace CLI {
class App;
}

namespace impasto::cli {

/// Exit status of the program; set by the command that ran.
using Run = std::function<int()>;

// Each adds its sub-command to the program, and what to do when it was asked for to `run`.
void add_bench(CLI::App& app, Run& run);
void add_doodle(CLI::App& app, Run& run);
void add_stylize(CLI::App& app, Run& run);
void add_inspect(CLI::App& app, Run& run);
void add_texture(CLI::App& app, Run& run);
void add_models(CLI::App& app, Run& run);
void add_train(CLI::App& app, Run& run);
void add_help(CLI::App& app, Run& run);
void add_documents(CLI::App& app, Run& run);

}  // namespace impasto::cli
