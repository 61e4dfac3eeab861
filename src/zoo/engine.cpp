#include "zoo/engine.h"

#include <sys/stat.h>

#include "impasto/error.h"
#include "zoo/session.h"

namespace impasto {

namespace {

DType choose_type(const Backend& backend, Precision precision) {
  if (precision == Precision::f32) return DType::f32;
  if (precision == Precision::automatic) return backend.preferred_type();
  if (!backend.supports(DType::bf16)) {
    throw Error(ErrorCode::unsupported,
                "precision bf16: this processor has no AVX-512; use f32 or auto");
  }
  return DType::bf16;
}

}  // namespace

// A file may have another network in it by now.
std::string engine_key(const StylizeOptions& o) {
  std::string key = std::string(name_of(o.precision)) + " " +
                    (o.pooling ? name_of(*o.pooling) : "") + " " + o.network;
  struct stat file {};
  if (stat(o.network.c_str(), &file) == 0) {
    for (const auto v : {int64_t(file.st_ino), int64_t(file.st_size), int64_t(file.st_mtim.tv_sec),
                         int64_t(file.st_mtim.tv_nsec)}) {
      key += " " + std::to_string(v);
    }
  }
  return key;
}

Precision precision_of(const Engine& engine) {
  return engine.type == DType::bf16 ? Precision::bf16 : Precision::f32;
}

std::shared_ptr<Engine> engine_of(Session& session, const StylizeOptions& o) {
  return session.impl().kept.get<Engine>(engine_key(o),
                                         [&] { return std::make_shared<Engine>(open_engine(o)); });
}

bool spend_engine(Session& session) {
  if (session.options().keep_networks) return false;
  session.impl().kept.drop<Engine>();
  return true;
}

Engine open_engine(const StylizeOptions& o) {
  Engine engine;
  engine.network = open_network(o.network, o.pooling);
  engine.backend = make_cpu_backend();
  engine.type = choose_type(*engine.backend, o.precision);
  return engine;
}

}  // namespace impasto
