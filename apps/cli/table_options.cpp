#include "table_options.h"

#include <CLI/CLI.hpp>

#include "words.h"

namespace impasto::cli {

void add_option(CLI::App& command, const OptionInfo& option, GivenOptions& given) {
  const std::string name = option.name, value = option.initial;
  if (option.kind == OptionKind::yes_no) {
    command
        .add_flag_callback(
            "--" + name, [&given, name] { given[name] = "yes"; }, with_flags(option.help))
        ->group(option.group);
    return;
  }
  // Of lists alone more than one is taken: they add up.
  const auto keep = [&given, name](const std::string& text) {
    const auto [kept, first] = given.try_emplace(name, text);
    if (!first) kept->second += "," + text;
  };
  command
      .add_option_function<std::string>(
          "--" + name, keep, with_flags(option.help) + (value.empty() ? "" : " [" + value + "]"))
      ->type_name(option.form)
      ->group(option.group)
      ->trigger_on_parse(option.form.ends_with(",..."));
}

}  // namespace impasto::cli
