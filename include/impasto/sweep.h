#pragma once

#include <string>
#include <vector>

#include "impasto/stylizer.h"

namespace impasto {

/// One photograph painted many times with something changing from cell to cell, in one direction
/// or in two.
struct Sweep {
  struct Axis {
    std::string name;                 ///< of an option, or "styles"
    std::vector<std::string> values;  ///< for people: "25"; of a painting's share "75:25"
  };
  Axis across, down;  ///< of a strip, `down` is empty
  int columns = 0, rows = 0;
  std::vector<StylizeOptions> cells;  ///< row by row
};

/// Plans a sweep from one or two texts, the first of which goes across, the second down:
///   strength=0:100:5    from 0 to 100 in 5 even steps: any option that is a number, but those that
///                       do not change the picture, and size
///   style-scale=0.5,1,2 these values
///   styles:5            5 mixtures from the first of two paintings to the second; of four, 5x5,
///                       the paintings in the corners, in reading order
/// Throws Error{usage}: a text of another form, an unknown option, values outside of its range, not
/// all different or more than 10,000 cells, styles for another number of paintings or with weights
/// of their own.
Sweep plan_sweep(const std::vector<std::string>& texts, const StylizeOptions&, size_t paintings);

/// What became of a sweep.
struct SweepResult {
  size_t painted = 0;      ///< cells; the first ones
  bool cancelled = false;  ///< the caller asked to stop; the cell in work was dropped
  double seconds = 0;
  Quality quality = Quality::automatic;  ///< of all cells
};

/// Follows a sweep. Everything is called from the thread that runs it.
class SweepProgress : public Progress {
 public:
  /// A cell is painted; `options` are the cell's with the quality that was picked.
  virtual void finished(size_t /*cell*/, const StylizeOptions& /*options*/, const StylizeResult&) {}
};

/// Paints the cells in order, each as stylize() would with its options; painted at once, the
/// photograph is looked at once, and each painting once a size. Where the quality is left open,
/// all cells get the best that one of them would get. Throws what stylize() throws.
SweepResult stylize_sweep(Session&, const SharedImage& content,
                          const std::vector<SharedPainting>& styles, const Sweep&, SweepProgress&,
                          const Regions& = {});

/// What painting the cells would come to: the plan of the cell that takes most memory, with the
/// seconds of all. As Stylizer::plan(), which says what it throws.
Job plan_cells(Session&, const PictureHeader& content, const std::vector<PaintingHeader>& styles,
               const Sweep&, const std::vector<PictureHeader>& masks = {});

/// The cells of a sweep on one picture, with white gutters 4 pixels wide; white where no cell is.
class SweepSheet {
 public:
  /// Makes the cells so small, at most as large as the photograph, that the sheet's longer side
  /// has at most 4096 pixels, unless the options of `sweep` ask for a size. Throws Error{usage}:
  /// the cells would be less than 16 pixels long, or the sheet more than 16,000; Error{memory}.
  SweepSheet(const Session&, Sweep& sweep, const PictureHeader& content);

  /// All cells have the same size. The first brings the colour profile and the bits a channel.
  /// What is transparent lies over white. Throws Error{internal}: a cell that the sweep does not
  /// have, or a picture of another size, or none.
  void add(size_t cell, const Image& picture);
  /// Memory that it takes, as it is and as it is encoded.
  size_t bytes(const Size& cell) const;
  /// Empty until the first cell came.
  const Image& image() const { return image_; }

 private:
  int columns_, rows_;
  Size cell_{0, 0};  // once the first has come
  Image image_;
};

}  // namespace impasto
