#pragma once

#include <string>
#include <utility>
#include <vector>

namespace impasto {

class Image;

/// One report from a running job.
struct ProgressReport {
  double fraction = 0;   ///< of the whole job, 0..1, never decreasing
  double seconds = 0;    ///< since the job began
  double remaining = 0;  ///< estimated seconds until the end
  std::string stage;     ///< for people: "256 px, step 12 of 50"
  std::vector<std::pair<std::string, double>>
      losses;    ///< weighted terms, then "total"; may be empty
  int step = 0;  ///< of the optimiser, over all scales, from 1; 0: none was made
};

/// How a job talks to its caller. Every member has a default, so a caller overrides what it needs.
/// Called from the thread that runs the job.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void report(const ProgressReport&) {}
  /// Polled often; true makes the job stop early and return the best result so far.
  virtual bool cancelled() { return false; }
  /// True when the caller wants intermediate pictures (asked before one is rendered).
  virtual bool wants_preview() { return false; }
  /// Seconds that pass at least between two previews; 0: one after every step.
  virtual double preview_interval() { return 1; }
  virtual void preview(const Image&) {}
};

}  // namespace impasto
