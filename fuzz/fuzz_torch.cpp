#include <cstdint>
#include <span>

#include "formats/torch.h"
#include "impasto/error.h"

/// Any bytes are read or refused with an Error.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  try {
    impasto::parse_torch(std::as_bytes(std::span(data, size)), "f");
  } catch (const impasto::Error&) {
  }
  return 0;
}
