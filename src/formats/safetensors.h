#pragma once

#include <cstddef>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

/// The tensors of a safetensors file as f32 (F64 is rounded, F16 and BF16 are exact). Tensors of
/// whole numbers or truth values are checked and skipped. `metadata`, if given, receives the file's
/// own key-value texts. Throws Error{input} naming `name` unless the file is well formed in every
/// respect: the data must be covered exactly, without gaps or overlaps, by the listed tensors.
/// Source: the format description in https://github.com/huggingface/safetensors.
NamedTensors parse_safetensors(std::span<const std::byte> bytes, const std::string& name,
                               std::map<std::string, std::string>* metadata = nullptr);

/// The bytes of a safetensors file with every tensor stored as `storage`; the same tensors always
/// give the same bytes. Throws Error{output} on names that the format cannot hold.
std::vector<std::byte> format_safetensors(const NamedTensors& tensors, DType storage = DType::f32,
                                          const std::map<std::string, std::string>& metadata = {});
/// The same as F32, but those named in `halves` as F16.
std::vector<std::byte> format_safetensors(const NamedTensors& tensors,
                                          const std::set<std::string>& halves,
                                          const std::map<std::string, std::string>& metadata);

/// Writes them beside `path` and renames. Throws Error{output}.
void write_safetensors(const std::string& path, const NamedTensors& tensors,
                       DType storage = DType::f32,
                       const std::map<std::string, std::string>& metadata = {});

}  // namespace impasto
