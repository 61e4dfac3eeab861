#include "image/file_target.h"

#include <unistd.h>
#include <vips/vips.h>

#include <exception>
#include <new>

#include "impasto/error.h"

namespace impasto {

namespace {

constexpr size_t enough_to_splice = 64;

template <class Function>
gulong connect(VipsTarget* target, const char* signal, Function* function, void* data) {
  return g_signal_connect(target, signal, G_CALLBACK(function), data);
}

gint64 seek(VipsTargetCustom*, gint64 offset, int whence, void* file) {
  return lseek(static_cast<OutputFile*>(file)->descriptor(), offset, whence);
}

gint64 read_back(VipsTargetCustom*, void* to, gint64 length, void* file) {
  return read(static_cast<OutputFile*>(file)->descriptor(), to, static_cast<size_t>(length));
}

}  // namespace

FileTarget::FileTarget(OutputFile& file, Splice splice)
    : file_(file), splice_(std::move(splice)), target_(VIPS_TARGET(vips_target_custom_new())) {
  if (target_ == nullptr) throw std::bad_alloc();
  const auto written =
      +[](VipsTargetCustom*, const void* data, gint64 length, void* self) -> gint64 {
    const std::span bytes(static_cast<const uint8_t*>(data), static_cast<size_t>(length));
    return static_cast<FileTarget*>(self)->write(bytes) ? length : -1;
  };
  connect(target_, "write", written, this);
  if (splice_) return;
  connect(target_, "seek", seek, &file_);
  connect(target_, "read", read_back, &file_);
}

FileTarget::~FileTarget() {
  g_object_unref(target_);
}

// Exceptions must not pass through libvips.
bool FileTarget::write(std::span<const uint8_t> bytes) {
  try {
    if (begun_ || !splice_) {
      file_.write(bytes);
      return true;
    }
    beginning_.insert(beginning_.end(), bytes.begin(), bytes.end());
    if (beginning_.size() < enough_to_splice) return true;
    begun_ = true;
    splice_(beginning_);
    file_.write(beginning_);
    beginning_ = {};
    return true;
  } catch (...) {
    failure_ = std::current_exception();
    return false;
  }
}

void FileTarget::check() const {
  if (failure_) std::rethrow_exception(failure_);
}

void FileTarget::finish() {
  check();
  if (begun_ || !splice_) return;
  begun_ = true;
  splice_(beginning_);
  file_.write(beginning_);
}

}  // namespace impasto
