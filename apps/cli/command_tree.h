#pragma once

#include <string>
#include <vector>

namespace CLI {
class App;
}

namespace impasto::cli {

/// An option, or an argument that has its place instead of a name.
struct DescribedOption {
  std::vector<std::string> names;    ///< "-s", "--style"; none: it has a place
  std::string value;                 ///< what stands for its value in help; "" of a switch
  std::string help, group;           ///< `help` with the default
  std::vector<std::string> choices;  ///< of the value, where there are few
  bool takes_files = false;          ///< the value may be a file
  bool repeated = false;             ///< it may be given several times
  bool required = false;
};

struct DescribedCommand {
  std::string words;  ///< behind the program's name: "models list"; "" of the program itself
  std::string name, description, footer;
  std::vector<DescribedOption> options;
  std::vector<std::string> commands;  ///< names of those below it
};

/// The program and all its commands that help lists, each before those below it.
std::vector<DescribedCommand> described_commands(const CLI::App& program);

}  // namespace impasto::cli
