#include "backend/cpu/dnnl_context.h"

#include <algorithm>

#include "backend/cpu/dnnl_describe.h"
#include "backend/machine.h"
#include "base/memory.h"
#include "base/parallel.h"
#include "impasto/error.h"

namespace impasto {

namespace {

// oneDNN says of an allocation that failed that it could not create something.
[[noreturn]] void fail(const std::string& what, const dnnl::error& e) {
  if (e.status == dnnl_out_of_memory) throw Error(ErrorCode::memory, "out of memory");
  throw Error(ErrorCode::internal, what + e.what());
}

// oneDNN writes the code that it makes without looking whether it got memory for it.
constexpr size_t code_bytes = size_t{12} << 20;

}  // namespace

dnnl::primitive_attr DnnlContext::attributes() {
  dnnl::primitive_attr attributes;
  attributes.set_scratchpad_mode(dnnl::scratchpad_mode::user);
  return attributes;
}

const CompiledPrimitive& DnnlContext::compiled(const PrimitiveKey& key,
                                               const std::function<CompiledPrimitive()>& make) {
  const auto found = cache_.find(key);
  if (found != cache_.end()) return found->second;
  require_address_space(code_bytes);
  try {
    const CompiledPrimitive& made = cache_.emplace(key, make()).first->second;
    scratch_bytes_ = std::max(scratch_bytes_, made.scratch.get_size());
    return made;
  } catch (const dnnl::error& e) {
    fail("oneDNN cannot compile a primitive: ", e);
  }
}

PrimitiveNeeds DnnlContext::needs(const PrimitiveKey& key,
                                  const std::function<PrimitiveNeeds()>& tell) {
  const auto found = needs_.find(key);
  if (found != needs_.end()) return found->second;
  try {
    return needs_[key] = tell();
  } catch (const dnnl::error& e) {
    fail("oneDNN cannot describe a primitive: ", e);
  }
}

void DnnlContext::forget() {
  cache_.clear();
  scratch_.reset();
  rooms_ = {};
  workers_.clear();
  scratch_bytes_ = 0;
  forget_compiled_primitives();
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
    fail("oneDNN failed: ", e);
  }
}

std::byte* DnnlContext::Worker::room(size_t i, int64_t bytes) {
  if (rooms_.size() <= i) rooms_.resize(i + 1);
  const auto size = static_cast<size_t>(bytes);
  if (!rooms_[i] || rooms_[i]->size() < size) rooms_[i] = std::make_unique<Buffer>(size);
  return rooms_[i]->data();
}

void DnnlContext::make_workers() {
  const auto count = static_cast<size_t>(threads());
  if (workers_.size() < count) workers_.resize(count);
}

DnnlContext::Worker& DnnlContext::worker() {
  return workers_[static_cast<size_t>(thread_index())];
}

void DnnlContext::run_here(Worker& worker, const CompiledPrimitive& compiled,
                           std::unordered_map<int, dnnl::memory> arguments) {
  const size_t scratch = compiled.scratch.get_size();
  if (scratch > 0) {
    if (!worker.scratch_ || worker.scratch_->size() < scratch) {
      worker.scratch_ = std::make_unique<Buffer>(scratch);
    }
    arguments.emplace(DNNL_ARG_SCRATCHPAD,
                      dnnl::memory(compiled.scratch, engine_, worker.scratch_->data()));
  }
  try {
    dnnl::stream stream(engine_);
    compiled.primitive.execute(stream, arguments);
    stream.wait();
  } catch (const dnnl::error& e) {
    fail("oneDNN failed: ", e);
  }
}

Tensor DnnlContext::room(const Shape& shape, DType type, size_t which) {
  const size_t bytes = static_cast<size_t>(shape.size()) * size_of(type);
  std::shared_ptr<Buffer>& room = rooms_[which];
  if (!room || room->size() < bytes) room = std::make_shared<Buffer>(bytes);
  return Tensor(room, 0, shape, type);
}

void DnnlContext::pack(const dnnl::memory& parameters, const dnnl::memory& packed) {
  if (!packed_by_hand(parameters, packed)) reorder(parameters, packed);
}

void DnnlContext::reorder(dnnl::memory from, dnnl::memory to) {
  require_address_space(code_bytes);
  try {
    dnnl::reorder(from, to).execute(stream_, from, to);
    stream_.wait();
  } catch (const dnnl::error& e) {
    fail("oneDNN failed: ", e);
  }
}

}  // namespace impasto
