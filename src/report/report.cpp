#include <algorithm>

#include "base/promise.h"
#include "impasto/assess.h"
#include "impasto/stylize.h"
#include "impasto/version.h"
#include "report/html.h"
#include "report/loss_plot.h"

namespace impasto {

namespace {

constexpr int large_picture = 900, small_picture = 600;  // pixels of the longer side

constexpr const char* style_sheet = R"(
:root { color-scheme: light }
body { margin: 2rem auto; max-width: 1120px; padding: 0 1rem; background: #fff; color: #222;
  font: 15px/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem; margin-bottom: 0; overflow-wrap: anywhere }
h2 { font-size: 1.15rem; margin: 2.2rem 0 .6rem; border-bottom: 1px solid #ddd }
h1 + p { margin-top: 0; color: #595959 }
figure { margin: 0 }
figcaption { color: #595959; overflow-wrap: anywhere }
img { display: block; max-width: 100%; height: auto }
.result img { max-height: 90vh; width: auto }
.pictures { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fill, minmax(240px, 1fr));
  margin-top: 1rem; align-items: end }
.plots { display: grid; gap: 1rem; grid-template-columns: repeat(auto-fit, minmax(380px, 1fr)) }
.table { overflow-x: auto }
table { border-collapse: collapse }
th, td { padding: .15rem .9rem .15rem 0; text-align: left; vertical-align: top }
thead th { border-bottom: 1px solid #bbb }
th[scope=row] { font-weight: normal; color: #595959 }
td { font-variant-numeric: tabular-nums; overflow-wrap: anywhere }
.table td { white-space: nowrap; overflow-wrap: normal }
td.changed, .warning { font-weight: bold }
.columns { columns: 3 260px; column-gap: 2rem }
.columns table { break-inside: avoid; margin-bottom: 1rem; width: 100% }
caption { text-align: left; font-weight: bold }
svg { width: 100%; font: 12px system-ui, sans-serif; fill: #444 }
svg .name { font-size: 15px; font-weight: bold }
svg .grid { stroke: #e6e6e6 }
svg .axis { stroke: #777 }
svg .scale { stroke: #999; stroke-dasharray: 4 3 }
svg .curve { fill: none; stroke-width: 1.8; stroke-linejoin: round }
)";

// Dark colours of Okabe and Ito (2008), told apart by colour-blind people too.
constexpr const char* colours[] = {"#0072b2", "#b34700", "#00735c", "#a3487c", "#6b5b00"};
constexpr const char* total_colour = "#222222";

std::string figure(const Image& image, int longer_side, const std::string& what,
                   const std::string& name, const std::string& more) {
  const std::string url = picture_url(image, longer_side);
  std::string html = "<figure>";
  if (!url.empty()) {
    html += "<img alt=\"" + html_text(what + (name.empty() ? "" : ": " + name)) + "\" src=\"" +
            url + "\"/>";
  }
  html += "<figcaption>" + html_text(what);
  if (!name.empty()) html += " <b>" + html_text(name) + "</b>";
  return html +
         html_text(", " + std::to_string(image.width()) + " \u00d7 " +
                   std::to_string(image.height()) + more) +
         "</figcaption></figure>\n";
}

std::string pictures(const Image& content, const std::vector<Painting>& styles,
                     const StylizeFiles& files, const StylizeOptions& options,
                     const StylizeResult& result) {
  std::string html = "<div class=\"result\">" +
                     figure(result.image, large_picture, "Result", "", "") +
                     "</div>\n<div class=\"pictures\">\n" +
                     figure(content, small_picture, "Photograph", files.content, "");
  for (size_t i = 0; i < styles.size(); ++i) {
    const std::string name = i < files.styles.size() ? files.styles[i] : "";
    const bool weighted = styles.size() > 1 && i < options.style_weights.size();
    html += figure(styles[i], small_picture, "Painting", name,
                   weighted ? ", weight " + html_number(options.style_weights[i]) : "");
  }
  return html + "</div>\n";
}

std::string row(const std::string& name, const std::string& value, bool changed = false) {
  return "<tr><th scope=\"row\">" + html_text(name) + "</th><td" +
         (changed ? " class=\"changed\"" : "") + ">" + html_text(value) + "</td></tr>\n";
}

std::string facts(const StylizeResult& result) {
  std::string html = "<h2>The run</h2>\n<table><tbody>\n";
  html += row("Time", html_number(result.seconds) + " s" +
                          (result.cancelled ? ", stopped before its end" : ""));
  const size_t steps = result.losses.size();
  std::string count = std::to_string(steps);
  if (steps > 0 && result.seconds > 0) {
    count += ", " + html_number(static_cast<double>(steps) / result.seconds) + " a second";
  }
  html += row("Steps", count);
  html += row("Planned memory",
              html_number(static_cast<double>(result.planned_bytes) / (1 << 20)) + " MiB");
  html += row("Precision", name_of(result.precision));
  html += row("Network's SHA-256", result.network_sha256);
  return html + "</tbody></table>\n";
}

std::string judgement(const Assessment& a) {
  std::string html = "<h2>The result</h2>\n";
  for (const std::string& warning : a.warnings) {
    html += "<p class=\"warning\">" + html_text(warning) + "</p>\n";
  }
  html += "<table><tbody>\n";
  for (const auto& [name, value] : scores_of(a)) html += row(name, html_number(value));
  return html + "</tbody></table>\n";
}

std::string option_tables(const StylizeOptions& options) {
  std::string html = "<h2>Options</h2>\n<p>Bold: not the default.</p>\n<div class=\"columns\">\n";
  std::string group;
  for (const Option<StylizeOptions>& option : stylize_options()) {
    if (option.group != group) {
      html += std::string(group.empty() ? "" : "</tbody></table>\n") + "<table><caption>" +
              html_text(option.group) + "</caption><tbody>\n";
      group = option.group;
    }
    const std::string value = option.get(options);
    html += row(option.name, value, value != option.initial);
  }
  return html + "</tbody></table>\n</div>\n";
}

std::string loss_curves(const std::vector<LossPoint>& losses) {
  std::string html = "<h2>Losses</h2>\n";
  if (losses.empty()) return html + "<p>No step was made.</p>\n";
  const std::vector<ScaleSpan> runs = scale_spans(losses);
  std::vector<double> values(losses.size());
  std::transform(losses.begin(), losses.end(), values.begin(), total_of);
  html += "<div class=\"plots\">\n" + loss_plot("total", values, runs, total_colour);
  size_t colour = 0;
  for (const std::string& name : term_names(losses)) {
    std::transform(losses.begin(), losses.end(), values.begin(),
                   [&](const LossPoint& point) { return term_of(point, name); });
    html += loss_plot(name, values, runs, colours[colour++ % std::size(colours)]);
  }
  return html + "</div>\n";
}

std::string loss_table(const std::vector<LossPoint>& losses) {
  if (losses.empty()) return "";
  const std::vector<std::string> names = term_names(losses);
  const auto header = [](const std::string& text) {
    return "<th scope=\"col\">" + html_text(text) + "</th>";
  };
  std::string html =
      "<div class=\"table\"><table><caption>At the end of each scale</caption><thead><tr>" +
      header("longer side") + header("steps");
  for (const std::string& name : names) html += header(name);
  html += header("total") + header("total at its start") + "</tr></thead><tbody>\n";
  for (const ScaleSpan& run : scale_spans(losses)) {
    const LossPoint& last = losses[run.end - 1];
    html += "<tr><th scope=\"row\">" + std::to_string(run.longer_side) + " px</th><td>" +
            std::to_string(run.end - run.begin) + "</td>";
    for (const std::string& name : names)
      html += "<td>" + html_number(term_of(last, name)) + "</td>";
    html += "<td>" + html_number(total_of(last)) + "</td><td>" +
            html_number(total_of(losses[run.begin])) + "</td></tr>\n";
  }
  return html + "</tbody></table></div>\n";
}

std::string page(const Image& content, const std::vector<Painting>& styles,
                 const StylizeFiles& files, const StylizeOptions& options,
                 const StylizeResult& result, const std::string& assessment) {
  // The policy keeps a browser from loading anything, whatever stands in the texts.
  return std::string("<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"/>\n") +
         "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
         "img-src data:; style-src 'unsafe-inline'\"/>\n"
         "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"/>\n"
         "<title>" +
         html_text("impasto: " + files.content) + "</title>\n<style>" + style_sheet +
         "</style></head>\n<body>\n<h1>" + html_text(files.content) +
         "</h1>\n<p>Painted by impasto " + html_text(version()) + "</p>\n" +
         pictures(content, styles, files, options, result) + loss_curves(result.losses) +
         loss_table(result.losses) + assessment + facts(result) + option_tables(options) +
         "</body></html>\n";
}

}  // namespace

std::string stylize_report(const Image& content, const std::vector<Painting>& styles,
                           const StylizeFiles& files, const StylizeOptions& options,
                           const StylizeResult& result) try {
  return page(content, styles, files, options, result, "");
} catch (...) {
  rethrow_as_error();
}

std::string stylize_report(const Image& content, const std::vector<Painting>& styles,
                           const StylizeFiles& files, const StylizeOptions& options,
                           const StylizeResult& result, const Assessment& assessment) try {
  return page(content, styles, files, options, result, judgement(assessment));
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
