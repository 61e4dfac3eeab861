#include "zoo/http.h"

#include <curl/curl.h>

#include <exception>
#include <memory>

#include "impasto/error.h"
#include "impasto/version.h"

namespace impasto {

namespace {

using End = HttpResult::End;

struct CloseCurl {
  void operator()(CURL* curl) const { curl_easy_cleanup(curl); }
};
using Curl = std::unique_ptr<CURL, CloseCurl>;

struct Transfer {
  CURL* curl;
  PartFile& file;
  uint64_t max_bytes;
  const std::function<bool(uint64_t, uint64_t)>& proceed;
  uint64_t begin;              // size of the file when the transfer began
  End end = End::complete;     // our own reason to stop libcurl
  std::exception_ptr failure;  // exceptions must not cross libcurl
  bool no_ranges = false;      // the server would send everything from the start
};

bool is_web_page(CURL* curl) {
  const char* type = nullptr;
  curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
  return type && std::string(type).starts_with("text/html");
}

// Returning less than was given makes libcurl stop.
size_t on_data(const char* data, size_t, size_t count, void* user) {
  auto& t = *static_cast<Transfer*>(user);
  // No file of weights begins with <, whatever its server calls it.
  if (is_web_page(t.curl) || (t.file.size() == 0 && count > 0 && data[0] == '<')) {
    t.end = End::web_page;
    return 0;
  }
  if (t.file.size() + count > t.max_bytes) {
    t.end = End::too_large;
    return 0;
  }
  try {
    t.file.append({data, count});
  } catch (...) {
    t.failure = std::current_exception();
    return 0;
  }
  return count;
}

int on_progress(void* user, curl_off_t total, curl_off_t, curl_off_t, curl_off_t) {
  auto& t = *static_cast<Transfer*>(user);
  try {
    if (t.proceed(t.file.size(), total > 0 ? t.begin + static_cast<uint64_t>(total) : 0)) return 0;
    t.end = End::stopped;
  } catch (...) {
    t.failure = std::current_exception();
  }
  return 1;
}

HttpResult attempt(const std::string& url, Transfer& t) {
  char detail[CURL_ERROR_SIZE] = "";
  CURL* c = t.curl;
  curl_easy_setopt(c, CURLOPT_URL, url.c_str());
  curl_easy_setopt(c, CURLOPT_PROTOCOLS_STR, "http,https");
  curl_easy_setopt(c, CURLOPT_REDIR_PROTOCOLS_STR, "https");
  curl_easy_setopt(c, CURLOPT_FOLLOWLOCATION, 1L);
  curl_easy_setopt(c, CURLOPT_MAXREDIRS, 5L);
  curl_easy_setopt(c, CURLOPT_FAILONERROR, 1L);
  curl_easy_setopt(c, CURLOPT_CONNECTTIMEOUT, 20L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(c, CURLOPT_LOW_SPEED_TIME, 60L);
  curl_easy_setopt(c, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(c, CURLOPT_USERAGENT, (std::string("impasto/") + version()).c_str());
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, detail);
  curl_easy_setopt(c, CURLOPT_RESUME_FROM_LARGE, static_cast<curl_off_t>(t.begin));
  curl_easy_setopt(c, CURLOPT_WRITEFUNCTION, on_data);
  curl_easy_setopt(c, CURLOPT_WRITEDATA, &t);
  curl_easy_setopt(c, CURLOPT_NOPROGRESS, 0L);
  curl_easy_setopt(c, CURLOPT_XFERINFOFUNCTION, on_progress);
  curl_easy_setopt(c, CURLOPT_XFERINFODATA, &t);

  const CURLcode code = curl_easy_perform(c);
  curl_easy_setopt(c, CURLOPT_ERRORBUFFER, nullptr);
  if (t.failure) std::rethrow_exception(t.failure);
  const std::string reason = detail[0] ? detail : curl_easy_strerror(code);
  if (t.end != End::complete) return {t.end, reason};
  long status = 0;
  curl_easy_getinfo(c, CURLINFO_RESPONSE_CODE, &status);
  const bool nothing_left = status == 416 && t.begin > 0;  // the file was whole already
  if (code == CURLE_OK || nothing_left) return {};
  t.no_ranges = code == CURLE_RANGE_ERROR;
  if (t.no_ranges && is_web_page(c)) return {End::web_page, reason};
  if (code == CURLE_HTTP_RETURNED_ERROR) {
    return {End::refused, "status " + std::to_string(status)};
  }
  return {t.file.size() > t.begin ? End::broken : End::unreachable, reason};
}

}  // namespace

HttpResult http_download(const std::string& url, PartFile& file, uint64_t max_bytes,
                         const std::function<bool(uint64_t, uint64_t)>& proceed) {
  static const CURLcode initialised = curl_global_init(CURL_GLOBAL_DEFAULT);
  const Curl curl(initialised == CURLE_OK ? curl_easy_init() : nullptr);
  if (!curl) throw Error(ErrorCode::internal, "libcurl cannot be initialised");
  Transfer transfer{curl.get(), file, max_bytes, proceed, file.size(), End::complete, {}, false};
  HttpResult result = attempt(url, transfer);
  if (transfer.no_ranges && result.end == End::unreachable) {
    file.clear();
    transfer.begin = 0;
    result = attempt(url, transfer);
  }
  return result;
}

}  // namespace impasto
