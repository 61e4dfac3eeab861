#include <CLI/CLI.hpp>

#include "impasto/doodle.h"

#include <filesystem>
#include <memory>

#include "commands.h"
#include "impasto/error.h"
#include "painting.h"
#include "plan_text.h"
#include "standard_input.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

struct DoodleArguments : PaintingArguments {
  DoodleFiles files;
};

StylizeFiles inputs_in(const DoodleFiles& files) {
  StylizeFiles inputs{files.style, {files.style_map, files.map}};
  if (!files.content.empty()) inputs.styles.push_back(files.content);
  return inputs;
}

void check(const DoodleArguments& a) {
  check_contradictions(a);
  for (const char* name :
       {"strength", "detail", "content-loss", "content-layers", "content-weight"}) {
    if (a.files.content.empty() && a.options.count(name)) {
      throw Error(ErrorCode::usage, std::string("--") + name +
                                        " is for a doodle with --content: without a photograph "
                                        "there is nothing between it and the painting");
    }
  }
  check_outputs(a, inputs_in(a.files));
}

DoodleHeaders read_doodle_headers(const DoodleFiles& files, const ReadOptions& compact) {
  DoodleHeaders headers{read_header(files.style, compact),
                        read_header(files.style_map, compact),
                        read_header(files.map, compact),
                        {}};
  if (!files.content.empty()) headers.content = read_header(files.content, compact);
  return headers;
}

std::vector<PlannedInput> inputs_of(const DoodleFiles& files) {
  std::vector<PlannedInput> inputs = {
      {"style", {files.style}}, {"style_map", {files.style_map}}, {"map", {files.map}}};
  if (!files.content.empty()) inputs.push_back({"photo", {files.content}});
  return inputs;
}

int run_doodle(const DoodleArguments& given) {
  DoodleArguments a = given;
  DoodleFiles& f = a.files;
  for (std::string* path : {&f.style, &f.style_map, &f.map, &f.content}) {
    *path = input_path(*path, f.names);
  }
  check(a);
  StylizeOptions options = doodle_defaults();
  set_given(doodle_options(), options, a.options);
  const Verbosity verbosity = verbosity_of(a);
  const ReadOptions compact{.compact = true};
  Session session(session_for_one(a.options));
  const Job plan = plan_doodle(session, read_doodle_headers(f, compact), options, result_name(a));
  if (a.dry_run) return tell_plan(plan, inputs_of(a.files), a.output, verbosity);
  const StepPictures steps(save_every(a), a.output, plan, inputs_in(f), write_options(a));
  DoodlePictures pictures;
  pictures.style = read_image(a.files.style, compact);
  pictures.style_map = read_image(a.files.style_map, compact);
  pictures.map = read_image(a.files.map, compact);
  if (!a.files.content.empty()) pictures.content = read_image(a.files.content, compact);
  pictures.style_map_name = a.files.style_map;
  pictures.map_name = a.files.map;

  catch_interrupts();
  PreviewProgress progress(verbosity, a.preview, steps);
  const StylizeResult result = doodle(session, pictures, options, progress);
  progress.end_line();
  return save_result(a, result, make_doodle_recipe(a.files, options, result), progress,
                     [&] { return assess_doodle(session, pictures, options, result); });
}

}  // namespace

void add_doodle(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "doodle", "Paint a map in flat colours in the manner of a painting and its map");
  auto a = std::make_shared<DoodleArguments>();
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
  add_options(*command, doodle_options(), a->options);
  add_outputs(*command, *a);
  command->callback([a, &run] { run = [a] { return run_doodle(*a); }; });
}

}  // namespace impasto::cli
