#pragma once

#include <memory>
#include <string>
#include <vector>

#include "nn/graph.h"

namespace impasto {

/// The network that paints: from an encoder's features, whose statistics were moved to a style's,
/// to a picture, coarse to fine. Every convolution's input is modulated by the style's code, so
/// that strokes can differ from style to style (modulation as in MicroAST, Wang et al. 2023); noise
/// gives it something to paint where the photograph is flat.
struct DecoderConfig {
  /// Encoder's taps that are read, coarse first, and their channels; each has twice the resolution
  /// of the one before, the last half that of the picture.
  std::vector<std::string> taps = {"relu5_1", "relu4_1", "relu3_1", "relu2_1"};
  std::vector<int> channels = {128, 128, 64, 32};
  std::vector<int> residuals = {1, 3, 3, 1};  ///< blocks at each of them
  int fine_channels = 16;                     ///< at full resolution
  int code_channels = 752;
  int hidden_channels = 64;  ///< between code and modulations
  int noise_channels = 16;
  int noise_levels = 3;  ///< how many of the coarse resolutions have noise
};

/// Inputs, in this order: the taps [n, h / 16, w / 16, c] ... [n, h / 2, w / 2, c], then
/// "noise1" ... of the coarse resolutions, then "code" [n, 1, 1, code_channels] and "colours"
/// [n, 1, 1, 12] (f32): the network paints in colours of mean 0 and variance 1, to which this
/// matrix (row-major) and offset give the style's palette. Output: the tap "rgb", [n, h, w, 3],
/// f32, around 0..1. h and w are multiples of 16.
std::shared_ptr<Graph> make_decoder(const DecoderConfig& = {});

/// The same network with the same parameters, in fewer passes over memory: for painting a single
/// picture (n is 1), without gradients.
std::shared_ptr<Graph> make_painting_decoder(const DecoderConfig& = {});

/// Shapes of these inputs for `n` pictures of h x w.
std::vector<Shape> decoder_inputs(const DecoderConfig&, int64_t n, int64_t h, int64_t w);

/// Random weights (He et al. 2015); modulations, residual branches and noise begin small.
void initialise_decoder(Graph&, uint64_t seed);

}  // namespace impasto
