#pragma once

#include <map>
#include <string>

#include "models/vgg.h"
#include "tensor/tensor.h"

namespace impasto {

/// How a file of VGG weights expects its pictures, and how it pads.
enum class VggConvention {
  detect,       ///< from names, shapes and well-known values
  torchvision,  ///< RGB, ImageNet mean and deviation, zero padding
  caffe,        ///< BGR 0..255 minus the mean (the Oxford files, neural-style-pt), zero padding
  normalised,   ///< a 1x1 layer first (AdaIN's vgg_normalised, Collaborative Distillation), reflect
  native,       ///< impasto's own files: the convention stands in the metadata
};
VggConvention parse_convention(const std::string& name);
const char* name_of(VggConvention);

/// A VGG read from somebody's file.
struct ImportedVgg {
  VggConfig config;
  NamedTensors tensors;  ///< by our names: conv1_1.weight ...
  VggConvention convention = VggConvention::detect;
};

/// Understands these naming schemes: conv1_1.weight (ours), features.N.weight (torchvision,
/// neural-style-pt), N.weight (vgg_normalised), conv11.weight (Collaborative Distillation). Files
/// that stop early (at conv3_4, say) are fine. Throws Error{input} that starts with `source`.
ImportedVgg import_vgg(const NamedTensors&, const std::map<std::string, std::string>& metadata,
                       const std::string& source, VggConvention = VggConvention::detect);

/// Metadata that makes a safetensors file of our names self-contained.
std::map<std::string, std::string> vgg_metadata(const VggConfig&);

}  // namespace impasto
