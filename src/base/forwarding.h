#pragma once

#include "impasto/progress.h"

namespace impasto {

/// Between a job and its caller: what a part of the job says differently, a class on top of this
/// overrides.
class Forwarding : public Progress {
 public:
  explicit Forwarding(Progress& whole) : whole_(whole) {}

  void report(const ProgressReport& r) override { whole_.report(r); }
  bool cancelled() override { return whole_.cancelled(); }
  bool wants_preview() override { return whole_.wants_preview(); }
  double preview_interval() override { return whole_.preview_interval(); }
  void preview(const Image& picture) override { whole_.preview(picture); }

 protected:
  Progress& whole_;
};

/// Only whether it is cancelled.
class Quiet final : public Progress {
 public:
  explicit Quiet(Progress& whole) : whole_(whole) {}
  bool cancelled() override { return whole_.cancelled(); }

 private:
  Progress& whole_;
};

}  // namespace impasto
