#include <algorithm>

#include "base/promise.h"
#include "impasto/error.h"
#include "impasto/models.h"
#include "zoo/builtin.h"
#include "zoo/cache.h"
#include "zoo/downloads.h"
#include "zoo/instant.h"
#include "zoo/network_file.h"

namespace impasto {

namespace {

// A decoder's convolutions, in the graph's order.
ModelInfo describe_instant(const NetworkFile& file) {
  const std::string name = file.path.empty() ? file.name : file.path;
  const InstantNetwork network = open_instant(name);
  ModelInfo info;
  info.name = file.name;
  info.kind = "instant";
  info.place = file.place;
  info.path = file.path;
  info.bytes = network.bytes;
  if (const Builtin* builtin = file.path.empty() ? find_builtin(file.name) : nullptr) {
    info.source = builtin->source;
    info.licence = builtin->licence;
  }
  const auto decoder = make_decoder();
  for (const Parameter& p : decoder->parameters()) {
    const Shape& s = p.value.shape();
    if (s.rank() != 4) continue;
    ModelLayer layer{p.name.substr(0, p.name.rfind('.')), "", {}};
    std::copy(s.extents().begin(), s.extents().end(), layer.shape.begin());
    info.layers.push_back(layer);
  }
  return info;
}

ModelInfo describe(const NetworkFile& file) {
  if (is_instant(file.path.empty() ? file.name : file.path)) return describe_instant(file);
  const LoadedNetwork network = load_network(file);
  const VggConfig& config = network.vgg.config;
  ModelInfo info;
  info.name = file.name;
  info.kind = "encoder";
  info.place = file.place;
  info.path = file.path;
  info.bytes = network.bytes;
  info.source = network.source;
  info.licence = network.licence;
  info.convention = network.convention;
  info.padding = config.padding == PadMode::reflect ? "reflect" : "zero";
  info.pooling = name_of(config.pooling);
  info.pixel_matrix = config.pixels.matrix;
  info.pixel_offset = config.pixels.offset;
  for (size_t block = 0; block < config.widths.size(); ++block) {
    for (size_t i = 0; i < config.widths[block].size(); ++i) {
      const std::string place = std::to_string(block + 1) + "_" + std::to_string(i + 1);
      ModelLayer layer{"conv" + place, "relu" + place, {}};
      const auto extents = network.vgg.tensors.at(layer.name + ".weight").shape().extents();
      std::copy(extents.begin(), extents.end(), layer.shape.begin());
      info.layers.push_back(layer);
    }
  }
  return info;
}

ModelInfo describe_cached(const std::string& name) {
  const NetworkFile file{name, ModelPlace::cache, cached_file(name)};
  try {
    return describe(file);
  } catch (const Error& error) {
    ModelInfo info;
    info.name = file.name;
    info.place = file.place;
    info.path = file.path;
    info.problem = error.what();
    return info;
  }
}

ModelInfo describe_remote(const Download& download) {
  ModelInfo info;
  info.name = download.name;
  info.kind = "encoder";
  info.place = ModelPlace::remote;
  info.bytes = download.bytes;
  info.source = download.source;
  info.licence = download.licence;
  return info;
}

}  // namespace

const char* name_of(ModelPlace place) {
  switch (place) {
    case ModelPlace::built_in:
      return "built-in";
    case ModelPlace::cache:
      return "cache";
    case ModelPlace::remote:
      return "remote";
    case ModelPlace::file:
      return "file";
  }
  return "?";
}

int64_t ModelInfo::parameters() const {
  int64_t sum = 0;
  for (const ModelLayer& layer : layers) sum += layer.parameters();
  return sum;
}

std::vector<ModelInfo> list_models() try {
  std::vector<ModelInfo> models;
  for (const Builtin& b : builtins())
    models.push_back(describe({b.name, ModelPlace::built_in, ""}));
  const std::vector<std::string> cached = cached_names();
  for (const Download& d : known_downloads()) {
    const bool here = std::find(cached.begin(), cached.end(), d.name) != cached.end();
    models.push_back(here ? describe_cached(d.name) : describe_remote(d));
  }
  for (const std::string& name : cached) {
    if (!find_builtin(name) && !find_download(name)) models.push_back(describe_cached(name));
  }
  return models;
} catch (...) {
  rethrow_as_error();
}

ModelInfo model_info(const std::string& name_or_file) try {
  const NetworkFile file = locate_network(name_or_file);
  ModelInfo info = describe(file);
  info.sha256 = sha256_of(file);
  return info;
} catch (...) {
  rethrow_as_error();
}

}  // namespace impasto
