#include "zoo/vgg_file.h"

#include "formats/weights.h"

namespace impasto {

ImportedVgg read_vgg(const std::string& path, VggConvention convention) {
  std::map<std::string, std::string> metadata;
  const NamedTensors tensors = read_weights(path, &metadata);
  return import_vgg(tensors, metadata, path, convention);
}

}  // namespace impasto
