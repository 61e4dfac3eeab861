#include "zoo/session.h"

#include "base/memory.h"
#include "impasto/error.h"

namespace impasto {

size_t bytes_at_first() {
  static const size_t bytes = resident_memory();
  return bytes;
}

Session::Session(const SessionOptions& options) : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  bytes_at_first();
  for (const Option& option : session_options(impl_->options)) option.set(option.get());
}

Session::~Session() = default;
Session::Session(Session&&) noexcept = default;
Session& Session::operator=(Session&&) noexcept = default;

const SessionOptions& Session::options() const {
  return impl_->options;
}

void Session::rest() {
  impl_->kept.clear();
}

}  // namespace impasto
