#include "models/conventions.h"

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <optional>
#include <string_view>

#include "base/json_text.h"
#include "base/number_text.h"
#include "impasto/error.h"

namespace impasto {

namespace {

constexpr const char* metadata_key = "impasto.vgg";

// A convolution as somebody's file names it, with the place that its name tells.
struct FoundConv {
  std::string prefix;        // "features.0"
  int block = 0, index = 0;  // 1-based; 0 while only the order is known
  int order = 0;
};

PixelConvention torchvision_pixels() {
  constexpr float deviation[3] = {0.229f, 0.224f, 0.225f}, mean[3] = {0.485f, 0.456f, 0.406f};
  PixelConvention p;
  for (size_t i = 0; i < 3; ++i) {
    p.matrix[i * 4] = 1 / deviation[i];
    p.offset[i] = -mean[i] / deviation[i];
  }
  return p;
}

PixelConvention caffe_pixels() {
  PixelConvention p;
  p.matrix = {0, 0, 255, 0, 255, 0, 255, 0, 0};
  p.offset = {-103.939f, -116.779f, -123.68f};
  return p;
}

// The 1x1 layer at the beginning of vgg_normalised is a matrix on colours: no layer is needed.
PixelConvention matrix_pixels(const Tensor& weight, const Tensor& bias) {
  PixelConvention p;
  for (size_t i = 0; i < 9; ++i)
    p.matrix[i] = static_cast<float>(weight.at(static_cast<int64_t>(i)));
  for (size_t i = 0; i < 3; ++i) p.offset[i] = static_cast<float>(bias.at(static_cast<int64_t>(i)));
  return p;
}

// The Oxford weights are told by conv1_1's first bias: no retrained network repeats it.
bool has_oxford_bias(const Tensor& bias) {
  return std::abs(bias.at(0) - 0.7301776) < 1e-4;
}

// The number after what a name begins with, if it is no more than `digits` long and nothing
// follows.
std::optional<int> number_after(std::string_view beginning, std::string_view name, size_t digits) {
  if (!name.starts_with(beginning)) return {};
  name.remove_prefix(beginning.size());
  return name.size() <= digits && !name.starts_with('-') ? number_in<int>(name) : std::nullopt;
}

// conv3_1 as we write it, conv31 as Collaborative Distillation, features.10 or 10 as state dicts
// do.
std::optional<FoundConv> conv_named(const std::string& prefix) {
  std::string place = prefix;
  if (place.size() == 7 && place[5] == '_') place.erase(5, 1);
  if (const auto both = number_after("conv", place, 2); both && *both > 9) {
    const FoundConv conv{prefix, *both / 10, *both % 10, *both};
    return conv.block <= 5 && conv.index > 0 ? std::optional(conv) : std::nullopt;
  }
  for (const char* before : {"features.", ""}) {
    if (const auto number = number_after(before, prefix, 3))
      return FoundConv{prefix, 0, 0, *number};
  }
  return {};
}

std::vector<FoundConv> find_convs(const NamedTensors& tensors, bool& first_is_colour) {
  std::vector<FoundConv> found;
  first_is_colour = tensors.count("conv0.weight") > 0;
  for (const auto& [name, tensor] : tensors) {
    if (!name.ends_with(".weight") || tensor.shape().rank() != 4) continue;
    const std::string prefix = name.substr(0, name.size() - 7);
    if (tensors.count(prefix + ".bias") == 0) continue;
    if (const auto conv = conv_named(prefix)) found.push_back(*conv);
  }
  std::sort(found.begin(), found.end(),
            [](const FoundConv& a, const FoundConv& b) { return a.order < b.order; });
  if (found.empty() || found[0].block > 0) return found;

  // Numbered layers: what stands between two convolutions is longer where a pooling is among it.
  if (tensors.at(found[0].prefix + ".weight").shape() == Shape{3, 3, 1, 1}) {
    first_is_colour = true;
    found[0].block = -1;
  }
  const size_t first = first_is_colour ? 1 : 0;
  int gap = 1000, block = 1, index = 0;
  for (size_t i = first + 1; i < found.size(); ++i) {
    gap = std::min(gap, found[i].order - found[i - 1].order);
  }
  for (size_t i = first; i < found.size(); ++i) {
    if (i > first && found[i].order - found[i - 1].order > gap) {
      ++block;
      index = 0;
    }
    found[i].block = block;
    found[i].index = ++index;
  }
  return found;
}

void read_native_metadata(const std::string& text, VggConfig& config, const std::string& source) {
  try {
    const auto json = nlohmann::json::parse(text);
    config.padding = json.at("padding") == "reflect" ? PadMode::reflect : PadMode::zero;
    config.pooling = json.at("pooling") == "average" ? PoolKind::average : PoolKind::max;
    config.pixels.matrix = json.at("pixel_matrix").get<std::array<float, 9>>();
    config.pixels.offset = json.at("pixel_offset").get<std::array<float, 3>>();
  } catch (const nlohmann::json::exception&) {
    throw Error(ErrorCode::input, source + ": its '" + metadata_key + "' metadata is damaged");
  }
}

}  // namespace

VggConvention parse_convention(const std::string& name) {
  for (const auto c : {VggConvention::detect, VggConvention::torchvision, VggConvention::caffe,
                       VggConvention::normalised}) {
    if (name == name_of(c)) return c;
  }
  throw Error(ErrorCode::usage, "unknown convention '" + name +
                                    "'; known are detect, torchvision, caffe, normalised");
}

const char* name_of(VggConvention convention) {
  switch (convention) {
    case VggConvention::detect:
      return "detect";
    case VggConvention::torchvision:
      return "torchvision";
    case VggConvention::caffe:
      return "caffe";
    case VggConvention::normalised:
      return "normalised";
    case VggConvention::native:
      return "native";
  }
  return "?";
}

ImportedVgg import_vgg(const NamedTensors& tensors,
                       const std::map<std::string, std::string>& metadata,
                       const std::string& source, VggConvention convention) {
  for (const auto& [name, tensor] : tensors) {
    if (name.find("running_mean") != std::string::npos) {
      throw Error(ErrorCode::unsupported,
                  source + ": is a VGG with batch normalisation; a plain VGG is needed");
    }
  }
  bool first_is_colour = false;
  const std::vector<FoundConv> found = find_convs(tensors, first_is_colour);
  ImportedVgg vgg;
  int in = 3;
  for (const FoundConv& conv : found) {
    if (conv.block < 1) continue;
    const Tensor& weight = tensors.at(conv.prefix + ".weight");
    const Shape& s = weight.shape();
    const std::string ours = "conv" + std::to_string(conv.block) + "_" + std::to_string(conv.index);
    const auto blocks = static_cast<int>(vgg.config.widths.size());
    const bool next_block = conv.block == blocks + 1 && conv.index == 1;
    const bool same_block = conv.block == blocks && blocks > 0 &&
                            conv.index == static_cast<int>(vgg.config.widths.back().size()) + 1;
    if (!(next_block || same_block) || conv.block > 5 || s[2] != 3 || s[3] != 3 || s[1] != in ||
        s[0] < 1 || s[0] > 4096) {
      throw Error(ErrorCode::input, source + ": '" + conv.prefix + ".weight' of shape " + s.str() +
                                        " does not fit a VGG network as " + ours);
    }
    const Tensor& bias = tensors.at(conv.prefix + ".bias");
    if (!(bias.shape() == Shape{s[0]})) {
      throw Error(ErrorCode::input, source + ": '" + conv.prefix + ".bias' should be " +
                                        Shape{s[0]}.str() + ", found " + bias.shape().str());
    }
    if (next_block) vgg.config.widths.emplace_back();
    vgg.config.widths.back().push_back(in = static_cast<int>(s[0]));
    vgg.tensors[ours + ".weight"] = weight;
    vgg.tensors[ours + ".bias"] = bias;
  }
  if (vgg.config.widths.empty()) {
    throw Error(ErrorCode::input, source +
                                      ": holds no VGG network (no conv1_1 or features.0 with "
                                      "weights and biases)");
  }

  const auto native = metadata.find(metadata_key);
  if (convention == VggConvention::detect) {
    if (native != metadata.end())
      convention = VggConvention::native;
    else if (first_is_colour)
      convention = VggConvention::normalised;
    else if (has_oxford_bias(vgg.tensors.at("conv1_1.bias")))
      convention = VggConvention::caffe;
    else
      convention = VggConvention::torchvision;
  }
  vgg.convention = convention;
  switch (convention) {
    case VggConvention::native:
      read_native_metadata(native->second, vgg.config, source);
      break;
    case VggConvention::normalised: {
      const std::string colour = tensors.count("conv0.weight") ? "conv0" : found[0].prefix;
      const auto weight = tensors.find(colour + ".weight"), bias = tensors.find(colour + ".bias");
      if (!first_is_colour || weight == tensors.end() || bias == tensors.end() ||
          !(weight->second.shape() == Shape{3, 3, 1, 1}) || bias->second.size() != 3) {
        throw Error(ErrorCode::input, source +
                                          ": a normalised VGG begins with a 1x1 layer of shape "
                                          "3x3x1x1, and this file has none");
      }
      vgg.config.pixels = matrix_pixels(weight->second, bias->second);
      vgg.config.padding = PadMode::reflect;
      break;
    }
    case VggConvention::caffe:
      vgg.config.pixels = caffe_pixels();
      break;
    default:
      vgg.config.pixels = torchvision_pixels();
      break;
  }
  return vgg;
}

std::map<std::string, std::string> vgg_metadata(const VggConfig& config) {
  const nlohmann::json json = {{"padding", config.padding == PadMode::reflect ? "reflect" : "zero"},
                               {"pooling", config.pooling == PoolKind::average ? "average" : "max"},
                               {"pixel_matrix", config.pixels.matrix},
                               {"pixel_offset", config.pixels.offset}};
  return {{metadata_key, json_text(json)}};
}

}  // namespace impasto
