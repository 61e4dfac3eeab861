#include "formats/torch_storage.h"

#include <map>
#include <set>

#include "impasto/error.h"

namespace impasto {

namespace {

using Kind = PickleValue::Kind;

const std::map<std::string_view, ElementType>& storage_types() {
  using Element = ElementType::Kind;
  static const std::map<std::string_view, ElementType> types = {
      {"torch.DoubleStorage", {Element::f64, 8}},
      {"torch.FloatStorage", {Element::f32, 4}},
      {"torch.HalfStorage", {Element::f16, 2}},
      {"torch.BFloat16Storage", {Element::bf16, 2}},
      {"torch.LongStorage", {Element::whole, 8}},
      {"torch.IntStorage", {Element::whole, 4}},
      {"torch.ShortStorage", {Element::whole, 2}},
      {"torch.CharStorage", {Element::whole, 1}},
      {"torch.ByteStorage", {Element::whole, 1}},
      {"torch.BoolStorage", {Element::whole, 1}},
      {"torch.ComplexFloatStorage", {Element::other, 8}},
      {"torch.ComplexDoubleStorage", {Element::other, 16}},
      {"torch.UntypedStorage", {Element::other, 1}},
      {"torch.storage.UntypedStorage", {Element::other, 1}},
  };
  return types;
}

[[noreturn]] void damaged(const std::string& file) {
  throw Error(ErrorCode::input,
              file + ": not a valid weights file: a storage is described wrongly");
}

uint64_t count_of(const PickleValue& value, const std::string& file) {
  if (!value.is(Kind::integer) || value.integer < 0 || value.integer > int64_t{1} << 48) {
    damaged(file);
  }
  return static_cast<uint64_t>(value.integer);
}

}  // namespace

bool is_allowed_global(std::string_view function) {
  static const std::set<std::string_view> others = {
      "collections.OrderedDict", "collections.defaultdict", "collections.Counter",
      "torch._utils._rebuild_tensor", "torch._utils._rebuild_tensor_v2",
      "torch._utils._rebuild_tensor_v3", "torch._utils._rebuild_parameter",
      "torch._utils._rebuild_parameter_with_state", "torch.Size", "torch.device",
      // Types of tensors, as options of a training run mention them.
      "torch.float64", "torch.float32", "torch.float16", "torch.bfloat16", "torch.int64",
      "torch.int32", "torch.int16", "torch.int8", "torch.uint8", "torch.bool",
      // Values that training scripts keep beside the weights.
      "argparse.Namespace", "pathlib.PosixPath", "pathlib.WindowsPath", "pathlib.PurePosixPath",
      "builtins.set", "builtins.frozenset", "builtins.bytearray", "builtins.complex",
      "builtins.dict", "builtins.list", "builtins.slice", "__builtin__.set",
      "__builtin__.frozenset", "__builtin__.bytearray", "_codecs.encode", "numpy.dtype",
      "numpy.ndarray", "numpy.core.multiarray.scalar", "numpy._core.multiarray.scalar",
      "numpy.core.multiarray._reconstruct", "numpy._core.multiarray._reconstruct"};
  return storage_types().contains(function) || others.contains(function);
}

StorageRef read_storage_ref(const PickleValue& persistent, const std::string& file) {
  if (!persistent.is(Kind::persistent)) damaged(file);
  const PickleValue& id = *persistent.items[0];
  if (!id.is(Kind::tuple) || id.items.size() < 5 || id.items[0]->text != "storage" ||
      !id.items[1]->is(Kind::global) || !id.items[2]->is(Kind::text)) {
    damaged(file);
  }
  const auto type = storage_types().find(id.items[1]->text);
  if (type == storage_types().end()) damaged(file);
  StorageRef ref;
  ref.key = id.items[2]->text;
  ref.type = type->second;
  ref.stored = ref.count = count_of(*id.items[4], file);
  if (id.items.size() > 5 && !id.items[5]->is(Kind::none)) {  // (key, first, count), before 0.4
    const PickleValue& view = *id.items[5];
    if (!view.is(Kind::tuple) || view.items.size() != 3) damaged(file);
    ref.first = count_of(*view.items[1], file);
    ref.count = count_of(*view.items[2], file);
    if (ref.first > ref.stored || ref.count > ref.stored - ref.first) damaged(file);
  }
  return ref;
}

}  // namespace impasto
