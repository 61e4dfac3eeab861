#pragma once

#include <array>
#include <dnnl.hpp>
#include <functional>
#include <map>
#include <vector>

#include "tensor/tensor.h"

namespace impasto {

/// What a compiled primitive was compiled from: an operator's number, then its description.
using PrimitiveKey = std::vector<int64_t>;

/// A compiled primitive with the layouts that it chose for its weights.
struct CompiledPrimitive {
  dnnl::primitive primitive;
  dnnl::memory::desc src, weights, bias, dst, scratch;
};

/// What a primitive asks for, in bytes.
struct PrimitiveNeeds {
  size_t weights = 0, scratch = 0;
};

/// The engine, the compiled primitives by description, and one scratch buffer that they share.
/// (This header is included by the .cpp files of backend/cpu only.)
class DnnlContext {
 public:
  const dnnl::engine& engine() const { return engine_; }
  size_t scratch_bytes() const { return scratch_bytes_; }

  /// The cached primitive of this key, compiled by `make` at the first call.
  const CompiledPrimitive& compiled(const PrimitiveKey& key,
                                    const std::function<CompiledPrimitive()>& make);
  /// Likewise what it needs, which `tell` finds out without compiling. Throws Error{memory} or
  /// Error{internal}, as compiled() does.
  PrimitiveNeeds needs(const PrimitiveKey& key, const std::function<PrimitiveNeeds()>& tell);
  /// Lets go of all primitives and scratch memory.
  void forget();
  /// Runs to completion; the scratch memory is added to the arguments.
  void run(const CompiledPrimitive&, std::unordered_map<int, dnnl::memory> arguments);
  void reorder(dnnl::memory from, dnnl::memory to);
  /// Parameters, dense f32 in the order of their dimensions, in the layout that a primitive
  /// prefers.
  void pack(const dnnl::memory& parameters, const dnnl::memory& packed);

  /// What a thread has of its own while many run primitives beside each other.
  class Worker {
   public:
    /// The i-th of its blocks of memory, at least as large as asked for.
    std::byte* room(size_t i, int64_t bytes);

   private:
    friend class DnnlContext;
    std::vector<std::unique_ptr<Buffer>> rooms_;
    std::unique_ptr<Buffer> scratch_;
  };
  /// One for each thread; before a parallel loop that uses them.
  void make_workers();
  Worker& worker();  ///< of the calling thread
  /// Runs a primitive that was compiled for one thread on the calling one.
  void run_here(Worker&, const CompiledPrimitive&, std::unordered_map<int, dnnl::memory> arguments);

  /// Memory for a result in passing, good until the next call for the same of three.
  Tensor room(const Shape& shape, DType type = DType::f32, size_t which = 0);

  dnnl::memory wrap(const dnnl::memory::desc& desc, const Tensor& t) const {
    return dnnl::memory(desc, engine_, t.raw());
  }
  dnnl::memory wrap(const dnnl::memory::desc& desc, void* data) const {
    return dnnl::memory(desc, engine_, data);
  }
  /// Attributes that let scratch memory come from us.
  static dnnl::primitive_attr attributes();

 private:
  dnnl::engine engine_{dnnl::engine::kind::cpu, 0};
  dnnl::stream stream_{engine_};
  std::map<PrimitiveKey, CompiledPrimitive> cache_;
  std::map<PrimitiveKey, PrimitiveNeeds> needs_;
  size_t scratch_bytes_ = 0;
  std::shared_ptr<Buffer> scratch_;
  std::array<std::shared_ptr<Buffer>, 3> rooms_;
  std::vector<Worker> workers_;
};

/// Whether oneDNN would use these instructions, or more that include them.
inline bool processor_has(dnnl::cpu_isa isa) {
  const auto have = static_cast<unsigned>(dnnl::get_effective_cpu_isa());
  return (have & static_cast<unsigned>(isa)) == static_cast<unsigned>(isa);
}

inline dnnl::memory::data_type dnnl_type(DType type) {
  return type == DType::bf16 ? dnnl::memory::data_type::bf16 : dnnl::memory::data_type::f32;
}

}  // namespace impasto
