#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "impasto/progress.h"

namespace impasto {

/// One convolution of a network.
struct ModelLayer {
  std::string name;                ///< "conv1_1"
  std::string tap;                 ///< its output after the ReLU, "relu1_1"
  std::array<int64_t, 4> shape{};  ///< of its weights: out, in, height, width

  int64_t parameters() const { return shape[0] * (shape[1] * shape[2] * shape[3] + 1); }
};

/// Where a network is.
enum class ModelPlace {
  built_in,  ///< compiled in
  cache,     ///< fetched or imported: in the folder of model_cache()
  remote,    ///< known, to be had with fetch_model
  file,      ///< a file of the caller's
};
const char* name_of(ModelPlace);  ///< "built-in", "cache", "remote", "file"

/// What is known about a network. Of a remote one there are only name, place, bytes, source and
/// licence.
struct ModelInfo {
  std::string name;  ///< "small"; of a file its path
  ModelPlace place = ModelPlace::file;
  std::string path;     ///< empty when built in or remote
  uint64_t bytes = 0;   ///< of the file
  std::string sha256;   ///< of the file, 64 hexadecimal digits; model_info only
  std::string source;   ///< where it comes from; may be empty
  std::string licence;  ///< may be empty: not known
  std::string problem;  ///< why it cannot be used; empty when it can
  std::string kind;     ///< encoder: what pictures are measured by; instant: what paints at once

  // Of an encoder.
  std::string convention;  ///< torchvision, caffe, normalised or native
  std::string padding;     ///< of every convolution: zero or reflect
  std::string pooling;     ///< between the blocks: max or average
  /// What the network sees: matrix (row-major) * RGB 0..1 + offset.
  std::array<float, 9> pixel_matrix{};
  std::array<float, 3> pixel_offset{};

  std::vector<ModelLayer> layers;

  int64_t parameters() const;
};

/// The built-in networks, those that can be fetched, then what was imported. A damaged file in the
/// cache is listed with its problem.
std::vector<ModelInfo> list_models();

/// A network by name or by file. Throws Error{input}: unknown, not fetched yet, damaged.
ModelInfo model_info(const std::string& name_or_file);

/// Folder of fetched and imported networks: $XDG_CACHE_HOME/impasto or ~/.cache/impasto; empty
/// when neither variable is set. Need not exist yet.
std::string model_cache();

struct ImportOptions {
  std::string name;    ///< a-z 0-9 _ - only; empty: made from the file's name. Not with `output`
  std::string output;  ///< write this file instead of one in the cache
  std::string convention = "detect";  ///< detect, torchvision, caffe or normalised
};

/// Converts the VGG in somebody's file (safetensors, .pth or .pt in any naming that is known) into
/// impasto's own safetensors, in the cache under its name or at `output`, which it replaces whole
/// or not at all. Throws Error{usage}: a name that is not allowed or built in, unknown convention;
/// Error{input}, Error{unsupported}: not a VGG that we can use; Error{output}.
ModelInfo import_model(const std::string& file, const ImportOptions&, Progress&);

/// Downloads a remote network ("vgg19", "vgg16") into the cache, checks and converts it; one that
/// is there already is left alone. A download that was interrupted goes on where it stopped.
/// IMPASTO_MODELS_URL in the environment names another folder of the same files (a mirror).
/// Throws Error{usage}: unknown name; Error{network}: not reachable, broken off, not the right
/// file, or cancelled; Error{output}.
ModelInfo fetch_model(const std::string& name, Progress&);

}  // namespace impasto
