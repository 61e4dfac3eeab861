#include "stylize_files.h"

#include <cstdio>
#include <filesystem>

#include "impasto/error.h"
#include "impasto/style_file.h"
#include "print.h"
#include "standard_input.h"

namespace impasto::cli {

namespace fs = std::filesystem;

namespace {

void tell_note(const Image& image, Verbosity verbosity) {
  if (verbosity != Verbosity::quiet && !image.note.empty()) {
    print_message("note: " + image.note);
  }
}

}  // namespace

bool is_folder(const std::string& path) {
  std::error_code ignored;
  return path.ends_with('/') || fs::is_directory(path, ignored);
}

void refuse_overwriting(const std::string& output, const StylizeFiles& files) {
  const auto refuse_if_same = [&](const std::string& input, const char* what) {
    std::error_code ignored;
    if (!fs::equivalent(input, output, ignored)) return;
    throw Error(ErrorCode::usage, output + ": the result would overwrite " + what);
  };
  refuse_if_same(files.content, "the photograph");
  for (const std::string& style : files.styles) refuse_if_same(style, "a painting");
  for (const std::string& path : files.regions.paths()) {
    refuse_if_same(path, "a mask or a region's painting");
  }
}

std::pair<std::string, double> split_number(const std::string& text, double otherwise) {
  const size_t colon = text.rfind(':');
  std::error_code ignored;  // a name that cannot be one, say
  if (colon == std::string::npos || colon == 0 || fs::exists(text, ignored)) {
    return {text, otherwise};
  }
  try {
    size_t end = 0;
    const double number = std::stod(text.substr(colon + 1), &end);
    if (end == text.size() - colon - 1) return {text.substr(0, colon), number};
  } catch (const std::exception&) {
    // Not a number: the colon belongs to the name.
  }
  return {text, otherwise};
}

StylizePictures read_pictures(const StylizeFiles& files, Verbosity verbosity, Storage storage) {
  const ReadOptions compact{.compact = true, .storage = storage};
  StylizePictures pictures{read_image(files.content, compact), {}, read_regions(files.regions)};
  for (const std::string& style : files.styles) {
    pictures.styles.push_back(read_painting(style, compact));
  }
  for (const Image& style : pictures.styles) tell_note(style, verbosity);
  tell_note(pictures.content, verbosity);
  return pictures;
}

}  // namespace impasto::cli
