#include <CLI/CLI.hpp>
#include <memory>

#include "impasto/batch.h"
#include "stylize_arguments.h"

namespace impasto::cli {

std::shared_ptr<StylizeArguments> add_stylize_arguments(CLI::App& app) {
  CLI::App* command = &app;
  auto a = std::make_shared<StylizeArguments>();
  command
      ->add_option("photo", a->photos,
                   "The photograph, - for standard input; or several, or folders of them")
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
                   "Where the result goes; its ending is the format; -: standard output. Of "
                   "several photographs: a folder; what is done there is not painted again")
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
  command->add_option("--preview", a->preview, "Refresh this picture while painting")
      ->type_name("FILE");
  command
      ->add_option("--report", a->report, "Write a page about the run, with scores and loss curves")
      ->type_name("FILE.html");
  command->add_option("--replay", a->replay, "Repeat the run that this picture's recipe tells")
      ->type_name("PICTURE");
  add_options(*command, stylize_options(), a->options);
  add_option(*command, *find_option(batch_options(), "pairing"), a->options);
  add_result_options(*command, *a);
  command->add_flag("-q,--quiet", a->quiet, "Print nothing but errors");
  command->add_flag("--dry-run", a->dry_run,
                    "Only print the plan: sizes, steps, memory and time of what would be painted; "
                    "nothing but the files' headers is read, nothing is written");
  command->add_flag(
      "--json", a->json,
      "Progress and result as JSON lines; the result with scores of style, content, seams, ... "
      "(docs/scores.md)");
  return a;
}

}  // namespace impasto::cli
