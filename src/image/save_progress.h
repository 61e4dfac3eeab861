#pragma once

#include <exception>

struct _VipsImage;

namespace impasto {

class Progress;

/// While it lives, tells how far libvips has got with a picture that it saves: stage "saving", from
/// the second second on.
class SaveProgress {
 public:
  /// Null: tells nobody.
  SaveProgress(_VipsImage*, Progress*);
  ~SaveProgress();
  SaveProgress(const SaveProgress&) = delete;
  SaveProgress& operator=(const SaveProgress&) = delete;

  /// Throws what `progress` threw; the picture was given up then.
  void check() const;

 private:
  void tell(double fraction, double seconds, double remaining);

  _VipsImage* image_;
  Progress* progress_;
  unsigned long handler_ = 0;
  std::exception_ptr failure_;
};

}  // namespace impasto
