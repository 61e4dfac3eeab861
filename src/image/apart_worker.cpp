#include <glib.h>
#include <malloc.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <new>
#include <string>

#include "image/apart_wire.h"
#include "image/packed_rows.h"
#include "image/read_here.h"

namespace impasto::apart {

namespace {

// What a picture may take before its size is known, and then for each of its pixels: several times
// what the slowest formats take.
constexpr double seconds_of_header = 10, seconds_per_pixel = 1e-6;
constexpr unsigned silent_seconds = 45;  // without a sign of life; machines may be busy
constexpr uint64_t bytes_of_header = uint64_t{1} << 30, bytes_per_pixel = 64;

uint64_t address_space() {
  uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

/// Ends this process when it takes more than a picture may.
class Limits {
 public:
  Limits() {
    getrlimit(RLIMIT_AS, &address_space_);
    getrlimit(RLIMIT_CPU, &processor_);
  }

  void begin() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    seconds_ = static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) + 1;
    bytes_ = address_space();
    set(0);
  }
  void set(double pixels) {
    limit(RLIMIT_CPU, processor_, seconds_ + seconds_of_header + seconds_per_pixel * pixels);
    limit(RLIMIT_AS, address_space_,
          static_cast<double>(bytes_ + bytes_of_header) + bytes_per_pixel * pixels);
    silence_ = silent_seconds + static_cast<unsigned>(seconds_per_pixel * pixels);
    alive();
  }
  void alive() const { alarm(silence_); }
  static void end() { alarm(0); }

 private:
  static void limit(__rlimit_resource what, const rlimit& usual, double value) {
    rlimit now = usual;
    now.rlim_cur = std::min(usual.rlim_cur, static_cast<rlim_t>(value));
    setrlimit(what, &now);
  }

  rlimit address_space_{}, processor_{};
  double seconds_ = 0;
  uint64_t bytes_ = 0;
  unsigned silence_ = silent_seconds;
};

/// The program's end of the line, as long as that is there.
class Line {
 public:
  explicit Line(int line) : line_(line) {}

  void send(const void* data, size_t bytes) const {
    if (!send_all(line_, data, bytes)) _exit(0);
  }
  void part(Part part, uint32_t value, const void* data, size_t bytes) const {
    const Head head{part, value, bytes};
    send(&head, sizeof head);
    send(data, bytes);
  }
  void text(Part kind, uint32_t value, const std::string& text) const {
    part(kind, value, text.data(), text.size());
  }
  void header(const PictureHeader& picture) const {
    const WireHeader header{picture.width,   picture.height,    picture.bits,
                            picture.samples, picture.has_alpha, picture.decoding_bytes};
    part(Part::header, 0, &header, sizeof header);
  }
  void facts(const PictureFacts& facts) const {
    for (const auto& [key, block] : facts.metadata) {
      std::string both = key;
      both.append(block.begin(), block.end());
      text(Part::block, static_cast<uint32_t>(key.size()), both);
    }
    text(Part::facts, facts.alpha_may_be_added ? 1 : 0, facts.note);
  }

 private:
  const int line_;
};

class LineSink final : public PixelSink {
 public:
  LineSink(const Line& line, Limits& limits) : line_(line), limits_(limits) {}

  void begin(const PictureHeader& picture) override {
    limits_.set(static_cast<double>(picture.width) * picture.height);
    picture_ = picture;
    line_.header(picture);
    const size_t bytes = PackedRows::row_bytes(picture);
    capacity_ = static_cast<int>(std::min<size_t>(std::max<size_t>(1, piece_bytes / bytes),
                                                  static_cast<size_t>(picture.height)));
    colours_.resize(static_cast<size_t>(capacity_) * bytes);
  }

  void row(int y, const float* rgb, const float* alpha) override {
    const size_t bytes = PackedRows::row_bytes(picture_);
    PackedRows::pack(picture_, y, rgb, colours_.data() + static_cast<size_t>(count_) * bytes);
    if (picture_.has_alpha) alpha_.insert(alpha_.end(), alpha, alpha + picture_.width);
    ++count_;
    if (count_ == capacity_ || y + 1 == picture_.height) flush();
  }

 private:
  void flush() {
    const size_t colours = static_cast<size_t>(count_) * PackedRows::row_bytes(picture_);
    const size_t alpha = alpha_.size() * sizeof(float);
    const Head head{Part::rows, static_cast<uint32_t>(count_), colours + alpha};
    line_.send(&head, sizeof head);
    line_.send(colours_.data(), colours);
    line_.send(alpha_.data(), alpha);
    alpha_.clear();
    count_ = 0;
    limits_.alive();
  }

  const Line& line_;
  Limits& limits_;
  PictureHeader picture_;
  std::vector<uint8_t> colours_;
  std::vector<float> alpha_;
  int count_ = 0, capacity_ = 0;
};

void answer(const Request& request, const InputFile& file, const Line& line, Limits& limits) {
  const ReadOptions options{.max_pixels = request.max_pixels, .compact = request.compact};
  if (request.wish == Wish::header) {
    const PictureHeader header = read_header_here(file, options);
    line.header(header);
    line.facts({header.note, {}, false});
  } else if (request.wish == Wish::image) {
    LineSink sink(line, limits);
    line.facts(read_image_here(file, options, sink));
  } else {
    line.text(Part::recipe, 0, read_recipe_here(file));
  }
  line.part(Part::end, 0, nullptr, 0);
}

// GLib aborts when there is no memory.
void end_for_memory(const gchar*, GLogLevelFlags, const gchar*, gpointer) {
  _exit(no_memory);
}

}  // namespace

void serve(int number) {
  g_log_set_handler("GLib", static_cast<GLogLevelFlags>(G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL),
                    end_for_memory, nullptr);
  const Line line(number);
  Limits limits;
  Request request{};
  for (int opened = -1; receive_all(number, &request, sizeof request, &opened); opened = -1) {
    std::string name(request.name_bytes, '\0');
    if (!receive_all(number, name.data(), name.size())) break;
    limits.begin();
    try {
      const InputFile file(opened, name);
      answer(request, file, line, limits);
    } catch (const Error& e) {
      line.text(Part::error, static_cast<uint32_t>(e.code()), e.what());
    } catch (const std::bad_alloc&) {
      _exit(no_memory);
    } catch (const std::exception& e) {
      line.text(Part::error, static_cast<uint32_t>(ErrorCode::internal), name + ": " + e.what());
    }
    Limits::end();
    malloc_trim(0);
  }
  _exit(0);
}

}  // namespace impasto::apart
