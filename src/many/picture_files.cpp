#include "many/picture_files.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/input_file.h"
#include "base/lower_case.h"
#include "base/missing.h"
#include "image/picture_kind.h"
#include "impasto/error.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

bool is_hidden(const fs::path& path) {
  return path.filename().string().starts_with('.');
}

/// Files that are left out, each with what it is, in a line of which a few are told; "" for none.
std::string left_out(const std::string& folder, const std::map<fs::path, std::string>& files) {
  constexpr size_t told = 3;
  if (files.empty()) return "";
  std::string line =
      folder + ": left out " + std::to_string(files.size()) +
      (files.size() == 1 ? " file that is no picture" : " files that are no pictures");
  const char* between = ": ";
  size_t count = 0;
  for (const auto& [below, what] : files) {
    if (++count > told) return line + ", ...";
    line += between + below.string() + " (" + what + ")";
    between = ", ";
  }
  return line;
}

/// What a file is that neither its name nor its content makes a picture; "" for all others: what
/// has the name of one and is none is for the reader to complain about.
std::string what_else(const fs::directory_entry& file) {
  const fs::path& path = file.path();
  if (file.exists() && !file.is_regular_file()) return "no ordinary file";
  if (is_picture_name(path)) return "";
  try {
    return recognise(InputFile(path.string())).instead;
  } catch (const Error& e) {
    const std::string reason = e.what();
    return reason.substr(std::min(reason.size(), path.string().size() + 2));
  }
}

std::vector<PictureFile> in_folder(const std::string& folder, const std::set<fs::path>& apart,
                                   std::vector<std::string>& notes) {
  std::vector<PictureFile> found;
  std::map<fs::path, std::string> others;
  try {
    for (fs::recursive_directory_iterator i(folder), end; i != end; ++i) {
      const bool subfolder = i->is_directory() && !i->is_symlink();
      if (is_hidden(i->path()) || (subfolder && apart.contains(resolved(i->path())))) {
        if (subfolder) i.disable_recursion_pending();
        continue;
      }
      if (i->is_directory()) continue;
      const fs::path below = i->path().lexically_relative(folder);
      const std::string otherwise = what_else(*i);
      if (otherwise.empty()) {
        found.push_back({i->path().string(), below});
      } else {
        others.emplace(below, otherwise);
      }
    }
  } catch (const fs::filesystem_error& e) {
    throw Error(ErrorCode::input,
                (e.path1().empty() ? folder : e.path1().string()) + ": " + e.code().message());
  }
  const std::string note = left_out(folder, others);
  if (found.empty()) {
    throw Error(ErrorCode::input, folder + ": expected a folder with pictures, found none" +
                                      (note.empty() ? "" : "; " + note.substr(folder.size() + 2)));
  }
  if (!note.empty()) notes.push_back(note);
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
      ".jpg",  ".jpeg", ".jpe", ".jfif", ".png", ".webp", ".tif", ".tiff", ".avif", ".heic",
      ".heif", ".jxl",  ".jp2", ".j2k",  ".gif", ".svg",  ".ppm", ".pgm",  ".pbm",  ".pnm",
      ".pfm",  ".hdr",  ".exr", ".bmp",  ".tga", ".psd",  ".psb", ".qoi"};
  return known.contains(lower_case(path.extension().string()));
}

std::vector<PictureFile> find_pictures(const std::vector<std::string>& given,
                                       const std::vector<std::string>& apart,
                                       std::vector<std::string>& notes) {
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
      for (PictureFile& file : in_folder(path, folders, notes)) add(std::move(file));
    } else {
      add({path, fs::path(path).filename()});
    }
  }
  return found;
}

}  // namespace impasto
