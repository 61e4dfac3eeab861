#include "impasto/doodle.h"

#include <filesystem>
#include <memory>

#include "commands.h"
#include "impasto/error.h"
#include "painting.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

struct Arguments : PaintingArguments {
  DoodleFiles files;
};

void check(const Arguments& a) {
  check_contradictions(a);
  for (const char* name :
       {"strength", "detail", "content-loss", "content-layers", "content-weight"}) {
    if (a.files.content.empty() && a.options.count(name)) {
      throw Error(ErrorCode::usage, std::string("--") + name +
                                        " is for a doodle with --content: without a photograph "
                                        "there is nothing between it and the painting");
    }
  }
  StylizeFiles inputs{a.files.style, {a.files.style_map, a.files.map}};
  if (!a.files.content.empty()) inputs.styles.push_back(a.files.content);
  check_outputs(a, inputs);
}

int run_doodle(const Arguments& a) {
  check(a);
  StylizeOptions options = doodle_defaults();
  set_given(doodle_options(options), a.options);
  const ReadOptions compact{.compact = true};
  DoodlePictures pictures;
  pictures.style = read_image(a.files.style, compact);
  pictures.style_map = read_image(a.files.style_map, compact);
  pictures.map = read_image(a.files.map, compact);
  if (!a.files.content.empty()) pictures.content = read_image(a.files.content, compact);
  pictures.style_map_name = a.files.style_map;
  pictures.map_name = a.files.map;

  catch_interrupts();
  const Verbosity verbosity = verbosity_of(a);
  PreviewProgress progress(verbosity, a.preview);
  const StylizeResult result = doodle(pictures, options, progress);
  progress.end_line();
  WriteOptions write;
  write.recipe = make_doodle_recipe(a.files, options, result);
  write_image(result.image, a.output, write);
  return tell_result(a.output, result, verbosity);
}

}  // namespace

void add_doodle(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "doodle", "Paint a map in flat colours in the manner of a painting and its map");
  auto a = std::make_shared<Arguments>();
  command->add_option("-s,--style", a->files.style, "The painting")
      ->type_name("PAINTING")
      ->required();
  command
      ->add_option("--style-map", a->files.style_map,
                   "What is where in the painting: a picture in a few flat colours, one for sky, "
                   "one for water, and so on; drawn over the painting")
      ->type_name("MAP")
      ->required();
  command
      ->add_option("--map", a->files.map,
                   "What is to be where in the result: a picture in the same colours")
      ->type_name("MAP")
      ->required();
  command
      ->add_option("--content", a->files.content,
                   "A photograph whose things stay, where --map says what is where in it")
      ->type_name("PHOTO");
  command->add_option("-o,--output", a->output, "Where the result goes; its ending is the format")
      ->type_name("FILE")
      ->required();
  command->add_option("--preview", a->preview, "Refresh this picture while painting")
      ->type_name("FILE");
  StylizeOptions defaults = doodle_defaults();
  add_options(*command, doodle_options(defaults), a->options);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--json", a->json, "Progress and result as JSON lines");
  command->callback([a, &run] { run = [a] { return run_doodle(*a); }; });
}

}  // namespace impasto::cli
