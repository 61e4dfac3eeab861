#pragma once

#include "nn/layer.h"

namespace impasto {

/// Of networks that paint: the size stays, but for the stride. Of zeros beyond the frame they would
/// learn where that is, and paint there what fits nowhere else.
inline ConvOptions mirrored_conv(int in, int out, int kernel, bool relu, int stride = 1) {
  ConvOptions options;
  options.in_channels = in;
  options.out_channels = out;
  options.kernel = kernel;
  options.stride = stride;
  options.relu = relu;
  options.padding = kernel / 2;
  options.border = PadMode::reflect;
  return options;
}

}  // namespace impasto
