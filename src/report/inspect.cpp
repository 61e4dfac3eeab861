#include "impasto/inspect.h"

#include <algorithm>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "base/promise.h"
#include "canvas/picture.h"
#include "impasto/error.h"
#include "nn/plan.h"
#include "options/option_table.h"
#include "report/feature_sheet.h"
#include "zoo/session.h"
#include "zoo/zoo.h"

namespace impasto {

namespace {

// What was asked for, each once, or the usual taps; in the network's order.
std::vector<std::string> choose_taps(const Graph& graph, const std::vector<std::string>& asked) {
  for (const std::string& layer : asked) graph.tap(layer);  // throws for a layer that is not there
  std::vector<std::string> taps;
  for (const auto& [tap, node] : graph.taps()) {
    const bool wanted = asked.empty() ? tap.ends_with("_1") || tap == "relu4_2"
                                      : std::find(asked.begin(), asked.end(), tap) != asked.end();
    if (wanted) taps.push_back(tap);
  }
  return taps;
}

Image reduced(const Image& photo, int longer_side) {
  if (std::max(photo.width(), photo.height()) <= longer_side) return photo;
  const Size size = scaled_to(photo, longer_side);
  return resize(photo, size.width, size.height);
}

}  // namespace

InspectResult inspect(Session& session, const Image& photo, const InspectOptions& options,
                      Progress& callers) {
  return run_in(session, callers, [&](Progress& progress) {
    check_ranges(inspect_options(), options);
    if (photo.empty()) throw Error(ErrorCode::usage, "inspect: there is no picture");
    const Network network = open_network(options.network);
    const auto taps = choose_taps(*network.graph, options.layers);
    const Image picture = reduced(photo, options.size);
    const Tensor input = to_tensor(picture);
    const auto backend = make_cpu_backend();
    Plan plan(network.graph, *backend, input.shape(), {DType::f32, taps, false, false});
    plan.forward(input);

    std::vector<TapView> views;
    for (const std::string& tap : taps) {
      if (progress.cancelled()) break;
      ProgressReport report;
      report.fraction = static_cast<double>(views.size()) / static_cast<double>(taps.size());
      report.stage = tap;
      progress.report(report);
      views.push_back(view_tap(*backend, tap, plan.tap(tap), options.statistic, options.channels));
    }
    InspectResult result;
    result.fed = {picture.width(), picture.height()};
    result.network_sha256 = network.sha256;
    result.sheet = draw_feature_sheet(picture, views, options, network);
    for (TapView& view : views) result.taps.push_back(std::move(view.statistics));
    return result;
  });
}

std::string inspect_json(const InspectResult& result) try {
  nlohmann::ordered_json json = {{"width", result.fed.width},
                                 {"height", result.fed.height},
                                 {"network_sha256", result.network_sha256},
                                 {"taps", nlohmann::ordered_json::array()}};
  for (const TapStatistics& s : result.taps) {
    json["taps"].push_back({{"tap", s.tap},
                            {"width", s.width},
                            {"height", s.height},
                            {"channels", s.channels},
                            {"mean", s.mean},
                            {"deviation", s.deviation},
                            {"largest", s.largest},
                            {"dead_channels", s.dead_channels},
                            {"condition", s.condition},
                            {"strongest", s.strongest}});
  }
  return json_text(json, 2);
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
