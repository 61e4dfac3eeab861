#pragma once

#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "canvas/picture.h"
#include "image/mask.h"
#include "impasto/stylizer.h"
#include "models/style_network.h"
#include "options/strength.h"
#include "transfer/painter.h"
#include "zoo/engine.h"

namespace impasto {

/// What was learned of a painting, at the size at which it was looked at. Paintings are told apart
/// by their owner; what they leave behind when they go is dropped when room is needed.
class LookMemory {
 public:
  /// Null when there is nothing.
  const StyleStatistics* find(const SharedPainting& painting, const Size& at);
  const StyleStatistics& keep(const SharedPainting& painting, const Size& at, StyleStatistics);

 private:
  struct Look {
    std::weak_ptr<const Painting> painting;
    Size at;
    StyleStatistics statistics;
  };
  std::list<Look> looks_;  // the last used first
};

/// Features of a picture painted at once take no more than that, or it is painted in windows: a
/// constant, not what is free, so that a picture does not depend on that by the little in which
/// sums of windows differ.
constexpr size_t usual_window_bytes = size_t{192} << 20;

/// The method "instant": encoder, transfer of the paintings' statistics, decoder.
class Instant {
 public:
  /// Opens the networks; options that checked() has seen. Pictures whose features take more than
  /// `most_bytes` are painted window by window.
  explicit Instant(const StylizeOptions&, size_t most_bytes = usual_window_bytes);
  void set_most_bytes(size_t most_bytes) { most_bytes_ = most_bytes; }
  /// What the next pictures are painted with; the options that open_engine() reads stay as they
  /// are.
  void set_options(const StylizeOptions& o) { options_ = o; }
  /// For pictures that check_pictures() has seen; the result has this size, and so has the mask of
  /// the part, if any, whose statistics are moved to the paintings'.
  StylizeResult paint(const SharedImage& content, const std::vector<SharedPainting>& styles,
                      const Size&, Progress&, const Mask* part = nullptr);
  /// Paints a picture into `canvas`, of the same size, of f32 or wide samples. False: stopped; what
  /// was not painted is the picture's.
  bool paint(const PictureSource&, const std::vector<SharedPainting>& styles, Image& canvas,
             Progress&, const Mask* part = nullptr);
  /// Frees what painting leaves for the next picture.
  void rest();
  const std::string& network_sha256() const { return sha256_; }

  /// What is painted at a time, at least 512 pixels a side, so that it takes no more than that if
  /// it can,
  Size window_for(const Size&, size_t most_bytes) const;
  /// how often,
  static size_t windows_of(const Size&, const Size& window);
  /// and what is computed in, for these paintings.
  size_t working_bytes(const std::vector<PaintingHeader>& styles, const Size&,
                       size_t most_bytes) const;

 private:
  /// A photograph as the network sees it: whose it is, if anybody's, how large, and whether with
  /// colours that it was given for this painting.
  struct Seen {
    std::weak_ptr<const Image> content;
    Size size{0, 0};
    bool tinted = false;

    bool is(const Seen&) const;
  };

  enum class Painted { nothing, in_part, whole };  ///< the first two: stopped

  int look_side(const Size&) const;  ///< how large paintings are looked at
  /// `seen` is what the network gets for the photograph, and what that is of.
  Painted paint(const PictureSource& photo, const PictureSource& seen, const Seen& what,
                const std::vector<SharedPainting>& styles, const Brush&, Image& canvas, Progress&,
                const Mask* part);
  Painted paint_windows(const PictureSource&, const Size& window, const PictureGuide& part,
                        const std::vector<WeightedStatistics>&, const Brush&,
                        const std::function<bool(double)>& go_on, Image& canvas);
  /// By a network that was trained for one style, in windows as the others.
  Painted paint_by_network(const std::shared_ptr<const StyleNetwork>&, const PictureSource&,
                           const Size& window, const std::function<bool(double)>& go_on,
                           Image& canvas);
  void plan_network(const std::shared_ptr<const StyleNetwork>&, const Size& window);
  StyleStatistics look_at(const SharedPainting& painting, int side);
  void let_go_of_window();
  bool are_coloured(const std::vector<SharedPainting>& styles, int side, Progress&);
  void look_at_photograph(const Seen& what, const PictureSource&, const PictureGuide& part);

  StylizeOptions options_;
  size_t most_bytes_;
  Engine engine_;
  std::string sha256_;
  std::unique_ptr<Painter> painter_;
  LookMemory looks_;
  Seen seen_;  // what painter_ looked at last

  /// What the last picture was painted with by a network of its own.
  struct PlannedNetwork {
    std::shared_ptr<const StyleNetwork> network;
    double strength;
    Plan plan;
  };
  std::optional<PlannedNetwork> planned_;
};

/// One for options that checked() has seen, which it has then: what the session's last job left, or
/// a new one.
std::shared_ptr<Instant> instant_of(Session&, const StylizeOptions&);

}  // namespace impasto
