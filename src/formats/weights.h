#pragma once

#include <map>
#include <string>

#include "tensor/tensor.h"

namespace impasto {

/// Reads a file of weights as f32 tensors by name: safetensors, or PyTorch's .pth/.pt in its zip
/// and its legacy form. What it is is decided by its content, not by its name. At most 2 GiB are
/// read. `metadata`, if given, receives a safetensors file's own texts. Throws Error{input} or
/// Error{unsupported} with the file's name and what is wrong with it.
NamedTensors read_weights(const std::string& path,
                          std::map<std::string, std::string>* metadata = nullptr);

}  // namespace impasto
