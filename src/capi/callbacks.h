#pragma once

#include "capi/objects.h"
#include "capi/status.h"
#include "impasto/impasto.h"
#include "impasto/progress.h"

namespace impasto {

/// A caller's callbacks as a Progress.
class Callbacks final : public Progress {
 public:
  /// Null: nobody listens. Throws Error{usage}: a struct without its size.
  explicit Callbacks(const impasto_progress* given) {
    if (given) caller_ = taken(given, "progress");
  }
  void report(const ProgressReport& r) override {
    if (caller_.report == nullptr) return;
    const impasto_report told{sizeof told, r.fraction,      r.seconds,
                              r.remaining, r.stage.c_str(), r.step};
    caller_.report(caller_.user, &told);
  }
  bool cancelled() override {
    return caller_.cancelled != nullptr && caller_.cancelled(caller_.user) != 0;
  }
  bool wants_preview() override { return caller_.preview != nullptr; }
  double preview_interval() override { return caller_.preview_interval; }
  void preview(const Image& image) override {
    if (caller_.preview == nullptr) return;
    // It is not theirs, and not ours to keep.
    const impasto_picture lent{impasto::SharedImage(impasto::SharedImage(), &image)};
    caller_.preview(caller_.user, &lent);
  }

 private:
  impasto_progress caller_{};
};

}  // namespace impasto
