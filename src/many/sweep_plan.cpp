// From "strength=0:100:5" to options, cell by cell.

#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include "base/number_text.h"
#include "base/promise.h"
#include "impasto/error.h"
#include "impasto/sweep.h"
#include "options/option_table.h"

namespace impasto {

namespace {

constexpr const char* forms = "NAME=FROM:TO:COUNT, NAME=VALUE,VALUE,... or styles:COUNT";
constexpr const char* mixture = "styles";
constexpr int most_cells = 10'000;
constexpr double largest_whole = 9007199254740992;  // 2^53: beyond, neighbours are not told apart

[[noreturn]] void refuse(const std::string& text) {
  throw Error(ErrorCode::usage, std::string("sweep: expected ") + forms + ", found '" + text + "'");
}

std::vector<std::string> split(const std::string& text, char separator) {
  std::vector<std::string> parts;
  std::stringstream list(text);
  for (std::string part; std::getline(list, part, separator);) parts.push_back(part);
  if (text.empty() || text.back() == separator) parts.emplace_back();
  return parts;
}

template <class T>
bool read_number(const std::string& text, T& v) {
  const std::optional<T> number = number_in<T>(text);
  v = number.value_or(v);
  return number.has_value();
}

int read_count(const std::string& text, const std::string& whole) {
  int count = 0;
  if (!read_number(text, count)) refuse(whole);
  if (count < 2 || count > most_cells) {
    throw Error(ErrorCode::usage, "sweep " + whole + ": expected 2 to " +
                                      std::to_string(most_cells) + " cells, found " + text);
  }
  return count;
}

const Option<StylizeOptions>& option_named(const std::string& name) {
  std::string known;
  for (const Option<StylizeOptions>& option : stylize_options()) {
    const bool number = option.kind == OptionKind::number || option.kind == OptionKind::whole;
    if (!number) continue;
    if (option.name == name) return option;
    known += option.name + ", ";
  }
  throw Error(ErrorCode::usage,
              "sweep: expected one of " + known + "or " + mixture + ", found '" + name + "'");
}

// "0:100:5" or "0,50,100", as the option reads them.
std::vector<std::string> read_values(const std::string& values, OptionKind kind,
                                     const std::string& whole) {
  if (values.find(':') == std::string::npos) return split(values, ',');
  const std::vector<std::string> parts = split(values, ':');
  double from = 0, to = 0;
  if (parts.size() != 3 || !read_number(parts[0], from) || !read_number(parts[1], to) ||
      !std::isfinite(from) || !std::isfinite(to)) {
    refuse(whole);
  }
  const int count = read_count(parts[2], whole);
  std::vector<std::string> texts;
  for (int i = 0; i < count; ++i) {
    double v = from + (to - from) * i / (count - 1);
    if (kind == OptionKind::whole) {
      v = std::round(v);
      if (std::abs(v) > largest_whole) refuse(whole);
      texts.push_back(std::to_string(static_cast<int64_t>(v)));
    } else {
      texts.push_back(text_of(v));
    }
  }
  return texts;
}

Sweep::Axis read_option_axis(const std::string& text) {
  const size_t equals = text.find('=');
  if (equals == std::string::npos) refuse(text);
  Sweep::Axis axis{text.substr(0, equals), {}};
  const Option<StylizeOptions>& option = option_named(axis.name);
  axis.values = read_values(text.substr(equals + 1), option.kind, text);
  if (axis.values.size() < 2) refuse(text);
  StylizeOptions o;
  std::set<std::string> seen;
  for (std::string& value : axis.values) {
    try {
      option.set(o, value);
    } catch (const Error& e) {
      throw Error(e.code(), "sweep " + std::string(e.what()));
    }
    value = option.get(o);
    if (!seen.insert(value).second) {
      throw Error(ErrorCode::usage, "sweep " + text + ": expected values that are all different" +
                                        ", found " + value + " twice");
    }
  }
  return axis;
}

double share_of(int index, int count) {
  return static_cast<double>(index) / (count - 1);
}

bool is_mixture(const std::string& text) {
  return text.substr(0, text.find_first_of(":=")) == mixture;
}

Sweep::Axis read_mixture_axis(const std::string& text, const StylizeOptions& o, size_t paintings) {
  const size_t colon = text.find(':');
  if (colon == std::string::npos) refuse(text);
  const int count = read_count(text.substr(colon + 1), text);
  if (paintings != 2 && paintings != 4) {
    throw Error(ErrorCode::usage, "sweep " + text +
                                      ": expected two paintings for a strip or four " +
                                      "for a grid, found " + std::to_string(paintings));
  }
  const auto weighted = [](double weight) { return weight != 1; };
  if (std::any_of(o.style_weights.begin(), o.style_weights.end(), weighted)) {
    throw Error(ErrorCode::usage, "`sweep` " + text + " and `style` PAINTING:WEIGHT contradict " +
                                      "each other: both set the paintings' weights");
  }
  Sweep::Axis axis{mixture, {}};
  for (int i = 0; i < count; ++i) {
    const double share = std::round(1000 * share_of(i, count)) / 10;
    axis.values.push_back(text_of(100 - share) + ":" + text_of(share));
  }
  return axis;
}

// How far a cell is from the first painting to the next in this direction.
double mixed_share(const Sweep::Axis& axis, int index) {
  return axis.name == mixture ? share_of(index, static_cast<int>(axis.values.size())) : 0;
}

StylizeOptions cell_options(const Sweep& sweep, StylizeOptions o, int column, int row,
                            size_t paintings) {
  const auto apply = [&](const Sweep::Axis& axis, int index) {
    if (!axis.name.empty() && axis.name != mixture) {
      option_named(axis.name).set(o, axis.values[static_cast<size_t>(index)]);
    }
  };
  apply(sweep.across, column);
  apply(sweep.down, row);
  if (sweep.across.name != mixture && sweep.down.name != mixture) return o;
  // Bilinear between four corners; of two paintings only one direction mixes.
  const double x = mixed_share(sweep.across, column), y = mixed_share(sweep.down, row);
  o.style_weights = {(1 - x) * (1 - y), x * (1 - y), (1 - x) * y, x * y};
  if (paintings == 2) o.style_weights = {1 - x - y, x + y};
  return o;
}

}  // namespace

Sweep plan_sweep(const std::vector<std::string>& texts, const StylizeOptions& options,
                 size_t paintings) try {
  std::vector<Sweep::Axis> axes;
  for (const std::string& text : texts) {
    const bool mixed = is_mixture(text);
    axes.push_back(mixed ? read_mixture_axis(text, options, paintings) : read_option_axis(text));
    if (mixed && paintings == 4) axes.push_back(axes.back());
  }
  const bool square = axes.size() == 2 && texts.size() == 1;
  if (axes.empty() || axes.size() > 2) {
    throw Error(ErrorCode::usage,
                "sweep: expected one or two directions (styles:COUNT of four paintings is two), "
                "found " +
                    std::to_string(axes.size()));
  }
  if (axes.size() == 2 && axes[0].name == axes[1].name && !square) {
    throw Error(ErrorCode::usage,
                "sweep: expected " + axes[0].name + " in one direction, found two");
  }
  Sweep sweep;
  sweep.across = axes[0];
  if (axes.size() == 2) sweep.down = axes[1];
  sweep.columns = static_cast<int>(sweep.across.values.size());
  sweep.rows = std::max(1, static_cast<int>(sweep.down.values.size()));
  if (int64_t{sweep.columns} * sweep.rows > most_cells) {
    throw Error(ErrorCode::usage, "sweep: expected at most " + std::to_string(most_cells) +
                                      " cells, found " + std::to_string(sweep.columns) + "x" +
                                      std::to_string(sweep.rows));
  }
  for (int row = 0; row < sweep.rows; ++row) {
    for (int column = 0; column < sweep.columns; ++column) {
      sweep.cells.push_back(cell_options(sweep, options, column, row, paintings));
    }
  }
  return sweep;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
