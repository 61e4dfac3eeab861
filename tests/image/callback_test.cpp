// Failures inside libvips' callbacks, through which no exception may pass.

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>
#include <vips/vips.h>

#include <cstdlib>

#include "image/decode.h"
#include "image/samples.h"

namespace impasto::test {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

/// Large pictures' files are made in this folder meanwhile.
class Callback : public testing::Test {
 protected:
  Callback() { setenv("TMPDIR", folder_.path().c_str(), 1); }
  ~Callback() override { unsetenv("TMPDIR"); }

  /// Cuts the nameless file of the one picture that lies in the folder.
  void cut_pixel_file() {
    int cut = 0;
    for (const auto& entry : fs::directory_iterator("/proc/self/fd")) {
      std::error_code ignored;
      const std::string target = fs::read_symlink(entry.path(), ignored).string();
      if (!target.starts_with(folder_.path())) continue;
      const int file = open(entry.path().c_str(), O_WRONLY);
      cut += ftruncate(file, 0) == 0;
      close(file);
    }
    ASSERT_EQ(cut, 1);
  }

  TempFolder folder_;
};

TEST_F(Callback, PixelsThatCannotBeReadWhileEncodingAreAnError) {
  for (const char* name : {"a.png", "a.jpg", "a.tif", "a.webp"}) {
    const Image image(300, 200, Samples::u8, Storage::file);
    cut_pixel_file();
    const int before = folder_.count();
    EXPECT_THAT(error_of(ErrorCode::memory, [&] { write_image(image, folder_ / name); }),
                HasSubstr("cannot be read"))
        << name;
    EXPECT_EQ(folder_.count(), before) << name;
  }
}

/// While it lives, files cannot grow beyond a size that is set later.
class FileLimit {
 public:
  FileLimit() : before_(signal(SIGXFSZ, SIG_IGN)) { getrlimit(RLIMIT_FSIZE, &limit_); }
  ~FileLimit() {
    setrlimit(RLIMIT_FSIZE, &limit_);
    signal(SIGXFSZ, before_);
  }
  FileLimit(const FileLimit&) = delete;
  FileLimit& operator=(const FileLimit&) = delete;
  void set(rlim_t bytes) const {
    const rlimit now{bytes, limit_.rlim_max};
    setrlimit(RLIMIT_FSIZE, &now);
  }

 private:
  rlimit limit_{};
  sighandler_t before_;
};

TEST_F(Callback, PixelsThatCannotBeWrittenWhileDecodingAreAnError) {
  encode_png(Image(1, 1));  // starts libvips
  FileLimit limit;
  vips::Picture grey(vips_image_new());
  vips_image_init_fields(grey.get(), 300, 200, 3, VIPS_FORMAT_UCHAR, VIPS_CODING_NONE,
                         VIPS_INTERPRETATION_sRGB, 1, 1);
  vips_image_pipelinev(grey.get(), VIPS_DEMAND_STYLE_THINSTRIP, nullptr);
  // By now the picture's file has been made.
  const auto fill = +[](VipsRegion*, void*, void* l, void*, gboolean*) {
    static_cast<FileLimit*>(l)->set(1);
    return 0;
  };
  ASSERT_EQ(vips_image_generate(grey.get(), nullptr, fill, nullptr, &limit, nullptr), 0);
  const ReadOptions in_a_file{.compact = true, .storage = Storage::file};
  ImageSink sink(in_a_file);
  EXPECT_THAT(error_of(ErrorCode::memory, [&] { decode(grey, "a", in_a_file, sink); }),
              HasSubstr("cannot be written"));
}

}  // namespace
}  // namespace impasto::test
