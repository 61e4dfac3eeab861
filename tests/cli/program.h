#pragma once

#include <sys/types.h>

#include <set>
#include <string>
#include <vector>

namespace impasto::test {

using Words = std::vector<std::string>;

/// What a finished program left.
struct Outcome {
  int status = -1;  ///< exit status; 128 + signal when it was killed by one
  std::string out, err;
  size_t peak_bytes = 0;  ///< of memory
};

/// The impasto program, started as a shell would, with its output in files that are removed.
class Program {
 public:
  /// `address_space`: bytes that it may reserve, 0 for any number.
  /// Standard input is this file.
  explicit Program(const Words& arguments, size_t address_space = 0,
                   const std::string& input = "/dev/null");
  ~Program();  ///< kills it if it still runs
  Program(const Program&) = delete;
  Program& operator=(const Program&) = delete;

  /// What it printed on standard error so far.
  std::string err() const;
  void signal(int number) const;
  /// Waits for the end; after a minute the program is killed, and the status is 128 + SIGKILL.
  Outcome wait();

 private:
  pid_t process_ = -1;
  int out_ = -1, err_ = -1;
};

inline Outcome run_program(const Words& arguments, size_t address_space = 0) {
  return Program(arguments, address_space).wait();
}
inline Outcome run_with_input(const Words& arguments, const std::string& input) {
  return Program(arguments, 0, input).wait();
}

Words lines_of(const std::string& text);

/// Names of everything in a folder, hidden files too, without its subfolders' content.
std::set<std::string> names_in(const std::string& folder);

}  // namespace impasto::test
