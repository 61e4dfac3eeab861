#include "base/memory.h"
#include "impasto/session.h"
#include "options/option_table.h"

namespace impasto {

namespace {

uint64_t parse_memory(const std::string& text) {
  const uint64_t bytes = parse_bytes(text);
  if (bytes == 0 && text != automatic && text != "0") {
    refuse_value("max-memory", "auto, or a size such as 500M or 2G", text);
  }
  return bytes;
}

}  // namespace

const OptionTable<SessionOptions>& session_options() {
  using O = SessionOptions;
  static const OptionTable<SessionOptions> table = [] {
    TableBuilder<SessionOptions> t;
    t.group = "How it is computed";
    t.number("threads", &O::threads, 0, 1024, "N", "0: all processors");
    t.add(
        "max-memory", "SIZE",
        "What the program may take in all: 500M, 2G; auto: what the machine can spare",
        [](const O& o) { return o.max_memory > 0 ? text_of_bytes(o.max_memory) : automatic; },
        [](O& o, const std::string& text) { o.max_memory = parse_memory(text); });
    return std::move(t).table();
  }();
  return table;
}

}  // namespace impasto
