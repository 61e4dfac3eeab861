#pragma once

#include <memory>
#include <string>

struct _VipsImage;  // libvips' own headers stay in .cpp files

namespace impasto::vips {

/// Prepares libvips on the first call; any thread. Throws Error{internal} when it cannot start.
void start();

/// Takes what libvips has complained about since the last call, as one line without repetitions.
std::string take_error();

struct Unref {
  void operator()(_VipsImage* image) const;
};
/// Shares ownership with libvips: its operations hold references to their inputs.
using Picture = std::unique_ptr<_VipsImage, Unref>;

}  // namespace impasto::vips
