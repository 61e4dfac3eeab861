#include "zoo/zoo.h"

#include "zoo/network_file.h"

namespace impasto {

Network open_network(const std::string& name_or_file, std::optional<PoolKind> pooling) {
  const NetworkFile file = locate_network(name_or_file);
  LoadedNetwork loaded = load_network(file);
  if (pooling) loaded.vgg.config.pooling = *pooling;
  const auto graph = make_vgg(loaded.vgg.config);
  graph->load(loaded.vgg.tensors, file.path.empty() ? file.name : file.path);
  return {file.name, sha256_of(file), loaded.vgg.config, graph};
}

}  // namespace impasto
