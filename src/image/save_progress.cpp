#include "image/save_progress.h"

#include <vips/vips.h>

#include "impasto/progress.h"

namespace impasto {

SaveProgress::SaveProgress(VipsImage* image, Progress* progress)
    : image_(image), progress_(progress) {
  if (!progress_) return;
  vips_image_set_progress(image_, TRUE);
  const auto evaluated = +[](VipsImage*, VipsProgress* done, void* self) {
    if (done->run < 1) return;
    static_cast<SaveProgress*>(self)->tell(done->percent / 100.0, done->run, done->eta);
  };
  handler_ = g_signal_connect(image_, "eval", G_CALLBACK(evaluated), this);
}

SaveProgress::~SaveProgress() {
  if (handler_ != 0) g_signal_handler_disconnect(image_, handler_);
}

// Exceptions must not pass through libvips.
void SaveProgress::tell(double fraction, double seconds, double remaining) {
  try {
    if (!failure_) progress_->report({fraction, seconds, remaining, "saving", {}});
  } catch (...) {
    failure_ = std::current_exception();
    vips_image_set_kill(image_, TRUE);
  }
}

void SaveProgress::check() const {
  if (failure_) std::rethrow_exception(failure_);
}

}  // namespace impasto
