#include "zoo/session.h"

namespace impasto {

Session::Session(const SessionOptions& options) : impl_(std::make_unique<Impl>()) {
  impl_->options = options;
  for (const auto& option : session_options()) option.set(impl_->options, option.get(options));
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
