#pragma once

#include <memory>
#include <string>
#include <vector>

#include "impasto/job.h"
#include "impasto/regions.h"
#include "impasto/stylize.h"

namespace impasto {

/// Paints one picture after another. Kept from one to the next: the networks, what was compiled for
/// a size, with the method "instant" also what was learned of the paintings and of the last
/// photograph, so that strength, weights or seed change in a small part of a picture's time. The
/// results are those of stylize().
class Stylizer {
 public:
  /// Opens the networks. Of the session's memory `reserved` bytes are the caller's own, for
  /// pictures that wait, say. Throws what stylize() throws for options and networks.
  Stylizer(Session&, const StylizeOptions&, size_t reserved = 0);
  ~Stylizer();
  Stylizer(Stylizer&&) noexcept;
  Stylizer& operator=(Stylizer&&) noexcept;

  /// Of the next pictures. What they can use of what is there is kept; networks that they need
  /// beside it are opened with the next picture. Throws Error{usage}: a value out of range;
  /// Error{input}: a network's file that cannot be read; then the options are as before.
  void set_options(const StylizeOptions&);

  /// Of the next pictures, until they are set again: their masks are brought to each one's size.
  void set_regions(Regions);

  /// Decides how such pictures are painted, of headers as read_header() and read_painting_header()
  /// give them; of regions, their paintings count as styles, and their masks and that of the whole
  /// are `masks`. With `output`, that file is counted, too. Throws what paint() throws for options,
  /// sizes and networks, and Error{memory}.
  Job plan(const PictureHeader& content, const std::vector<PaintingHeader>& styles,
           const std::string& output = {}, const std::vector<PictureHeader>& masks = {});

  /// Paints as it was decided, with the job's options. Throws Error{usage}: the job is one for
  /// pictures of another size.
  StylizeResult paint(const Job&, const SharedImage& content,
                      const std::vector<SharedPainting>& styles, Progress&);

  /// Both, as stylize(); the options' style_weights have to fit the number of paintings.
  StylizeResult paint(const SharedImage& content, const std::vector<SharedPainting>& styles,
                      Progress&);

  /// Of the weights that paint: the encoder's, or with "instant" the decoder's.
  const std::string& network_sha256() const;

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace impasto
