#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "backend/backend.h"
#include "impasto/choices.h"

namespace impasto {

/// Features that are a part of the picture's at a tap, or all of them.
struct Part {
  int64_t y = 0, x = 0;  ///< where they begin, in positions
  Tensor photo;          ///< the photograph's at the same place, for losses that read_photo()
};

/// A loss on the features of one tap (NHWC, one picture), in three steps: what only one thread at a
/// time can do, what several losses can do side by side, and the pass back over the features. The
/// features come all at once or part by part, each position once.
class FeatureLoss {
 public:
  virtual ~FeatureLoss() = default;
  /// Forgets what was observed.
  virtual void begin() = 0;
  /// One pass over the features of a part.
  virtual void observe(Backend&, const Tensor& features, const Part&) = 0;
  /// The loss of what was observed, unweighted. Touches nothing but its own: losses may do this at
  /// the same time. `differentiate`: prepare gradient(), too.
  virtual double value(bool differentiate) = 0;
  /// With features that were observed: the gradient (same shape and type) becomes, or when asked
  /// grows by, weight * d loss / d features.
  virtual void gradient(Backend&, const Tensor& features, const Part&, double weight,
                        const Tensor& gradient, bool accumulate) = 0;
  /// Whether it needs Part::photo.
  virtual bool reads_photo() const { return false; }

  /// All of it for all of the features; without a gradient just the value.
  double evaluate(Backend& backend, const Tensor& features, double weight, const Tensor* gradient,
                  bool accumulate) {
    begin();
    observe(backend, features, {});
    const double result = value(gradient != nullptr);
    if (gradient) this->gradient(backend, features, {}, weight, *gradient, accumulate);
    return result;
  }
};

/// A loss on the pixels: [1, h, w, 3], f32 (f64 in tests), RGB 0..1.
class ImageLoss {
 public:
  virtual ~ImageLoss() = default;
  /// Returns the loss, unweighted. A gradient grows by weight * d loss / d image.
  virtual double evaluate(const Tensor& image, double weight, const Tensor* gradient) const = 0;
};

/// `target`: the photograph's features at the same tap, same shape and type as what is evaluated;
/// they are copied. The normalised kind is divided by the mean square of the normalised target; to
/// a channel's deviation a thousandth of the whole tap's is added, so that weak channels stay weak.
/// One position, or a flat picture, has nothing to compare: its gradient is 0.
std::unique_ptr<FeatureLoss> make_content_loss(ContentKind, Backend&, const Tensor& target);

/// What a style loss knows of a picture at one tap.
struct FeatureStatistics {
  int64_t channels = 0;
  double positions = 0;            ///< their number; of a guide, the sum of its weights
  std::vector<double> mean;        ///< [c]
  std::vector<double> covariance;  ///< [c, c] centred, divided by positions
};

/// Of NHWC features, one picture, at least one position.
FeatureStatistics feature_statistics(Backend&, const Tensor& features);
/// Of what Backend::second_moments gives (f64), for so many positions.
FeatureStatistics statistics_of_sums(const Tensor& sums, const Tensor& products, double count);
/// Of two parts together (Chan, Golub and LeVeque 1983). `a` may be empty.
FeatureStatistics together(const FeatureStatistics& a, const FeatureStatistics& b);

/// A content loss for a photograph whose features are not kept but come with each part
/// (Part::photo), from what is known of all of them.
std::unique_ptr<FeatureLoss> make_content_loss(ContentKind, const FeatureStatistics& photo);

/// One or more paintings with their weights (they are normalised to sum 1).
struct StyleTarget {
  FeatureStatistics statistics;
  double weight = 1;
  double unit = 0;  ///< variance that w2 counts in; 0: the painting's own
};
/// Throws Error{usage} when weights are negative or all 0, or there is no target.
std::unique_ptr<FeatureLoss> make_style_loss(StyleKind, std::vector<StyleTarget>);

/// `joined`: opposite borders are neighbours, as in one tile of an endless picture.
std::unique_ptr<ImageLoss> make_total_variation_loss(TotalVariationKind, bool joined = false);

/// Squared total variation of what is left of each pixel without its grey part. It keeps coloured
/// fringes and speckle away where the plain one would blur strokes. ([1, h, w, 3] only.)
std::unique_ptr<ImageLoss> make_chroma_variation_loss(bool joined = false);

/// Squared difference of the Laplacians of picture and photograph, lightness averaged over blocks
/// of `block` pixels a side first, over the photograph's squared Laplacian: edges stay where they
/// are and as strong as they are, colours and what is finer than a block do not matter (Li, Xu, Nie
/// and Liu 2017, "Laplacian-steered neural style transfer"). `photo` gives row y of a photograph of
/// this size, RGB; it is asked for all rows, in order, before this returns.
std::unique_ptr<ImageLoss> make_laplacian_loss(
    int64_t height, int64_t width, int64_t block,
    const std::function<void(int64_t y, float* rgb)>& photo);

}  // namespace impasto
