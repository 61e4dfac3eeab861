#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace impasto {

/// A picture's file as it was found.
struct PictureFile {
  std::string path;
  std::filesystem::path below;  ///< its path in the folder that was given; of a file its name
};

/// The files among `given` as they are, and what its folders hold, sorted by path within each:
/// files with the content or the extension of a picture, in subfolders too, none that is hidden;
/// `notes` gets a line for each folder that holds others. Folders of
/// `apart` are not entered from above. A file that is met twice counts once. Throws Error{input}
/// naming what is missing, cannot be read, or holds no picture.
std::vector<PictureFile> find_pictures(const std::vector<std::string>& given,
                                       const std::vector<std::string>& apart,
                                       std::vector<std::string>& notes);

/// The same name for the same file, whether it exists or not.
std::filesystem::path resolved(const std::filesystem::path&);

/// Whether a file's extension, in any case, is one of pictures.
bool is_picture_name(const std::filesystem::path&);

}  // namespace impasto
