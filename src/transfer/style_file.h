#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "models/style_network.h"
#include "transfer/transfer.h"

namespace impasto {

/// What every method needs of a painting: its statistics at several sizes, in one encoder. The form
/// of the file is in docs/style-files.md.
struct SavedStyle {
  struct Rung {
    int longer_side;               ///< of the painting when it was looked at
    PictureStatistics statistics;  ///< of its colours, then at style_taps()
  };

  std::string file;                     ///< whence it was read, for messages
  std::string encoder, encoder_sha256;  ///< whose features these are
  std::string pooling;                  ///< max or average, as that encoder had it then
  int width = 0, height = 0;            ///< of the painting, pixels
  std::vector<Rung> rungs;              ///< at least one, from small to large
  Tensor preview;                       ///< the painting, [h, w, 3] f32, RGB 0..1, sides up to 64
  std::shared_ptr<const StyleNetwork> network;  ///< that was trained to paint so; or null
};

/// What the files say they are, in their metadata under "impasto.format".
constexpr const char* style_format = "style-1";
constexpr int preview_side = 64;

/// Whether a file that begins so says that it is one, of whatever version.
bool looks_like_style(std::string_view beginning);

/// The bytes of a style's file. Means and deviations are kept as F32, correlations as F16. Throws
/// Error{output} when they are not finite.
std::vector<std::byte> format_style(const SavedStyle&);
/// Throws Error{input} naming the file: damaged, of another kind, of a newer version, numbers that
/// are not finite or no statistics.
SavedStyle parse_style(std::span<const std::byte>, const std::string& file);

/// Throws Error{input}, which names both encoders, unless the statistics are of this one.
void check_encoder(const SavedStyle&, const std::string& name, const std::string& sha256,
                   const std::string& pooling);

/// Statistics as the painting would have them with this longer side in pixels: between two rungs
/// means and covariances go linearly with the size's logarithm, beyond the ends they stay.
PictureStatistics statistics_at(const SavedStyle&, double longer_side);
/// The same at one tap. Throws Error{usage} when the file has none of it.
FeatureStatistics statistics_at(const SavedStyle&, double longer_side, const std::string& tap);

}  // namespace impasto
