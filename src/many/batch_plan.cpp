// From files and folders to jobs: what is painted, and what the results are called.

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>
#include <utility>

#include "base/input_file.h"
#include "base/lower_case.h"
#include "base/promise.h"
#include "image/picture_kind.h"
#include "impasto/batch.h"
#include "many/picture_files.h"
#include "options/option_table.h"

namespace impasto {

namespace fs = std::filesystem;

namespace {

std::string counted(size_t count, const std::string& thing) {
  return std::to_string(count) + " " + thing + (count == 1 ? "" : "s");
}

// The folder in which `path` would be made: the nearest one above it that exists.
fs::path existing_above(const fs::path& path) {
  fs::path folder = fs::absolute(path).lexically_normal();
  std::error_code ignored;
  while (!fs::is_directory(folder, ignored) && folder.has_relative_path()) {
    folder = folder.parent_path();
  }
  return folder;
}

void check_output(const BatchFiles& files) {
  std::error_code ignored;
  if (files.output.empty()) throw Error(ErrorCode::usage, "no folder for the results (`output`)");
  if (fs::exists(files.output, ignored) && !fs::is_directory(files.output, ignored)) {
    throw Error(ErrorCode::output,
                files.output + ": expected a folder for the results, found a file");
  }
  const auto refuse_same = [&](const std::vector<std::string>& given, const std::string& what) {
    for (const std::string& path : given) {
      if (!fs::equivalent(path, files.output, ignored)) continue;
      throw Error(ErrorCode::usage, files.output + ": the results would fall among the " + what +
                                        "; expected another folder");
    }
  };
  refuse_same(files.photos, "photographs");
  refuse_same(files.styles, "paintings");
}

// Extensions of results: those asked for, or the photograph's where it can be written.
class Extensions {
 public:
  Extensions(const BatchFiles& files, std::string format)
      : format_(std::move(format)), probe_(existing_above(files.output) / "impasto") {
    check_result_folder(files.output);  // so that what fails below is the format
    if (format_.empty()) return;
    if (format_.starts_with('.')) format_.erase(0, 1);  // set by hand
    check_format(format_);
  }

  std::string of(const std::string& photo) {
    if (!format_.empty()) return "." + format_;
    const std::string extension = fs::path(photo).extension().string();
    return can_write(extension) ? extension : is_jpeg(photo) ? ".jpg" : ".png";
  }

 private:
  bool can_write(const std::string& extension) {
    const auto [known, first] = known_.try_emplace(extension, true);
    if (first) {
      try {
        check_writable(probe_.string() + extension);
      } catch (const Error&) {
        known->second = false;
      }
    }
    return known->second;
  }

  static bool is_jpeg(const std::string& photo) {  // .jfif, .jpg_large, ...
    try {
      return recognise(InputFile(photo)).kind == PictureKind::jpeg;
    } catch (const Error&) {
      return false;
    }
  }

  std::string format_;
  const fs::path probe_;
  std::map<std::string, bool> known_;
};

// Names that nobody else has, on file systems that ignore case, too.
class Names {
 public:
  std::string unique(const fs::path& base, const std::string& extension) {
    std::string name = base.string() + extension;
    for (int i = 2; !taken_.insert(lower_case(name)).second; ++i) {
      name = base.string() + "-" + std::to_string(i) + extension;
    }
    return name;
  }

 private:
  std::set<std::string> taken_;
};

bool are_mixed(const BatchFiles& files, const BatchOptions& options) {
  if (options.pairing) return false;
  std::error_code ignored;
  return std::none_of(files.styles.begin(), files.styles.end(),
                      [&](const std::string& s) { return fs::is_directory(s, ignored); });
}

std::string stem(const std::string& path) {
  return fs::path(path).stem().string();
}

}  // namespace

void check_result_folder(const std::string& given) {
  const fs::path folder = existing_above(given);
  const std::string probe = (folder / "impasto.png").string();
  try {
    check_writable(probe);
  } catch (const Error& e) {  // that is no name that anybody gave
    const std::string reason = e.what();
    throw Error(e.code(), folder.string() + reason.substr(std::min(reason.size(), probe.size())));
  }
}

const OptionTable<BatchOptions>& batch_options() {
  static const OptionTable<BatchOptions> table = [] {
    TableBuilder<BatchOptions> t;
    t.group = "Many pictures";
    t.choice("pairing", &BatchOptions::pairing,
             "Of several photographs and paintings: every combination, or the first with the "
             "first, by name, and so on; auto: all where there is a folder of paintings, else they "
             "are mixed");
    OptionTable<BatchOptions> all = std::move(t).table();
    for (auto& option : lifted(result_options(), &BatchOptions::result)) {
      all.push_back(std::move(option));
    }
    return all;
  }();
  return table;
}

Batch plan_batch(const BatchFiles& files, const BatchOptions& options) try {
  if (files.photos.empty()) throw Error(ErrorCode::usage, "no photograph to paint");
  const bool by_regions = !files.regions.parts.empty() && !options.pairing;
  if (files.styles.empty() && !by_regions) {
    throw Error(ErrorCode::usage, "no painting to take the style from (`style`)");
  }
  check_output(files);
  std::vector<std::string> apart = files.photos;  // folders that are not looked into from others
  apart.insert(apart.end(), files.styles.begin(), files.styles.end());
  apart.push_back(files.output);
  Batch batch{files.output, {}, files.regions, {}, options.result};
  const std::vector<PictureFile> photos = find_pictures(files.photos, apart, batch.notes);
  const std::vector<PictureFile> paintings = find_pictures(files.styles, apart, batch.notes);
  const bool paired = options.pairing == Pairing::paired, mixed = are_mixed(files, options);
  if (paired && photos.size() != paintings.size()) {
    throw Error(ErrorCode::usage,
                "pairing paired: expected as many paintings as photographs, "
                "found " +
                    counted(photos.size(), "photograph") + " and " +
                    counted(paintings.size(), "painting"));
  }

  Extensions extensions(files, options.result.format);
  Names names;
  std::set<fs::path> inputs;
  for (const PictureFile& file : photos) inputs.insert(resolved(file.path));
  for (const PictureFile& file : paintings) inputs.insert(resolved(file.path));
  for (const std::string& path : files.regions.paths()) inputs.insert(resolved(path));
  const auto add = [&](const PictureFile& photo, std::vector<std::string> styles) {
    const std::string name = stem(photo.path) + (mixed ? "" : "_" + stem(styles[0]));
    const fs::path output = fs::path(files.output) / names.unique(photo.below.parent_path() / name,
                                                                  extensions.of(photo.path));
    if (inputs.contains(resolved(output))) {
      throw Error(ErrorCode::usage, output.string() +
                                        ": the result would overwrite a picture that "
                                        "is given; expected another folder");
    }
    batch.jobs.push_back({photo.path, std::move(styles), output.string()});
  };
  for (size_t i = 0; i < photos.size(); ++i) {
    if (mixed) {
      add(photos[i], files.styles);
    } else if (paired) {
      add(photos[i], {paintings[i].path});
    } else {
      for (const PictureFile& painting : paintings) add(photos[i], {painting.path});
    }
  }
  return batch;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
