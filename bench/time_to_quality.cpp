// A run of stylize that keeps pictures of the last scale as they come, as floats, with the seconds
// that each took: a judge can tell when which quality was reached.
//
// usage: time_to_quality PHOTO PAINTING FOLDER INTERVAL [--OPTION VALUE ...]
//
// A picture every INTERVAL seconds (0: after every step) goes to FOLDER/NNNN.npy, the result last.
// Options are those of impasto stylize. Prints JSON: [[file, seconds, objective], ...]: seconds are
// without the time that saving took, the objective is impasto's own, of the picture before values
// outside of 0..1 were cut off.

#include <chrono>
#include <cstdio>
#include <fstream>

#include "impasto/error.h"
#include "impasto/stylize.h"

namespace {

using namespace impasto;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point t) {
  return std::chrono::duration<double>(Clock::now() - t).count();
}

void write_npy(const Image& image, const std::string& path) {
  std::string header = "{'descr': '<f4', 'fortran_order': False, 'shape': (" +
                       std::to_string(image.height()) + ", " + std::to_string(image.width()) +
                       ", 3), }";
  header.resize((header.size() + 11 + 63) / 64 * 64 - 11, ' ');
  header += '\n';
  const auto length = static_cast<uint16_t>(header.size());
  std::ofstream file(path, std::ios::binary);
  file.write("\x93NUMPY\x01\x00", 8);
  file.put(static_cast<char>(length & 255)).put(static_cast<char>(length >> 8));
  file << header;
  file.write(reinterpret_cast<const char*>(image.data()),
             std::streamsize{3} * image.width() * image.height() *
                 static_cast<std::streamsize>(sizeof(float)));
  file.close();
  if (!file) throw Error(ErrorCode::output, path + ": could not be written");
}

class Collector final : public Progress {
 public:
  Collector(const Image& photo, std::string folder, double interval)
      : width_(photo.width()),
        height_(photo.height()),
        folder_(std::move(folder)),
        interval_(interval) {}

  void report(const ProgressReport& r) override {
    objective_ = 0;
    for (const auto& [term, value] : r.losses) objective_ += value;
  }
  bool wants_preview() override { return true; }
  double preview_interval() override { return interval_; }
  void preview(const Image& image) override {
    const auto saving = Clock::now();
    const double seconds = seconds_since(begin_) - saved_;
    if (image.width() == width_ && image.height() == height_) {  // else of a smaller scale
      char name[24];
      std::snprintf(name, sizeof name, "/%04d.npy", ++count_);
      write_npy(image, folder_ + name);
      std::printf("%s[\"%s%s\", %.4f, %.9g]", count_ > 1 ? ", " : "", folder_.c_str(), name,
                  seconds, objective_);
    }
    saved_ += seconds_since(saving);
  }

 private:
  const int width_, height_;
  const std::string folder_;
  const double interval_;
  const Clock::time_point begin_ = Clock::now();
  double saved_ = 0, objective_ = 0;
  int count_ = 0;
};

}  // namespace

int main(int argc, char** argv) try {
  if (argc < 5 || argc % 2 == 0) {
    std::fprintf(stderr,
                 "usage: time_to_quality PHOTO PAINTING FOLDER INTERVAL [--OPTION VALUE ...]\n");
    return 2;
  }
  StylizeOptions options;
  Session session;
  for (int i = 5; i < argc; i += 2) {
    const std::string_view word = argv[i];
    const auto* option = find_option(stylize_options(), word.substr(word.find_first_not_of('-')));
    if (!option) throw Error(ErrorCode::usage, std::string(word) + ": no such option");
    option->set(options, argv[i + 1]);
  }
  const double interval = std::stod(argv[4]);
  const Image photo = read_image(argv[1]);
  const std::vector<Painting> styles = {read_painting(argv[2])};
  std::printf("[");
  Collector collector(photo, argv[3], interval);
  collector.preview(stylize(session, photo, styles, options, collector).image);
  std::printf("]\n");
} catch (const std::exception& e) {
  std::fprintf(stderr, "time_to_quality: %s\n", e.what());
  return 1;
}
