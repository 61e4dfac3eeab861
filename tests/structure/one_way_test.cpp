// What is done in one place only, because everywhere else it was done wrong.

#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "structure/source_tree.h"

namespace impasto::test {
namespace {

using Files = std::set<std::string>;

// No line of our sources, but those of these files, may match.
void expect_nowhere(const std::string& pattern, const Files& but, const std::string& instead,
                    const std::string& below = "") {
  const std::regex expression(pattern);
  for (const std::string& file : project_files({".h", ".cpp"})) {
    if (but.contains(file) || !file.starts_with(below)) continue;
    std::istringstream lines(project_text(file));
    for (std::string line; std::getline(lines, line);) {
      EXPECT_FALSE(std::regex_search(line, expression)) << file << ": " << line << "\n" << instead;
    }
  }
}

// The program itself never leaves the language of C, others that use the library do.
TEST(OneWay, NumbersDoNotFollowTheLocale) {
  expect_nowhere(R"(printf\(.*%[-+ #0-9.*]*[aefgAEFG])", {}, "use base/number_text.h", "src/");
  expect_nowhere(R"(\b(strto[dfl]|strtold|atof|sto[df]|stold|sscanf)\()", {}, "use std::from_chars",
                 "src/");
}

TEST(OneWay, JsonTakesNamesThatAreNotUtf8) {
  expect_nowhere(R"(\.dump\()",
                 {"src/base/json_text.h", "apps/cli/print.h", "src/formats/safetensors.cpp"},
                 "use json_text() or print_json()");
}

TEST(OneWay, FilesAreWrittenBesideAndRenamed) {
  expect_nowhere(R"(\brename\()", {"src/base/output_file.cpp"}, "use OutputFile or write_text()");
  expect_nowhere(R"(\bofstream\b|\bfopen\(.*"[wa])", {"src/jobs/bench.cpp"},  // of /proc
                 "use OutputFile or write_text()");
}

}  // namespace
}  // namespace impasto::test
