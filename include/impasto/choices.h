#pragma once

#include <array>
#include <cstddef>

namespace impasto {

// What may be chosen among, and how each choice is called in files and on the command line.

/// How much is made of a picture.
enum class Quality {
  automatic,  ///< the best that is expected within 20 seconds
  draft,      ///< painted at once, settled small by a few steps
  good,       ///< painted at once, refined at a middling size
  best,       ///< takes its time
};

/// What paints.
enum class Method {
  automatic,  ///< as the quality asks for
  optimize,   ///< a descent on the picture
  instant,    ///< one pass of a network
};

/// Whose colours the result has.
enum class Colors {
  style,      ///< the painting's
  content,    ///< the photograph's palette, and each thing keeps its colour
  luminance,  ///< the photograph's: only light and dark are painted
  match,      ///< the photograph's palette in the painting's strokes
};

/// Of features.
enum class Precision {
  automatic,  ///< bf16 where the processor multiplies it natively
  f32,
  bf16,
};

/// What becomes of a window of features.
enum class PoolKind { max, average };

/// What the optimiser moves.
enum class UnknownKind {
  pyramid,  ///< an image in octaves
  pixels,
};

enum class OptimizerKind { lbfgs, adam };

enum class ContentKind {
  normalised,  ///< as plain, after each channel is brought to mean 0, deviation 1 over its picture
  plain,       ///< mean squared difference of the features (Gatys et al. 2016, eq. 1, as a mean)
};

enum class StyleKind {
  w2,       ///< squared 2-Wasserstein distance of Gaussians with the features' moments, relative to
            ///< the painting's variance; several paintings, as for moments: the mean distance
  moments,  ///< channel means and centred covariances, relative to the painting's
  gram,     ///< uncentred Gram matrices / (c n), mean squared difference: 4 / c^2 times eq. 4-5 of
            ///< Gatys et al. 2016, as in neural-style-pt; several paintings: their mean matrix
};

enum class TotalVariationKind {
  squared,   ///< mean squared difference of neighbours, along x plus along y
  absolute,  ///< sum of absolute differences of neighbours on a 0..255 scale (neural-style-pt);
             ///< the gradient is still with respect to 0..1
};

/// What a part of a job does.
enum class StageKind {
  at_once,   ///< paints by one pass of a network
  optimize,  ///< one scale of a descent
  enlarge,   ///< paints on what was painted smaller, by one pass
  by_edges,  ///< enlarges along the photograph's edges
};

/// How much a network for one style holds.
enum class NetworkWidth { small, medium, large };

/// Which of several photographs and paintings go together.
enum class Pairing {
  all,     ///< every photograph in the style of every painting
  paired,  ///< the first with the first, by name, and so on
};

/// By enumerator, in their order.
template <class E>
inline constexpr std::array<const char*, 0> names_of{};
template <>
inline constexpr std::array names_of<Quality>{"auto", "draft", "good", "best"};
template <>
inline constexpr std::array names_of<Method>{"auto", "optimize", "instant"};
template <>
inline constexpr std::array names_of<Colors>{"style", "content", "luminance", "match"};
template <>
inline constexpr std::array names_of<Precision>{"auto", "f32", "bf16"};
template <>
inline constexpr std::array names_of<PoolKind>{"max", "average"};
template <>
inline constexpr std::array names_of<UnknownKind>{"pyramid", "pixels"};
template <>
inline constexpr std::array names_of<OptimizerKind>{"lbfgs", "adam"};
template <>
inline constexpr std::array names_of<ContentKind>{"normalised", "plain"};
template <>
inline constexpr std::array names_of<StyleKind>{"w2", "moments", "gram"};
template <>
inline constexpr std::array names_of<TotalVariationKind>{"squared", "absolute"};
template <>
inline constexpr std::array names_of<NetworkWidth>{"small", "medium", "large"};
template <>
inline constexpr std::array names_of<Pairing>{"all", "paired"};
template <>
inline constexpr std::array names_of<StageKind>{"at once", "optimize", "enlarge", "by edges"};

/// An enumeration whose choices have names.
template <class E>
concept Choice = (names_of<E>.size() > 0);

/// "?" for a value that is none of them.
template <Choice E>
constexpr const char* name_of(E choice) {
  const auto index = static_cast<size_t>(choice);
  return index < names_of<E>.size() ? names_of<E>[index] : "?";
}

}  // namespace impasto
