#include "frame_names.h"

#include <algorithm>
#include <filesystem>
#include <regex>

#include "impasto/error.h"
#include "impasto/image.h"
#include "stylize_files.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

const std::regex number_place("%(0([1-9]))?d");

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

Pattern read_pattern(const std::string& output) {
  std::smatch place;
  std::regex_search(output, place, number_place);
  const std::string after = place.suffix();
  if (std::regex_search(after, number_place)) {
    throw Error(ErrorCode::usage, "--output: expected one %d, found more in '" + output + "'");
  }
  return {place.prefix(), after, place[2].matched ? std::stoul(place[2]) : 1};
}

}  // namespace

bool asks_for_frames(const std::string& output) {
  return is_folder(output) || std::regex_search(output, number_place);
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
