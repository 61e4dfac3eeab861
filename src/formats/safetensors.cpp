#include "formats/safetensors.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <nlohmann/json.hpp>
#include <set>

#include "base/json_text.h"
#include "formats/byte_reader.h"
#include "formats/elements.h"
#include "formats/file.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr uint64_t max_header = uint64_t{16} << 20;  // 100,000 tensors
constexpr const char* metadata_name = "__metadata__";

struct Entry {
  std::string where;  ///< "FILE: tensor NAME", for errors
  std::string name;
  ElementType type;
  Shape shape;
  uint64_t begin, end;
};

[[noreturn]] void damaged(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::input, where + ": damaged safetensors file: " + what);
}

/// The header as JSON; deeper nesting or a key twice in one object is refused while reading.
nlohmann::json read_header(std::string_view text, const std::string& name) {
  std::set<std::string> seen[3];
  const auto check = [&](int depth, nlohmann::json::parse_event_t event, nlohmann::json& value) {
    if (event == nlohmann::json::parse_event_t::object_start ||
        event == nlohmann::json::parse_event_t::array_start) {
      if (depth > 2) damaged(name, "its header is nested too deeply");
      seen[depth].clear();
    } else if (event == nlohmann::json::parse_event_t::key) {
      const auto& key = value.get_ref<const std::string&>();
      if (!seen[depth - 1].insert(key).second)
        damaged(name, "its header lists " + printable(key) + " twice");
    }
    return true;
  };
  try {
    nlohmann::json header = nlohmann::json::parse(text.begin(), text.end(), check);
    if (!header.is_object()) damaged(name, "its header is not a JSON object");
    return header;
  } catch (const nlohmann::json::exception&) {
    damaged(name, "its header is not valid JSON");
  }
}

ElementType element_type(const std::string& dtype, const std::string& where) {
  using enum ElementType::Kind;
  static const std::map<std::string, ElementType> types = {
      {"F64", {f64, 8}},   {"F32", {f32, 4}},   {"F16", {f16, 2}},   {"BF16", {bf16, 2}},
      {"I64", {whole, 8}}, {"U64", {whole, 8}}, {"I32", {whole, 4}}, {"U32", {whole, 4}},
      {"I16", {whole, 2}}, {"U16", {whole, 2}}, {"I8", {whole, 1}},  {"U8", {whole, 1}},
      {"BOOL", {whole, 1}}};
  const auto found = types.find(dtype);
  if (found == types.end()) {
    throw Error(ErrorCode::unsupported,
                where + ": expected numbers as F64, F32, F16 or BF16, found " + printable(dtype));
  }
  return found->second;
}

/// The unsigned integers of a JSON array.
std::vector<int64_t> numbers(const nlohmann::json& entry, const char* key,
                             const std::string& where) {
  const auto array = entry.find(key);
  if (array == entry.end() || !array->is_array()) damaged(where, std::string("no list ") + key);
  std::vector<int64_t> result;
  for (const nlohmann::json& number : *array) {
    if (!number.is_number_unsigned() || number.get<uint64_t>() > uint64_t{1} << 62) {
      damaged(where, std::string(key) + " holds something that is not a size");
    }
    result.push_back(number.get<int64_t>());
  }
  return result;
}

Entry read_entry(const std::string& tensor, const nlohmann::json& json_entry,
                 const std::string& file) {
  Entry entry;
  entry.name = tensor;
  entry.where = file + ": tensor " + printable(tensor);
  check_tensor_name(tensor, file);
  if (!json_entry.is_object() || json_entry.size() != 3) damaged(entry.where, "unknown fields");
  const auto dtype = json_entry.find("dtype");
  if (dtype == json_entry.end() || !dtype->is_string()) damaged(entry.where, "no dtype");
  entry.type = element_type(dtype->get<std::string>(), entry.where);
  entry.shape = checked_shape(numbers(json_entry, "shape", entry.where), entry.where);
  const auto offsets = numbers(json_entry, "data_offsets", entry.where);
  if (offsets.size() != 2 || offsets[0] > offsets[1]) damaged(entry.where, "impossible offsets");
  entry.begin = static_cast<uint64_t>(offsets[0]);
  entry.end = static_cast<uint64_t>(offsets[1]);
  if (entry.end - entry.begin != static_cast<uint64_t>(entry.shape.size()) * entry.type.size) {
    damaged(entry.where, "shape " + entry.shape.str() + " does not take " +
                             std::to_string(entry.end - entry.begin) + " bytes");
  }
  return entry;
}

void read_metadata(const nlohmann::json& texts, const std::string& name,
                   std::map<std::string, std::string>* metadata) {
  if (!texts.is_object()) damaged(name, "its metadata is not a list of texts");
  for (const auto& [key, text] : texts.items()) {
    if (!text.is_string()) damaged(name, "its metadata " + printable(key) + " is not a text");
    if (metadata) (*metadata)[key] = text.get<std::string>();
  }
}

