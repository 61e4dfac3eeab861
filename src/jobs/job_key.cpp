#include "jobs/job_key.h"

#include <nlohmann/json.hpp>
#include <set>
#include <span>

#include "base/json_text.h"
#include "base/number_text.h"
#include "formats/sha256.h"
#include "impasto/error.h"
#include "impasto/version.h"
#include "options/checks.h"
#include "zoo/instant.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

// The network counts by its hash.
const std::set<std::string> not_of_the_picture = {"network"};

std::string hash_of_text(const std::string& text) {
  return sha256_hex(std::as_bytes(std::span(text.data(), text.size())));
}

}  // namespace

void check_ending(const std::string& format) {
  if (format.find_first_of("/.") == std::string::npos) return check_format(format);
  throw Error(ErrorCode::usage, "format: expected an ending such as png, found '" + format + "'");
}

std::string sha256_of_network(const StylizeOptions& o) {
  const bool at_once = o.method == Method::instant;
  return sha256_of(locate_network(at_once ? instant_network(o.network) : o.network));
}

std::string hash_of_run(const StylizeOptions& options, int quality, bool recipe,
                        const std::string& network_sha256) {
  nlohmann::json run = {{"version", version()},
                        {"network", network_sha256},
                        {"quality", quality},
                        {"recipe", recipe},
                        {"style_weights", options.style_weights}};
  for (const Option<StylizeOptions>& option : stylize_options()) {
    if (not_of_the_picture.contains(option.name)) continue;
    run["options"][option.name] = option.get(options);
  }
  const std::string start = start_file(options);
  if (!start.empty()) run["start"] = sha256_hex_of_file(start);
  return hash_of_text(json_text(run));
}

std::string hash_of_job(const std::string& run, const StylizeFiles& files,
                        const std::function<std::string(const std::string&)>& sha256_of) {
  std::string text = run + " photo " + sha256_of(files.content);
  for (const std::string& style : files.styles) text += " style " + sha256_of(style);
  if (!files.regions.mask.empty()) text += " mask " + sha256_of(files.regions.mask);
  for (const RegionFiles::Part& part : files.regions.parts) {
    text += " region " + sha256_of(part.mask) + " " + sha256_of(part.style) + " " +
            (part.strength ? significant(*part.strength, 17) : "");
  }
  return hash_of_text(text);
}

}  // namespace impasto
