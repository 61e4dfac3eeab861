#pragma once

#include <array>
#include <string>
#include <vector>

#include "impasto/choices.h"
#include "impasto/image.h"
#include "impasto/option.h"
#include "impasto/progress.h"
#include "impasto/session.h"

namespace impasto {

/// A matrix of channel by channel, over all positions.
enum class ChannelStatistic {
  gram,         ///< mean product
  covariance,   ///< the same of what differs from the means
  correlation,  ///< the same over the deviations
};
/// Of feature maps.
enum class MapColours { viridis, grey };
template <>
inline constexpr std::array names_of<ChannelStatistic>{"gram", "covariance", "correlation"};
template <>
inline constexpr std::array names_of<MapColours>{"viridis", "grey"};

/// What a network sees in a picture.
struct InspectOptions {
  std::string network = "small";    ///< name or file
  std::vector<std::string> layers;  ///< taps; empty: relu1_1, relu2_1, ... and relu4_2, if there
  int channels = 16;                ///< strongest channels to show of each tap, 1..512
  int size = 512;                   ///< larger pictures are reduced to this longer side, 8..2048
  ChannelStatistic statistic = ChannelStatistic::gram;  ///< to show of each tap
  MapColours map = MapColours::viridis;
  std::string title;  ///< heading of the sheet: the picture's name, say
};

/// All of them but the title. Made once.
const OptionTable<InspectOptions>& inspect_options();

/// What was measured at one tap, over all positions of the picture.
struct TapStatistics {
  std::string tap;
  int width = 0, height = 0, channels = 0;
  double mean = 0, deviation = 0;  ///< of all values of the tap
  double largest = 0;              ///< value
  int dead_channels = 0;           ///< 0 at every position
  /// Largest by smallest eigenvalue of the covariance of the channels that are alive. Infinite when
  /// the smallest is lost in rounding, as it must be with fewer positions than channels.
  double condition = 0;
  std::vector<int> strongest;  ///< channels by falling variance; as many as were asked for
};

struct InspectResult {
  Image sheet;  ///< the picture, then a section for each tap: feature maps and statistic, labelled
  std::vector<TapStatistics> taps;
  Size fed{};  ///< size of the picture that the network got
  std::string network_sha256;
};

/// Runs the network on the photograph, in f32, and draws its taps. Throws Error: options out of
/// range, layers that the network lacks (lists those it has), network errors.
InspectResult inspect(Session&, const Image& photo, const InspectOptions&, Progress&);

/// The measurements as one JSON object; numbers that are not finite are null.
std::string inspect_json(const InspectResult&);

}  // namespace impasto
