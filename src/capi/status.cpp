#include "capi/status.h"

#include <exception>
#include <new>

#include "impasto/error.h"
#include "impasto/version.h"

namespace impasto {

namespace {

// A fixed room: telling of missing memory takes none.
thread_local char last_error[1024] = "";

impasto_status status_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return IMPASTO_USAGE;
    case ErrorCode::input:
      return IMPASTO_INPUT;
    case ErrorCode::output:
      return IMPASTO_OUTPUT;
    case ErrorCode::memory:
      return IMPASTO_MEMORY;
    case ErrorCode::unsupported:
      return IMPASTO_UNSUPPORTED;
    case ErrorCode::network:
      return IMPASTO_NETWORK;
    case ErrorCode::internal:
      break;
  }
  return IMPASTO_INTERNAL;
}

impasto_status fail(impasto_status status, const char* message) noexcept {
  const size_t length = std::min(std::strlen(message), sizeof last_error - 1);
  std::memcpy(last_error, message, length);
  last_error[length] = '\0';
  return status;
}

}  // namespace

impasto_status fail(impasto_status status, const std::string& message) noexcept {
  return fail(status, message.c_str());
}

impasto_status status_of_exception() noexcept {
  try {
    throw;
  } catch (const Error& e) {
    return fail(status_of(e.code()), e.what());
  } catch (const std::bad_alloc&) {
    return fail(IMPASTO_MEMORY, "out of memory");
  } catch (const std::exception& e) {
    return fail(IMPASTO_INTERNAL, e.what());
  } catch (...) {
    return fail(IMPASTO_INTERNAL, "something was thrown that is no exception");
  }
}

void require(const void* given, const char* name) {
  if (given == nullptr) {
    throw Error(ErrorCode::usage, std::string(name) + ": expected one, found nothing");
  }
}

void require_index(size_t index, size_t count) {
  if (index >= count) {
    throw Error(ErrorCode::usage, "index: expected less than " + std::to_string(count) +
                                      ", found " + std::to_string(index));
  }
}

}  // namespace impasto

extern "C" const char* impasto_version(void) {
  return impasto::version();
}

extern "C" const char* impasto_last_error(void) {
  return impasto::last_error;
}
