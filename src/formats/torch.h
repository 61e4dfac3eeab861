#pragma once

#include <cstddef>
#include <span>
#include <string>

#include "tensor/tensor.h"

namespace impasto {

/// Does it begin like a file of torch.save (a zip archive, or a binary pickle)?
bool looks_like_torch(std::span<const std::byte> bytes);

/// The tensors of a PyTorch checkpoint as f32: a state dict, or a dictionary that holds one (see
/// state_dict.h for the names), written by torch.save in the zip form (1.6 and later) or the legacy
/// form. Reading executes nothing, whatever the pickle asks for. Strides are honoured, so the
/// result is dense row-major; tensors of whole numbers or truth values are skipped. Throws
/// Error{input} or Error{unsupported} naming `name`. Source: torch/serialization.py of
/// PyTorch 1.13.
NamedTensors parse_torch(std::span<const std::byte> bytes, const std::string& name);

}  // namespace impasto
