#include "words.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <filesystem>
#include <numeric>
#include <set>
#include <sstream>

namespace impasto::cli {

namespace {

using Words = std::vector<std::string>;

// As if typed by an American, with dashes between.
std::string normalised(std::string word) {
  word.erase(0, std::min(word.size(), word.find_first_not_of('-')));
  for (char& c : word) {
    c = c == '_' ? '-' : static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  static const std::pair<const char*, const char*> spellings[] = {
      {"our", "or"}, {"ise", "ize"}, {"isation", "ization"}, {"yse", "yze"}, {"grey", "gray"}};
  for (const auto& [british, american] : spellings) {
    for (size_t at = 0; (at = word.find(british, at)) != std::string::npos;) {
      word.replace(at, std::string(british).size(), american);
    }
  }
  return word;
}

// Letters to be changed, put in, left out or swapped with their neighbour (optimal string
// alignment).
size_t edits(const std::string& a, const std::string& b) {
  std::vector<size_t> before, last, row(b.size() + 1);
  std::iota(row.begin(), row.end(), size_t{0});
  for (size_t i = 1; i <= a.size(); ++i) {
    before = std::move(last);
    last = row;
    row[0] = i;
    for (size_t j = 1; j <= b.size(); ++j) {
      row[j] = std::min({last[j] + 1, row[j - 1] + 1, last[j - 1] + (a[i - 1] != b[j - 1])});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before[j - 2] + 1);
      }
    }
  }
  return row[b.size()];
}

std::set<std::string> parts_of(const std::string& word) {
  std::istringstream in(word);
  std::set<std::string> parts;
  for (std::string part; std::getline(in, part, '-');) parts.insert(part);
  return parts;
}

// How far a word is from what was typed; `far` for one that was not meant.
constexpr size_t far = 1000;
size_t distance(const std::string& typed, const std::string& word) {
  if (word.size() < 2) return typed == word ? 0 : far;
  const size_t wrong = edits(typed, word);
  if (typed.size() > 1 && 3 * wrong <= std::max(typed.size(), word.size())) return wrong;
  if (word.starts_with(typed)) return typed.size() > 1 ? 3 : 5;  // "iter", "i"
  const std::set<std::string> some = parts_of(typed), all = parts_of(word);
  if (std::includes(some.begin(), some.end(), all.begin(), all.end())) return 4;  // "num-size"
  return far;
}

Words long_names(const CLI::App& command) {
  Words names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

const CLI::Option* find_option(const CLI::App& command, const std::string& name, bool is_long) {
  for (const CLI::Option* option : command.get_options()) {
    const auto& names = is_long ? option->get_lnames() : option->get_snames();
    if (std::find(names.begin(), names.end(), name) != names.end()) return option;
  }
  return nullptr;
}

const CLI::App* find_command(const CLI::App& parent, const std::string& name) {
  for (const CLI::App* command : parent.get_subcommands({})) {
    if (command->get_name() == name) return command;
  }
  return nullptr;
}

bool takes_photo(const CLI::App& command) {
  const auto options = command.get_options();
  return std::any_of(options.begin(), options.end(), [](const CLI::Option* option) {
    return option->get_positional() && option->get_name(true).find("photo") != std::string::npos;
  });
}

std::string meant(const std::string& word) {
  return word.empty() ? "" : "; did you mean '" + word + "'?";
}

std::string unknown_command(const CLI::App& parent, const std::string& path,
                            const std::string& typed) {
  Words names;
  std::string list;
  for (const CLI::App* command : listed_commands(parent)) {
    names.push_back(command->get_name());
    list += (list.empty() ? "" : ", ") + names.back();
  }
  std::error_code ignored;
  std::string nearest = nearest_word(typed, names);
  // A picture where the command should be.
  if (nearest.empty() && find_command(parent, "stylize") &&
      (typed.find('.') != std::string::npos || std::filesystem::exists(typed, ignored))) {
    nearest = path + " stylize " + typed;
  }
  return path + " has no command '" + typed + "'" + meant(nearest) + " ('" + path +
         " --help' tells of them: " + list + ")";
}

// The other command that has this option, or "".
std::string owner_of(const CLI::App& program, const std::string& name) {
  for (const CLI::App* command : listed_commands(program)) {
    if (find_option(*command, name, true)) return command->get_name();
  }
  return "";
}

std::string unknown_option(const CLI::App& program, const CLI::App& command,
                           const std::string& path, const std::string& typed) {
  static const std::set<std::string> photo_elsewhere = {
      "i", "input", "image", "content", "content-image", "photo", "source"};
  std::string text = path + " has no option '" + typed + "'";
  const std::string nearest = nearest_word(typed, long_names(command));
  text += meant(nearest);
  const std::string owner = owner_of(program, typed.substr(std::min<size_t>(2, typed.size())));
  if (photo_elsewhere.contains(normalised(typed)) && takes_photo(command)) {
    text += nearest.empty() ? "; the photograph needs none" : " (the photograph needs none)";
  } else if (nearest.empty() && !owner.empty()) {
    text += ", impasto " + owner + " has it";
  }
  return text + " ('" + path + " --help' tells of all)";
}

bool is_number(const std::string& text) {
  return text.size() > 1 && (std::isdigit(static_cast<unsigned char>(text[1])) || text[1] == '.');
}

// What walking along the arguments finds.
struct Walk {
  const CLI::App* command;
  std::string path, unknown;
};

Walk walk(const CLI::App& program, const Words& arguments) {
  Walk w{&program, program.get_name(), ""};
  for (size_t i = 0; i < arguments.size() && w.unknown.empty(); ++i) {
    const std::string& word = arguments[i];
    if (word == "--") break;
    const bool is_long = word.starts_with("--");
    if (is_long || (word.size() > 1 && word[0] == '-' && !is_number(word))) {
      const size_t end = std::min(word.find('='), word.size());
      const std::string name = is_long ? word.substr(2, end - 2) : word.substr(1, 1);
      const CLI::Option* option = find_option(*w.command, name, is_long);
      const std::string typed = is_long ? word.substr(0, end) : word;
      if (option == nullptr) w.unknown = unknown_option(program, *w.command, w.path, typed);
      const bool has_value = is_long ? end < word.size() : word.size() > 2;
      if (option != nullptr && option->get_items_expected_min() > 0 && !has_value) ++i;
    } else if (!w.command->get_subcommands({}).empty()) {
      const CLI::App* next = find_command(*w.command, word);
      if (next == nullptr) {
        w.unknown = unknown_command(*w.command, w.path, word);
      } else {
        w.command = next;
        w.path += " " + word;
      }
    }
  }
  return w;
}

}  // namespace

std::string nearest_word(const std::string& typed, const std::vector<std::string>& words) {
  const std::string wanted = normalised(typed);
  std::string nearest;
  size_t least = far;
  for (const std::string& word : words) {
    const size_t d = wanted.empty() ? far : distance(wanted, normalised(word));
    if (d < least) {
      least = d;
      nearest = word;
    }
  }
  return nearest;
}

std::string unknown_word(const CLI::App& program, const std::vector<std::string>& arguments) {
  return walk(program, arguments).unknown;
}

std::string command_in(const CLI::App& program, const std::vector<std::string>& arguments) {
  return walk(program, arguments).path;
}

std::vector<const CLI::App*> listed_commands(const CLI::App& app) {
  // A group of its own hides a command.
  return app.get_subcommands([](const CLI::App* command) { return !command->get_group().empty(); });
}

std::string as_option(const std::string& message, const CLI::App& app) {
  const std::string name = "--" + message.substr(0, message.find_first_of(" :"));
  if (message.find(": expected") == std::string::npos) return message;
  for (const CLI::App* command : app.get_subcommands()) {
    if (command->get_option_no_throw(name) != nullptr) return "--" + message;
    const std::string below = as_option(message, *command);
    if (below != message) return below;
  }
  return message;
}

std::string with_flags(std::string text) {
  for (size_t begin = 0; (begin = text.find('`', begin)) != std::string::npos; ++begin) {
    const size_t end = text.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin + 1);
    if (end == std::string::npos || text[end] != '`' || end == begin + 1) continue;
    text.erase(end, 1).replace(begin, 1, "--");
  }
  return text;
}

}  // namespace impasto::cli
