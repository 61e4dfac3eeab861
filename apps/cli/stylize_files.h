#pragma once

#include <string>
#include <vector>

#include "impasto/stylize.h"
#include "terminal.h"

namespace impasto::cli {

/// Whether a path is a folder, or ends like one.
bool is_folder(const std::string& path);

/// Throws Error{usage} when writing `output` would overwrite the photograph or a painting.
void refuse_overwriting(const std::string& output, const StylizeFiles&);

struct StylizePictures {
  Image content;
  std::vector<Image> styles;
};
/// Reads the photograph and the paintings, and tells what should be known of their files.
StylizePictures read_pictures(const StylizeFiles&, Verbosity);

}  // namespace impasto::cli
