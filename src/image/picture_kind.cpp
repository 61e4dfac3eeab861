#include "image/picture_kind.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <filesystem>
#include <string_view>
#include <vector>

#include "base/input_file.h"
#include "base/lower_case.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using namespace std::string_view_literals;
using Kind = PictureKind;

struct Mark {
  size_t place;
  std::string_view bytes;
};

struct Readable {
  Kind kind;
  std::vector<Mark> marks;  ///< all of them
};

const Readable readable[] = {
    {Kind::jpeg, {{0, "\xff\xd8\xff"sv}}},
    {Kind::png, {{0, "\x89PNG\r\n\x1a\n"sv}}},
    {Kind::webp, {{0, "RIFF"sv}, {8, "WEBP"sv}}},
    {Kind::tiff, {{0, "II*\0"sv}}},
    {Kind::tiff, {{0, "MM\0*"sv}}},
    {Kind::tiff, {{0, "II+\0"sv}}},
    {Kind::tiff, {{0, "MM\0+"sv}}},
    {Kind::gif, {{0, "GIF87a"sv}}},
    {Kind::gif, {{0, "GIF89a"sv}}},
    {Kind::jxl, {{0, "\xff\x0a"sv}}},
    {Kind::jxl, {{0, "\0\0\0\x0cJXL \r\n\x87\n"sv}}},
    {Kind::exr, {{0, "\x76\x2f\x31\x01"sv}}},
    {Kind::radiance, {{0, "#?RADIANCE"sv}}},
    {Kind::radiance, {{0, "#?RGBE"sv}}},
    {Kind::psd, {{0, "8BPS\0\1"sv}}},
    {Kind::psd, {{0, "8BPS\0\2"sv}}},
    {Kind::qoi, {{0, "qoif"sv}}},
};

struct Other {
  Mark mark;
  const char* name;
  bool picture = false;
};

// Looked at before the pictures that are read: some begin like TIFF.
const Other others[] = {
    {{0, "\0\0\0\x0cjP  \r\n\x87\n"sv}, "JPEG 2000, whose decoder is not safe", true},
    {{0, "\xff\x4f\xff\x51"sv}, "JPEG 2000, whose decoder is not safe", true},
    {{8, "CR\x02\0"sv}, "a camera's raw file (Canon)", true},
    {{0, "IIRO"sv}, "a camera's raw file (Olympus)", true},
    {{0, "IIRS"sv}, "a camera's raw file (Olympus)", true},
    {{0, "IIU\0"sv}, "a camera's raw file (Panasonic)", true},
    {{0, "FUJIFILMCCD-RAW"sv}, "a camera's raw file (Fujifilm)", true},
    {{0, "FOVb"sv}, "a camera's raw file (Sigma)", true},
    {{0, "\0MRM"sv}, "a camera's raw file (Minolta)", true},
    {{0, "II\xbc"sv}, "JPEG XR", true},
    {{0, "\xff\xd8\xff\xf7"sv}, "JPEG-LS", true},
    {{0, "P7\n"sv}, "PAM", true},
    {{0, "gimp xcf"sv}, "a picture of GIMP (XCF)", true},
    {{0, "DDS "sv}, "DDS", true},
    {{0, "\0\0\1\0"sv}, "a Windows icon", true},
    {{0, "\0\0\2\0"sv}, "a Windows cursor", true},
    {{0, "FLIF"sv}, "FLIF", true},
    {{0, "BPG\xfb"sv}, "BPG", true},
    {{0, "SIMPLE  ="sv}, "FITS", true},
    {{0, "AT&TFORM"sv}, "DjVu", true},
    {{0, "\xd7\xcd\xc6\x9a"sv}, "a Windows metafile", true},
    {{40, " EMF"sv}, "a Windows metafile", true},
    {{0, "CSFCHUNK"sv}, "a picture of Clip Studio", true},
    {{0, "%PDF-"sv}, "a PDF document"},
    {{0, "%!PS"sv}, "a PostScript document"},
    {{0, "\xc5\xd0\xd3\xc6"sv}, "a PostScript document"},
    {{0, "\x1f\x8b"sv}, "compressed with gzip"},
    {{0, "\x1f\x9d"sv}, "compressed with compress"},
    {{0, "BZh"sv}, "compressed with bzip2"},
    {{0,
      "\xfd"
      "7zXZ\0"sv},
     "compressed with xz"},
    {{0, "\x28\xb5\x2f\xfd"sv}, "compressed with zstd"},
    {{0, "PK\3\4"sv}, "a zip archive"},
    {{0, "7z\xbc\xaf\x27\x1c"sv}, "a 7z archive"},
    {{0, "Rar!\x1a\x07"sv}, "a RAR archive"},
    {{257, "ustar"sv}, "a tar archive"},
    {{0, "\x1a\x45\xdf\xa3"sv}, "a video (Matroska or WebM)"},
    {{0, "OggS"sv}, "a sound or video (Ogg)"},
    {{0, "RIFX"sv}, "a sound or video"},
    {{0, "ID3"sv}, "a sound (MP3)"},
    {{0, "fLaC"sv}, "a sound (FLAC)"},
    {{0,
      "\x7f"
      "ELF"sv},
     "a program"},
    {{0, "MZ"sv}, "a program"},
    {{0, "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"sv}, "an old Office document"},
    {{0, "SQLite format 3"sv}, "a database"},
    {{0, "version https://git-lfs.github.com"sv}, "only a pointer of Git LFS"},
};

