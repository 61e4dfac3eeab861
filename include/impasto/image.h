#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace impasto {

class Image;
class Painting;
class Progress;

/// How a picture keeps its colours.
enum class Samples {
  f32,   ///< 12 bytes a pixel
  u16,   ///< 0..1 in 65,535 steps, 6 bytes
  wide,  ///< -1..2 in 65,535 steps: for colours that sRGB lacks
  u8,    ///< 0..1 in 255 steps, 3 bytes
};

/// Where a picture keeps its colours.
enum class Storage {
  memory,
  file,  ///< one without a name in $TMPDIR, or /var/tmp: for pictures that memory is too small for
};

/// What is known of a picture without its pixels, for planning: what its file's head tells.
struct PictureHeader {
  int width = 0, height = 0;
  Samples samples = Samples::f32;     ///< of its colours, once they are read
  Storage storage = Storage::memory;  ///< of them; floats are always in memory
  bool has_alpha = false;
  int bits = 8;               ///< as Image::bits
  std::string note = {};      ///< as Image::note
  bool is_read = false;       ///< its pixels are there already
  size_t decoding_bytes = 0;  ///< that reading takes for a while beside the picture

  PictureHeader() = default;
  PictureHeader(int width, int height, Samples = Samples::f32, Storage = Storage::memory,
                bool has_alpha = false);
  /// Of a picture that has been read.
  PictureHeader(const Image&);

  bool empty() const { return width == 0; }
  size_t bytes() const;  ///< of colours and alpha in memory, once they are read
};

/// A picture in memory: sRGB-encoded RGB, interleaved rows top to bottom, 0..1 (values outside are
/// allowed while working and clamped when written). Alpha, if the file had any, is a plane beside
/// it. The colours are floats; or, so that large pictures fit, kept in fewer bits, or in a file,
/// from and to which read() and write() convert. Everything in impasto takes either.
class Image {
 public:
  Image() = default;
  /// Black; at least 1x1, else Error{internal}; or Error{memory}. Floats are always in memory.
  Image(int width, int height, Samples samples = Samples::f32, Storage storage = Storage::memory);
  /// Black, as its header says; opacity 0 where that has alpha.
  explicit Image(const PictureHeader&);
  Image(const Painting&) = delete;  ///< what was learned of it would be lost

  int width() const { return width_; }
  int height() const { return height_; }
  bool empty() const { return width_ == 0; }
  Samples samples() const { return samples_; }
  Storage storage() const { return storage_; }
  bool has_alpha() const { return !alpha.empty(); }
  size_t bytes() const;  ///< of colours and alpha in memory

  /// `count` pixels of row y, from column x on.
  void read(int x, int y, int count, float* to) const;
  /// The same back: clamped, and rounded to the nearest step; to u8 dithered where write_image
  /// would, for which rows have to come whole.
  void write(int x, int y, int count, const float* from);

  /// The floats themselves. Throws Error{internal} for other samples.
  float* data() { return const_cast<float*>(std::as_const(*this).data()); }
  const float* data() const {
    const auto* floats = std::get_if<std::vector<float>>(&pixels_);
    if (floats == nullptr) refuse_floats();
    return floats->data();
  }
  float* row(int y) { return data() + static_cast<size_t>(y) * width_ * 3; }
  const float* row(int y) const { return data() + static_cast<size_t>(y) * width_ * 3; }

  /// Opacity per pixel, 0..1; empty when the picture has no alpha.
  std::vector<float> alpha;
  /// Bits a channel of the file that it was read from: 8, or 16 for anything finer. write_image
  /// keeps to it where the format can.
  int bits = 8;
  /// What the user should know of the file that it was read from, one line; "" for nothing.
  std::string note;
  /// "icc", "exif", "xmp" and "iptc": the source's blocks, where it had them, with the orientation
  /// reset and without a thumbnail; "exif" also has the resolution, wherever the file told it.
  /// write_image writes them back, "iptc" into JPEG and TIFF. It converts the colours into an RGB
  /// profile of curves and a matrix (Display P3, Adobe RGB, nearly all); a profile of another kind
  /// (grey, CMYK, tables) is replaced by one for sRGB.
  std::map<std::string, std::vector<uint8_t>> metadata;

 private:
  friend class PackedRows;

  /// Bytes in a nameless file. Copies have a file of their own.
  class PixelFile {
   public:
    explicit PixelFile(size_t bytes);  ///< of zeros. Throws Error{memory}
    PixelFile(const PixelFile&);
    PixelFile(PixelFile&& other) noexcept;
    PixelFile& operator=(PixelFile other) noexcept;
    ~PixelFile();
    void read(size_t at, size_t count, void* to) const;
    void write(size_t at, size_t count, const void* from);

   private:
    int file_ = -1;
    size_t bytes_ = 0;
  };
  [[noreturn]] void refuse_floats() const;

  int width_ = 0, height_ = 0;
  Samples samples_ = Samples::f32;
  Storage storage_ = Storage::memory;
  std::variant<std::monostate, std::vector<float>, std::vector<uint16_t>, std::vector<uint8_t>,
               PixelFile>
      pixels_;
};

