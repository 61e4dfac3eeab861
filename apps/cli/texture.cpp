#include <CLI/CLI.hpp>

#include "impasto/texture.h"

#include <memory>

#include "commands.h"
#include "impasto/style_file.h"
#include "painting.h"
#include "plan_text.h"
#include "standard_input.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace {

struct TextureArguments : PaintingArguments {
  std::vector<std::string> pictures;  // PICTURE[:WEIGHT]
};

int run_texture(const TextureArguments& a) {
  check_contradictions(a);
  TextureOptions options;
  set_given(texture_options(), options, a.options);
  StylizeFiles files;
  for (const std::string& picture : a.pictures) {
    const auto [path, weight] = split_number(picture, 1);
    files.styles.push_back(input_path(path, files.names));
    options.paint.style_weights.push_back(weight);
  }
  check_outputs(a, files);
  const Verbosity verbosity = verbosity_of(a);
  const ReadOptions compact{.compact = true};
  std::vector<PaintingHeader> headers;
  for (const std::string& file : files.styles) {
    headers.push_back(read_painting_header(file, compact));
  }
  Session session(session_for_one(a.options));
  const Job plan = plan_texture(session, headers, options, result_name(a));
  if (a.dry_run) return tell_plan(plan, {{"pictures", files.styles, true}}, a.output, verbosity);
  const StepPictures steps(save_every(a), a.output, plan, files, write_options(a));
  std::vector<Painting> pictures;
  for (const std::string& file : files.styles) {
    pictures.push_back(read_painting(file, compact));
  }

  catch_interrupts();
  PreviewProgress progress(verbosity, a.preview, steps);
  const StylizeResult result = texture(session, pictures, options, progress);
  progress.end_line();
  return save_result(a, result, make_texture_recipe(files, options, result), progress,
                     [&] { return assess_texture(session, pictures, options, result); });
}

}  // namespace

void add_texture(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand(
      "texture", "Make a texture of any size, also one that tiles, from a picture that shows it");
  auto a = std::make_shared<TextureArguments>();
  command
      ->add_option("picture", a->pictures,
                   "The picture, - for standard input, or the style file of one; several are mixed "
                   "by their weights: "
                   "a.jpg:2 b.jpg")
      ->type_name("PICTURE[:WEIGHT]...")
      ->required();
  add_options(*command, texture_options(), a->options);
  add_outputs(*command, *a);
  command->callback([a, &run] { run = [a] { return run_texture(*a); }; });
}

}  // namespace impasto::cli
