#include "formats/torch.h"

#include <algorithm>
#include <functional>
#include <map>
#include <vector>

#include "formats/byte_reader.h"
#include "formats/elements.h"
#include "formats/pickle.h"
#include "formats/state_dict.h"
#include "formats/torch_storage.h"
#include "formats/zip.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Kind = PickleValue::Kind;
using Bytes = std::span<const std::byte>;
using FetchStorage = std::function<Bytes(const StorageRef&)>;

/// What a file may turn into, in bytes: f16 doubles, tied or expanded weights and compression add
/// some; a file that grows more than this is a bomb.
uint64_t allowance(Bytes file) {
  return std::min((uint64_t{64} << 20) + 16 * uint64_t{file.size()}, uint64_t{4} << 30);
}

[[noreturn]] void invalid(const std::string& where, const std::string& what) {
  throw Error(ErrorCode::input, where + ": not a valid weights file: " + what);
}

bool starts_with(Bytes bytes, std::string_view prefix) {
  return bytes.size() >= prefix.size() &&
         std::equal(prefix.begin(), prefix.end(), reinterpret_cast<const char*>(bytes.data()));
}

std::vector<int64_t> integers(const PickleValue& tuple, const std::string& where) {
  std::vector<int64_t> result;
  for (const PickleValue* item : tuple.items) {
    if (!item->is(Kind::integer)) invalid(where, "its shape is not made of whole numbers");
    result.push_back(item->integer);
  }
  return result;
}

NamedTensors rebuild(const PickleValue& root, const FetchStorage& fetch, uint64_t left,
                     const std::string& name) {
  NamedTensors tensors;
  for (const PickledTensor& pickled : find_tensors(root, name)) {
    const std::string where = name + ": tensor " + pickled.name;
    const auto& arguments = *pickled.arguments;
    const StorageRef ref = read_storage_ref(*arguments[0], where);
    if (ref.type.kind == ElementType::Kind::whole) continue;
    if (ref.type.kind == ElementType::Kind::other) {
      throw Error(ErrorCode::unsupported,
                  where + ": expected numbers as float64, 32, 16 or bfloat16, found another type");
    }
    if (!arguments[1]->is(Kind::integer)) invalid(where, "its offset is not a whole number");
    const Shape shape = checked_shape(integers(*arguments[2], where), where);
    const std::vector<int64_t> strides = integers(*arguments[3], where);
    if (static_cast<int>(strides.size()) != shape.rank()) {
      invalid(where, "shape and strides differ in length");
    }
    const uint64_t bytes = static_cast<uint64_t>(shape.size()) * sizeof(float);
    if (bytes > left) invalid(where, "shape " + shape.str() + " is far more than the file holds");
    left -= bytes;
    const Bytes storage = fetch(ref).subspan(ref.first * ref.type.size, ref.count * ref.type.size);
    tensors[pickled.name] =
        gather_f32(storage, ref.type, shape, arguments[1]->integer, strides, where);
  }
  return tensors;
}

/// NAME/data.pkl describes the tensors, NAME/data/KEY are the storages.
NamedTensors parse_zip(Bytes bytes, const std::string& name) {
  ZipReader zip(bytes, name, allowance(bytes));
  const std::string list = "/data.pkl";
  std::string folder;
  for (const std::string& entry : zip.names()) {
    if (entry.ends_with(list)) folder = entry.substr(0, entry.size() - list.size() + 1);
  }
  if (folder.empty()) invalid(name, "a zip archive, but not one that torch.save wrote");
  if (zip.contains(folder + "constants.pkl")) {
    throw Error(ErrorCode::unsupported, name + ": is a TorchScript program; save its state_dict()");
  }
  if (zip.contains(folder + "byteorder")) {
    if (!starts_with(zip.read(folder + "byteorder").bytes, "little")) {
      throw Error(ErrorCode::unsupported, name + ": big-endian checkpoints are not supported");
    }
  }
  const ZipContent pickled = zip.read(folder + "data.pkl");
  const Pickle pickle = parse_pickle(pickled.bytes, name, is_allowed_global);
  std::map<std::string, ZipContent> storages;
  const FetchStorage fetch = [&](const StorageRef& ref) {
    auto found = storages.find(ref.key);
    if (found == storages.end()) {
      found = storages.emplace(ref.key, zip.read(folder + "data/" + ref.key)).first;
    }
    const Bytes storage = found->second.bytes;
    if (storage.size() / ref.type.size < ref.stored) {
      invalid(name, "the storage " + printable(ref.key) + " is too short");
    }
    return storage;
  };
  return rebuild(*pickle.root, fetch, allowance(bytes), name);
}

