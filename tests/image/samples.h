#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "impasto/error.h"
#include "impasto/image.h"

namespace impasto::test {

using Bytes = std::vector<uint8_t>;

/// A folder of its own for one test, removed at the end.
class TempFolder {
 public:
  TempFolder();
  ~TempFolder();
  std::string operator/(const std::string& name) const { return (path_ / name).string(); }
  std::string path() const { return path_.string(); }
  /// Files inside, hidden ones too.
  int count() const;

 private:
  std::filesystem::path path_;
};

Bytes load(const std::string& path);
void store(const std::string& path, const Bytes& bytes);
void store(const std::string& path, const std::string& text);

/// A smooth picture with every value between 0 and 1, different in each channel.
Image gradient(int width, int height, bool alpha = false);

/// The largest difference between two pictures of the same size, alpha included.
double max_difference(const Image& a, const Image& b);
/// Their mean absolute difference, alpha not included.
double mean_difference(const Image& a, const Image& b);

/// Pixels for save_raw, interleaved, of T = uint8_t, uint16_t or float.
enum class Space { grey, grey16, rgb, rgb16, cmyk };
/// Writes pixels with libvips itself, by the extension of `path`, so that readers are not tested
/// against our own writer. `profile`: an ICC profile to attach, or "".
void save_raw(const std::string& path, const void* pixels, int width, int height, int bands,
              Space space, const std::string& profile = "");
/// A profile that libvips keeps: srgb, p3, cmyk; "" when it has none of that name.
std::string built_in_profile(const char* name);
/// An animated GIF or WebP, or a TIFF of several pages.
void save_pages(const std::string& path, int pages);

/// What libvips finds in a file; has_field also for "exif-ifd0-Make", field as libvips prints it.
bool has_field(const std::string& path, const std::string& name);
std::string field(const std::string& path, const std::string& name);

/// An EXIF block with make "Acme", this orientation, ISO 200, Adobe RGB, 640x480, a maker note and
/// a thumbnail directory.
Bytes exif_block(int orientation, bool little_endian = true);

/// The message of the Error that `action` throws, after checking its code; fails when none comes.
std::string error_of(ErrorCode code, const std::function<void()>& action);

}  // namespace impasto::test
