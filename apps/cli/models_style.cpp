#include "models_style.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json.hpp>

#include "impasto/error.h"
#include "impasto/output.h"
#include "impasto/style_file.h"
#include "painting.h"
#include "print.h"
#include "terminal.h"

namespace impasto::cli {

namespace {

namespace fs = std::filesystem;

struct ModelsStyleArguments {
  std::string painting, output;
  std::map<std::string, std::string> given;  // options, by name
  bool quiet = false;
};

std::string numbers(const std::vector<int>& values) {
  std::string text;
  for (const int v : values) text += (text.empty() ? "" : ", ") + std::to_string(v);
  return text;
}

int save(const ModelsStyleArguments& a) {
  StyleFileOptions options;
  set_given(style_file_options(), options, a.given);
  std::error_code ignored;
  if (!a.output.ends_with(".style")) {
    throw Error(ErrorCode::usage,
                "--output: expected a name that ends in .style, found '" + a.output + "'");
  }
  if (fs::equivalent(a.painting, a.output, ignored)) {
    throw Error(ErrorCode::usage, a.output + ": the result would overwrite the painting");
  }
  check_output(a.output);
  const Painting painting = read_painting(a.painting);
  if (painting.learned) {
    throw Error(ErrorCode::input, a.painting + ": expected a picture, found a style file");
  }
  catch_interrupts();
  Session session(session_for_one(a.given));
  TerminalProgress progress(a.quiet ? Verbosity::quiet : Verbosity::normal);
  const bool written = save_style(session, painting, a.output, options, progress);
  progress.end_line();
  if (!written) return stopped;
  if (!a.quiet) {
    const StyleInfo info = style_info(a.output);
    std::printf("%s: %.0f kB, for --network %s\n", a.output.c_str(),
                static_cast<double>(info.bytes) * 1e-3, info.encoder.c_str());
  }
  return 0;
}

}  // namespace

void add_models_style(CLI::App& models, Run& run) {
  auto* command = models.add_subcommand(
      "style", "Keep a painting's statistics: a small file that --style takes in its place");
  auto a = std::make_shared<ModelsStyleArguments>();
  command->add_option("painting", a->painting, "The painting")->type_name("PICTURE")->required();
  command->add_option("-o,--output", a->output, "Where it goes: NAME.style")
      ->type_name("FILE")
      ->required();
  add_options(*command, style_file_options(), a->given);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->callback([a, &run] { run = [a] { return save(*a); }; });
}

void print_style_info(const std::string& path, bool json) {
  const StyleInfo info = style_info(path);
  if (json) {
    const nlohmann::json line = {{"name", path},
                                 {"kind", "style"},
                                 {"bytes", info.bytes},
                                 {"painting", {{"width", info.width}, {"height", info.height}}},
                                 {"encoder", info.encoder},
                                 {"encoder_sha256", info.encoder_sha256},
                                 {"pooling", info.pooling},
                                 {"sizes", info.sizes}};
    print_json(line, 2);
    return;
  }
  std::printf("name      %s\nkind      style\nsize      %.1f kB\npainting  %dx%d\n", path.c_str(),
              static_cast<double>(info.bytes) * 1e-3, info.width, info.height);
  std::printf("encoder   %s, %s pooling\nsha256    %s\nsizes     %s\n", info.encoder.c_str(),
              info.pooling.c_str(), info.encoder_sha256.c_str(), numbers(info.sizes).c_str());
}

}  // namespace impasto::cli