/// One pickle after the other in a file, each where the one before it ended.
class PickleStream {
 public:
  PickleStream(Bytes bytes, const std::string& name) : bytes_(bytes), name_(name) {}

  Pickle next() {
    Pickle pickle = parse_pickle(bytes_, name_, is_allowed_global);
    bytes_ = bytes_.subspan(pickle.length);
    return pickle;
  }
  Bytes rest() const { return bytes_; }

 private:
  Bytes bytes_;
  const std::string& name_;
};

/// The bytes per element of every storage that a pickle mentions, by key.
std::map<std::string, size_t> element_sizes(const Pickle& pickle, const std::string& name) {
  std::map<std::string, size_t> sizes;
  for (const PickleValue& value : pickle.values) {
    if (!value.is(Kind::persistent)) continue;
    const StorageRef ref = read_storage_ref(value, name);
    if (sizes.emplace(ref.key, ref.type.size).first->second != ref.type.size) {
      invalid(name, "a storage has two types");
    }
  }
  return sizes;
}

void check_byte_order(const PickleValue& system, const std::string& name) {
  for (size_t i = 0; i + 1 < system.items.size(); i += 2) {
    if (system.items[i]->text == "little_endian" && system.items[i + 1]->integer != 1) {
      throw Error(ErrorCode::unsupported, name + ": big-endian checkpoints are not supported");
    }
  }
}

/// Pickles of a magic number, the format's version, the writer's system, the tensors, the keys of
/// the storages; then each storage as its element count (64 bits) and its elements.
NamedTensors parse_legacy(Bytes bytes, const std::string& name) {
  PickleStream stream(bytes, name);
  const Pickle magic = stream.next();
  if (magic.root->text != "\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19") {
    invalid(name, "a Python pickle, but not one that torch.save wrote");
  }
  if (const Pickle version = stream.next(); version.root->integer != 1001) {
    invalid(name, "expected version 1001 of the legacy format");
  }
  check_byte_order(*stream.next().root, name);
  const Pickle pickle = stream.next();
  const auto sizes = element_sizes(pickle, name);
  const Pickle keys = stream.next();

  ByteReader in(stream.rest(), name, "its stored numbers");
  std::map<std::string, Bytes> storages;
  for (const PickleValue* key : keys.root->items) {
    const auto size = sizes.find(key->text);
    if (size == sizes.end()) invalid(name, "a storage has no type");
    const auto count = in.number<uint64_t>();
    if (count > in.remaining() / size->second) in.take(in.remaining() + 1);
    if (!storages.emplace(key->text, in.take(count * size->second)).second) {
      invalid(name, "a storage appears twice");
    }
  }
  const FetchStorage fetch = [&](const StorageRef& ref) {
    const auto found = storages.find(ref.key);
    if (found == storages.end() || found->second.size() / ref.type.size < ref.stored) {
      invalid(name, "the storage " + printable(ref.key) + " is missing or too short");
    }
    return found->second;
  };
  return rebuild(*pickle.root, fetch, allowance(bytes), name);
}

bool is_zip(Bytes bytes) {
  return starts_with(bytes, "PK\x03\x04");
}

}  // namespace

bool looks_like_torch(Bytes bytes) {
  return is_zip(bytes) || (bytes.size() > 2 && bytes[0] == std::byte{0x80} &&
                           bytes[1] >= std::byte{2} && bytes[1] <= std::byte{5});
}

NamedTensors parse_torch(Bytes bytes, const std::string& name) {
  return is_zip(bytes) ? parse_zip(bytes, name) : parse_legacy(bytes, name);
}

}  // namespace impasto
