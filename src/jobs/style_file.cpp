#include "impasto/style_file.h"

#include <algorithm>
#include <filesystem>

#include "base/clock.h"
#include "base/input_file.h"
#include "base/promise.h"
#include "canvas/saved_style.h"
#include "formats/file.h"
#include "impasto/error.h"
#include "jobs/memory.h"
#include "options/checks.h"
#include "zoo/session.h"

namespace impasto {

namespace {

// Denser where most results are: halfway between octaves, interpolation is at its worst.
constexpr int ladder[] = {64, 128, 256, 362, 512, 724, 1024, 2048, 4096};
constexpr uint64_t largest_file = 64u << 20;  // VGG-19's are 4 MB

StylizeOptions engine_options(const StyleFileOptions& o) {
  StylizeOptions options;
  options.network = o.network;
  options.precision = o.precision;
  check_ranges(style_file_options(), o);
  return options;
}

void check_taps(const Network& network) {
  for (const std::string& tap : style_taps()) {
    if (network.graph->has_tap(tap)) continue;
    throw Error(ErrorCode::input, network.name +
                                      ": expected an encoder with the layers relu1_1 to "
                                      "relu5_1, found one without " +
                                      tap);
  }
}

Shape shape_of(const Size& s) {
  return {1, s.height, s.width, 3};
}

// Memory of looking at it: features, and the picture as a picture and as a tensor.
size_t bytes_at(const Engine& engine, const Size& size) {
  const Plan plan(engine.network.graph, *engine.backend, shape_of(size),
                  PlanOptions{engine.type, style_taps(), false, false});
  return plan.arena_bytes() + 2 * sizeof(float) * static_cast<size_t>(shape_of(size).size());
}

std::string beginning(const std::string& path) {
  std::string text(16384, '\0');  // with most of the header, and all of its metadata
  text.resize(InputFile(path).read(0, text.size(), text.data()));
  return text;
}

SavedStyle read_style(const std::string& path) {
  return parse_style(read_file(path, largest_file), path);
}

}  // namespace

namespace {

bool save(Session& session, const Painting& painting, const std::string& path,
          const StyleFileOptions& options, Progress& progress) {
  const auto begin = Clock::now();
  const StylizeOptions o = engine_options(options);
  if (painting.learned) {
    throw Error(ErrorCode::usage, "expected a painting, found a style file");
  }
  check_pictures(painting, {painting}, o);
  const std::shared_ptr<Engine> opened = engine_of(session, o);
  const Engine& engine = *opened;
  check_taps(engine.network);
  std::vector<int> sides;
  for (const int side : ladder) {
    if (side < options.size) sides.push_back(side);
  }
  sides.push_back(options.size);
  checked_bytes(rung_size(painting, options.size), budget_of(session),
                [&](const Size& size) { return bytes_at(engine, size); });

  SavedStyle style = begin_style(engine.network, painting);
  double done = 0, all = 0;
  for (const int side : sides) all += static_cast<double>(side) * side;
  for (const int side : sides) {
    if (progress.cancelled()) return false;
    ProgressReport report;
    report.fraction = done / all;
    report.seconds = seconds_since(begin);
    report.remaining = remaining_after(report.seconds, report.fraction);
    report.stage = "looking at the painting, " + std::to_string(side) + " px";
    progress.report(report);
    style.rungs.push_back({side, look_at(*engine.backend, engine.network, engine.type, painting,
                                         rung_size(painting, side))});
    done += static_cast<double>(side) * side;
  }
  write_file(path, format_style(style));
  return true;
}

}  // namespace

bool save_style(Session& session, const Painting& painting, const std::string& path,
                const StyleFileOptions& options, Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    return save(session, painting, path, options, progress);
  });
}

bool is_style_file(const std::string& path) try {
  std::error_code ignored;
  return std::filesystem::is_regular_file(path, ignored) &&
         (path.ends_with(".style") || looks_like_style(beginning(path)));
} catch (...) {
  rethrow_as_error();
}

Painting read_painting(const std::string& path, const ReadOptions& options) try {
  if (!is_style_file(path)) return read_image(path, options);
  const auto style = std::make_shared<const SavedStyle>(read_style(path));
  const Shape& s = style->preview.shape();
  Painting painting = to_image(style->preview.reshaped({1, s[0], s[1], 3}));
  painting.learned = style;
  return painting;
} catch (...) {
  rethrow_as_error();
}

PaintingHeader read_painting_header(const std::string& path, const ReadOptions& options) try {
  if (!is_style_file(path)) return read_header(path, options);
  return read_painting(path);
} catch (...) {
  rethrow_as_error();
}

StyleInfo style_info(const std::string& path) try {
  const SavedStyle style = read_style(path);
  StyleInfo info{std::filesystem::file_size(path),
                 style.width,
                 style.height,
                 style.encoder,
                 style.encoder_sha256,
                 style.pooling,
                 {}};
  for (const SavedStyle::Rung& rung : style.rungs) info.sizes.push_back(rung.longer_side);
  return info;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
