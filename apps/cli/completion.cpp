#include "completion.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <sstream>

#include "command_tree.h"
#include "impasto/error.h"

namespace impasto::cli {

namespace {

using Commands = std::vector<DescribedCommand>;

std::string joined(const std::vector<std::string>& words, const std::string& between = " ") {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : between) + word;
  return text;
}

// Some words that explain it, for a list: the first part of its help that says something.
std::string summary(const std::string& help) {
  constexpr size_t most = 70, least = 12;
  const std::string line = help.substr(0, help.find('\n'));
  std::string text = line.substr(0, line.find_first_of(";:(", std::min(least, line.size())));
  while (!text.empty() && text.back() == ' ') text.pop_back();
  if (text.size() <= most) return text;
  return text.substr(0, text.rfind(' ', most)) + " ...";
}

// With a backslash before each of these.
std::string escaped(const std::string& text, const std::string& what) {
  std::string out;
  for (const char c : text) {
    if (what.find(c) != std::string::npos) out += '\\';
    out += c;
  }
  return out;
}

// Within '...': POSIX shells cannot escape a quote there.
std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

std::string words_below(const DescribedCommand& command, const std::string& name) {
  return command.words + (command.words.empty() ? "" : " ") + name;
}

std::vector<const DescribedCommand*> below(const DescribedCommand& command, const Commands& all) {
  std::vector<const DescribedCommand*> found;
  for (const DescribedCommand& c : all) {
    if (!c.words.empty() && c.words == words_below(command, c.name)) found.push_back(&c);
  }
  return found;
}

std::string bash_script(const Commands& commands) {
  std::string words, values, options, commands_below;
  for (const DescribedCommand& c : commands) {
    const std::string before = quoted(c.words);
    for (const std::string& name : c.commands) {
      words += "      " + quoted(c.words + " " + name) +
               ") command=" + quoted(words_below(c, name)) + " ;;\n";
    }
    if (!c.commands.empty()) {
      commands_below += "    " + before + ") COMPREPLY=($(compgen -W '" + joined(c.commands) +
                        "' -- \"$cur\")) ;;\n";
    }
    std::vector<std::string> names;
    for (const DescribedOption& o : c.options) {
      std::vector<std::string> cases;
      for (const std::string& name : o.names) {
        names.push_back(name);
        cases.push_back(quoted(c.words + " " + name));
      }
      if (o.names.empty() || o.value.empty()) continue;
      values += "    " + joined(cases, "|") + ") ";
      if (!o.choices.empty()) {
        values += "COMPREPLY=($(compgen -W '" + joined(o.choices) + "' -- \"$cur\")); ";
      }
      values += std::string(o.takes_files ? "" : "compopt +o default; ") + "return ;;\n";
    }
    options += "      " + before + ") names='" + joined(names) + "' ;;\n";
  }
  return "# bash completion of impasto, made by 'impasto completion bash'\n"
         "_impasto() {\n"
         "  local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
         "  local command='' names='' i\n"
         "  if [[ $cur == = ]]; then cur=''\n"
         "  elif [[ $prev == = ]]; then prev=${COMP_WORDS[COMP_CWORD-2]}; fi\n"
         "  for ((i = 1; i < COMP_CWORD; ++i)); do\n"
         "    case \"$command ${COMP_WORDS[i]}\" in\n" +
         words +
         "    esac\n"
         "  done\n"
         "  COMPREPLY=()\n"
         "  case \"$command $prev\" in\n" +
         values +
         "  esac\n"
         "  if [[ $cur == -* ]]; then\n"
         "    case \"$command\" in\n" +
         options +
         "    esac\n"
         "    COMPREPLY=($(compgen -W \"$names\" -- \"$cur\"))\n"
         "    return\n"
         "  fi\n"
         "  case \"$command\" in\n" +
         commands_below +
         "  esac\n"
         "}\n"
         "complete -o bashdefault -o default -F _impasto impasto\n";
}

std::string zsh_option(const DescribedOption& o) {
  const std::string help = escaped(summary(o.help), "[]\\:");
  std::string action = o.takes_files ? "_files" : " ";
  if (!o.choices.empty()) {
    action = "(" + joined(o.choices) + ")";
    if (o.takes_files) action = "_alternative \"words:word:" + action + "\" \"files:file:_files\"";
  }
  const std::string value = ":" + escaped(o.value, "[]\\:") + ":" + action;
  if (o.names.empty()) return quoted("*" + value);
  std::string text;
  for (const std::string& name : o.names) {
    // Others of its names are no longer offered, itself neither unless it may be repeated.
    text +=
        (text.empty() ? "" : " ") + quoted((o.repeated ? "*" : "(" + joined(o.names) + ")") + name +
                                           "[" + help + "]" + (o.value.empty() ? "" : value));
  }
  return text;
}

std::string zsh_name(std::string words) {
  std::replace(words.begin(), words.end(), ' ', '_');
  return "_impasto" + (words.empty() ? "" : "_" + words);
}

std::string zsh_function(const DescribedCommand& c, const Commands& all) {
  std::string text = zsh_name(c.words) + "() {\n  local state line\n  _arguments -C";
  for (const DescribedOption& o : c.options) text += " \\\n    " + zsh_option(o);
  if (c.commands.empty()) return text + "\n}\n\n";
  text +=
      " \\\n    '1:command:->command' '*::argument:->rest'\n  case $state in\n    command)\n"
      "      local -a commands=(\n";
  for (const DescribedCommand* sub : below(c, all)) {
    text += "        " + quoted(sub->name + ":" + escaped(summary(sub->description), ":\\")) + "\n";
  }
  const std::string next =
      zsh_name(c.words + (c.words.empty() ? "" : "_")) + (c.words.empty() ? "_" : "") + "$line[1]";
  return text + "      )\n      _describe command commands ;;\n    rest)\n      (( $+functions[" +
         next + "] )) && " + next + " ;;\n  esac\n}\n\n";
}

std::string zsh_script(const Commands& commands) {
  std::string text = "#compdef impasto\n# made by 'impasto completion zsh'\n\n";
  for (const DescribedCommand& command : commands) text += zsh_function(command, commands);
  // As a file in fpath it is the function itself; else it is sourced.
  return text +
         "if [ \"$funcstack[1]\" = _impasto ]; then\n  _impasto \"$@\"\nelse\n"
         "  compdef _impasto impasto\nfi\n";
}

std::string fish_script(const Commands& commands) {
  std::string text = "# fish completion of impasto, made by 'impasto completion fish'\n";
  const auto description = [](const std::string& help) {
    return " -d '" + escaped(summary(help), "'\\") + "'";
  };
  for (const DescribedCommand& c : commands) {
    const std::string seen = "__fish_seen_subcommand_from ";
    std::vector<std::string> conditions;  // the command was seen, and none that is below it
    std::istringstream words(c.words);
    for (std::string word; words >> word;) conditions.push_back(seen + word);
    if (!c.commands.empty()) conditions.push_back("not " + seen + joined(c.commands));
    const std::string line = "complete -c impasto -n '" + joined(conditions, "; and ") + "'";
    for (const DescribedCommand* sub : below(c, commands)) {
      text += line + " -f -a " + sub->name + description(sub->description) + "\n";
    }
    for (const DescribedOption& o : c.options) {
      if (o.names.empty()) continue;
      text += line;
      for (const std::string& name : o.names) {
        text += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
      }
      if (!o.value.empty()) text += o.takes_files ? " -r -F" : " -x";
      if (!o.choices.empty()) text += " -a '" + joined(o.choices) + "'";
      text += description(o.help) + "\n";
    }
  }
  return text;
}

}  // namespace

std::string completion_script(const CLI::App& program, const std::string& shell) {
  const Commands commands = described_commands(program);
  if (shell == "bash") return bash_script(commands);
  if (shell == "zsh") return zsh_script(commands);
  if (shell == "fish") return fish_script(commands);
  throw Error(ErrorCode::usage, "completion: expected bash|zsh|fish, found '" + shell + "'");
}

}  // namespace impasto::cli
