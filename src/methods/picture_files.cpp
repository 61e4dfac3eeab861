#include "methods/picture_files.h"

#include <algorithm>
#include <cctype>
#include <set>

#include "base/missing.h"
#include "impasto/error.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

std::vector<PictureFile> in_folder(const std::string& folder, const std::set<fs::path>& apart) {
  std::vector<PictureFile> found;
  try {
    for (fs::recursive_directory_iterator i(folder), end; i != end; ++i) {
      const bool subfolder = i->is_directory() && !i->is_symlink();
      if (is_hidden(i->path()) || (subfolder && apart.contains(resolved(i->path())))) {
        if (subfolder) i.disable_recursion_pending();
        continue;
      }
      // A link that leads nowhere is for the reader to complain about.
      const bool file = i->is_regular_file() || (i->is_symlink() && !i->exists());
      if (!file || !is_picture_name(i->path())) continue;
      found.push_back({i->path().string(), i->path().lexically_relative(folder)});
    }
  } catch (const fs::filesystem_error& e) {
    throw Error(ErrorCode::input,
                (e.path1().empty() ? folder : e.path1().string()) + ": " + e.code().message());
  }
  if (found.empty()) {
    throw Error(ErrorCode::input,
                folder + ": expected a folder with pictures, found none (.jpg .png .webp ...)");
  }
  std::sort(found.begin(), found.end(),
            [](const PictureFile& a, const PictureFile& b) { return a.below < b.below; });
  return found;
}

}  // namespace

fs::path resolved(const fs::path& path) {
  std::error_code ignored;
  const fs::path whole = fs::weakly_canonical(path, ignored);
  return ignored ? fs::absolute(path).lexically_normal() : whole;
}

bool is_picture_name(const fs::path& path) {
  static const std::set<std::string> known = {
      ".jpg", ".jpeg", ".png", ".webp", ".tif", ".tiff", ".avif", ".heic", ".heif", ".jxl", ".jp2",
      ".j2k", ".gif",  ".svg", ".ppm",  ".pgm", ".pbm",  ".pnm",  ".pfm",  ".hdr",  ".exr"};
  std::string extension = path.extension().string();
  std::transform(extension.begin(), extension.end(), extension.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return known.contains(extension);
}

std::vector<PictureFile> find_pictures(const std::vector<std::string>& given,
                                       const std::vector<std::string>& apart) {
  std::set<fs::path> folders;
  for (const std::string& path : apart) folders.insert(resolved(path));
  std::vector<PictureFile> found;
  std::set<fs::path> seen;
  const auto add = [&](PictureFile file) {
    if (seen.insert(resolved(file.path)).second) found.push_back(std::move(file));
  };
  for (const std::string& path : given) {
    std::error_code failed;
    const fs::file_status status = fs::status(path, failed);
    if (!fs::exists(status)) {
      throw Error(ErrorCode::input,
                  path + ": " +
                      (status.type() == fs::file_type::not_found ? missing(path, "file or folder")
                                                                 : failed.message()));
    }
    if (fs::is_directory(status)) {
      for (PictureFile& file : in_folder(path, folders)) add(std::move(file));
    } else {
      add({path, fs::path(path).filename()});
    }
  }
  return found;
}

}  // namespace impasto
