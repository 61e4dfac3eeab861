#include "formats/weights.h"

#include <algorithm>
#include <string_view>

#include "base/lower_case.h"
#include "formats/file.h"
#include "formats/safetensors.h"
#include "formats/torch.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr uint64_t max_file = uint64_t{2} << 30;

/// The first few hundred bytes without leading white space and in lower case.
std::string beginning(std::span<const std::byte> bytes) {
  std::string text(reinterpret_cast<const char*>(bytes.data()),
                   std::min<size_t>(bytes.size(), 512));
  text.erase(0, text.find_first_not_of(" \t\r\n\xef\xbb\xbf"));
  return lower_case(text);
}

/// What a file is that people often have instead of the weights.
std::string explain(std::span<const std::byte> bytes) {
  const std::string text = beginning(bytes);
  if (text.starts_with("<!doctype") || text.starts_with("<html") || text.starts_with("<?xml")) {
    return "is a web page, not a weights file: the download went wrong (perhaps it needs a log-in "
           "or its link has expired)";
  }
  if (text.starts_with("version https://git-lfs")) {
    return "is a Git LFS pointer, not the weights file itself: fetch it with git lfs pull";
  }
  const std::string_view tar = "ustar";
  if (bytes.size() > 262 &&
      std::equal(tar.begin(), tar.end(), reinterpret_cast<const char*>(bytes.data()) + 257)) {
    return "is a tar archive: unpack it and give the weights file inside";
  }
  if (text.starts_with("\x1f\x8b")) {
    return "is compressed with gzip: unpack it and give the weights file inside";
  }
  return "is not a weights file: expected safetensors or a PyTorch checkpoint (.pth, .pt)";
}

}  // namespace

NamedTensors read_weights(const std::string& path, std::map<std::string, std::string>* metadata) {
  const std::vector<std::byte> bytes = read_file(path, max_file);
  if (bytes.empty()) throw Error(ErrorCode::input, path + ": is empty, expected a weights file");
  NamedTensors tensors;
  if (looks_like_torch(bytes)) {
    tensors = parse_torch(bytes, path);
  } else if (bytes.size() > 8 && bytes[8] == std::byte{'{'}) {
    tensors = parse_safetensors(bytes, path, metadata);
  } else {
    throw Error(ErrorCode::input, path + ": " + explain(bytes));
  }
  if (tensors.empty()) throw Error(ErrorCode::input, path + ": holds no weights");
  return tensors;
}

}  // namespace impasto