void check_coverage(std::vector<Entry>& entries, uint64_t data_size, const std::string& name) {
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::pair(a.begin, a.end) < std::pair(b.begin, b.end);
  });
  uint64_t covered = 0;
  for (const Entry& entry : entries) {
    if (entry.begin != covered) damaged(entry.where, "overlaps another or leaves a gap before it");
    covered = entry.end;
    if (covered > data_size) damaged(entry.where, "lies beyond the end of the file");
  }
  if (covered != data_size) {
    damaged(name, "expected " + std::to_string(covered) + " bytes of data, found " +
                      std::to_string(data_size));
  }
}

/// `type_of` tells a tensor's dtype and the bytes of a number by its name, `store` writes its
/// numbers.
std::vector<std::byte> format(
    const NamedTensors& tensors,
    const std::function<std::pair<const char*, size_t>(const std::string&)>& type_of,
    const std::function<void(const std::string&, const Tensor&, std::byte*)>& store,
    const std::map<std::string, std::string>& metadata) {
  nlohmann::ordered_json header = nlohmann::ordered_json::object();  // ours is sorted already
  // It may name files, which need not be UTF-8.
  if (!metadata.empty())
    header[metadata_name] = nlohmann::json::parse(json_text(nlohmann::json(metadata)));
  uint64_t end = 0;
  for (const auto& [key, tensor] : tensors) {
    if (key == metadata_name) throw Error(ErrorCode::output, "a tensor cannot be named " + key);
    if (!tensor) throw Error(ErrorCode::output, "the tensor " + key + " has no data");
    const auto [dtype, size] = type_of(key);
    const uint64_t begin = end;
    end += static_cast<uint64_t>(tensor.size()) * size;
    header[key] = {
        {"dtype", dtype}, {"shape", tensor.shape().extents()}, {"data_offsets", {begin, end}}};
  }
  std::string text;
  try {
    text = header.dump();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::output, "names of tensors and metadata must be UTF-8");
  }
  text.resize((text.size() + 7) / 8 * 8, ' ');

  std::vector<std::byte> file(8 + text.size() + end);
  const uint64_t header_size = text.size();
  std::memcpy(file.data(), &header_size, 8);
  std::memcpy(file.data() + 8, text.data(), text.size());
  std::byte* at = file.data() + 8 + text.size();
  for (const auto& [key, tensor] : tensors) {
    if (tensor.size() == 0) continue;
    store(key, tensor, at);
    at += static_cast<size_t>(tensor.size()) * type_of(key).second;
  }
  return file;
}

}  // namespace

NamedTensors parse_safetensors(std::span<const std::byte> bytes, const std::string& name,
                               std::map<std::string, std::string>* metadata) {
  ByteReader in(bytes, name, "the safetensors header");
  const auto header_size = in.number<uint64_t>();
  if (header_size > max_header) {
    damaged(name, "claims a header of " + std::to_string(header_size) + " bytes");
  }
  const std::string_view text = in.text(header_size);
  if (!text.starts_with('{')) damaged(name, "its header does not begin with {");
  const nlohmann::json header = read_header(text, name);
  const auto data = bytes.subspan(in.position());

  std::vector<Entry> entries;
  for (const auto& [key, value] : header.items()) {
    if (key == metadata_name) {
      read_metadata(value, name, metadata);
    } else {
      entries.push_back(read_entry(key, value, name));
    }
  }
  check_coverage(entries, data.size(), name);
  NamedTensors tensors;
  for (const Entry& entry : entries) {
    if (entry.type.kind == ElementType::Kind::whole) continue;
    tensors[entry.name] = dense_f32(data.subspan(entry.begin, entry.end - entry.begin), entry.type,
                                    entry.shape, entry.where);
  }
  return tensors;
}

std::vector<std::byte> format_safetensors(const NamedTensors& tensors, DType storage,
                                          const std::map<std::string, std::string>& metadata) {
  const char* dtype = storage == DType::f64 ? "F64" : storage == DType::bf16 ? "BF16" : "F32";
  return format(
      tensors, [&](const std::string&) { return std::pair(dtype, size_of(storage)); },
      [&](const std::string&, const Tensor& tensor, std::byte* to) {
        const Tensor stored = tensor.to(storage);
        std::memcpy(to, stored.raw(), stored.bytes());
      },
      metadata);
}

std::vector<std::byte> format_safetensors(const NamedTensors& tensors,
                                          const std::set<std::string>& halves,
                                          const std::map<std::string, std::string>& metadata) {
  return format(
      tensors,
      [&](const std::string& name) {
        return halves.contains(name) ? std::pair("F16", size_t{2}) : std::pair("F32", size_t{4});
      },
      [&](const std::string& name, const Tensor& tensor, std::byte* to) {
        const Tensor stored = tensor.to(DType::f32);
        if (!halves.contains(name)) {
          std::memcpy(to, stored.raw(), stored.bytes());
          return;
        }
        for (int64_t i = 0; i < stored.size(); ++i) {
          const uint16_t half = float_to_half(stored.data<float>()[i]);
          std::memcpy(to + 2 * i, &half, 2);
        }
      },
      metadata);
}

void write_safetensors(const std::string& path, const NamedTensors& tensors, DType storage,
                       const std::map<std::string, std::string>& metadata) {
  write_file(path, format_safetensors(tensors, storage, metadata));
}

}  // namespace impasto
