#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "impasto/progress.h"

namespace impasto {

/// A part of a job to those who do it, the whole job to the caller: its fraction goes from `begin`
/// to `end`, and `name` stands before what is said of its stage.
class PartProgress final : public Progress {
 public:
  PartProgress(Progress& whole, Clock::time_point job_begin, double begin, double end,
               std::string name = {})
      : whole_(whole), job_begin_(job_begin), begin_(begin), end_(end), name_(std::move(name)) {}

  void report(const ProgressReport& part) override {
    ProgressReport r = part;
    r.fraction = begin_ + (end_ - begin_) * part.fraction;
    r.seconds = seconds_since(job_begin_);
    r.remaining = remaining_after(r.seconds, r.fraction);
    r.stage = name_ + r.stage;
    whole_.report(r);
  }
  bool cancelled() override { return whole_.cancelled(); }
  bool wants_preview() override { return whole_.wants_preview(); }
  double preview_interval() override { return whole_.preview_interval(); }
  void preview(const Image& picture) override { whole_.preview(picture); }

 private:
  Progress& whole_;
  const Clock::time_point job_begin_;
  const double begin_, end_;
  const std::string name_;
};

}  // namespace impasto
