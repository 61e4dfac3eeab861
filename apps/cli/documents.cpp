// What is made from the commands themselves, for packages: a manual page, completion for shells.

#include <CLI/CLI.hpp>
#include <cstdio>
#include <memory>

#include "commands.h"
#include "completion.h"
#include "manual.h"

namespace impasto::cli {

void add_documents(CLI::App& app, Run& run) {
  const auto print = [](const std::string& text) {
    std::fputs(text.c_str(), stdout);
    return 0;
  };
  auto* man = app.add_subcommand("man", "Print the manual page");
  man->callback([&app, &run, print] { run = [&app, print] { return print(manual_page(app)); }; });
  auto* completion = app.add_subcommand("completion", "Print a script that completes commands");
  const auto shell = std::make_shared<std::string>();
  completion->add_option("shell", *shell, "The shell that reads it")
      ->type_name("bash|zsh|fish")
      ->required();
  completion->callback([&app, &run, shell, print] {
    run = [&app, shell, print] { return print(completion_script(app, *shell)); };
  });
  for (CLI::App* command : {man, completion}) command->group("");  // not among those of help
}

}  // namespace impasto::cli
