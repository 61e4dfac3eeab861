#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.h"
#include "impasto/train.h"
#include "painting.h"
#include "terminal.h"

namespace impasto::cli {

namespace {

using Given = std::map<std::string, std::string>;  // options, by name

void add_train_instant(CLI::App& train, Run& run) {
  auto* instant =
      train.add_subcommand("instant", "Train the decoder that paints in any style at once");
  auto o = std::make_shared<TrainInstantOptions>();
  auto given = std::make_shared<Given>();
  instant->add_option("--photos", o->photos, "Folders of photographs")->required();
  instant->add_option("--paintings", o->paintings, "Folders of paintings");
  instant->add_option("--strokes", o->strokes, "Folders of large paintings: half of all styles");
  instant->add_option("-o,--output", o->output, "Where the weights go (.safetensors)")->required();
  instant->add_option("--checkpoint", o->checkpoint, "Resume from and save to this file");
  instant->add_option("--initial", o->initial, "Weights to begin with");
  instant->add_option("--sheet", o->sheet, "Picture (.png) of samples, written while training");
  instant->add_option("--sheet-photos", o->sheet_photos, "Its rows: pictures or folders");
  instant->add_option("--sheet-paintings", o->sheet_paintings, "Its columns");
  add_options(*instant, train_instant_options(), *given);
  instant->callback([=, &run] {
    run = [=] {
      catch_interrupts();
      TerminalProgress progress(Verbosity::normal);
      TrainInstantOptions options = *o;
      set_given(train_instant_options(), options, *given);
      Session session(session_for_one(*given));
      const TrainReport report = train_instant(session, options, progress);
      progress.end_line();
      std::printf("%d steps in %.0f s%s\n", report.steps, report.seconds,
                  report.finished ? "" : " (stopped; the checkpoint holds the rest)");
      return interrupted() ? stopped : 0;
    };
  });
}

void add_train_style(CLI::App& train, Run& run) {
  auto* style = train.add_subcommand("style", "Train a network that paints in one style");
  style->group("");  // not listed before it paints well enough
  auto o = std::make_shared<TrainStyleOptions>();
  auto given = std::make_shared<Given>();
  style->add_option("paintings", o->paintings, "The painting")->required();
  style->add_option("--photos", o->photos, "Folders of photographs")->required();
  style->add_option("-o,--output", o->output, "Where the style goes (.style), with its network")
      ->required();
  style->add_option("--checkpoint", o->checkpoint, "Resume from and save to this file");
  style->add_option("--initial", o->initial, "A style whose network to begin with");
  style->add_option("--sheet", o->sheet, "Picture (.png) of samples, written while training");
  style->add_option("--sheet-photos", o->sheet_photos, "Pictures or folders");
  add_options(*style, train_style_options(), *given);
  style->callback([=, &run] {
    run = [=] {
      catch_interrupts();
      TerminalProgress progress(Verbosity::normal);
      TrainStyleOptions options = *o;
      set_given(train_style_options(), options, *given);
      Session session(session_for_one(*given));
      const TrainReport report = train_style(session, options, progress);
      progress.end_line();
      std::printf("%d steps in %.0f s%s\n", report.steps, report.seconds,
                  report.finished ? "" : " (stopped; the checkpoint holds the rest)");
      return interrupted() ? stopped : 0;
    };
  });
}

}  // namespace

void add_train(CLI::App& app, Run& run) {
  auto* train = app.add_subcommand("train", "Train a network");
  train->require_subcommand(1);
  add_train_instant(*train, run);
  add_train_style(*train, run);
  auto* encoder = train->add_subcommand("encoder", "Distil the small encoder from VGG-19");
  auto o = std::make_shared<TrainEncoderOptions>();
  auto given = std::make_shared<Given>();
  auto evaluate = std::make_shared<std::vector<std::string>>();
  auto only_evaluate = std::make_shared<bool>(false);
  encoder->add_option("--pictures", o->pictures, "Folders of pictures to train on");
  encoder->add_option("--teacher", o->teacher, "VGG-19 weights, at least up to conv3_1")
      ->required();
  encoder
      ->add_option("--deep-teacher", o->deep_teacher,
                   "A small VGG with *_aux maps, for relu4_1 and relu5_1")
      ->required();
  encoder->add_option("-o,--output", o->output, "Where the weights go (.safetensors)")->required();
  encoder->add_option("--checkpoint", o->checkpoint, "Resume from and save to this file");
  add_options(*encoder, train_encoder_options(), *given);
  encoder->add_option("--evaluate", *evaluate,
                      "Folders of pictures that were held out: print R^2 per tap at the end");
  encoder->add_flag("--only-evaluate", *only_evaluate, "Do not train, evaluate --output");
  encoder->callback([=, &run] {
    run = [=] {
      catch_interrupts();
      TrainEncoderOptions options = *o;
      set_given(train_encoder_options(), options, *given);
      Session session(session_for_one(*given));
      TerminalProgress progress(Verbosity::normal);
      if (!*only_evaluate) {
        const TrainReport report = train_encoder(session, options, progress);
        progress.end_line();
        std::printf("%d steps in %.0f s%s\n", report.steps, report.seconds,
                    report.finished ? "" : " (stopped; the checkpoint holds the rest)");
      }
      if (!evaluate->empty()) {
        for (const TapQuality& q : evaluate_encoder(session, options.output, options.teacher,
                                                    options.deep_teacher, *evaluate, progress)) {
          progress.end_line();
          std::printf("%s  R^2 %.4f\n", q.tap.c_str(), q.r2);
        }
      }
      return interrupted() ? stopped : 0;
    };
  });
}

}  // namespace impasto::cli
