// Many pictures: read ahead, painted one after another, written behind.

#include "impasto/batch.h"

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/clock.h"
#include "impasto/stylizer.h"
#include "jobs/job_key.h"
#include "jobs/quality.h"
#include "many/batch_reader.h"
#include "many/batch_writer.h"
#include "zoo/session.h"

namespace impasto {

namespace {

class BatchRun {
 public:
  BatchRun(Session& session, const Batch& batch, const StylizeOptions& options,
           BatchProgress& callers, CallersProgress& progress)
      : session_(session),
        batch_(batch),
        callers_(callers),
        progress_(progress),
        options_(options_of_batch(session, batch, options)),
        regions_(read_regions(batch.regions)),
        stylizer_(session, options_, reserved_in_batch(session)),
        record_(batch.folder),
        reader_(batch, record_,
                hash_of_run(options, batch.result.quality, !batch.result.no_recipe,
                            stylizer_.network_sha256()),
                session.options().max_memory),
        writer_(batch, options_, record_, session.options().max_memory) {
    stylizer_.set_regions(regions_);
    if (options_.quality != options.quality) {
      note("all pictures of a folder are painted with one quality, here " +
           std::string(name_of(options_.quality)) + " (`quality`)");
    }
  }

  BatchResult run() {
    while (!(result_.cancelled = progress_.cancelled())) {
      std::optional<LoadedJob> job = reader_.next([this] { return progress_.cancelled(); });
      if (!job) {
        result_.cancelled = progress_.cancelled();
        break;
      }
      if (job->outcome) {
        end(job->index, *job->outcome);
      } else {
        paint(*job);
        if (result_.cancelled) break;
        ++worked_;
      }
      ++passed_;
      tell_written();
      report(0, std::to_string(passed_) + " of " + std::to_string(batch_.jobs.size()));
    }
    writer_.finish();
    tell_written();
    result_.seconds = seconds_since(begin_);
    return result_;
  }

 private:
  // What the painting of one picture tells, as a part of the whole.
  class OnePicture final : public Progress {
   public:
    OnePicture(BatchRun& run, std::string name) : run_(run), name_(std::move(name)) {}
    void report(const ProgressReport& r) override {
      run_.report(r.fraction, name_ + ": " + r.stage);
    }
    bool cancelled() override { return run_.progress_.cancelled(); }

   private:
    BatchRun& run_;
    const std::string name_;
  };

  void paint(LoadedJob& job) {
    const auto begin = Clock::now();
    const BatchJob& wanted = batch_.jobs[job.index];
    for (const SharedPainting& style : job.styles) tell_note(*style);
    tell_note(*job.photo);
    try {
      OnePicture progress(*this, std::to_string(job.index + 1) + " of " +
                                     std::to_string(batch_.jobs.size()) + ", " +
                                     std::filesystem::path(wanted.output).filename().string());
      StylizeResult painted = stylizer_.paint(job.photo, job.styles, progress);
      result_.painting_seconds += seconds_since(begin);
      result_.cancelled = painted.cancelled;
      if (painted.cancelled) return;  // a half-painted picture must not pass for a whole one
      std::optional<Assessment> judged;
      bool to_judge = false;
      progress_.tell([&] { to_judge = callers_.wants_judgement(painted); });
      if (to_judge) judged = judge(job, painted);
      writer_.write({job.index, std::move(painted), std::move(job.files), std::move(job.hash),
                     std::move(judged)});
    } catch (...) {
      BatchOutcome outcome = failed_outcome(std::current_exception());
      if (outcome.code == ErrorCode::usage) throw;  // about the options, not about the picture
      outcome.error = names(wanted) + ": " + outcome.error;
      end(job.index, outcome);
    }
  }

  Assessment judge(const LoadedJob& job, const StylizeResult& painted) {
    return assess(session_, *job.photo, job.styles, regions_, options_, painted);
  }

  void note(const std::string& text) {
    progress_.tell([&] { callers_.noted(text); });
  }
  void tell_note(const Image& image) {
    if (!image.note.empty() && told_.insert(image.note).second) note(image.note);
  }

  static std::string names(const BatchJob& job) {
    std::string text = job.photo;
    for (const std::string& style : job.styles) {
      text += (&style == &job.styles.front() ? " with " : ", ") + style;
    }
    return text;
  }

  // `current`: of the picture in work, 0..1. Pictures that are skipped take no time.
  void report(double current, const std::string& stage) {
    const double passed = static_cast<double>(passed_) + current;
    const double worked = static_cast<double>(worked_) + current;
    const double left = static_cast<double>(batch_.jobs.size()) - passed;
    ProgressReport r;
    r.seconds = seconds_since(begin_);
    r.fraction = passed / static_cast<double>(std::max<size_t>(batch_.jobs.size(), 1));
    r.remaining = worked > 0 ? r.seconds / worked * left : 0;
    r.stage = stage;
    progress_.report(r);
  }

  void end(size_t index, const BatchOutcome& outcome) {
    ++(outcome.end == BatchOutcome::End::painted   ? result_.painted
       : outcome.end == BatchOutcome::End::skipped ? result_.skipped
                                                   : result_.failed);
    progress_.tell([&] { callers_.finished(batch_.jobs[index], outcome); });
  }

  void tell_written() {
    while (const auto written = writer_.ended()) end(written->first, written->second);
  }

  Session& session_;
  const Batch& batch_;
  BatchProgress& callers_;
  CallersProgress& progress_;
  const Clock::time_point begin_ = Clock::now();
  const StylizeOptions options_;
  const Regions regions_;
  Stylizer stylizer_;
  BatchRecord record_;
  BatchReader reader_;
  BatchWriter writer_;
  size_t passed_ = 0, worked_ = 0;  // jobs behind us, and those that were not skipped
  std::set<std::string> told_;      // notes
  BatchResult result_;
};

}  // namespace

StylizeOptions options_of_batch(Session& session, const Batch& batch,
                                const StylizeOptions& options) {
  return run_in(session, [&] {
    std::vector<StylizeOptions> all = {options};
    for (const BatchJob& job : batch.jobs) {
      try {
        const PictureHeader photo = read_header(job.photo, {.compact = true});
        settle_qualities(all, photo, [&] { return settled_speeds(session, all.front()); });
        return all.front();
      } catch (const Error& e) {
        if (e.code() == ErrorCode::usage) throw;  // else: of this picture, told when it is read
      }
    }
    return options;
  });
}

BatchResult stylize_batch(Session& session, const Batch& batch, const StylizeOptions& options,
                          BatchProgress& callers) {
  return run_in(session, callers, [&](CallersProgress& progress) {
    return BatchRun(session, batch, options, callers, progress).run();
  });
}

}  // namespace impasto
