#include "impasto/texture.h"

#include <memory>

#include "commands.h"
#include "impasto/error.h"
#include "impasto/style_file.h"
#include "painting.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

struct Arguments {
  std::vector<std::string> pictures;  // PICTURE[:WEIGHT]
  std::string output, preview;
  std::map<std::string, std::string> options;  // as given, by name
  bool tileable = false, quiet = false, json = false;
};

int run_texture(const Arguments& a) {
  if (a.quiet && a.json) throw Error(ErrorCode::usage, "--quiet and --json contradict each other");
  if (a.options.count("time") && a.options.count("iterations")) {
    throw Error(ErrorCode::usage,
                "--time and --iterations contradict each other: the time decides how many steps "
                "there are");
  }
  TextureOptions options;
  options.tileable = a.tileable;
  for (const Option& option : texture_options(options)) {
    const auto given = a.options.find(option.name);
    if (given != a.options.end()) option.set(given->second);
  }
  StylizeFiles files;
  for (const std::string& picture : a.pictures) {
    const auto [path, weight] = split_number(picture, 1);
    files.styles.push_back(path);
    options.paint.style_weights.push_back(weight);
  }
  for (const std::string& output : {a.output, a.preview}) {
    if (!output.empty()) refuse_overwriting(output, files);
  }
  check_writable(a.output);
  if (!a.preview.empty()) check_writable(a.preview);
  std::vector<Image> pictures;
  for (const std::string& file : files.styles) {
    pictures.push_back(read_painting(file, {.compact = true}));
  }

  catch_interrupts();
  const Verbosity verbosity = a.quiet  ? Verbosity::quiet
                              : a.json ? Verbosity::json
                                       : Verbosity::normal;
  PreviewProgress progress(verbosity, a.preview);
  const StylizeResult result = texture(pictures, options, progress);
  progress.end_line();
  write_image(result.image, a.output);
  return tell_result(a.output, result, verbosity);
}

}  // namespace

void add_texture(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "texture", "Make a texture of any size, also one that tiles, from a picture that shows it");
  auto a = std::make_shared<Arguments>();
  command
      ->add_option("picture", a->pictures,
                   "The picture, or the style file of one; several are mixed by their weights: "
                   "a.jpg:2 b.jpg")
      ->type_name("PICTURE[:WEIGHT]...")
      ->required();
  command->add_option("-o,--output", a->output, "Where the texture goes; its ending is the format")
      ->type_name("FILE")
      ->required();
  command->add_flag("--tileable", a->tileable, "Opposite borders fit together");
  command->add_option("--preview", a->preview, "Refresh this picture while painting")
      ->type_name("FILE");
  TextureOptions defaults;
  add_options(*command, texture_options(defaults), a->options);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--json", a->json, "Progress and result as JSON lines");
  command->callback([a, &run] { run = [a] { return run_texture(*a); }; });
}

}  // namespace impasto::cli
