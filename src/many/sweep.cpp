// One photograph many times, with something changing from cell to cell.

#include "impasto/sweep.h"

#include "base/clock.h"
#include "base/part_progress.h"
#include "canvas/areas.h"
#include "impasto/error.h"
#include "jobs/quality.h"
#include "zoo/session.h"

namespace impasto {

namespace {

// A cell's part of the whole, with its number before what is said of it.
PartProgress cell_progress(Progress& whole, Clock::time_point begin, size_t cell, size_t cells) {
  const auto all = static_cast<double>(cells);
  return {whole, begin, static_cast<double>(cell) / all, static_cast<double>(cell + 1) / all,
          "cell " + std::to_string(cell + 1) + " of " + std::to_string(cells) + ", "};
}

// The first of the cells, whose qualities are settled.
const StylizeOptions& settled_cells(Session& session, std::vector<StylizeOptions>& cells,
                                    const PictureHeader& content) {
  settle_qualities(cells, content, [&] { return settled_speeds(session, cells.front()); });
  return cells.front();
}

}  // namespace

SweepResult stylize_sweep(Session& session, const SharedImage& content,
                          const std::vector<SharedPainting>& styles, const Sweep& sweep,
                          SweepProgress& callers, const Regions& regions) {
  return run_in(session, callers, [&](CallersProgress& progress) {
    const auto begin = Clock::now();
    if (sweep.cells.empty()) throw Error(ErrorCode::internal, "a sweep has no cells");
    for (const StylizeOptions& cell : sweep.cells) check_regions(*content, styles, regions, cell);
    std::vector<StylizeOptions> cells = sweep.cells;
    Stylizer stylizer(session, settled_cells(session, cells, *content));
    stylizer.set_regions(regions);
    SweepResult result;
    for (size_t i = 0; i < cells.size() && !result.cancelled; ++i) {
      if (i > 0) stylizer.set_options(cells[i]);
      PartProgress part = cell_progress(progress, begin, i, cells.size());
      const StylizeResult painted = stylizer.paint(content, styles, part);
      result.cancelled = painted.cancelled;
      if (result.cancelled) break;
      progress.tell([&] { callers.finished(i, cells[i], painted); });
      ++result.painted;
      result.quality = painted.quality;
    }
    result.seconds = seconds_since(begin);
    return result;
  });
}

Job plan_cells(Session& session, const PictureHeader& content,
               const std::vector<PaintingHeader>& styles, const Sweep& sweep,
               const std::vector<PictureHeader>& masks) {
  return run_in(session, [&] {
    if (sweep.cells.empty()) throw Error(ErrorCode::internal, "a sweep has no cells");
    std::vector<StylizeOptions> cells = sweep.cells;
    Stylizer stylizer(session, settled_cells(session, cells, content));
    Job largest;
    double seconds = 0;
    for (const StylizeOptions& cell : cells) {
      stylizer.set_options(cell);
      const Job plan = stylizer.plan(content, styles, "", masks);
      seconds += plan.seconds;
      if (plan.peak_bytes > largest.peak_bytes) largest = plan;
    }
    largest.seconds = seconds;
    return largest;
  });
}

}  // namespace impasto
