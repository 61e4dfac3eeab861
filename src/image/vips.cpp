#include "image/vips.h"

#include <vips/vips.h>

#include <algorithm>
#include <memory>
#include <sstream>
#include <vector>

#include "impasto/error.h"

namespace impasto::vips {

namespace {

void ignore_message(const gchar*, GLogLevelFlags, const gchar*, gpointer) {}

// What ends the process is said by whoever hears of the end, in one line.
void ignore_want_of_memory(const gchar* domain, GLogLevelFlags level, const gchar* message,
                           gpointer data) {
  const std::string text = message ? message : "";
  const bool wanting = text.find("failed to allocate") != std::string::npos ||
                       text.find("creating thread") != std::string::npos;
  if (!wanting) g_log_default_handler(domain, level, message, data);
}

bool start_once() {
  if (vips_init("impasto") != 0) {
    throw Error(ErrorCode::internal, "libvips cannot start: " + take_error());
  }
  vips_concurrency_set(1);  // decoding is serial anyway; threads only slow small pictures down
  vips_cache_set_max(0);    // every picture is read once
  // Remarks on harmless oddities in files would otherwise appear between our own lines.
  g_log_set_handler("VIPS", static_cast<GLogLevelFlags>(G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE),
                    ignore_message, nullptr);
  g_log_set_handler(
      "GLib",
      static_cast<GLogLevelFlags>(G_LOG_LEVEL_ERROR | G_LOG_FLAG_FATAL | G_LOG_FLAG_RECURSION),
      ignore_want_of_memory, nullptr);
  return true;
}

}  // namespace

void start() {
  static const bool started = start_once();  // thread-safe, and tried again after a failure
  (void)started;
}

std::string take_error() {
  const std::unique_ptr<char, decltype(&g_free)> text(vips_error_buffer_copy(), g_free);
  std::istringstream lines(text.get());
  std::vector<std::string> seen;
  std::string result;
  for (std::string line; std::getline(lines, line);) {
    std::replace_if(
        line.begin(), line.end(), [](unsigned char c) { return c < ' '; }, ' ');
    while (!line.empty() && (line.back() == ' ' || line.back() == '.')) line.pop_back();
    if (line.empty() || std::find(seen.begin(), seen.end(), line) != seen.end()) continue;
    result += (result.empty() ? "" : "; ") + line;
    seen.push_back(line);
  }
  return result.empty() ? "unknown reason" : result;
}

void Unref::operator()(VipsImage* image) const {
  g_object_unref(image);
}

}  // namespace impasto::vips
