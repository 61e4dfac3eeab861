#pragma once

#include <string>

namespace impasto {

/// JSON as text. Names of files need not be UTF-8, JSON has to: what is not becomes U+FFFD.
template <class Json>
std::string json_text(const Json& json, int indent = -1) {
  return json.dump(indent, ' ', false, Json::error_handler_t::replace);
}

/// The same where names must come back as they were: throws Json::exception for one that is not
/// UTF-8.
template <class Json>
std::string strict_json_text(const Json& json) {
  return json.dump();
}

}  // namespace impasto
