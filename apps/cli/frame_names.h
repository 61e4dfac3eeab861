#pragma once

#include <string>
#include <vector>

namespace impasto::cli {

/// Whether -o asks for frames: a folder, or a name with %d or %03d in it.
bool asks_for_frames(const std::string& output);

/// Files for `count` frames, numbered from 1: of out_%03d.png out_001.png and so on; of a folder
/// PHOTO_001.EXT, with as many digits as the last one needs, in the photograph's own format, or PNG
/// where that cannot be written. A folder must exist. Throws Error{usage}:
/// %d twice.
std::vector<std::string> frame_names(const std::string& output, const std::string& photo,
                                     size_t count);

}  // namespace impasto::cli
