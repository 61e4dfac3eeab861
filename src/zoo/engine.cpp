#include "zoo/engine.h"

#include "impasto/error.h"

namespace impasto {

namespace {

DType choose_type(const Backend& backend, const std::string& precision) {
  if (precision == "f32") return DType::f32;
  if (precision == "auto") return backend.preferred_type();
  if (!backend.supports(DType::bf16)) {
    throw Error(ErrorCode::unsupported,
                "--precision bf16: this processor has no AVX-512; use f32 or auto");
  }
  return DType::bf16;
}

}  // namespace

bool same_engine(const StylizeOptions& a, const StylizeOptions& b) {
  return a.network == b.network && a.pooling == b.pooling && a.precision == b.precision &&
         a.threads == b.threads;
}

Engine open_engine(const StylizeOptions& o) {
  const std::optional<PoolKind> pooling =
      o.pooling.empty() ? std::nullopt
                        : std::optional(o.pooling == "average" ? PoolKind::average : PoolKind::max);
  Engine engine;
  engine.network = open_network(o.network, pooling);
  engine.backend = make_cpu_backend();
  engine.type = choose_type(*engine.backend, o.precision);
  return engine;
}

}  // namespace impasto
