#include "methods/engine.h"

#include "base/parallel.h"
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

std::vector<WeightedStyle> weighted(const std::vector<const Image*>& styles,
                                    const StylizeOptions& o) {
  std::vector<WeightedStyle> weighted;
  for (size_t i = 0; i < styles.size(); ++i) {
    weighted.push_back({styles[i], o.style_weights.empty() ? 1.0 : o.style_weights[i]});
  }
  return weighted;
}

bool same_engine(const StylizeOptions& a, const StylizeOptions& b) {
  return a.network == b.network && a.pooling == b.pooling && a.precision == b.precision &&
         a.threads == b.threads;
}

Engine open_engine(const StylizeOptions& o) {
  set_threads(o.threads);
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