std::string_view text_of(std::span<const uint8_t> bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

bool has(std::string_view file, const Mark& mark) {
  return file.size() >= mark.place && file.substr(mark.place).starts_with(mark.bytes);
}

uint32_t little_endian(std::string_view file, size_t place, int bytes) {
  uint32_t value = 0;
  for (int i = bytes; i-- > 0;) value = value << 8 | static_cast<uint8_t>(file[place + i]);
  return value;
}

// Two letters are not enough to tell one from a text that begins with them.
bool is_bmp(std::string_view file) {
  static constexpr std::array sizes = {12u, 16u, 40u, 52u, 56u, 64u, 108u, 124u};  // of headers
  return file.size() >= 26 && file.starts_with("BM") &&
         std::find(sizes.begin(), sizes.end(), little_endian(file, 14, 4)) != sizes.end();
}

bool is_pnm(std::string_view file) {
  return file.size() > 2 && file[0] == 'P' && "123456fF"sv.find(file[1]) != std::string::npos &&
         (std::isspace(static_cast<unsigned char>(file[2])) != 0 || file[2] == '#');
}

bool has_tga_name(const std::string& path) {
  const std::string extension = lower_case(std::filesystem::path(path).extension().string());
  return extension == ".tga" || extension == ".icb" || extension == ".vda" || extension == ".vst";
}

// The Truevision TGA file format specification, version 2.0.
bool is_tga(std::string_view file, std::string_view end, const std::string& path) {
  if (file.size() < 18) return false;
  const auto at = [&](size_t i) { return little_endian(file, i, 1); };
  const uint32_t type = at(2) & ~8u, colours = at(1), entry = at(7), depth = at(16);
  const bool mapped = type == 1;
  const bool sensible =
      at(2) < 12 && type >= 1 && type <= 3 && colours <= 1 && (!mapped || colours == 1) &&
      (colours == 0 || entry == 15 || entry == 16 || entry == 24 || entry == 32) &&
      little_endian(file, 12, 2) > 0 && little_endian(file, 14, 2) > 0 &&
      (depth == 8 || depth == 15 || depth == 16 || depth == 24 || depth == 32) && at(17) < 64;
  return sensible && (end.ends_with("TRUEVISION-XFILE.\0"sv) || has_tga_name(path));
}

// Files of boxes (ISO/IEC 14496-12) tell by brands what they are.
Recognised of_boxes(std::string_view file) {
  static constexpr std::array still = {"heic"sv, "heix"sv, "heim"sv, "heis"sv, "hevc"sv, "hevx"sv,
                                       "mif1"sv, "msf1"sv, "mif2"sv, "miaf"sv, "avif"sv, "avis"sv};
  if (has(file, {8, "crx "})) return {{}, "a camera's raw file (Canon)", true};
  size_t size = 0;
  for (size_t i = 0; i < 4; ++i) size = size << 8 | static_cast<uint8_t>(file[i]);
  for (size_t at = 8; at + 4 <= std::min(size, file.size()); at += at == 8 ? 8 : 4) {
    const std::string_view brand = file.substr(at, 4);
    if (std::find(still.begin(), still.end(), brand) != still.end()) return {Kind::heif, "", false};
  }
  return {{}, "a video", false};
}

/// The name of the first element of a text in XML or HTML, in lower case, without its prefix; ""
/// for another text.
std::string root_element(std::string_view text) {
  if (text.starts_with("\xef\xbb\xbf")) text.remove_prefix(3);
  const auto skip_past = [&](std::string_view end) {
    const size_t found = text.find(end);
    text.remove_prefix(found == std::string_view::npos ? text.size() : found + end.size());
  };
  for (;;) {
    text.remove_prefix(std::min(text.find_first_not_of(" \t\r\n"), text.size()));
    if (text.starts_with("<!--")) {
      skip_past("-->");
    } else if (text.starts_with("<?")) {
      skip_past("?>");
    } else if (text.starts_with("<!")) {
      const size_t bracket = text.find('['), end = text.find('>');
      skip_past(bracket < end ? "]>" : ">");
    } else {
      break;
    }
  }
  if (!text.starts_with('<')) return "";
  std::string name(text.substr(1, text.find_first_of(" \t\r\n/>", 1) - 1));
  const size_t colon = name.find(':');
  if (colon != std::string::npos) name.erase(0, colon + 1);
  return lower_case(name);
}

bool is_text(std::string_view file) {
  return std::none_of(file.begin(), file.end(), [](unsigned char c) {
    return c == 127 || (c < ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f');
  });
}

Recognised of_text(std::string_view file) {
  const std::string root = root_element(file);
  if (root == "svg") return {Kind::svg, "", false};
  if (root == "html" || root == "head" || root == "body") return {{}, "a web page", false};
  if (!is_text(file)) return {{}, "of no kind that is known", false};
  return {{}, root.empty() ? "a text" : "an XML document", false};
}

}  // namespace

Recognised recognise(std::span<const uint8_t> beginning, std::span<const uint8_t> end,
                     const std::string& path) {
  const std::string_view file = text_of(beginning);
  const Other* other = std::find_if(std::begin(others), std::end(others),
                                    [&](const Other& o) { return has(file, o.mark); });
  const bool tga = is_tga(file, text_of(end), path);  // may begin with nearly anything
  if (other != std::end(others) && !tga) return {{}, other->name, other->picture};
  for (const Readable& format : readable) {
    if (std::all_of(format.marks.begin(), format.marks.end(),
                    [&](const Mark& mark) { return has(file, mark); })) {
      return {format.kind, "", false};
    }
  }
  if (is_bmp(file)) return {Kind::bmp, "", false};
  if (is_pnm(file)) return {Kind::pnm, "", false};
  if (tga) return {Kind::tga, "", false};
  if (file.size() >= 16 && has(file, {4, "ftyp"})) return of_boxes(file);
  if (file.starts_with("RIFF")) return {{}, "a sound or video", false};
  return of_text(file);
}

Recognised recognise(const InputFile& file) {
  if (file.size() == 0) {
    throw Error(ErrorCode::input, file.path() + ": expected a picture, found an empty file");
  }
  std::array<uint8_t, beginning_bytes> beginning;
  std::array<uint8_t, end_bytes> end;
  const size_t begun = file.read(0, beginning.size(), beginning.data());
  const uint64_t from = file.size() - std::min<uint64_t>(file.size(), end.size());
  const size_t ended = file.read(from, end.size(), end.data());
  return recognise(std::span(beginning).first(begun), std::span(end).first(ended), file.path());
}

}  // namespace impasto
