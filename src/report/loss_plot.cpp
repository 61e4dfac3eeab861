#include "report/loss_plot.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "base/number_text.h"
#include "report/html.h"

namespace impasto {

namespace {

// Pixels of a panel: the frame of the curve within it.
constexpr double width = 520, height = 300;
constexpr double left = 64, right = width - 14, top = 46, bottom = height - 46;

std::string px(double value) {
  return fixed(value, 2);
}

std::string line(double x1, double y1, double x2, double y2, const std::string& kind) {
  return "<line class=\"" + kind + "\" x1=\"" + px(x1) + "\" y1=\"" + px(y1) + "\" x2=\"" + px(x2) +
         "\" y2=\"" + px(y2) + "\"/>\n";
}

std::string label(double x, double y, const std::string& anchor, const std::string& text,
                  const std::string& more = "") {
  return "<text x=\"" + px(x) + "\" y=\"" + px(y) + "\" text-anchor=\"" + anchor + "\"" + more +
         ">" + html_text(text) + "</text>\n";
}

// 1, 2 or 5 times a power of ten, at least `least`.
double round_step(double least) {
  const double power = std::pow(10.0, std::floor(std::log10(least)));
  for (const double factor : {1.0, 2.0, 5.0}) {
    if (power * factor >= least * (1 - 1e-9)) return power * factor;
  }
  return 10 * power;
}

bool has_logarithm(double v) {
  return std::isnormal(v) && v > 0;
}

struct Axes {
  double low, high;  // log10 of the values at the bottom and at the top
  size_t points;

