#include "image/samples.h"

#include <gtest/gtest.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cmath>
#include <cstring>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace impasto::test {

namespace fs = std::filesystem;

namespace {

void start_vips() {
  if (vips_init("image_test") != 0) throw std::runtime_error(vips_error_buffer());
}

void require(bool success) {
  if (!success) throw std::runtime_error(vips_error_buffer());
}

struct Handle {
  explicit Handle(VipsImage* taken) : image(taken) { require(taken != nullptr); }
  ~Handle() { g_object_unref(image); }
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;
  VipsImage* image;
};

class BlockWriter {
 public:
  explicit BlockWriter(bool little) : little_(little) {}
  void number(int size, uint32_t value) {
    for (int i = 0; i < size; ++i) {
      bytes.push_back(static_cast<uint8_t>(value >> (8 * (little_ ? i : size - 1 - i))));
    }
  }
  void entry(int tag, int type, uint32_t count, uint32_t value) {
    number(2, tag);
    number(2, type);
    number(4, count);
    if (type == 3) {
      number(2, value);
      number(2, 0);
    } else {
      number(4, value);
    }
  }
  void text(const std::string& value) {
    for (const char c : value) bytes.push_back(static_cast<uint8_t>(c));
  }
  Bytes bytes;

 private:
  bool little_;
};

}  // namespace

