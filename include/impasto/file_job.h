#pragma once

#include <string>
#include <vector>

#include "impasto/job.h"
#include "impasto/progress.h"
#include "impasto/result_options.h"
#include "impasto/session.h"
#include "impasto/stylize.h"

namespace impasto {

// What waits in a queue, or is painted by another process or machine: a job with the files that it
// is made from and the one that it makes.

struct FileJob {
  StylizeFiles files;
  std::string output;  ///< a file; or, ending with /, a folder, where the result is called by
                       ///< key_of()
  ResultOptions result = {.format = "png"};
  StylizeOptions options;  ///< what was asked for, and stands in the recipe
  Job job = {};            ///< what was decided
};

/// The heads of a run's pictures, as Stylizer::plan() takes them: regions' paintings behind the
/// others. Throws what read_header() and read_painting_header() throw.
struct StylizeHeaders {
  PictureHeader content;
  std::vector<PaintingHeader> styles;
  std::vector<PictureHeader> masks;
};
StylizeHeaders read_headers(const StylizeFiles&);

/// The same with `job` filled: how it is painted. Only the files' heads are read. Throws what
/// stylize() and read_image() throw.
FileJob plan_file_job(Session&, FileJob);

/// The hash, 64 hexadecimal digits, of all that the result is made from: the bytes of the pictures,
/// options, what was decided, how it is written, network, version of impasto. Files count by what
/// is in them: whatever they are called, jobs with one key have one result. Throws Error{input}: a
/// file that cannot be read.
std::string key_of(const FileJob&);

/// The file that the result goes to. Throws what key_of() throws.
std::string result_of(const FileJob&);

struct FileJobResult {
  std::string file;   ///< that holds the result
  bool done = false;  ///< it was there before, made by a job with the same key
  StylizeResult painted =
      {};  ///< without the picture; where that was cancelled, no file is written
};
/// Reads the pictures, paints what was decided, writes the result, whole or not at all. Throws what
/// stylize(), read_image() and write_image() throw; Error{memory}: the job takes more than there is
/// here, which planning it again may mend.
FileJobResult run_file_job(Session&, const FileJob&, Progress&);

/// As JSON in one line, with the paths as they are; other names and hashes that `files` knows are
/// left out. Throws Error{unsupported}: a path that is not UTF-8.
std::string text_of(const FileJob&);
/// What it says of memory is believed. Throws Error{input}: no such text, one of another version,
/// or what it says is out of range or contradicts itself.
FileJob read_file_job(const std::string& text);

}  // namespace impasto
