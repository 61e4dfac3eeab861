#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace impasto {

/// What kind of thing went wrong. The command line maps each code to an exit status in one place.
enum class ErrorCode {
  usage,        ///< options that are unknown, out of range or contradict each other
  input,        ///< a file that is missing, damaged, hostile or of the wrong kind
  output,       ///< a result that cannot be written
  memory,       ///< the job does not fit into the memory it may use
  unsupported,  ///< valid, but not something this build can do
  network,      ///< a download that failed
  internal,     ///< a broken promise inside impasto: please report
};

/// The one exception of impasto, whatever a library below it throws. The message is one line that
/// names the file or option, says what was expected and what was found. An option is called as in
/// its table (impasto/option.h): the message begins with it, or has it between backquotes, as in
/// "a smaller `size`". So have all texts for people: warnings, notes, help.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message) : std::runtime_error(message), code_(code) {}
  ErrorCode code() const noexcept { return code_; }

 private:
  ErrorCode code_;
};

}  // namespace impasto
