#include "result_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <charconv>

#include "impasto/error.h"
#include "impasto/streams.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

constexpr int most_steps = 100'000;

int number(const std::string& option, const std::string& text, int low, int high) {
  int v = 0;
  const char* end = text.data() + text.size();
  const auto [stop, failed] = std::from_chars(text.data(), end, v);
  if (failed == std::errc() && stop == end && v >= low && v <= high) return v;
  throw Error(ErrorCode::usage, option + ": expected a number from " + std::to_string(low) +
                                    " to " + std::to_string(high) + ", found '" + text + "'");
}

void check_stream(const ResultArguments& a) {
  const std::string format = given_result_options(a).format;
  if (format.empty()) {
    throw Error(ErrorCode::usage, "-o - (standard output) needs --format, such as --format png");
  }
  if (isatty(STDOUT_FILENO)) {
    throw Error(ErrorCode::usage,
                "-o - is standard output: expected a pipe or a file, found a terminal");
  }
  if ((fcntl(STDOUT_FILENO, F_GETFL) & O_ACCMODE) == O_RDONLY) {
    throw Error(ErrorCode::output, "standard output: cannot be written: is not open");
  }
  if (a.save_every) {
    throw Error(ErrorCode::usage, "--save-every and -o - do not go together: it writes files");
  }
  check_format(format);
}

}  // namespace

void add_result_options(CLI::App& command, ResultArguments& a) {
  add_table(command, result_options(), a.options);
  command
      .add_option_function<std::string>(
          "--save-every", [&a](const std::string& text) { a.save_every = text; },
          "Also keep what there is after every so many steps of the optimiser, beside "
          "out.png as out_0010.png, out_0020.png, ...")
      ->type_name("STEPS");
}

void check_result(const ResultArguments& a) {
  save_every(a);
  if (a.to_stream()) {
    check_stream(a);
  } else if (a.options.contains("format")) {
    throw Error(ErrorCode::usage, "--format is for -o - (standard output); " + a.output +
                                      " has the format that its ending names");
  }
  check_quality(a, result_name(a));
}

void check_results(const ResultArguments& a) {
  // Without it each result has its own: then the quality is for those that obey it.
  const std::string format = given_result_options(a).format;
  if (!format.empty()) check_quality(a, "the results." + format);
}

void check_quality(const ResultArguments& a, const std::string& path) {
  given_result_options(a);  // says what is wrong with them
  if (!a.options.contains("output-quality") || has_quality(path)) return;
  throw Error(ErrorCode::usage, "--output-quality is for JPEG, WebP, AVIF, HEIF and JPEG XL; " +
                                    path + " keeps every pixel");
}

ResultOptions given_result_options(const ResultArguments& a) {
  ResultOptions options;
  set_given(result_options(), options, a.options);
  return options;
}

int save_every(const ResultArguments& a) {
  return a.save_every ? number("--save-every", *a.save_every, 1, most_steps) : 0;
}

std::string name_of_output(const std::string& output) {
  return output == stream ? "standard output" : output;
}

std::string result_name(const ResultArguments& a) {
  return a.to_stream() ? name_of_output(a.output) + "." + given_result_options(a).format : a.output;
}

WriteOptions write_options(const ResultArguments& a, const std::string& recipe) {
  const ResultOptions given = given_result_options(a);
  WriteOptions write;
  write.quality = given.quality;
  if (!given.no_recipe) write.recipe = recipe;
  return write;
}

void write_result(const ResultArguments& a, const Image& image, const std::string& recipe,
                  Progress& progress) {
  WriteOptions write = write_options(a, recipe);
  write.progress = &progress;
  if (!a.to_stream()) return write_image(image, a.output, write);
  write_image(image, STDOUT_FILENO, name_of_output(a.output), given_result_options(a).format,
              write);
}

}  // namespace impasto::cli
