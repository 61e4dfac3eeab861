#include "impasto/inspect.h"

#include <CLI/CLI.hpp>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <memory>

#include "commands.h"
#include "impasto/error.h"
#include "print.h"
#include "standard_input.h"
#include "terminal.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

struct Arguments {
  std::string photo, output;
  InspectOptions options;
  bool quiet = false, json = false;
};

void check(const Arguments& a) {
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

int run_inspect(Arguments a) {
  std::map<std::string, std::string> names;
  a.photo = input_path(a.photo, names);
  check(a);
  a.options.title = fs::path(name_of_input(a.photo)).filename().string();
  const Image photo = read_image(a.photo);
  catch_interrupts();
  Session session;
  TerminalProgress progress(Verbosity::quiet);  // seconds at most
  const InspectResult result = inspect(session, photo, a.options, progress);
  if (interrupted()) return stopped;
  if (!a.output.empty()) write_image(result.sheet, a.output);
  if (a.json) print_line(inspect_json(result));
  if (!a.json && !a.quiet) print_table(result);
  return 0;
}

}  // namespace

void add_inspect(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("inspect", "Show what a network sees in a picture");
  auto a = std::make_shared<Arguments>();
  InspectOptions& o = a->options;
  command->add_option("photo", a->photo, "The picture, - for standard input")
      ->type_name("PICTURE")
      ->required();
  command->add_option("-o,--output", a->output, "The sheet; its ending is the format")
      ->type_name("FILE");
  command->add_option("--network", o.network, "Encoder: see impasto models list")
      ->type_name("NAME|FILE")
      ->capture_default_str();
  command->add_option("--layers", o.layers, "Taps to show [relu1_1, relu2_1, ..., and relu4_2]")
      ->type_name("LAYER,...")
      ->delimiter(',')
      ->allow_extra_args(false);
  command->add_option("--channels", o.channels, "Strongest channels to show of each tap")
      ->type_name("N")
      ->capture_default_str();
  command->add_option("--statistic", o.statistic, "Matrix to show of each tap")
      ->type_name("gram|covariance|correlation")
      ->capture_default_str();
  command->add_option("--map", o.map, "Colours of the feature maps")
      ->type_name("viridis|grey")
      ->capture_default_str();
  command->add_option("--size", o.size, "Larger pictures are reduced to this longer side")
      ->type_name("PIXELS")
      ->capture_default_str();
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--json", a->json, "Print the measurements of each tap as JSON");
  command->callback([a, &run] { run = [a] { return run_inspect(*a); }; });
}

}  // namespace impasto::cli
