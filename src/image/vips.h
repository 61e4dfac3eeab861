#pragma once

#include <exception>
#include <memory>
#include <string>

struct _VipsImage;  // libvips' own headers stay in .cpp files

namespace impasto::vips {

/// A field of pictures that are decoded at once, by a reader of our own, and of which several times
/// the size is taken for that.
constexpr const char* decoded_at_once = "impasto-decoded-at-once";

/// Prepares libvips on the first call; any thread. Throws Error{internal} when it cannot start.
void start();

/// Takes what libvips has complained about since the last call, as one line without repetitions.
std::string take_error();

/// Runs `work` for libvips, through which no exception may pass: 0, or -1 when it throws; what, the
/// first time, is kept in `failure` for who called libvips.
template <class Work>
int guarded(std::exception_ptr& failure, const Work& work) noexcept {
  try {
    work();
    return 0;
  } catch (...) {
    if (!failure) failure = std::current_exception();
    return -1;
  }
}

struct Unref {
  void operator()(_VipsImage* image) const;
};
/// Shares ownership with libvips: its operations hold references to their inputs.
using Picture = std::unique_ptr<_VipsImage, Unref>;

}  // namespace impasto::vips
