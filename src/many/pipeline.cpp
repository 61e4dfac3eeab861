#include "many/pipeline.h"

#include <algorithm>

#include "impasto/batch.h"

namespace impasto {

struct PictureBudget::Held {
  Held(PictureBudget& of, Image picture) : budget(of), image(std::move(picture)) {
    bytes = image.bytes();
    const std::lock_guard lock(budget.mutex_);
    budget.bytes_ += bytes;
  }
  ~Held() {
    const std::lock_guard lock(budget.mutex_);
    budget.bytes_ -= bytes;
    budget.changed_.notify_all();
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  PictureBudget& budget;
  const Image image;
  size_t bytes = 0;
};

bool PictureBudget::wait() {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [this] { return closed_ || bytes_ < limit_; });
  return !closed_;
}

SharedImage PictureBudget::hold(Image image) {
  const auto held = std::make_shared<Held>(*this, std::move(image));
  return {held, &held->image};
}

void PictureBudget::close() {
  const std::lock_guard lock(mutex_);
  closed_ = true;
  changed_.notify_all();
}

size_t waiting_bytes(size_t useful, uint64_t max_memory) {
  return max_memory > 0 ? std::min<size_t>(useful, max_memory / 8) : useful;
}

size_t reserved_in_batch(const Session& session) {
  return 3 * (session.options().max_memory / 8);
}

}  // namespace impasto
