#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "jobs/speed.h"

namespace impasto {

/// Speeds by the name of the work, kept in a file. What cannot be read or written is forgotten: it
/// is measured again. May be used by several threads; of several processes the last one counts.
class SpeedBook {
 public:
  /// "": in memory only.
  explicit SpeedBook(std::string path);

  /// As runs have shown it since it was measured: times the median of what they took.
  std::optional<Speed> find(const std::string& work);
  /// Likewise, but it follows only where that differs by 30 %.
  std::optional<Speed> settled(const std::string& work);

  void measured(const std::string& work, const Speed&);
  /// A run took `seconds` where find() made `expected`, both above 0; of work that was never
  /// measured nothing is learned.
  void took(const std::string& work, double expected, double seconds);

 private:
  struct Entry {
    Speed measured;
    double settled = 1;           // the factor that choices are made with
    std::vector<double> factors;  // of the last runs
  };
  static double median(const Entry&);
  void read();
  void write() const;

  const std::string path_;
  std::mutex mutex_;
  std::map<std::string, Entry> entries_;
};

/// Of this process: beside the networks in the cache.
SpeedBook& speed_book();

}  // namespace impasto
