#include <cstdio>
#include <filesystem>
#include <fstream>

#include "formats/byte_strings.h"
#include "formats/safetensors.h"

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

/// make_seeds FOLDER: writes the seed corpora into FOLDER/safetensors and FOLDER/torch.
int main(int argc, char** argv) {
  if (argc != 2) {
    std::fputs("usage: make_seeds FOLDER\n", stderr);
    return 2;
  }
  const fs::path folder = argv[1];
  fs::create_directories(folder / "safetensors");
  fs::create_directories(folder / "torch");
  write_safetensors_seeds(folder / "safetensors");
  write_torch_seeds(folder / "torch");
}
