#include "command_tree.h"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <sstream>

#include "words.h"

namespace impasto::cli {

namespace {

// Of "auto|f32|bf16"; what is in capitals stands for something, dots for more.
std::vector<std::string> choices_in(const std::string& value) {
  std::vector<std::string> choices;
  std::istringstream in(value);
  for (std::string choice; std::getline(in, choice, '|');) {
    const bool word = std::all_of(choice.begin(), choice.end(), [](unsigned char c) {
      return std::islower(c) || std::isdigit(c) || c == '-';
    });
    if (word && value.find('|') != std::string::npos) choices.push_back(choice);
  }
  return choices;
}

bool names_files(const std::string& value) {
  for (const char* file : {"FILE", "FOLDER", "PHOTO", "PAINTING", "PICTURE", "MAP", "MASK"}) {
    if (value.find(file) != std::string::npos) return true;
  }
  return false;
}

DescribedOption described(const CLI::Option& option) {
  DescribedOption d;
  for (const std::string& name : option.get_snames()) d.names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) d.names.push_back("--" + name);
  if (option.get_items_expected_max() > 0) d.value = option.get_type_name();
  d.help = option.get_description();
  if (!option.get_default_str().empty()) d.help += " [" + option.get_default_str() + "]";
  d.group = option.get_group();
  d.choices = choices_in(d.value);
  d.takes_files = names_files(d.value) || d.value == "TEXT";
  d.repeated = option.get_items_expected_max() > 1;
  d.required = option.get_required();
  return d;
}

void describe(const CLI::App& app, const std::string& words, std::vector<DescribedCommand>& all) {
  DescribedCommand command{words, app.get_name(), app.get_description(), app.get_footer(), {}, {}};
  if (app.get_parent() && app.get_parent()->get_footer() == command.footer) command.footer.clear();
  for (const CLI::Option* option : app.get_options()) {
    if (!option->get_group().empty()) command.options.push_back(described(*option));
  }
  const auto below = listed_commands(app);
  for (const CLI::App* sub : below) command.commands.push_back(sub->get_name());
  all.push_back(std::move(command));
  for (const CLI::App* sub : below) {
    describe(*sub, words + (words.empty() ? "" : " ") + sub->get_name(), all);
  }
}

}  // namespace

std::vector<DescribedCommand> described_commands(const CLI::App& program) {
  std::vector<DescribedCommand> all;
  describe(program, "", all);
  return all;
}

}  // namespace impasto::cli
