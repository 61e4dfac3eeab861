#pragma once

#include <string>
#include <utility>
#include <vector>

#include "impasto/stylize.h"
#include "terminal.h"

namespace impasto::cli {

/// Whether a path is a folder, or ends like one.
bool is_folder(const std::string& path);

/// "a.jpg:2" -> a.jpg, 2; a file whose own name ends like that is taken as it is, and has
/// `otherwise`.
std::pair<std::string, double> split_number(const std::string& text, double otherwise);

/// Throws Error{usage} when writing `output` would overwrite the photograph, a painting or a mask.
void refuse_overwriting(const std::string& output, const StylizeFiles&);

struct StylizePictures {
  Image content;
  std::vector<Painting> styles;
  Regions regions;
};
/// Reads the photograph and the paintings, and tells what should be known of their files.
StylizePictures read_pictures(const StylizeFiles&, Verbosity, Storage = Storage::memory);

}  // namespace impasto::cli
