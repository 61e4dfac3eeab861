#include <CLI/CLI.hpp>

#include "impasto/bench.h"

#include <cstdio>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <set>
#include <sstream>

#include "commands.h"
#include "impasto/error.h"
#include "impasto/version.h"
#include "painting.h"
#include "print.h"
#include "terminal.h"

namespace impasto::cli {

namespace {

// Options of stylize of which bench takes several values, and those that do not change a step.
const std::set<std::string> lists = {"network", "size", "precision", "threads"};
const std::set<std::string> without = {"time", "seed", "start", "iterations", "scales"};

struct BenchArguments {
  std::string photo;
  std::vector<std::string> styles;
  std::map<std::string, std::string> options;  // as given, by name
  BenchOptions bench;
  bool skip_machine = false, quiet = false, json = false;
};

std::vector<std::string> split(const std::string& text) {
  std::vector<std::string> words;
  std::stringstream list(text);
  for (std::string word; std::getline(list, word, ',');) words.push_back(word);
  return words.empty() ? std::vector<std::string>{""} : words;
}

struct Configuration {
  SessionOptions session;
  StylizeOptions options;
};

OptionTable<Configuration> make_table() {
  OptionTable<Configuration> table = lifted(stylize_options(), &Configuration::options);
  for (auto& option : lifted(session_options(), &Configuration::session)) table.push_back(option);
  return table;
}

// Every combination of the lists.
std::vector<Configuration> combinations(const BenchArguments& a) {
  std::vector<Configuration> all(1);
  for (const Option<Configuration>& option : make_table()) {
    auto given = a.options.find(option.name);
    std::vector<std::string> values;
    if (given != a.options.end()) {
      values = lists.count(option.name) ? split(given->second) : std::vector{given->second};
    } else if (option.name == "precision") {
      values = {"f32", "bf16"};
    } else {
      continue;
    }
    std::vector<Configuration> longer;
    for (const Configuration& before : all) {
      for (const std::string& value : values) {
        Configuration c = before;
        option.set(c, value);
        longer.push_back(c);
      }
    }
    all = longer;
  }
  return all;
}

double megabytes(size_t bytes) {
  return static_cast<double>(bytes) * 1e-6;
}

nlohmann::json to_json(const MachineBench& m) {
  return {{"threads", m.threads},
          {"instructions", m.instructions},
          {"f32_gflops", m.f32_gflops},
          {"bf16_gflops", m.bf16_gflops},
          {"memory_gbytes", m.memory_gbytes}};
}

nlohmann::json to_json(const StepBench& s) {
  return {{"network", s.network},      {"precision", name_of(s.precision)},
          {"width", s.width},          {"height", s.height},
          {"margin", s.margin},        {"threads", s.threads},
          {"steps", s.steps},          {"setup_ms", s.setup_ms},
          {"first_ms", s.first_ms},    {"median_ms", s.median_ms},
          {"min_ms", s.min_ms},        {"max_ms", s.max_ms},
          {"objective", s.objective},  {"planned_bytes", s.planned_bytes},
          {"peak_bytes", s.peak_bytes}};
}

void print_machine(const MachineBench& m) {
  std::printf("machine: %s, %d thread%s: f32 %.0f GFLOP/s", m.instructions.c_str(), m.threads,
              m.threads == 1 ? "" : "s", m.f32_gflops);
  if (m.bf16_gflops > 0) std::printf(", bf16 %.0f GFLOP/s", m.bf16_gflops);
  std::printf(", memory %.1f GB/s\n", m.memory_gbytes);
}

void print_head() {
  std::printf("%-10s %-10s %-5s %7s  %9s %19s %6s %9s %9s %11s %8s\n", "network", "picture", "type",
              "threads", "step ms", "min .. max", "steps", "set-up ms", "first ms", "planned MB",
              "peak MB");
}

void print_step(const StepBench& s) {
  char range[64];
  std::snprintf(range, sizeof range, "%.1f .. %.1f", s.min_ms, s.max_ms);
  const std::string name = s.network.substr(s.network.rfind('/') + 1);  // npos + 1 is 0
  const std::string size = std::to_string(s.width) + "x" + std::to_string(s.height);
  std::printf("%-10s %-10s %-5s %7d  %9.1f %19s %6d %9.0f %9.1f %11.0f %8.0f\n", name.c_str(),
              size.c_str(), name_of(s.precision), s.threads, s.median_ms, range, s.steps,
              s.setup_ms, s.first_ms, megabytes(s.planned_bytes), megabytes(s.peak_bytes));
  std::fflush(stdout);
}

// Nothing where this processor cannot do a precision that nobody asked for.
std::optional<StepBench> measure(const BenchArguments& a, const Image& photo,
                                 const std::vector<Painting>& styles, const Configuration& c,
                                 Progress& progress) {
  try {
    Session session(c.session);
    return bench_step(session, photo, styles, c.options, a.bench, progress);
  } catch (const Error& e) {
    if (e.code() == ErrorCode::unsupported && !a.options.count("precision")) return {};
    throw;
  }
}

int run_bench(const BenchArguments& a) {
  if (a.quiet && a.json) throw Error(ErrorCode::usage, "--quiet and --json contradict each other");
  const std::vector<Configuration> configurations = combinations(a);
  const Image photo = a.photo.empty() ? Image() : read_image(a.photo);
  std::vector<Painting> styles;
  for (const std::string& style : a.styles) styles.push_back(read_image(style));

  catch_interrupts();
  nlohmann::json json = {{"version", version()}, {"steps", nlohmann::json::array()}};
  if (!a.skip_machine) {
    Session session(configurations[0].session);
    const MachineBench machine = bench_machine(session);
    json["machine"] = to_json(machine);
    if (!a.json) print_machine(machine);
  }
  if (!a.json) print_head();
  for (const Configuration& c : configurations) {
    TerminalProgress progress(verbosity_of(a.quiet, a.json));
    const auto step = measure(a, photo, styles, c, progress);
    progress.clear_line();
    if (interrupted()) break;
    if (!step) continue;
    json["steps"].push_back(to_json(*step));
    if (!a.json) print_step(*step);
  }
  if (a.json) print_json(json);
  return interrupted() ? stopped : 0;
}

}  // namespace

void add_bench(CLI::App& app, Run& run) {
  auto* command =
      app.add_subcommand("bench", "Measure this machine, and one step of stylize on it");
  command->footer(
      "A step is the whole objective, forward and backward, and the optimiser, as stylize takes "
      "it\n"
      "at one scale. Values of --network, --size, --precision and --threads may be lists: "
      "256,512.");
  auto a = std::make_shared<BenchArguments>();
  command->add_option("photo", a->photo, "A photograph; else one of 512x512 is drawn")
      ->type_name("PHOTO");
  command->add_option("-s,--style", a->styles, "A painting; else one is drawn")
      ->type_name("PAINTING")
      ->allow_extra_args(false);
  command->add_option("--seconds", a->bench.seconds, "Measured steps take at least this long")
      ->check(CLI::Range(0.0, 3600.0))
      ->capture_default_str();
  command->add_option("--steps", a->bench.steps, "At least so many steps are measured")
      ->check(CLI::Range(1, 100000))
      ->capture_default_str();
  command->add_flag("--skip-machine", a->skip_machine, "Do not measure the machine's limits");
  for (const OptionInfo& option : make_table()) {
    if (without.count(option.name)) continue;
    OptionInfo listed = option;
    if (option.name == "size") listed.help = "Longer side of the picture", listed.initial = "512";
    if (option.name == "precision") listed.initial = "f32,bf16";
    if (lists.count(option.name)) listed.form += ",...";
    add_option(*command, listed, a->options);
  }
  command->add_flag("-q,--quiet", a->quiet, "No progress on standard error");
  command->add_flag("--json", a->json, "Everything as one JSON object");
  command->callback([a, &run] { run = [a] { return run_bench(*a); }; });
}

}  // namespace impasto::cli
