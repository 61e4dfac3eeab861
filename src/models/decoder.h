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
  /// of the one before, the last that of the picture.
  std::vector<std::string> taps = {"relu5_1", "relu4_1", "relu3_1", "relu2_1", "relu1_1"};
  std::vector<int> channels = {128, 128, 64, 32, 16};
  std::vector<int> residuals = {1, 4, 4, 2, 1};  ///< blocks at each of them
  int code_channels = 752;
  int hidden_channels = 128;  ///< between code and modulations
  int noise_channels = 16;
  int noise_levels = 3;  ///< how many of the coarse resolutions have noise
};

/// Inputs, in this order: the taps, transferred, [n, h / 16, w / 16, c] ... [n, h, w, c]; the same
/// of the photograph itself, standardised, "content1" ...; then "noise1" ... of the coarse
/// resolutions, then "code" [n, 1, 1, code_channels] and "colours" [n, 1, 1, 12] (f32): the network
/// paints in colours of mean 0 and variance 1, to which this matrix (row-major) and offset give the
/// style's palette. Output: the tap "rgb", [n, h, w, 3], f32, around 0..1. h and w are multiples of
/// 16.
std::shared_ptr<Graph> make_decoder(const DecoderConfig& = {});

/// What a level reads of the photograph itself, beside the transferred features to which it is
/// added: standardised features * matrix + bias.
struct ContentGain {
  Tensor matrix, bias;  ///< [c, c] (from, to), [c]; f32
};

/// The same network with the same parameters, in fewer passes over memory: for painting a single
/// picture (n is 1), without gradients. Its graph has no contents among its inputs: their gains and
/// the transfer's maps are both linear, and are made one.
struct PaintingDecoder {
  std::shared_ptr<const Graph> graph;
  std::vector<ContentGain> gains;  ///< of each tap
};
/// Throws Error{input} that starts with `source` for other parameters than make_decoder()'s.
PaintingDecoder make_painting_decoder(const NamedTensors&, const std::string& source,
                                      const DecoderConfig& = {});

/// Shapes of make_decoder()'s inputs for `n` pictures of h x w,
std::vector<Shape> decoder_inputs(const DecoderConfig&, int64_t n, int64_t h, int64_t w);
/// and of make_painting_decoder()'s.
std::vector<Shape> painting_inputs(const DecoderConfig&, int64_t h, int64_t w);

/// Random weights (He et al. 2015); modulations, residual branches and noise begin small.
void initialise_decoder(Graph&, uint64_t seed);

}  // namespace impasto