  double x(size_t i) const {
    return left + (right - left) * (static_cast<double>(i) + 0.5) / static_cast<double>(points);
  }
  double y(double exponent) const {
    return bottom - (bottom - top) * (exponent - low) / (high - low);
  }
};

// Powers of ten; 1, 2 and 5 times them when there would be few; even steps within less.
std::vector<double> ticks(const Axes& axes) {
  std::vector<double> values;
  const double decades = axes.high - axes.low;
  if (decades < 0.7) {
    const double low = std::pow(10.0, axes.low), high = std::pow(10.0, axes.high);
    const double step = round_step((high - low) / 5);
    for (double n = std::ceil(low / step); n * step <= high; ++n) values.push_back(n * step);
    return values;
  }
  const int every = std::max(1, static_cast<int>(std::ceil(decades / 6)));
  for (int power = static_cast<int>(std::floor(axes.low)); power <= axes.high; ++power) {
    if (power % every != 0) continue;
    for (const double factor : {1.0, 2.0, 5.0}) {
      const double exponent = power + std::log10(factor);
      const bool shown = exponent >= axes.low && exponent <= axes.high;
      if (shown && (factor == 1 || decades < 2)) values.push_back(std::pow(10.0, exponent));
    }
  }
  return values;
}

std::string value_axis(const Axes& axes) {
  std::string svg;
  for (const double value : ticks(axes)) {
    const double y = axes.y(std::log10(value));
    svg += line(left, y, right, y, "grid") + label(left - 6, y + 4, "end", html_number(value));
  }
  return svg;
}

std::string step_axis(const Axes& axes) {
  std::string svg;
  const double step = std::max(1.0, round_step(static_cast<double>(axes.points) / 6));
  for (double n = step; n <= static_cast<double>(axes.points); n += step) {
    const double x = axes.x(static_cast<size_t>(n) - 1);
    svg += line(x, bottom, x, bottom + 4, "axis");
    svg += label(x, bottom + 17, "middle", html_number(n));
  }
  return svg + label((left + right) / 2, height - 8, "middle", "step, over all scales");
}

std::string scale_lines(const Axes& axes, const std::vector<ScaleSpan>& runs) {
  std::string svg;
  double free_from = left;  // labels of short scales would overlap
  for (const ScaleSpan& run : runs) {
    const double x = (axes.x(run.begin) + axes.x(run.end - 1)) / 2;
    const double begin =
        axes.x(run.begin) - (right - left) / (2.0 * static_cast<double>(axes.points));
    if (run.begin > 0) svg += line(begin, top, begin, bottom, "scale");
    const std::string text = std::to_string(run.longer_side) + " px";
    const double half = 3.4 * static_cast<double>(text.size());
    if (x - half < free_from) continue;
    svg += label(x, top - 6, "middle", text);
    free_from = x + half + 4;
  }
  return svg;
}

// At most two points a bucket, its least and its largest, so that no spike is lost in a long run.
std::vector<size_t> thinned(const std::vector<double>& values) {
  constexpr size_t buckets = 1000;
  const size_t step = std::max<size_t>(1, (values.size() + buckets - 1) / buckets);
  std::vector<size_t> kept;
  for (size_t begin = 0; begin < values.size(); begin += step) {
    size_t least = values.size(), largest = values.size();
    for (size_t i = begin; i < std::min(values.size(), begin + step); ++i) {
      if (!has_logarithm(values[i])) continue;
      if (least == values.size() || values[i] < values[least]) least = i;
      if (largest == values.size() || values[i] > values[largest]) largest = i;
    }
    if (least == values.size()) continue;
    kept.push_back(std::min(least, largest));
    if (least != largest) kept.push_back(std::max(least, largest));
  }
  return kept;
}

std::string curve(const Axes& axes, const std::vector<double>& values,
                  const std::vector<ScaleSpan>& runs, const std::string& colour) {
  const std::vector<size_t> kept = thinned(values);
  std::string path, dots;
  size_t run = 0;
  bool pen_down = false;
  for (size_t k = 0; k < kept.size(); ++k) {
    const size_t i = kept[k];
    while (i >= runs[run].end) {  // another scale has another objective: no line between
      ++run;
      pen_down = false;
    }
    path += (pen_down ? "L" : "M") + px(axes.x(i)) + " " + px(axes.y(std::log10(values[i]))) + " ";
    const bool alone = !pen_down && (k + 1 == kept.size() || kept[k + 1] >= runs[run].end);
    if (alone) {  // no line would be seen
      dots += "<circle cx=\"" + px(axes.x(i)) + "\" cy=\"" + px(axes.y(std::log10(values[i]))) +
              "\" r=\"3\" fill=\"" + colour + "\"/>\n";
    }
    pen_down = true;
  }
  return "<path class=\"curve\" stroke=\"" + colour + "\" d=\"" + path + "\"/>\n" + dots;
}

}  // namespace

std::vector<std::string> term_names(const std::vector<LossPoint>& losses) {
  std::vector<std::string> names;
  for (const LossPoint& point : losses) {
    for (const auto& [name, value] : point.terms) {
      if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
    }
  }
  return names;
}

double term_of(const LossPoint& point, const std::string& name) {
  for (const auto& [term, value] : point.terms) {
    if (term == name) return value;
  }
  return std::numeric_limits<double>::quiet_NaN();
}

double total_of(const LossPoint& point) {
  double total = 0;
  for (const auto& [term, value] : point.terms) total += value;
  return total;
}

std::vector<ScaleSpan> scale_spans(const std::vector<LossPoint>& losses) {
  std::vector<ScaleSpan> runs;
  for (size_t i = 0; i < losses.size(); ++i) {
    const bool begins = i == 0 || losses[i].longer_side != losses[i - 1].longer_side ||
                        losses[i].step <= losses[i - 1].step;
    if (begins) runs.push_back({i, i, losses[i].longer_side});
    runs.back().end = i + 1;
  }
  return runs;
}

std::string loss_plot(const std::string& name, const std::vector<double>& values,
                      const std::vector<ScaleSpan>& runs, const std::string& colour) {
  std::string svg = "<svg role=\"img\" viewBox=\"0 0 " + px(width) + " " + px(height) +
                    "\" xmlns=\"http://www.w3.org/2000/svg\">\n<title>" +
                    html_text("loss of " + name + " over the steps") + "</title>\n";
  svg += label(left, 18, "start", name, " class=\"name\" fill=\"" + colour + "\"");
  Axes axes{INFINITY, -INFINITY, values.size()};
  for (const double v : values) {
    if (!has_logarithm(v)) continue;
    axes.low = std::min(axes.low, std::log10(v));
    axes.high = std::max(axes.high, std::log10(v));
  }
  if (axes.low > axes.high) {
    return svg + label(width / 2, height / 2, "middle", "nothing above 0") + "</svg>\n";
  }
  const double room = std::clamp(0.05 * (axes.high - axes.low), 0.05, 1.0);
  axes.low -= room;
  axes.high += room;
  svg += value_axis(axes) + step_axis(axes) + scale_lines(axes, runs);
  svg += line(left, bottom, right, bottom, "axis") + line(left, top, left, bottom, "axis");
  svg += label(14, (top + bottom) / 2, "middle", "weighted loss",
               " transform=\"rotate(-90 14 " + px((top + bottom) / 2) + ")\"");
  return svg + curve(axes, values, runs, colour) + "</svg>\n";
}

}  // namespace impasto
