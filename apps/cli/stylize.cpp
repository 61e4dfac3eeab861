#include <cstdio>
#include <memory>
#include <optional>

#include "commands.h"
#include "impasto/assess.h"
#include "impasto/error.h"
#include "impasto/output.h"
#include "impasto/stylize.h"
#include "painting.h"
#include "stylize_batch.h"
#include "stylize_files.h"
#include "stylize_plan.h"
#include "stylize_regions.h"
#include "stylize_sweep.h"
#include "terminal.h"

namespace impasto::cli {

namespace {

struct Arguments : PaintingArguments {
  std::vector<std::string> photos;
  std::string replay, report, pairing, format;
  std::vector<std::string> styles;   // PAINTING[:WEIGHT]
  std::vector<std::string> sweeps;   // NAME=FROM:TO:COUNT
  std::vector<std::string> regions;  // MASK=PAINTING[:STRENGTH]
  std::string mask;
};

// A draft is painted at once: what only the optimiser obeys would be ignored.
void refuse_for_drafts(const Arguments& a) {
  const auto is = [&](const char* name, const char* value) {
    const auto given = a.options.find(name);
    return given != a.options.end() && given->second == value;
  };
  const bool instant = is("method", "instant");
  if (!instant && !is("quality", "draft")) return;
  StylizeOptions defaults;
  for (const Option& option : stylize_options(defaults)) {
    if (option.method != "optimize" || !a.options.count(option.name)) continue;
    throw Error(ErrorCode::usage, "--" + option.name + " is for --method optimize, not for " +
                                      (instant ? "--method instant" : "--quality draft"));
  }
}

void check_options(const Arguments& a) {
  check_contradictions(a);
  refuse_together(a, "strength", "style-weight", "both set the weight of the style");
  refuse_together(a, "detail", "content-layers", "both choose the content layers");
  refuse_for_drafts(a);
}

void check_all_outputs(const Arguments& a, const StylizeFiles& files) {
  check_outputs(a, files);
  if (!a.report.empty()) refuse_overwriting(a.report, files);
  if (!a.report.empty()) check_output(a.report);
}

// The files and options of this run: a recipe's first, then what the command line says.
void resolve(const Arguments& a, StylizeFiles& files, StylizeOptions& options) {
  if (!a.replay.empty()) {
    std::vector<std::string> notes;
    const std::string recipe = read_recipe(a.replay);
    if (recipe.empty()) {
      throw Error(ErrorCode::input, a.replay + ": holds no recipe of impasto");
    }
    try {
      read_recipe_options(recipe, files, options, notes);
    } catch (const Error& e) {
      throw Error(e.code(), a.replay + ": " + e.what());
    }
    for (const std::string& note : notes) std::fprintf(stderr, "impasto: note: %s\n", note.c_str());
  }
  if (!a.photos.empty()) files.content = a.photos.front();
  if (!a.styles.empty()) {
    files.styles.clear();
    options.style_weights.clear();
    for (const std::string& style : a.styles) {
      const auto [path, weight] = split_number(style, 1);
      files.styles.push_back(path);
      options.style_weights.push_back(weight);
    }
  }
  set_given(stylize_options(options), a.options);
  if (files.content.empty()) throw Error(ErrorCode::usage, "no photograph to paint (or --replay)");
  if (!a.mask.empty()) files.regions.mask = a.mask;
  if (!a.regions.empty()) files.regions.parts = parse_regions(a.regions);
  if (files.styles.empty() && files.regions.parts.empty()) {
    throw Error(ErrorCode::usage, "no painting to take the style from (--style)");
  }
  if (files.regions.empty() && a.options.count("feather")) {
    throw Error(ErrorCode::usage, "--feather is for --mask and --region");
  }
}

void refuse_for_batches(const std::string& value, const std::string& name) {
  if (!value.empty()) throw Error(ErrorCode::usage, name + " is for one picture, not for several");
}

// What is swept counts as given.
void check_sweeps(Arguments a) {
  const auto refuse_given = [](bool given, const std::string& name) {
    if (given) throw Error(ErrorCode::usage, "--sweep and " + name + " do not go together");
  };
  refuse_given(a.json, "--json");
  refuse_given(!a.report.empty(), "--report");
  refuse_given(!a.preview.empty(), "--preview");
  refuse_given(!a.pairing.empty(), "--pairing");
  refuse_given(!a.format.empty(), "--format");
  refuse_given(a.photos.size() > 1, "several photographs");
  for (const std::string& sweep : a.sweeps) {
    const std::string name = swept_name(sweep);
    if (a.options.count(name)) {
      throw Error(ErrorCode::usage, "--sweep " + sweep + " and --" + name +
                                        " contradict each other: both set the " + name);
    }
  }
  for (const std::string& sweep : a.sweeps) a.options[swept_name(sweep)] = "swept";
  check_options(a);
}

int run_stylize(const Arguments& a) {
  StylizeFiles files;
  StylizeOptions options;
  check_options(a);
  resolve(a, files, options);
  const Verbosity verbosity = verbosity_of(a);
  if (!a.sweeps.empty()) {
    check_sweeps(a);
    const SweepCommand sweep{a.sweeps, files, a.output, verbosity};
    return a.dry_run ? print_sweep_plan(sweep, options) : run_sweep(sweep, options);
  }
  const BatchFiles batch{a.photos.empty() ? std::vector{files.content} : a.photos,
                         files.styles,
                         a.output,
                         a.pairing,
                         a.format,
                         files.regions};
  if (is_batch(batch)) {
    refuse_for_batches(a.preview, "--preview");
    refuse_for_batches(a.report, "--report");
    return run_batch(batch, options, verbosity, a.dry_run);
  }
  check_all_outputs(a, files);

  if (a.dry_run) return print_plan(files, a.output, options, verbosity);
  const auto [content, styles, regions] =
      read_pictures(files, verbosity, planned_storage(files, a.output, options));

  catch_interrupts();
  PreviewProgress progress(verbosity, a.preview);
  const StylizeResult result = stylize(content, styles, regions, options, progress);
  progress.end_line();
  if (!result.painted) return tell_nothing_painted(verbosity);

  WriteOptions write;
  write.recipe = make_recipe(files, options, result);
  write.progress = &progress;
  write_image(result.image, a.output, write);
  progress.end_line();
  std::optional<Assessment> judged;
  if (is_judged(result, verbosity) || !a.report.empty())
    judged = assess(content, styles, regions, options, result);
  if (!a.report.empty()) {
    write_text(a.report, judged ? stylize_report(content, styles, files, options, result, *judged)
                                : stylize_report(content, styles, files, options, result));
  }
  return tell_result(a.output, result, verbosity, judged ? &*judged : nullptr);
}

}  // namespace

void add_stylize(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("stylize", "Paint a photograph in the manner of a painting");
  auto a = std::make_shared<Arguments>();
  command->add_option("photo", a->photos, "The photograph; or several, or folders of them")
      ->type_name("PHOTO...");
  command
      ->add_option(
          "-s,--style", a->styles,
          "A painting, or the style file of one (impasto models style), with its weight if "
          "several are to be mixed: a.jpg:2; or a folder of paintings, each a style of its "
          "own")
      ->type_name("PAINTING[:WEIGHT]")
      ->allow_extra_args(false);
  command
      ->add_option("-o,--output", a->output,
                   "Where the result goes; its ending is the format. Of several photographs: a "
                   "folder; what is done there is not painted again")
      ->type_name("FILE|FOLDER")
      ->required();
  command
      ->add_option("--mask", a->mask,
                   "What is painted: a picture that is white there and black where the photograph "
                   "stays as it is, pixel for pixel; grey or half transparent: in between. It is "
                   "brought to the photograph's size")
      ->type_name("PICTURE");
  command
      ->add_option("--region", a->regions,
                   "A style for a part of the picture, which is white in this mask: "
                   "sofa.png=painting.jpg, or with its strength sofa.png=painting.jpg:70; may be "
                   "given several times, later ones lie over earlier ones. The rest is painted in "
                   "--style, or without it stays the photograph's")
      ->type_name("MASK=PAINTING[:STRENGTH]")
      ->allow_extra_args(false);
  command
      ->add_option(
          "--sweep", a->sweeps,
          "Many pictures with something changing from one to the next: strength=0:100:5 "
          "is 5 strengths, style-scale=0.5,1,2 these values of any option that is a "
          "number, styles:5 goes from one painting to the other, or fills a grid between "
          "four; a second --sweep goes down. On one picture of at most 4096 pixels, if "
          "--size does not say how large its cells are; or frames, where -o is a folder or "
          "out_%03d.png")
      ->type_name("NAME=FROM:TO:COUNT")
      ->allow_extra_args(false);
  command
      ->add_option("--pairing", a->pairing,
                   "Of several photographs and paintings: every combination, or the first with the "
                   "first, by name, and so on [all]")
      ->type_name("all|paired");
  command->add_option("--format", a->format, "Of the results in a folder [each photograph's own]")
      ->type_name("jpg|png|...");
  command->add_option("--preview", a->preview, "Refresh this picture while painting")
      ->type_name("FILE");
  command
      ->add_option("--report", a->report, "Write a page about the run, with scores and loss curves")
      ->type_name("FILE.html");
  command->add_option("--replay", a->replay, "Repeat the run that this picture's recipe tells")
      ->type_name("PICTURE");
  StylizeOptions defaults;
  add_options(*command, stylize_options(defaults), a->options);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--dry-run", a->dry_run,
                    "Only print the plan: sizes, steps, memory and time of what would be painted; "
                    "nothing but the files' headers is read, nothing is written");
  command->add_flag(
      "--json", a->json,
      "Progress and result as JSON lines; the result with scores of style, content, seams, ... "
      "(docs/scores.md)");
  command->callback([a, &run] { run = [a] { return run_stylize(*a); }; });
}

}  // namespace impasto::cli
