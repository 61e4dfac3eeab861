#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "impasto/option.h"
#include "impasto/painting.h"
#include "impasto/progress.h"
#include "impasto/session.h"

namespace impasto {

struct StyleFileOptions {
  std::string network = "small";  ///< encoder by name or file: the one that will paint
  Precision precision = Precision::automatic;
  int size = 2048;  ///< largest longer side at which the painting is looked at, 64 ..
};

/// All of them.
const OptionTable<StyleFileOptions>& style_file_options();

/// Looks at a painting at sizes from 64 pixels up and writes its statistics to `path`: a file that
/// --style and read_painting take in its place (docs/style-files.md). It is written whole or not at
/// all; when the caller cancels, not. Throws Error{usage} for options out of range; Error{input}: a
/// painting or an encoder that cannot be used; Error{memory} (says which size would fit);
/// Error{output}. Returns whether it was written.
bool save_style(Session&, const Painting& painting, const std::string& path,
                const StyleFileOptions&, Progress&);

/// What is told of a style file.
struct StyleInfo {
  uint64_t bytes = 0;                   ///< of the file
  int width = 0, height = 0;            ///< of the painting, pixels
  std::string encoder, encoder_sha256;  ///< whose statistics it holds
  std::string pooling;                  ///< of that encoder: max or average
  std::vector<int> sizes;               ///< longer sides at which the painting was looked at
};
/// Whether a file is one, by its content or name.
bool is_style_file(const std::string& path);
/// Throws as read_painting.
StyleInfo style_info(const std::string& path);

}  // namespace impasto
