#include "frame_names.h"

#include <algorithm>
#include <filesystem>
#include <optional>

#include "impasto/error.h"
#include "impasto/image.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

struct Pattern {
  std::string before, after;
  size_t digits = 1;
};

Pattern pattern_in_folder(const fs::path& folder, const fs::path& photo, size_t count) {
  std::string extension = photo.extension().string();
  try {
    check_writable((folder / ("impasto" + extension)).string());
  } catch (const Error&) {
    extension = ".png";
  }
  return {(folder / (photo.stem().string() + "_")).string(), extension,
          std::max<size_t>(3, std::to_string(count).size())};
}

// Around the first %d or %01d..%09d.
std::optional<Pattern> find_pattern(const std::string& output) {
  for (size_t at = output.find('%'); at != std::string::npos; at = output.find('%', at + 1)) {
    const std::string from_here = output.substr(at);
    if (from_here.starts_with("%d")) return Pattern{output.substr(0, at), from_here.substr(2)};
    if (from_here.size() < 4 || from_here[1] != '0' || from_here[3] != 'd') continue;
    if (from_here[2] < '1' || from_here[2] > '9') continue;
    return Pattern{output.substr(0, at), from_here.substr(4),
                   static_cast<size_t>(from_here[2] - '0')};
  }
  return {};
}

Pattern read_pattern(const std::string& output) {
  const Pattern pattern = find_pattern(output).value_or(Pattern());
  if (find_pattern(pattern.after)) {
    throw Error(ErrorCode::usage, "--output: expected one %d, found more in '" + output + "'");
  }
  return pattern;
}

}  // namespace

bool asks_for_frames(const std::string& output) {
  return is_folder(output) || find_pattern(output).has_value();
}

std::vector<std::string> frame_names(const std::string& output, const std::string& photo,
                                     size_t count) {
  const Pattern pattern =
      is_folder(output) ? pattern_in_folder(output, photo, count) : read_pattern(output);
  std::vector<std::string> names;
  for (size_t i = 1; i <= count; ++i) {
    const std::string number = std::to_string(i);
    const std::string zeros(pattern.digits - std::min(pattern.digits, number.size()), '0');
    names.push_back(pattern.before + zeros + number + pattern.after);
  }
  return names;
}

}  // namespace impasto::cli
