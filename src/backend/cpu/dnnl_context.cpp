#include "backend/cpu/dnnl_context.h"

#include <algorithm>

#include "impasto/error.h"

namespace impasto {

dnnl::primitive_attr DnnlContext::attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

const CompiledPrimitive& DnnlContext::compiled(const PrimitiveKey& key,
                                               const std::function<CompiledPrimitive()>& make) {
  const auto found = cache_.find(key);
  if (found != cache_.end()) return found->second;
  try {
    const CompiledPrimitive& made = cache_.emplace(key, make()).first->second;
    scratch_bytes_ = std::max(scratch_bytes_, made.scratch.get_size());
    return made;
  } catch (const dnnl::error& e) {
    throw Error(ErrorCode::internal, std::string("oneDNN cannot compile a primitive: ") + e.what());
  }
}

void DnnlContext::run(const CompiledPrimitive& compiled,
                      std::unordered_map<int, dnnl::memory> arguments) {
  if (compiled.scratch.get_size() > 0) {
    if (!scratch_ || scratch_->size() < scratch_bytes_) {
      scratch_.reset();
      scratch_ = std::make_shared<Buffer>(scratch_bytes_);
    }
    arguments.emplace(DNNL_ARG_SCRATCHPAD,
                      dnnl::memory(compiled.scratch, engine_, scratch_->data()));
  }
  try {
    compiled.primitive.execute(stream_, arguments);
    stream_.wait();
  } catch (const dnnl::error& e) {
    throw Error(ErrorCode::internal, std::string("oneDNN failed: ") + e.what());
  }
}

void DnnlContext::reorder(dnnl::memory from, dnnl::memory to) {
  dnnl::reorder(from, to).execute(stream_, from, to);
  stream_.wait();
}

}  // namespace impasto