/// A picture that several runs share. It is told from others by its owner: while somebody keeps
/// it, what was learned of it can be used again, so it must not change.
using SharedImage = std::shared_ptr<const Image>;

/// Pixels of the largest picture that is read, and so of the largest that a size asks for: nothing
/// is painted that could not be read back. 20,000 x 15,000.
constexpr int64_t most_pixels = 300'000'000;

/// Limits for pictures from outside; larger ones are refused with a clear error before decoding.
struct ReadOptions {
  int64_t max_pixels = most_pixels;
  /// Keep the colours in as few bits as hold what the file holds: u8, u16, or wide where sRGB lacks
  /// some.
  bool compact = false;
  Storage storage = Storage::memory;  ///< of colours that are kept so
  /// Asked again and again while pixels are decoded; true ends that with Error{input}.
  std::function<bool()> cancelled = nullptr;
};

/// Reads a still picture, whose content, not its name, tells the format: JPEG, PNG, WebP, TIFF,
/// HEIC, AVIF, JPEG XL, GIF, PSD (what all layers together show), BMP, TGA, QOI, OpenEXR, Radiance
/// HDR, PBM, PGM, PPM, PFM or SVG (not JPEG 2000, whose decoder is not safe). Applies EXIF
/// orientation, converts to sRGB by the embedded profile (CMYK without one: by libvips' own); grey
/// becomes RGB. Colours that sRGB lacks are values outside 0..1; those that alpha hides are filled
/// in, as fill_hidden does. Of an animation or several pages the first is read, of linear light
/// what is brighter than white becomes white, and `note` says so. Throws Error{input} naming the
/// file: missing, empty, damaged (also truncated), not a picture, larger than the limit;
/// Error{unsupported}: channels of unknown meaning, pictures of other formats.
Image read_image(const std::string& path, const ReadOptions& options = {});

/// What read_image() would read, told by the file's head. Throws what read_image() throws but for
/// damage behind that.
PictureHeader read_header(const std::string& path, const ReadOptions& options = {});

/// From now on read_image(), read_header() and read_recipe() decode in processes of their own, with
/// limits of time and memory: a file on which a decoder crashes or never ends costs an Error{input}
/// and nothing else. Call it once, at the beginning of main() and from its thread: it forks, which
/// programs with threads cannot do. Without it, they decode in the caller's process. Throws
/// Error{memory} when there is no process to be had.
void decode_apart();

struct WriteOptions {
  int quality = 92;    ///< of JPEG, WebP, AVIF, HEIF and JPEG XL, 1..100
  std::string recipe;  ///< UTF-8 text for read_recipe(), kept as XMP (in JPEG, up to some 60,000
                       ///< bytes); empty: none
  int bits = 0;        ///< a channel: 8 or 16; 0: the picture's own
  Progress* progress = nullptr;  ///< hears how far saving has got once that takes seconds, as stage
                                 ///< "saving"; is not asked whether to stop
};

/// Writes beside `path` and renames, so the file is whole or untouched. The format follows the
/// extension (.jpg .png .webp .tif, and .avif .heic .jxl where libvips can). 16 bits a channel are
/// kept in PNG, TIFF and JPEG XL, 12 of them in AVIF, 10 in HEIF; 8 bits are dithered where they
/// would show as steps. Alpha goes over white where the format has none. Throws Error{output} with
/// the system's reason, Error{usage} for other bits.
void write_image(const Image& image, const std::string& path, const WriteOptions& options = {});

/// Throws Error{output} now if write_image to `path` is going to fail (unknown extension, missing
/// or unwritable folder), so that nobody waits for a picture that cannot be saved.
void check_writable(const std::string& path);
/// The same of a format alone, "png". Throws Error{usage} that names --format.
void check_format(const std::string& format);
/// Whether the format of `path` is one that obeys WriteOptions::quality; the others keep every
/// pixel. Throws Error{output}: unknown extension.
bool has_quality(const std::string& path);

/// The recipe embedded by write_image, or "" when the picture has none. Throws Error{input}.
std::string read_recipe(const std::string& path);

/// Gives pixels that alpha hides (opacity 0; below an eighth by and by) the colours of what can be
/// seen around them, grey where there is nothing, so that whatever a program left there cannot
/// bleed into what is resized or painted. For pictures that do not come from read_image.
void fill_hidden(Image& image);

/// Lanczos-3 when shrinking, bicubic when enlarging, each axis for itself; borders repeat the
/// outermost pixel. Alpha follows, metadata is kept. The result is f32. Throws Error{usage} for
/// less than 1x1.
Image resize(const Image& image, int width, int height);

/// The size a picture gets when its longer side becomes `longer_side` pixels (at least 1x1),
/// rounded to nearest. Throws Error{usage} for less than 1.
struct Size {
  int width, height;
};
Size scaled_to(const PictureHeader&, int longer_side);

/// In memory, for reports and tests: an encoded PNG of the picture.
std::vector<uint8_t> encode_png(const Image& image);

}  // namespace impasto
