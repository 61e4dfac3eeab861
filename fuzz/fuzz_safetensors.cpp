#include <cstdint>
#include <cstdlib>
#include <map>
#include <span>
#include <string>

#include "formats/safetensors.h"
#include "impasto/error.h"

/// Any bytes are read or refused with an Error; what was read is the same after writing it again.
extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace impasto;
  try {
    std::map<std::string, std::string> metadata, metadata_again;
    const auto tensors = parse_safetensors(std::as_bytes(std::span(data, size)), "f", &metadata);
    const auto file = format_safetensors(tensors, DType::f32, metadata);
    const auto again = parse_safetensors(file, "g", &metadata_again);
    if (again.size() != tensors.size() || metadata != metadata_again ||
        format_safetensors(again, DType::f32, metadata) != file) {
      std::abort();
    }
  } catch (const Error&) {
  }
  return 0;
}
