#include "cli/odd_files.h"

#include <zlib.h>

#include <algorithm>
#include <stdexcept>

#include "base/random.h"
#include "formats/byte_strings.h"
#include "image/exif.h"
#include "image/exr_writer.h"
#include "image/other_formats.h"
#include "image/samples.h"

namespace impasto::test {

namespace {

constexpr size_t kinds = 9;

std::string text_of(const Bytes& bytes) {
  return {bytes.begin(), bytes.end()};
}

std::string gzipped(const std::string& bytes) {
  return deflated(bytes, 6, 16 + MAX_WBITS);
}

}  // namespace

OddFiles::OddFiles(const std::string& folder, uint64_t seed) : state_(seed) {
  const auto add = [&](const std::string& ending, const std::string& bytes) {
    whole_.push_back({ending, bytes});
  };
  Image image = gradient(40, 30);
  image.metadata["exif"] = exif::normalised(exif_block(6));
  const std::string p3 = built_in_profile("p3");
  image.metadata["icc"] = Bytes(p3.begin(), p3.end());
  const Bytes samples(size_t{16} * 16 * 4, 100);
  const auto add_file = [&](const std::string& ending, const auto& write) {
    const std::string path = folder + "/whole." + ending;
    try {
      write(path);
      add(ending, text_of(load(path)));
    } catch (const std::exception&) {
      // Not on this machine.
    }
  };
  for (const char* ending : {"jpg", "png", "webp", "tif", "avif", "heic", "jxl"}) {
    add_file(ending, [&](const std::string& path) { write_image(image, path, {90, "{}"}); });
  }
  add_file("png", [](const std::string& path) {
    write_image(gradient(30, 20, true), path, {90, "", 16});
  });
  for (const char* ending : {"ppm", "gif", "jp2", "hdr"}) {
    add_file(ending, [&](const std::string& path) {
      save_raw(path, samples.data(), 16, 16, 3, Space::rgb);
    });
  }
  add_file("gif", [](const std::string& path) { save_pages(path, 3); });
  const std::vector<float> light(12, 0.5f);
  add("exr", text_of(ExrWriter().file(4, 3, {{"B", light}, {"G", light}, {"R", light}})));
  add("svg",
      "<svg xmlns='http://www.w3.org/2000/svg' width='30' height='20'>"
      "<defs><g id='a'><circle cx='4' cy='4' r='3' fill='red'/></g></defs>"
      "<use href='#a' x='5'/><text x='1' y='9'>impasto</text></svg>");
  add("bmp", bmp_file(20, 16));
  add("bmp", bmp_file(20, 16, 32));
  add("tga", tga_file(20, 16, true, true));
  add("psd", psd_file(20, 16, true));
  add("qoi", qoi_file(20, 16, true));
  add("txt", "Dear diary,\ntoday I painted.\n");
}

size_t OddFiles::below(size_t bound) {
  Random random(state_++);
  return static_cast<size_t>(random.next() % std::max<size_t>(bound, 1));
}

std::string OddFiles::odd(std::string bytes, size_t kind) {
  const size_t place = below(below(2) == 0 ? bytes.size() : std::min<size_t>(bytes.size(), 120));
  const size_t length = std::min(bytes.size() - std::min(bytes.size(), place), 1 + below(40));
  switch (kind) {
    case 0:  // cut off
      return bytes.substr(0, place);
    case 1:  // flipped bits
      for (size_t i = 0; i < 1 + below(8); ++i) {
        bytes[below(bytes.size())] ^= static_cast<char>(1 << below(8));
      }
      return bytes;
    case 2:  // a hole in the disk
      return bytes.replace(place, length, length, '\0');
    case 3:  // sizes that cannot be
      return bytes.replace(place, std::min<size_t>(length, 4), std::min<size_t>(length, 4), '\xff');
    case 4:  // the end of another file
    {
      const std::string& other = whole_[below(whole_.size())].bytes;
      return bytes.substr(0, place) + other.substr(std::min(place / 2 % 100, other.size()));
    }
    case 5:  // compressed, as servers send files
      return gzipped(bytes);
    case 6:
      return gzipped(bytes) + std::string(100, '\0');
    case 7:  // a piece twice
      return bytes.insert(place, bytes.substr(place, length));
    default:  // whole, or with something behind
      return below(2) == 0 ? bytes
                           : bytes + std::string(below(3000), static_cast<char>(below(256)));
  }
}

std::string OddFiles::write(const std::string& path) {
  const Whole& whole = whole_[count_ % whole_.size()];
  const std::string bytes = odd(whole.bytes, count_ / whole_.size() % kinds);
  ++count_;
  static const std::vector<std::string> none = {"", ".jpg_large", ".txt"};
  const size_t other = below(whole_.size() + none.size());
  const bool renamed = below(3) == 0;
  const std::string ending = !renamed                ? "." + whole.ending
                             : other < whole_.size() ? "." + whole_[other].ending
                                                     : none[other - whole_.size()];
  store(path + ending, bytes);
  return path + ending;
}

}  // namespace impasto::test
