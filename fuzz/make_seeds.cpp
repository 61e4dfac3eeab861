#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/byte_strings.h"
#include "formats/file.h"
#include "formats/safetensors.h"
#include "transfer/style_file.h"

namespace {

namespace fs = std::filesystem;
using namespace impasto;
using namespace impasto::test;

void write(const fs::path& path, const std::string& content) {
  std::ofstream(path, std::ios::binary) << content;
}

void write_safetensors_seeds(const fs::path& folder) {
  const NamedTensors tensors = {{"a", Tensor::full(Shape{2, 2}, 1)}, {"b", Tensor::zeros(Shape{})}};
  write_safetensors(folder / "f32", tensors, DType::f32, {{"format", "pt"}});
  write_safetensors(folder / "bf16", tensors, DType::bf16);
  write(folder / "mixed",
        safetensors_file(R"({"h":{"dtype":"F16","shape":[1],"data_offsets":[0,2]},)"
                         R"("i":{"dtype":"I16","shape":[1],"data_offsets":[2,4]}})",
                         std::string(4, '\1')));
}

void write_style_seeds(const fs::path& folder) {
  SavedStyle style;
  style.encoder = "small";
  style.encoder_sha256 = std::string(64, 'a');
  style.pooling = "max";
  style.width = style.height = 20;
  style.preview = Tensor::zeros({1, 2, 3});
  for (const int side : {64, 128}) {
    SavedStyle::Rung rung{side, {}};
    for (const int64_t c : {3, 1, 2, 2, 1, 2}) {
      FeatureStatistics s{c, 4, std::vector<double>(static_cast<size_t>(c), 0.5), {}};
      for (int64_t i = 0; i < c * c; ++i) s.covariance.push_back(i % (c + 1) == 0 ? 2 : 1);
      rung.statistics.push_back(s);
    }
    style.rungs.push_back(rung);
  }
  write_file(folder / "small", format_style(style));
}

void write_torch_seeds(const fs::path& folder) {
  using namespace pickle;
  const std::string numbers = le_all<float>({0, 1, 2, 3, 4, 5});
  for (const bool legacy : {false, true}) {
    const Text t = tensor({"FloatStorage", "0", 6, 0, {2, 3}, {3, 1}, legacy});
    const Text transposed = tensor({"HalfStorage", "1", 2, 1, {1, 1}, {1, 1}, legacy});
    const Text parameter =
        call(global("torch._utils", "_rebuild_parameter"), tuple({t, "\x88", ordered_dict({})}));
    const Text root =
        dict({{"state_dict", ordered_dict({{"w", t}, {"v", transposed}, {"p", parameter}})},
              {"optimizer", dict({{"state", list({t, integer(1)})}})}});
    const std::vector<StorageBytes> storages = {{"0", 6, numbers}, {"1", 2, "abcd"}};
    if (legacy) {
      write(folder / "legacy", legacy_file(root, storages));
    } else {
      write(folder / "zip", torch_zip_file(root, storages));
      write(folder / "deflated", torch_zip_file(root, storages, true));
    }
  }
  write(folder / "attack", file(call(global("os", "system"), tuple({text("id")}))));
}

}  // namespace

/// make_seeds FOLDER: writes the seed corpora into FOLDER/safetensors, FOLDER/style and
/// FOLDER/torch.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_seeds FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder = argv[1];
  fs::create_directories(folder / "safetensors");
  fs::create_directories(folder / "style");
  fs::create_directories(folder / "torch");
  write_safetensors_seeds(folder / "safetensors");
  write_style_seeds(folder / "style");
  write_torch_seeds(folder / "torch");
}
