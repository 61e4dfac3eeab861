#include "help.h"

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "impasto/error.h"
#include "words.h"

namespace impasto::cli {

namespace {

int print_help(const CLI::App& program, const std::vector<std::string>& words) {
  const std::string unknown = unknown_word(program, words);
  if (!unknown.empty()) throw Error(ErrorCode::usage, unknown);
  const CLI::App* command = &program;
  for (const std::string& word : words) command = command->get_subcommand(word);
  const std::string text = program.get_formatter()->make_help(command, command_in(program, words),
                                                              CLI::AppFormatMode::Normal);
  std::fputs(text.c_str(), stdout);
  return 0;
}

}  // namespace

std::string short_help(const CLI::App& program) {
  std::string text =
      program.get_description() + " For example:\n\n  " + example +
      "\n\nCommands ('impasto COMMAND --help' tells of one, 'impasto --help' of all):\n";
  for (const CLI::App* command : listed_commands(program)) {
    std::string name = command->get_name();
    name.resize(std::max<size_t>(name.size() + 2, 10), ' ');
    text += "  " + name + command->get_description() + "\n";
  }
  return text;
}

void add_help(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("help", "Tell of a command and its options");
  const auto words = std::make_shared<std::vector<std::string>>();
  command->add_option("command", *words, "The command; else all are told of")->type_name("COMMAND");
  command->callback(
      [&app, words, &run] { run = [&app, words] { return print_help(app, *words); }; });
}

}  // namespace impasto::cli
