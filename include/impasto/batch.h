#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "impasto/assess.h"
#include "impasto/error.h"
#include "impasto/progress.h"
#include "impasto/result_options.h"
#include "impasto/stylize.h"

namespace impasto {

/// What many pictures are painted from, and where they go.
struct BatchFiles {
  std::vector<std::string> photos;  ///< files, and folders of them
  std::vector<std::string> styles;  ///< the same of paintings
  std::string output;               ///< a folder; it is made when the work begins
  RegionFiles regions = {};         ///< of every photograph; with parts there need be no `styles`
};

struct BatchOptions {
  std::optional<Pairing> pairing;  ///< none: all when there is a folder among the paintings, else
                                   ///< they are mixed
  ResultOptions result;
};

/// Those, with choices and help. Made once.
const OptionTable<BatchOptions>& batch_options();

struct BatchJob {
  std::string photo;
  std::vector<std::string> styles;  ///< several: a mixture
  std::string output;               ///< a file in the batch's folder or below it
};

struct Batch {
  std::string folder;
  std::vector<BatchJob> jobs;
  RegionFiles regions = {};
  std::vector<std::string> notes = {};  ///< what was left out of the folders, a line each
  ResultOptions result = {};
};

/// Finds the pictures and names the results, PHOTO.EXT or PHOTO_PAINTING.EXT; nothing is written.
///
/// Folders are read with the folders in them, by name, without what is hidden; a file counts if its
/// content is a picture, or its extension that of one; others are counted in `notes`. `output` and
/// the other folders given are left out where they lie inside. Results keep the photograph's place
/// below its folder. Of two results of one name, the later becomes NAME-2. A format that cannot be
/// written becomes PNG.
///
/// Throws Error{usage}: pairs that do not come out even, results that would fall among the
/// photographs; Error{input}: a file or folder that is missing, no picture in a
/// folder; Error{output}: `output` is a file, `format` cannot be written.
Batch plan_batch(const BatchFiles&, const BatchOptions& = {});

/// Throws Error{output} naming the folder, or the nearest above it that exists, if no file can be
/// made there. Leaves nothing.
void check_result_folder(const std::string& folder);

/// Of the session's memory, where that is limited, what pictures may take that are read ahead or
/// wait to be written.
size_t reserved_in_batch(const Session&);
/// Those of a batch, with one quality for all of its pictures: where that is open, good, or where
/// it takes long for the first picture that can be read, draft.
StylizeOptions options_of_batch(Session&, const Batch&, const StylizeOptions&);

/// How one job ended.
struct BatchOutcome {
  enum class End { painted, skipped, failed };
  End end = End::painted;
  ErrorCode code = ErrorCode::internal;  ///< of a failure
  std::string error;                     ///< its line, which names the file
  int width = 0, height = 0;             ///< of what was painted
  double seconds = 0;                    ///< that painting took
  std::optional<Assessment> judged;      ///< what became of it, where somebody wants to know
};

/// Follows a batch. Everything is called from the thread that runs it.
class BatchProgress : public Progress {
 public:
  /// A job has ended, and its result, if any, is in its file.
  virtual void finished(const BatchJob&, const BatchOutcome&) {}
  /// Whether that is to be judged before it is written.
  virtual bool wants_judgement(const StylizeResult&) { return false; }
  /// The `note` of a picture that has been read, each once.
  virtual void noted(const std::string&) {}
};

struct BatchResult {
  size_t painted = 0, skipped = 0, failed = 0;
  bool cancelled = false;
  double seconds = 0;           ///< of the whole batch
  double painting_seconds = 0;  ///< of them painting, not waiting for files
};

/// Does the jobs in order, all with the same options. Pictures are read ahead on one thread and
/// written on another, while the calling thread paints; what they hold is bounded. A job that fails
/// is told and the next one begins.
///
/// Jobs that are done are skipped: the folder's .impasto/done tells, for each result, its size and
/// the hash of all it was made from: the bytes of photograph and paintings, options, how files are
/// written, network and version of impasto. When the caller cancels, the picture in work is
/// dropped, finished ones are still written, and the same call goes on from there.
///
/// Throws what Stylizer throws for options and networks; Error{output}: the folder cannot be made
/// or written to. Errors of single jobs are told through BatchProgress.
BatchResult stylize_batch(Session&, const Batch&, const StylizeOptions&, BatchProgress&);

}  // namespace impasto
