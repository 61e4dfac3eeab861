#pragma once

#include <string>

#include "impasto/image.h"
#include "impasto/job.h"
#include "impasto/stylize.h"

namespace impasto::cli {

/// --save-every: what a picture looks like on the way, beside its result out.png: out_0010.png,
/// out_0020.png and so on, numbered by the steps of all scales together, each of the result's size.
class StepPictures {
 public:
  StepPictures() = default;
  /// Throws Error{usage}: a picture that the run is made from has such a name.
  StepPictures(int every, const std::string& output, const Job&, const StylizeFiles& inputs,
               const WriteOptions& write);

  bool wanted(int step) const { return every_ > 0 && step > 0 && step % every_ == 0; }
  /// Throws Error{output}.
  void save(int step, const Image&) const;

 private:
  std::string name_of(int step) const;

  int every_ = 0;
  std::string before_, ending_;
  size_t digits_ = 4;
  Size size_{0, 0};
  WriteOptions write_;
};

}  // namespace impasto::cli
