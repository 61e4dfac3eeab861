#include "formats/state_dict.h"

#include <algorithm>
#include <set>

#include "formats/elements.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Kind = PickleValue::Kind;
using Arguments = std::vector<const PickleValue*>;

constexpr size_t max_depth = 16;
constexpr size_t max_visits = 4'000'000;  // shared lists can hold far more places than values
constexpr size_t max_tensors = 65536;
constexpr size_t max_key = 512;

struct Leaf {
  std::vector<std::string> path;
  const Arguments* arguments;
};

[[noreturn]] void refuse(const std::string& file, const std::string& what) {
  throw Error(ErrorCode::input, file + ": not a valid weights file: it " + what);
}

/// The arguments of a _rebuild_tensor call, also inside _rebuild_parameter; null for other values.
const Arguments* tensor_arguments(const PickleValue* value, const std::string& file) {
  for (int nested = 0; nested < 2; ++nested) {
    if (!value->is(Kind::call)) return nullptr;
    const Arguments& arguments = value->items[1]->items;
    if (value->calls("torch._utils._rebuild_tensor") ||
        value->calls("torch._utils._rebuild_tensor_v2")) {
      if (arguments.size() < 4) refuse(file, "describes a tensor without size or place");
      return &arguments;
    }
    if (value->calls("torch._utils._rebuild_tensor_v3")) {
      throw Error(ErrorCode::unsupported,
                  file + ": expected numbers as float64, 32, 16 or bfloat16, found another type");
    }
    if (!value->items[0]->text.starts_with("torch._utils._rebuild_parameter")) return nullptr;
    if (arguments.empty()) refuse(file, "describes a parameter without a tensor");
    value = arguments[0];
  }
  return nullptr;
}

class Finder {
 public:
  explicit Finder(const std::string& file) : file_(file) {}

  void visit(const PickleValue& value) {
    if (++visits_ > max_visits || leaves_.size() > max_tensors) refuse(file_, "has too many parts");
    if (path_.size() > max_depth) refuse(file_, "is nested too deeply");
    if (const Arguments* arguments = tensor_arguments(&value, file_)) {
      leaves_.push_back({path_, arguments});
    } else if (value.is(Kind::dict)) {
      for (size_t i = 0; i + 1 < value.items.size(); i += 2) {
        const PickleValue& key = *value.items[i];  // keys of other kinds never lead to weights
        if (key.is(Kind::text)) enter(key.text, *value.items[i + 1]);
        if (key.is(Kind::integer)) enter(std::to_string(key.integer), *value.items[i + 1]);
      }
    } else if (value.is(Kind::list) || value.is(Kind::tuple)) {
      for (size_t i = 0; i < value.items.size(); ++i) enter(std::to_string(i), *value.items[i]);
    }
  }
  std::vector<Leaf> take() { return std::move(leaves_); }

 private:
  void enter(const std::string& key, const PickleValue& value) {
    if (key.size() > max_key)
      refuse(file_, "has a name of " + std::to_string(key.size()) + " bytes");
    path_.push_back(key);
    visit(value);
    path_.pop_back();
  }

  const std::string& file_;
  std::vector<std::string> path_;
  std::vector<Leaf> leaves_;
  size_t visits_ = 0;
};

bool is_wrapper(const std::string& key) {
  static const std::set<std::string> keys = {"state_dict", "model_state_dict", "model",
                                             "net",        "network",          "module",
                                             "params",     "params_ema",       "weights"};
  return keys.contains(key);
}

bool is_training_state(const Leaf& leaf) {
  const std::string& key = leaf.path[0];
  return leaf.path.size() > 1 && (key.starts_with("optim") || key.ends_with("optimizer") ||
                                  key.find("scheduler") != key.npos || key == "scaler");
}

/// Removes one wrapper, if there is one; says whether.
bool unwrap(std::vector<Leaf>& leaves) {
  std::vector<Leaf> weights;
  std::copy_if(leaves.begin(), leaves.end(), std::back_inserter(weights),
               [](const Leaf& leaf) { return !is_training_state(leaf); });
  if (weights.empty() || !is_wrapper(weights[0].path[0])) return false;
  for (const Leaf& leaf : weights) {
    if (leaf.path.size() < 2 || leaf.path[0] != weights[0].path[0]) return false;
  }
  for (Leaf& leaf : weights) leaf.path.erase(leaf.path.begin());
  leaves = std::move(weights);
  return true;
}

std::string joined(const std::vector<std::string>& path) {
  std::string name = path[0];
  for (size_t i = 1; i < path.size(); ++i) name += "." + path[i];
  return name;
}

}  // namespace

std::vector<PickledTensor> find_tensors(const PickleValue& root, const std::string& file) {
  if (!root.is(Kind::dict) && !root.is(Kind::list) && !root.is(Kind::tuple)) {
    refuse(file, "holds no dictionary of tensors");
  }
  Finder finder(file);
  finder.visit(root);
  std::vector<Leaf> leaves = finder.take();
  if (leaves.empty()) refuse(file, "holds no tensors");
  for (int layer = 0; layer < 2 && unwrap(leaves);) ++layer;

  std::vector<PickledTensor> tensors;
  for (const Leaf& leaf : leaves) tensors.push_back({joined(leaf.path), leaf.arguments});
  constexpr std::string_view parallel = "module.";
  if (std::all_of(tensors.begin(), tensors.end(),
                  [&](const PickledTensor& t) { return t.name.starts_with(parallel); })) {
    for (PickledTensor& tensor : tensors) tensor.name.erase(0, parallel.size());
  }
  std::set<std::string> names;
  for (const PickledTensor& tensor : tensors) {
    check_tensor_name(tensor.name, file);
    if (!names.insert(tensor.name).second) refuse(file, "holds two tensors named " + tensor.name);
  }
  return tensors;
}

}  // namespace impasto
