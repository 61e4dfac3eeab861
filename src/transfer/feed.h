#pragma once

#include <vector>

#include "models/decoder.h"
#include "transfer/code.h"
#include "transfer/transfer.h"

namespace impasto {

/// Noise for the decoder: uniform, mean 0, variance 1, a function of seed and place alone, so that
/// a part of a picture gets the same as the whole. Fills [1, h, w, c] whose first row and column
/// stand at (y, x).
void fill_noise(const Tensor&, uint64_t seed, int64_t y = 0, int64_t x = 0);

/// Features of this type -> what make_decoder() reads: of each of its taps the transfer's map, then
/// those that standardise the photograph's own.
std::vector<ChannelMap> training_maps(const DecoderConfig&, const PictureStatistics& content,
                                      const Transfer&, DType);
/// The same for make_painting_decoder(): of each tap the sum of both.
std::vector<ChannelMap> painting_maps(const DecoderConfig&, const PictureStatistics& content,
                                      const Transfer&, const std::vector<ContentGain>&, DType);

/// How a picture shall be painted.
struct Manner {
  std::vector<ChannelMap> maps;
  PictureStatistics reached;  ///< by the transfer
  double boldness = 0;        ///< 0..1, as in training
  uint64_t seed = 0;          ///< of the noise
};

/// Puts the features of picture `index` of the encoder's batch, through the maps, the code of what
/// is reached, its colours and noise into the decoder's inputs. (y, x): where the pictures stand in
/// a larger one, in pixels, multiples of 16.
void feed_decoder(Backend&, const DecoderConfig&, const Plan& encoder, const Manner&,
                  const StyleCode&, int64_t index, Plan& decoder, int64_t y = 0, int64_t x = 0);

}  // namespace impasto
