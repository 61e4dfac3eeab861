#include "base/promise.h"

#include <exception>
#include <filesystem>
#include <new>
#include <stdexcept>

#include "impasto/error.h"

namespace impasto {

void rethrow_as_error() {
  try {
    throw;
  } catch (const Error&) {
    throw;
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::memory, "out of memory");
  } catch (const std::length_error&) {  // larger than any memory
    throw Error(ErrorCode::memory, "out of memory");
  } catch (const std::filesystem::filesystem_error& e) {
    throw Error(ErrorCode::input, e.path1().string() + ": " + e.code().message());
  } catch (const std::exception& e) {
    throw Error(ErrorCode::internal, std::string("unexpected: ") + e.what());
  } catch (...) {
    throw Error(ErrorCode::internal, "unexpected: an exception of no known kind");
  }
}

}  // namespace impasto
