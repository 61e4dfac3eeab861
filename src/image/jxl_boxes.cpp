#include "image/jxl_boxes.h"

#include <jxl/decode.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string_view>

namespace impasto::jxl {

namespace {

using namespace std::string_view_literals;

constexpr size_t box_header = 8;
constexpr std::string_view signature = "\0\0\0\x0cJXL \r\n\x87\n"sv;
constexpr std::string_view file_type =
    "\0\0\0\x14"
    "ftypjxl \0\0\0\0jxl "sv;

void append(Bytes& out, std::string_view text) {
  out.insert(out.end(), text.begin(), text.end());
}

void append_box(Bytes& out, std::string_view type, std::string_view head, std::string_view tail) {
  const auto size = static_cast<uint32_t>(box_header + head.size() + tail.size());
  for (const int shift : {24, 16, 8, 0}) out.push_back(static_cast<uint8_t>(size >> shift));
  for (const std::string_view part : {type, head, tail}) append(out, part);
}

bool begins(const Bytes& bytes, size_t place, std::string_view text) {
  return bytes.size() >= place + text.size() &&
         std::memcmp(bytes.data() + place, text.data(), text.size()) == 0;
}

struct Close {
  void operator()(JxlDecoder* decoder) const { JxlDecoderDestroy(decoder); }
};

/// Receives a box piece by piece, as its unpacked size is not known before.
class Receiver {
 public:
  explicit Receiver(JxlDecoder* decoder) : decoder_(decoder) {}

  void begin(Bytes* box) {
    box_ = box;
    if (box_ == nullptr) return;
    box_->assign(1 << 12, 0);
    JxlDecoderSetBoxBuffer(decoder_, box_->data(), box_->size());
  }
  /// More room; false when a box takes too much of it.
  bool grow() {
    if (box_ == nullptr || box_->size() >= most) return false;
    const size_t filled = box_->size() - JxlDecoderReleaseBoxBuffer(decoder_);
    box_->resize(2 * box_->size());
    JxlDecoderSetBoxBuffer(decoder_, box_->data() + filled, box_->size() - filled);
    return true;
  }
  void end() {
    if (box_ == nullptr) return;
    box_->resize(box_->size() - JxlDecoderReleaseBoxBuffer(decoder_));
    box_ = nullptr;
  }

 private:
  static constexpr size_t most = 64 << 20;
  JxlDecoder* decoder_;
  Bytes* box_ = nullptr;
};

}  // namespace

void embed(Bytes& beginning, const embed::Metadata& metadata) {
  if (metadata.exif.empty() && metadata.xmp.empty()) return;
  Bytes boxes;
  if (!metadata.exif.empty()) {  // after the offset at which its TIFF begins
    append_box(boxes, "Exif", "\0\0\0\0"sv,
               {reinterpret_cast<const char*>(metadata.exif.data()), metadata.exif.size()});
  }
  if (!metadata.xmp.empty()) append_box(boxes, "xml ", metadata.xmp, "");
  size_t place = 0;
  if (begins(beginning, 0, signature)) {
    place = signature.size() + file_type.size();
    if (begins(beginning, place + 4, "jxll")) place += box_header + 1;  // the level, at most once
  } else {
    append(boxes, "\0\0\0\0jxlc"sv);  // up to the end of the file
    Bytes head;
    append(head, signature);
    append(head, file_type);
    boxes.insert(boxes.begin(), head.begin(), head.end());
  }
  place = std::min(place, beginning.size());
  beginning.insert(beginning.begin() + static_cast<std::ptrdiff_t>(place), boxes.begin(),
                   boxes.end());
}

Boxes read(std::span<const uint8_t> file) {
  Boxes found;
  const Bytes head(file.begin(), file.begin() + static_cast<std::ptrdiff_t>(
                                                    std::min(file.size(), signature.size())));
  if (!begins(head, 0, signature)) return found;  // a bare codestream has none
  const std::unique_ptr<JxlDecoder, Close> decoder(JxlDecoderCreate(nullptr));
  if (!decoder || JxlDecoderSubscribeEvents(decoder.get(), JXL_DEC_BOX) != JXL_DEC_SUCCESS) {
    return found;
  }
  JxlDecoderSetDecompressBoxes(decoder.get(), JXL_TRUE);
  JxlDecoderSetInput(decoder.get(), file.data(), file.size());
  JxlDecoderCloseInput(decoder.get());
  Receiver receiver(decoder.get());
  for (;;) {
    switch (JxlDecoderProcessInput(decoder.get())) {
      case JXL_DEC_BOX: {
        receiver.end();
        JxlBoxType type{};
        JxlDecoderGetBoxType(decoder.get(), type, JXL_TRUE);
        const std::string_view name(type, sizeof type);
        receiver.begin(name == "Exif" && found.exif.empty()  ? &found.exif
                       : name == "xml " && found.xmp.empty() ? &found.xmp
                                                             : nullptr);
        break;
      }
      case JXL_DEC_BOX_NEED_MORE_OUTPUT:
        if (!receiver.grow()) return {};
        break;
      default:  // the end, or damage
        receiver.end();
        size_t offset = 4;
        if (found.exif.size() > 4) {
          for (size_t i = 0; i < 4; ++i) offset += size_t{found.exif[i]} << (24 - 8 * i);
        }
        found.exif.erase(
            found.exif.begin(),
            found.exif.begin() + static_cast<std::ptrdiff_t>(std::min(offset, found.exif.size())));
        return found;
    }
  }
}

}  // namespace impasto::jxl
