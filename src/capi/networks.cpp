#include "capi/callbacks.h"
#include "capi/objects.h"
#include "capi/status.h"
#include "impasto/impasto.h"
#include "impasto/models.h"

using namespace impasto;

extern "C" impasto_status impasto_networks_list(impasto_networks** networks) {
  return guarded([&] {
    require(networks, "networks");
    *networks = nullptr;
    *networks = new impasto_networks{list_models()};
  });
}

extern "C" void impasto_networks_free(impasto_networks* networks) {
  delete networks;
}

extern "C" size_t impasto_networks_count(const impasto_networks* networks) {
  return networks == nullptr ? 0 : networks->all.size();
}

extern "C" impasto_status impasto_networks_describe(const impasto_networks* networks, size_t index,
                                                    impasto_network_info* info) {
  return guarded([&] {
    require(networks, "networks");
    require_index(index, networks->all.size());
    const ModelInfo& model = networks->all[index];
    impasto_network_info whole{};
    whole.name = model.name.c_str();
    whole.place = name_of(model.place);
    whole.kind = model.kind.c_str();
    whole.problem = model.problem.c_str();
    whole.bytes = model.bytes;
    give(whole, info, "info");
  });
}

extern "C" impasto_status impasto_network_fetch(const char* name,
                                                const impasto_progress* progress) {
  return guarded([&] {
    require(name, "name");
    Callbacks callbacks(progress);
    fetch_model(name, callbacks);
  });
}
