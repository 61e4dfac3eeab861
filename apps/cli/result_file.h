#pragma once

#include <optional>
#include <string>

#include "impasto/image.h"
#include "impasto/progress.h"
#include "impasto/result_options.h"
#include "table_options.h"

namespace CLI {
class App;
}

namespace impasto::cli {

/// What stands for standard input among the pictures, and for standard output after -o.
constexpr const char* stream = "-";

/// Where a result goes and how it is written, as given.
struct ResultArguments {
  std::string output;                     // -o
  GivenOptions options;                   // the job's and session's, too
  std::optional<std::string> save_every;  // --save-every

  bool to_stream() const { return output == stream; }
};

/// Adds those of the result's file, and --save-every.
void add_result_options(CLI::App&, ResultArguments&);

/// Throws Error{usage}: a value out of range, a quality for files that have none, or what standard
/// output cannot take; Error{output}: that is not open.
void check_result(const ResultArguments&);
/// The same of several, in a folder.
void check_results(const ResultArguments&);
/// Of one that is written to `path`.
void check_quality(const ResultArguments&, const std::string& path);

/// What was given of them. Throws Error{usage}.
ResultOptions given_result_options(const ResultArguments&);
/// Steps between two pictures; 0: none are wanted.
int save_every(const ResultArguments&);

/// What an output is called in messages.
std::string name_of_output(const std::string& output);
/// That with the extension of its format, which plans ask for.
std::string result_name(const ResultArguments&);

/// How files of this run are written, with that recipe if they are to have one.
WriteOptions write_options(const ResultArguments&, const std::string& recipe = {});

/// Writes a result, with that recipe, where it is to go.
void write_result(const ResultArguments&, const Image&, const std::string& recipe, Progress&);

}  // namespace impasto::cli
