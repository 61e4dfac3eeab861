#include "jobs/speed_book.h"

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/json_text.h"
#include "impasto/error.h"
#include "impasto/models.h"
#include "impasto/output.h"

namespace impasto {

namespace {

using Book = nlohmann::json;

constexpr size_t most_entries = 64, most_factors = 7;
constexpr std::uintmax_t most_bytes = 1 << 18;
constexpr double noticeable = 1.3;

bool plausible(double v) {
  return std::isfinite(v) && v >= 0 && v < 1e6;
}
bool plausible_factor(double v) {
  return std::isfinite(v) && v > 1e-3 && v < 1e3;
}

}  // namespace

SpeedBook::SpeedBook(std::string path) : path_(std::move(path)) {
  read();
}

double SpeedBook::median(const Entry& entry) {
  if (entry.factors.empty()) return 1;
  std::vector<double> sorted = entry.factors;
  const auto middle = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2);
  std::nth_element(sorted.begin(), middle, sorted.end());
  return *middle;
}

std::optional<Speed> SpeedBook::find(const std::string& work) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(work);
  if (found == entries_.end()) return {};
  return found->second.measured.times(median(found->second));
}

std::optional<Speed> SpeedBook::settled(const std::string& work) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(work);
  if (found == entries_.end()) return {};
  return found->second.measured.times(found->second.settled);
}

void SpeedBook::measured(const std::string& work, const Speed& speed) {
  const std::lock_guard lock(mutex_);
  if (entries_.size() >= most_entries && !entries_.contains(work)) entries_.clear();
  entries_[work] = {speed, 1, {}};
  write();
}

void SpeedBook::took(const std::string& work, double expected, double seconds) {
  const std::lock_guard lock(mutex_);
  const auto found = entries_.find(work);
  if (found == entries_.end() || !(expected > 0) || !(seconds > 0)) return;
  Entry& entry = found->second;
  const double factor = median(entry) * seconds / expected;
  if (!plausible_factor(factor)) return;
  entry.factors.push_back(factor);
  if (entry.factors.size() > most_factors) entry.factors.erase(entry.factors.begin());
  const double now = median(entry), change = now / entry.settled;
  if (change > noticeable || change < 1 / noticeable) entry.settled = now;
  write();
}

void SpeedBook::read() {
  std::error_code failure;
  if (path_.empty() || !std::filesystem::is_regular_file(path_, failure) ||
      std::filesystem::file_size(path_, failure) > most_bytes) {
    return;
  }
  std::ifstream file(path_);
  const Book all = Book::parse(file, nullptr, false);
  if (!all.is_object()) return;
  for (const auto& [work, json] : all.items()) {
    try {
      Entry entry;
      entry.measured = {json.at("begin"), json.at("step"), json.at("per_pixel")};
      entry.settled = json.at("settled");
      entry.factors = json.at("factors").get<std::vector<double>>();
      const Speed& s = entry.measured;
      const bool good = plausible(s.begin) && plausible(s.step) && plausible(s.per_pixel) &&
                        plausible_factor(entry.settled) && entry.factors.size() <= most_factors &&
                        std::all_of(entry.factors.begin(), entry.factors.end(), plausible_factor);
      if (good && entries_.size() < most_entries) entries_[work] = std::move(entry);
    } catch (const Book::exception&) {  // of another version: measured again
    }
  }
}

void SpeedBook::write() const {
  if (path_.empty()) return;
  Book all = Book::object();
  for (const auto& [work, entry] : entries_) {
    const Speed& s = entry.measured;
    all[work] = {{"begin", s.begin},
                 {"step", s.step},
                 {"per_pixel", s.per_pixel},
                 {"settled", entry.settled},
                 {"factors", entry.factors}};
  }
  std::error_code failure;
  std::filesystem::create_directories(std::filesystem::path(path_).parent_path(), failure);
  try {
    write_text(path_, json_text(all, 1));
  } catch (const Error&) {  // the next run measures again
  }
}

SpeedBook& speed_book() {
  static SpeedBook book(model_cache().empty() ? "" : model_cache() + "/speed.json");
  return book;
}

}  // namespace impasto