TempFolder::TempFolder() {
  std::string name = (fs::temp_directory_path() / "impasto-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) throw std::runtime_error("no temporary folder");
  path_ = name;
}

TempFolder::~TempFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

int TempFolder::count() const {
  return static_cast<int>(std::distance(fs::directory_iterator(path_), fs::directory_iterator()));
}

Bytes load(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return Bytes(std::istreambuf_iterator<char>(file), {});
}

void store(const std::string& path, const Bytes& bytes) {
  store(path, std::string(bytes.begin(), bytes.end()));
}

void store(const std::string& path, const std::string& text) {
  std::ofstream(path, std::ios::binary) << text;
}

Image gradient(int width, int height, bool alpha) {
  Image image(width, height);
  const auto part = [](int i, int count) { return count > 1 ? i / (count - 1.0f) : 0.5f; };
  for (int y = 0; y < height; ++y) {
    for (int x = 0; x < width; ++x) {
      float* pixel = image.row(y) + 3 * x;
      pixel[0] = part(x, width);
      pixel[1] = part(y, height);
      pixel[2] = 1 - part(x, width) * part(y, height);
      if (alpha) image.alpha.push_back(0.25f + 0.75f * part(y, height));
    }
  }
  return image;
}

double max_difference(const Image& a, const Image& b) {
  if (a.width() != b.width() || a.height() != b.height() || a.alpha.size() != b.alpha.size()) {
    return INFINITY;
  }
  double largest = 0;
  const size_t count = static_cast<size_t>(a.width()) * a.height() * 3;
  for (size_t i = 0; i < count; ++i) {
    largest = std::max<double>(largest, std::abs(a.data()[i] - b.data()[i]));
  }
  for (size_t i = 0; i < a.alpha.size(); ++i) {
    largest = std::max<double>(largest, std::abs(a.alpha[i] - b.alpha[i]));
  }
  return largest;
}

double mean_difference(const Image& a, const Image& b) {
  if (a.width() != b.width() || a.height() != b.height()) return INFINITY;
  double sum = 0;
  const size_t count = static_cast<size_t>(a.width()) * a.height() * 3;
  for (size_t i = 0; i < count; ++i) sum += std::abs(a.data()[i] - b.data()[i]);
  return sum / static_cast<double>(count);
}

void save_raw(const std::string& path, const void* pixels, int width, int height, int bands,
              Space space, const std::string& profile) {
  start_vips();
  const bool wide = space == Space::grey16 || space == Space::rgb16;
  const VipsInterpretation spaces[] = {VIPS_INTERPRETATION_B_W, VIPS_INTERPRETATION_GREY16,
                                       VIPS_INTERPRETATION_sRGB, VIPS_INTERPRETATION_RGB16,
                                       VIPS_INTERPRETATION_CMYK};
  const size_t size = static_cast<size_t>(width) * height * bands * (wide ? 2 : 1);
  const Handle raw(vips_image_new_from_memory(pixels, size, width, height, bands,
                                              wide ? VIPS_FORMAT_USHORT : VIPS_FORMAT_UCHAR));
  VipsImage* marked = nullptr;
  require(vips_copy(raw.image, &marked, "interpretation", spaces[static_cast<int>(space)],
                    nullptr) == 0);
  const Handle owner(marked);
  if (!profile.empty()) {
    vips_image_set_blob_copy(marked, VIPS_META_ICC_NAME, profile.data(), profile.size());
  }
  require(vips_image_write_to_file(marked, path.c_str(), nullptr) == 0);
}

void save_pages(const std::string& path, int pages) {
  start_vips();
  VipsImage* noise = nullptr;  // equal frames would be merged
  require(vips_gaussnoise(&noise, 16, 16 * pages, nullptr) == 0);
  const Handle noise_owner(noise);
  VipsImage* bytes = nullptr;
  require(vips_cast_uchar(noise, &bytes, nullptr) == 0);
  const Handle bytes_owner(bytes);
  VipsImage* all = nullptr;
  require(vips_copy(bytes, &all, "interpretation", VIPS_INTERPRETATION_B_W, nullptr) == 0);
  const Handle owner(all);
  vips_image_set_int(all, VIPS_META_PAGE_HEIGHT, 16);
  require(vips_image_write_to_file(all, path.c_str(), nullptr) == 0);
}

std::string built_in_profile(const char* name) {
  start_vips();
  VipsBlob* blob = nullptr;
  if (vips_profile_load(name, &blob, nullptr) != 0) return "";
  size_t size = 0;
  const auto* data = static_cast<const char*>(vips_blob_get(blob, &size));
  const std::string result(data, size);
  vips_area_unref(VIPS_AREA(blob));
  return result;
}

bool has_field(const std::string& path, const std::string& name) {
  start_vips();
  const Handle file(vips_image_new_from_file(path.c_str(), nullptr));
  return vips_image_get_typeof(file.image, name.c_str()) != 0;
}

std::string field(const std::string& path, const std::string& name) {
  start_vips();
  const Handle file(vips_image_new_from_file(path.c_str(), nullptr));
  char* text = nullptr;
  if (vips_image_get_as_string(file.image, name.c_str(), &text) != 0) return "";
  const std::string result = text;
  g_free(text);
  return result;
}

Bytes exif_block(int orientation, bool little_endian) {
  BlockWriter block(little_endian);
  block.text(little_endian ? "II" : "MM");
  block.number(2, 42);
  block.number(4, 8);
  constexpr uint32_t main_end = 8 + 2 + 3 * 12 + 4;  // where the make is kept
  constexpr uint32_t exposure = main_end + 6;        // after "Acme\0" and a filler
  constexpr uint32_t exposure_end = exposure + 2 + 5 * 12 + 4;
  constexpr uint32_t thumbnail = exposure_end + 12;
  block.number(2, 3);
  block.entry(0x010f, 2, 5, main_end);
  block.entry(0x0112, 3, 1, orientation);
  block.entry(0x8769, 4, 1, exposure);
  block.number(4, thumbnail);
  block.text(std::string("Acme\0\0", 6));
  block.number(2, 5);
  block.entry(0x8827, 3, 1, 200);
  block.entry(0x927c, 7, 12, exposure_end);
  block.entry(0xa001, 3, 1, 2);
  block.entry(0xa002, 4, 1, 640);
  block.entry(0xa003, 3, 1, 480);
  block.number(4, 0);
  block.text("maker's note");
  block.number(2, 1);
  block.entry(0x0103, 3, 1, 6);
  block.number(4, 0);
  return block.bytes;
}

std::string error_of(ErrorCode code, const std::function<void()>& action) {
  try {
    action();
  } catch (const Error& error) {
    EXPECT_EQ(static_cast<int>(error.code()), static_cast<int>(code)) << error.what();
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
    return error.what();
  }
  ADD_FAILURE() << "expected an error";
  return "";
}

}  // namespace impasto::test
