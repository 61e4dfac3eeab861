#pragma once

#include <gmock/gmock.h>

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "impasto/error.h"

namespace impasto::test {

/// Runs `action` and checks that it throws Error{code} in one line that contains `part`.
template <class Action>
void expect_error(ErrorCode code, const std::string& part, Action action) {
  try {
    action();
    ADD_FAILURE() << "expected an error with \"" << part << "\", got none";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), code) << error.what();
    EXPECT_THAT(error.what(), testing::HasSubstr(part));
    EXPECT_EQ(std::string(error.what()).find('\n'), std::string::npos) << error.what();
  }
}

/// Every proper prefix must be refused, in memory of exactly its length so that a sanitizer sees a
/// step too far.
template <class Parse>
void expect_prefixes_refused(const std::string& file, Parse parse) {
  for (size_t length = 0; length < file.size(); ++length) {
    const std::vector<char> prefix(file.begin(),
                                   file.begin() + static_cast<std::ptrdiff_t>(length));
    EXPECT_THROW(parse(std::as_bytes(std::span(prefix))), Error) << "cut after " << length;
  }
}

/// With any one byte changed it must be read or refused, never anything else. Returns how many
/// changes were refused.
template <class Parse>
int count_refused_flips(const std::string& file, Parse parse) {
  int refused = 0;
  for (size_t at = 0; at < file.size(); ++at) {
    for (int bits : {0x01, 0x10, 0x80, 0xff}) {
      std::vector<char> changed(file.begin(), file.end());
      changed[at] = static_cast<char>(changed[at] ^ bits);
      try {
        parse(std::as_bytes(std::span(changed)));
      } catch (const Error&) {
        ++refused;
      }
    }
  }
  return refused;
}

}  // namespace impasto::test
