#include "stylize_sweep.h"

#include <cstdio>
#include <filesystem>
#include <optional>

#include "frame_names.h"
#include "impasto/batch.h"
#include "impasto/error.h"
#include "impasto/sweep.h"
#include "standard_input.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

void check_files(const SweepCommand& command) {
  std::vector<std::string> inputs = command.files.styles;
  inputs.push_back(command.files.content);
  for (const std::string& input : inputs) {
    if (!is_folder(input)) continue;
    throw Error(ErrorCode::usage,
                "--sweep is for one photograph and single paintings, " + input + " is a folder");
  }
  if (asks_for_frames(command.result.output)) return;
  check_result(command.result);
  if (command.result.to_stream()) return;
  refuse_overwriting(command.result.output, command.files);
  check_writable(command.result.output);
}

std::vector<std::string> make_frame_names(const SweepCommand& command, size_t count) {
  if (is_folder(command.result.output)) {
    std::error_code failed;
    check_result_folder(command.result.output);
    fs::create_directories(command.result.output, failed);
    if (failed) {
      throw Error(ErrorCode::output,
                  command.result.output + ": cannot be made: " + failed.message());
    }
  }
  const auto names =
      frame_names(command.result.output, name_of_input(command.files.content), count);
  for (const std::string& name : names) refuse_overwriting(name, command.files);
  check_writable(names.front());
  check_quality(command.result, names.front());
  return names;
}

// Puts cells where they belong as they come.
class SweepTeller final : public SweepProgress {
 public:
  SweepTeller(const SweepCommand& command, SweepSheet* sheet, std::vector<std::string> frames)
      : command_(command),
        sheet_(sheet),
        frames_(std::move(frames)),
        terminal_(command.verbosity) {}

  void report(const ProgressReport& r) override { terminal_.report(r); }
  bool cancelled() override { return terminal_.cancelled(); }
  void end_line() { terminal_.end_line(); }

  void finished(size_t cell, const StylizeOptions& options, const StylizeResult& result) override {
    width_ = result.image.width();
    height_ = result.image.height();
    if (sheet_) {
      sheet_->add(cell, result.image);
    } else {
      write_image(result.image, frames_[cell],
                  write_options(command_.result, make_recipe(command_.files, options, result)));
    }
  }
  std::string cell_size() const { return std::to_string(width_) + "x" + std::to_string(height_); }

 private:
  const SweepCommand& command_;
  SweepSheet* sheet_;
  const std::vector<std::string> frames_;
  TerminalProgress terminal_;
  int width_ = 0, height_ = 0;
};

std::string described(const Sweep::Axis& axis) {
  std::string text = axis.name;
  for (const std::string& value : axis.values) text += " " + value;
  return text;
}

void tell(const SweepCommand& command, const Sweep& sweep, const SweepResult& result,
          const std::string& cell_size) {
  if (command.verbosity == Verbosity::quiet) return;
  const std::string cells = std::to_string(sweep.cells.size());
  if (result.painted == 0) {
    std::fprintf(stderr, "stopped; none of %s cells was done\n", cells.c_str());
    return;
  }
  std::fprintf(stderr, "across: %s\n", described(sweep.across).c_str());
  if (sweep.rows > 1) std::fprintf(stderr, "down: %s\n", described(sweep.down).c_str());
  const std::string done =
      result.cancelled ? "stopped; " + std::to_string(result.painted) + " of " + cells : cells;
  std::fprintf(stderr, "%s: %s cells of %s, %.1f s, quality %s\n",
               name_of_output(command.result.output).c_str(), done.c_str(), cell_size.c_str(),
               result.seconds, name_of(result.quality));
}

}  // namespace

std::string swept_name(const std::string& sweep) {
  return sweep.substr(0, sweep.find_first_of("=:"));
}

int run_sweep(Session& session, const SweepCommand& command, const StylizeOptions& options) {
  Sweep sweep = plan_sweep(command.sweeps, options, command.files.styles.size());
  check_files(command);
  StylizePictures pictures = read_pictures(command.files, command.verbosity);
  const auto content = std::make_shared<const Image>(std::move(pictures.content));
  std::vector<SharedPainting> styles;
  for (Painting& style : pictures.styles) {
    styles.push_back(std::make_shared<const Painting>(std::move(style)));
  }
  std::optional<SweepSheet> sheet;
  std::vector<std::string> frames;
  if (asks_for_frames(command.result.output)) {
    frames = make_frame_names(command, sweep.cells.size());
  } else {
    sheet.emplace(session, sweep, *content);
  }

  catch_interrupts();
  SweepTeller teller(command, sheet ? &*sheet : nullptr, std::move(frames));
  const SweepResult result =
      stylize_sweep(session, content, styles, sweep, teller, pictures.regions);
  teller.end_line();
  if (sheet && result.painted > 0) {
    write_result(command.result, sheet->image(), "", teller);
    teller.end_line();
  }
  tell(command, sweep, result, teller.cell_size());
  return result.cancelled ? stopped : 0;
}

}  // namespace impasto::cli
