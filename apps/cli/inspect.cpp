#include "impasto/inspect.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "commands.h"
#include "impasto/error.h"
#include "painting.h"
#include "print.h"
#include "standard_input.h"
#include "terminal.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

struct InspectArguments {
  std::string photo, output;
  std::map<std::string, std::string> options;  // as given, by name
  bool quiet = false, json = false;
};

void check(const InspectArguments& a) {
  if (a.quiet && a.json) throw Error(ErrorCode::usage, "--quiet and --json contradict each other");
  if (a.output.empty()) {
    if (!a.json) throw Error(ErrorCode::usage, "no file to write the features to (-o, or --json)");
    return;
  }
  std::error_code ignored;
  if (fs::equivalent(a.photo, a.output, ignored)) {
    throw Error(ErrorCode::usage, a.output + ": the sheet would overwrite the photograph");
  }
  check_writable(a.output);
}

void print_table(const InspectResult& result) {
  std::printf("tap      channels  size       mean      deviation  largest   dead  condition\n");
  for (const TapStatistics& s : result.taps) {
    const std::string size = std::to_string(s.width) + "x" + std::to_string(s.height);
    std::printf("%-8s %8d  %-9s  %-8.3g  %-9.3g  %-8.3g  %4d  %.3g\n", s.tap.c_str(), s.channels,
                size.c_str(), s.mean, s.deviation, s.largest, s.dead_channels, s.condition);
  }
}

int run_inspect(InspectArguments a) {
  std::map<std::string, std::string> names;
  a.photo = input_path(a.photo, names);
  check(a);
  InspectOptions options;
  set_given(inspect_options(), options, a.options);
  options.title = fs::path(name_of_input(a.photo)).filename().string();
  const Image photo = read_image(a.photo);
  catch_interrupts();
  Session session;
  TerminalProgress progress(Verbosity::quiet);  // seconds at most
  const InspectResult result = inspect(session, photo, options, progress);
  if (interrupted()) return stopped;
  if (!a.output.empty()) write_image(result.sheet, a.output);
  if (a.json) print_line(inspect_json(result));
  if (!a.json && !a.quiet) print_table(result);
  return 0;
}

}  // namespace

void add_inspect(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("inspect", "Show what a network sees in a picture");
  auto a = std::make_shared<InspectArguments>();
  command->add_option("photo", a->photo, "The picture, - for standard input")
      ->type_name("PICTURE")
      ->required();
  command->add_option("-o,--output", a->output, "The sheet; its ending is the format")
      ->type_name("FILE");
  for (const OptionInfo& option : inspect_options()) add_option(*command, option, a->options);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--json", a->json, "Print the measurements of each tap as JSON");
  command->callback([a, &run] { run = [a] { return run_inspect(*a); }; });
}

}  // namespace impasto::cli
