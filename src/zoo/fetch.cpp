#include "zoo/fetch.h"

#include <algorithm>

#include "base/clock.h"
#include "base/number_text.h"
#include "formats/sha256.h"
#include "impasto/error.h"
#include "impasto/models.h"
#include "zoo/cache.h"
#include "zoo/http.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

// Downloading is nearly all of the work.
constexpr double downloaded_fraction = 0.97, checked_fraction = 0.985;

std::string megabytes(uint64_t bytes) {
  return fixed(static_cast<double>(bytes) * 1e-6, 1);
}

// Reports with the time left, as the bytes of this run came.
class FetchProgress {
 public:
  FetchProgress(const Download& download, uint64_t begin, Progress& progress)
      : download_(download), begin_(begin), progress_(progress) {}

  bool bytes(uint64_t done, uint64_t total) {
    if (total == 0) total = std::max(download_.bytes, done);
    const double left = static_cast<double>(total - std::min(done, total));
    const double speed = static_cast<double>(done - std::min(begin_, done)) / seconds();
    report(downloaded_fraction * (total ? 1 - left / static_cast<double>(total) : 0),
           speed > 0 ? left / speed : 0,
           download_.name + ", " + megabytes(done) + " of " + megabytes(total) + " MB");
    return !progress_.cancelled();
  }
  void report(double fraction, double remaining, const std::string& stage) {
    fraction_ = std::max(fraction_, fraction);  // a server without ranges begins again
    progress_.report({fraction_, seconds(), remaining, stage, {}});
  }

 private:
  double seconds() const { return seconds_since(start_) + 1e-9; }

  const Download& download_;
  uint64_t begin_;
  Progress& progress_;
  Clock::time_point start_ = Clock::now();
  double fraction_ = 0;
};

[[noreturn]] void fail(const Download& download, const std::string& url, const HttpResult& result,
                       const PartFile& part) {
  using End = HttpResult::End;
  const std::string have_it =
      "; if you have the file already: impasto models import FILE --name " + download.name;
  const std::string kept = "; " + megabytes(part.size()) + " MB are kept in " + part.path() +
                           ", fetch again to go on from there";
  std::string message;
  switch (result.end) {
    case End::stopped:
      message = "fetching " + download.name + " was stopped" + (part.size() ? kept : "");
      break;
    case End::broken:
      message = url + ": the connection broke: " + result.reason + kept;
      break;
    case End::refused:
      message = url + ": the server does not give this file (" + result.reason + ")" + have_it;
      break;
    case End::web_page:
      message =
          url + ": a web page came instead of the file: does the network want a log-in?" + have_it;
      break;
    case End::too_large:
      message = url + ": is not the right file: larger than " + megabytes(download.max_bytes) +
                " MB" + have_it;
      break;
    default:
      message = "could not reach " + url + ": " + result.reason + have_it;
  }
  throw Error(ErrorCode::network, message);
}

}  // namespace

void fetch(const Download& download, const std::string& base, Progress& progress) {
  const std::string url = base + (base.ends_with('/') ? "" : "/") + download.file;
  PartFile part(make_cache(), download.file);
  FetchProgress reports(download, part.size(), progress);
  const HttpResult result =
      http_download(url, part, download.max_bytes,
                    [&](uint64_t done, uint64_t total) { return reports.bytes(done, total); });
  if (result.end == HttpResult::End::too_large || part.size() == 0) part.remove();
  if (result.end != HttpResult::End::complete) fail(download, url, result, part);

  reports.report(downloaded_fraction, 0, download.name + ", checking");
  const std::string sha256 = sha256_hex_of_file(part.path());
  if (sha256 != download.sha256) {
    part.remove();
    throw Error(ErrorCode::network, url + ": is not the right file: its SHA-256 should be " +
                                        download.sha256 + ", found " + sha256 +
                                        "; it was thrown away, try again");
  }
  reports.report(checked_fraction, 0, download.name + ", converting");
  LoadedNetwork network = load_network({download.name, ModelPlace::file, part.path()});
  network.source = download.source + "; " + download.file + ", SHA-256 " + sha256;
  network.licence = download.licence;
  save_network(network, cached_file(download.name));
  part.remove();
  reports.report(1, 0, download.name);
}

}  // namespace impasto
