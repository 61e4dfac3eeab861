#include "base/memory.h"
#include "impasto/session.h"
#include "options/option_table.h"

namespace impasto {

namespace {

uint64_t parse_memory(const std::string& text) {
  const uint64_t bytes = parse_bytes(text);
  if (bytes == 0 && text != "auto" && text != "0") {
    refuse_value("max-memory", "auto, or a size such as 500M or 2G", text);
  }
  return bytes;
}

}  // namespace

std::vector<Option> session_options(SessionOptions& o) {
  OptionTable t;
  t.group = "How it is computed";
  t.whole("threads", o.threads, 0, 1024, "N", "0: all processors");
  t.options.push_back(
      {"max-memory", "SIZE",
       "What the program may take in all: 500M, 2G; auto: what the machine can spare", t.group,
       t.method, [&o] { return o.max_memory > 0 ? text_of_bytes(o.max_memory) : "auto"; },
       [&o](const std::string& text) { o.max_memory = parse_memory(text); }});
  return t.options;
}

}  // namespace impasto
