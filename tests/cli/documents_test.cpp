// The manual page and the scripts that complete words in shells: made from the commands, so all
// that the program knows is in them.

#include <cstdlib>
#include <fstream>
#include <regex>
#include <sstream>

#include "cli/cli_fixture.h"

namespace impasto::test {
namespace {

using testing::HasSubstr;
using testing::UnorderedElementsAre;

const std::vector<Words> all_commands = {{"stylize"},
                                         {"doodle"},
                                         {"texture"},
                                         {"inspect"},
                                         {"bench"},
                                         {"models", "list"},
                                         {"models", "info"},
                                         {"models", "import"},
                                         {"models", "fetch"},
                                         {"models", "style"},
                                         {"train", "encoder"},
                                         {"train", "instant"},
                                         {"help"}};

std::string joined(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

// "-s" and "--style" of a command, as its help lists them.
std::set<std::string> options_of(const Words& command) {
  Words words = command;
  words.push_back("--help");
  std::set<std::string> options;
  static const std::regex listed("  (-\\w)?,?(--[a-z-]+)?( .*)?");
  for (const std::string& line : lines_of(run_program(words).out)) {
    std::smatch m;
    if (!std::regex_match(line, m, listed)) continue;
    for (const int name : {1, 2}) {
      if (m[name].matched && m[name].length() > 0) options.insert(m[name]);
    }
  }
  return options;
}

class DocumentsTest : public CliTest {
 protected:
  std::string printed(const Words& words) {
    const Outcome outcome = run_program(words);
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    return outcome.out;
  }
  static bool is_there(const std::string& program) {
    return std::system((program + " --version >/dev/null 2>&1").c_str()) == 0;
  }
  /// What a shell prints that runs these lines.
  std::string shell(const std::string& program, const std::string& lines) {
    const std::string script = folder_ / "script", told = folder_ / "told";
    std::ofstream(script) << lines;
    EXPECT_EQ(std::system((program + " '" + script + "' >'" + told + "' 2>&1").c_str()), 0)
        << program;
    std::ostringstream text;
    text << std::ifstream(told).rdbuf();
    return text.str();
  }
  /// What bash offers for the last of these words.
  std::set<std::string> offered(const Words& words) {
    std::string typed;
    for (const std::string& word : words) typed += " '" + word + "'";
    std::istringstream in(shell("bash", printed({"completion", "bash"}) +
                                            "compopt() { :; }\nCOMP_WORDS=(" + typed +
                                            ")\nCOMP_CWORD=$((${#COMP_WORDS[@]} - 1))\n_impasto\n"
                                            "printf '%s\\n' \"${COMPREPLY[@]}\"\n"));
    std::set<std::string> found;
    for (std::string word; in >> word;) found.insert(word);
    return found;
  }
};

TEST_F(DocumentsTest, HelpIsRead) {
  const std::set<std::string> options = options_of({"stylize"});
  for (const OptionInfo& option : stylize_options()) {
    EXPECT_TRUE(options.contains("--" + option.name)) << option.name;
  }
  for (const char* name : {"-s", "--style", "-o", "--output", "--mask", "--json", "-h", "--help"}) {
    EXPECT_TRUE(options.contains(name)) << name;
  }
  for (const Words& command : all_commands) EXPECT_GE(options_of(command).size(), 2u);
}

TEST_F(DocumentsTest, TheManualHasEveryOption) {
  const std::string page = printed({"man"});
  EXPECT_THAT(page, testing::StartsWith(".TH IMPASTO 1 "));
  for (const char* part : {"\n.SH NAME\n", "\n.SH SYNOPSIS\n", "\n.SH \"EXIT STATUS\"\n",
                           "impasto stylize photo.jpg \\-\\-style painting.jpg"}) {
    EXPECT_THAT(page, HasSubstr(part));
  }
  for (const Words& command : all_commands) {
    const size_t begin = page.find("\n.SH \"impasto " + joined(command) + "\"\n");
    ASSERT_NE(begin, std::string::npos) << joined(command);
    const std::string section = page.substr(begin, page.find("\n.SH ", begin + 1) - begin);
    for (const std::string& option : options_of(command)) {
      const std::string name = std::regex_replace(option, std::regex("-"), "\\-");
      EXPECT_THAT(section, HasSubstr("\\fB" + name + "\\fR")) << joined(command);
    }
  }
  for (const std::string& line : lines_of(page)) {  // no text is taken for a request
    if (line.empty() || (line[0] != '.' && line[0] != '\'')) continue;
    EXPECT_TRUE(std::regex_match(line, std::regex("\\.(TH|SH|SS|TP|PP|RS|RE|nf|fi|br|B|I)( .*)?")))
        << line;
  }
  if (!is_there("groff")) return;
  std::ofstream(folder_ / "impasto.1") << page;
  EXPECT_EQ(shell("sh", "groff -man -ww -z '" + folder_ / "impasto.1" + "'\n"), "");
}

TEST_F(DocumentsTest, BashIsOfferedEveryOption) {
  for (const Words& command : all_commands) {
    Words typed = command;
    typed.insert(typed.begin(), "impasto");
    typed.push_back("-");
    EXPECT_EQ(offered(typed), options_of(command)) << joined(command);
  }
}

TEST_F(DocumentsTest, BashIsOfferedCommandsAndValues) {
  EXPECT_THAT(offered({"impasto", "st"}), UnorderedElementsAre("stylize"));
  EXPECT_THAT(offered({"impasto", "models", ""}),
              UnorderedElementsAre("list", "info", "import", "fetch", "style"));
  EXPECT_THAT(offered({"impasto", "-"}), UnorderedElementsAre("-h", "--help", "-v", "--version"));
  EXPECT_THAT(offered({"impasto", "stylize", "a.jpg", "--quality", ""}),
              UnorderedElementsAre("auto", "draft", "good", "best"));
  EXPECT_THAT(offered({"impasto", "stylize", "--quality", "=", "d"}),
              UnorderedElementsAre("draft"));
  EXPECT_THAT(offered({"impasto", "texture", "--precision", "b"}), UnorderedElementsAre("bf16"));
  EXPECT_THAT(offered({"impasto", "stylize", "--strength", ""}), testing::IsEmpty());
}

TEST_F(DocumentsTest, ZshIsOfferedEveryOption) {
  const std::string script = printed({"completion", "zsh"});
  EXPECT_THAT(script, testing::StartsWith("#compdef impasto\n"));
  for (const Words& command : all_commands) {
    const std::string name = std::regex_replace(joined(command), std::regex(" "), "_");
    const size_t begin = script.find("\n_impasto_" + name + "() {\n");
    ASSERT_NE(begin, std::string::npos) << name;
    const std::string function = script.substr(begin, script.find("\n}\n", begin) - begin);
    for (const std::string& option : options_of(command)) {
      EXPECT_TRUE(function.find(")" + option + "[") != std::string::npos ||
                  function.find("*" + option + "[") != std::string::npos)
          << name << " " << option;
    }
  }
  if (!is_there("zsh")) GTEST_SKIP() << "there is no zsh to read it";
  EXPECT_EQ(shell("zsh -n", script), "");
}

TEST_F(DocumentsTest, FishIsOfferedEveryOption) {
  const std::string script = printed({"completion", "fish"});
  const Words lines = lines_of(script);
  for (const Words& command : all_commands) {
    std::string condition = "complete -c impasto -n '";
    for (const std::string& word : command) {
      condition +=
          (word == command.front() ? "" : "; and ") + ("__fish_seen_subcommand_from " + word);
    }
    for (const std::string& option : options_of(command)) {
      const bool is_long = option.starts_with("--");
      const std::string word = (is_long ? " -l " : " -s ") + option.substr(is_long ? 2 : 1) + " ";
      EXPECT_TRUE(std::any_of(lines.begin(), lines.end(),
                              [&](const std::string& line) {
                                return line.starts_with(condition + "' ") &&
                                       line.find(word) != std::string::npos;
                              }))
          << joined(command) << " " << option;
    }
  }
  if (!is_there("fish")) GTEST_SKIP() << "there is no fish to read it";
  EXPECT_EQ(shell("fish --no-execute", script), "");
}

TEST_F(DocumentsTest, OtherShellsAreRefused) {
  expect_refused({"completion", "tcsh"}, usage, "expected bash|zsh|fish, found 'tcsh'");
  expect_refused({"completion"}, usage, "shell");
}

}  // namespace
}  // namespace impasto::test
