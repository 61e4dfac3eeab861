#pragma once

#include <string>
#include <vector>

#include "formats/pickle.h"

namespace impasto {

/// A tensor as a checkpoint describes it: its name and the arguments of
/// torch._utils._rebuild_tensor: storage, offset, sizes, strides ... (at least these four).
struct PickledTensor {
  std::string name;
  const std::vector<const PickleValue*>* arguments;
};

/// Finds every tensor in what torch.save stored and names it by its path: nested dictionaries and
/// lists are joined with '.', as in "features.0.weight". Then
/// - a wrapper around the whole state dict ("state_dict", "model", "params" and the like) is
/// removed,
///   together with the optimizer's and scheduler's state beside it;
/// - so is "module." (DataParallel's) when every name begins with it.
/// Throws Error{input} naming `file` when there is no tensor, or too many, or two of one name.
std::vector<PickledTensor> find_tensors(const PickleValue& root, const std::string& file);

}  // namespace impasto
