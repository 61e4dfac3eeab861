// One photograph many times, with something changing from cell to cell.

#include "impasto/sweep.h"

#include "impasto/error.h"
#include "methods/checks.h"
#include "methods/part_progress.h"
#include "methods/quality.h"

namespace impasto {

namespace {

// A cell's part of the whole, with its number before what is said of it.
class CellProgress final : public Progress {
 public:
  CellProgress(Progress& whole, PartProgress::Clock::time_point begin, size_t cell, size_t cells)
      : part_(whole, begin, static_cast<double>(cell) / static_cast<double>(cells),
              static_cast<double>(cell + 1) / static_cast<double>(cells)),
        name_("cell " + std::to_string(cell + 1) + " of " + std::to_string(cells) + ", ") {}

  void report(const ProgressReport& r) override {
    ProgressReport named = r;
    named.stage = name_ + r.stage;
    part_.report(named);
  }
  bool cancelled() override { return part_.cancelled(); }
  bool wants_preview() override { return part_.wants_preview(); }
  double preview_interval() override { return part_.preview_interval(); }
  void preview(const Image& picture) override { part_.preview(picture); }

 private:
  PartProgress part_;
  const std::string name_;
};

}  // namespace

SweepResult stylize_sweep(const SharedImage& content, const std::vector<SharedImage>& styles,
                          const Sweep& sweep, SweepProgress& progress) {
  const auto begin = PartProgress::Clock::now();
  if (sweep.cells.empty()) throw Error(ErrorCode::internal, "a sweep has no cells");
  std::vector<const Image*> paintings;
  for (const SharedImage& style : styles) paintings.push_back(style.get());
  for (const StylizeOptions& cell : sweep.cells) check_pictures(*content, paintings, cell);
  std::vector<StylizeOptions> cells = sweep.cells;
  settle_qualities(cells, *content);
  Stylizer stylizer(cells.front());
  SweepResult result;
  for (size_t i = 0; i < cells.size() && !result.cancelled; ++i) {
    if (i > 0) stylizer.set_options(cells[i]);
    CellProgress part(progress, begin, i, cells.size());
    const StylizeResult painted = stylizer.paint(content, styles, part);
    result.cancelled = painted.cancelled;
    if (result.cancelled) break;
    progress.finished(i, cells[i], painted);
    ++result.painted;
    result.quality = painted.quality;
  }
  result.seconds = std::chrono::duration<double>(PartProgress::Clock::now() - begin).count();
  return result;
}

}  // namespace impasto
