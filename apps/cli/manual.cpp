#include "manual.h"

#include <CLI/CLI.hpp>

#include "command_tree.h"
#include "help.h"
#include "impasto/version.h"

namespace impasto::cli {

namespace {

// Text as man takes it: a dash that can be searched for, and no line that looks like a request.
std::string plain(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (out.empty() || out.back() == '\n') {
      if (c == ' ') continue;
      if (c == '.' || c == '\'') out += "\\&";
    }
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
  }
  return out;
}

std::string bold(const std::string& text) {
  return "\\fB" + plain(text) + "\\fR";
}

std::string italic(const std::string& text) {
  return "\\fI" + plain(text) + "\\fR";
}

std::string synopsis(const DescribedCommand& command) {
  std::string text = bold("impasto" + (command.words.empty() ? "" : " " + command.words));
  if (!command.commands.empty()) text += " " + italic("COMMAND");
  for (const DescribedOption& o : command.options) {
    if (o.names.empty()) text += o.required ? " " + italic(o.value) : " [" + italic(o.value) + "]";
    if (!o.names.empty() && o.required) text += " " + bold(o.names.back()) + " " + italic(o.value);
  }
  return text + " [" + italic("OPTION") + "]...\n";
}

std::string entry(const DescribedOption& o) {
  std::string text = ".TP\n";
  for (const std::string& name : o.names) {
    text += (name == o.names.front() ? "" : ", ") + bold(name);
  }
  if (!o.value.empty()) text += (o.names.empty() ? "" : " ") + italic(o.value);
  return text + "\n" + plain(o.help.empty() ? "See above." : o.help) + "\n";
}

std::string section(const DescribedCommand& command) {
  std::string text = ".SH \"impasto " + command.words + "\"\n" + synopsis(command) + ".PP\n" +
                     plain(command.description) + ".\n";
  std::string group;
  for (const DescribedOption& option : command.options) {
    if (option.group != group) {
      group = option.group;
      text += ".SS \"" + plain(group) + "\"\n";
    }
    text += entry(option);
  }
  if (!command.footer.empty()) text += ".PP\n" + plain(command.footer) + "\n";
  return text;
}

const std::pair<const char*, const char*> statuses[] = {
    {"0", "done"},
    {"2", "a word on the command line is wrong, or words contradict each other"},
    {"3", "a file that is to be read is missing, damaged or of another kind"},
    {"4", "a file cannot be written"},
    {"5", "there is not enough memory"},
    {"6", "this processor, or a library that was built in, cannot do that"},
    {"7", "a download failed"},
    {"8", "some pictures of a folder failed, the others are done"},
    {"70", "a fault of the program"},
    {"130", "stopped by Ctrl-C or a signal; what there was by then is written"}};

}  // namespace

std::string manual_page(const CLI::App& program) {
  const std::vector<DescribedCommand> commands = described_commands(program);
  std::string text = std::string(".TH IMPASTO 1 \"\" \"impasto ") + version() +
                     "\" \"User Commands\"\n.SH NAME\nimpasto \\- repaints a picture in the style "
                     "of another\n.SH SYNOPSIS\n";
  for (const DescribedCommand& command : commands) {
    if (!command.commands.empty()) continue;
    text += synopsis(command) + ".br\n";
  }
  text +=
      ".SH DESCRIPTION\n"
      "Neural style transfer: the photograph keeps its things, and gets the manner of the "
      "painting.\nIt works at once and offline; networks that others publish can be added.\n"
      ".PP\n.RS\n.nf\n" +
      plain(example) + "\n.fi\n.RE\n";
  for (const DescribedCommand& command : commands) {
    if (!command.words.empty() && command.commands.empty()) text += section(command);
  }
  text += ".SH \"EXIT STATUS\"\n";
  for (const auto& [status, meaning] : statuses) {
    text += std::string(".TP\n") + status + "\n" + plain(meaning) + "\n";
  }
  return text +
         ".SH FILES\n.TP\n.I ~/.cache/impasto\nNetworks that were fetched or imported "
         "(XDG_CACHE_HOME moves it).\n.SH ENVIRONMENT\n.TP\n.B TMPDIR\nWhere large pictures are "
         "kept while they are painted in little memory.\n";
}

}  // namespace impasto::cli
