#pragma once

#include <string>
#include <utility>

#include "base/clock.h"
#include "base/forwarding.h"

namespace impasto {

/// A part of a job to those who do it, the whole job to the caller: its fraction goes from `begin`
/// to `end`, and `name` stands before what is said of its stage.
class PartProgress final : public Forwarding {
 public:
  PartProgress(Progress& whole, Clock::time_point job_begin, double begin, double end,
               std::string name = {})
      : Forwarding(whole),
        job_begin_(job_begin),
        begin_(begin),
        end_(end),
        name_(std::move(name)) {}

  void report(const ProgressReport& part) override {
    ProgressReport r = part;
    r.fraction = begin_ + (end_ - begin_) * part.fraction;
    r.seconds = seconds_since(job_begin_);
    r.remaining = remaining_after(r.seconds, r.fraction);
    r.stage = name_ + r.stage;
    whole_.report(r);
  }

 private:
  const Clock::time_point job_begin_;
  const double begin_, end_;
  const std::string name_;
};

}  // namespace impasto
