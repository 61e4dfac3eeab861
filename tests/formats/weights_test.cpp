#include <unistd.h>

#include "formats/weights.h"

#include <cstring>
#include <filesystem>
#include <fstream>

#include "formats/byte_strings.h"
#include "formats/expect_error.h"
#include "formats/safetensors.h"
#include "formats/sha256.h"
#include "shared_data.h"

namespace impasto {
namespace {

namespace fs = std::filesystem;
using test::expect_error;

/// A file with this content, removed at the end of the test.
class TempFile {
 public:
  explicit TempFile(const std::string& content) {
    std::ofstream(path_, std::ios::binary) << content;
  }
  ~TempFile() { fs::remove(path_); }
  const std::string& path() const { return path_; }

 private:
  std::string path_ = testing::TempDir() + "weights_test" + std::to_string(getpid()) + ".bin";
};

std::string digest(const Tensor& tensor) {
  return sha256_hex({static_cast<const std::byte*>(tensor.raw()), tensor.bytes()});
}

TEST(Weights, KnowsAFileByItsContentNotItsName) {
  const auto st = format_safetensors({{"a", Tensor::full(Shape{2}, 4)}});
  const TempFile safetensors({reinterpret_cast<const char*>(st.data()), st.size()});
  EXPECT_EQ(read_weights(safetensors.path()).at("a").at(1), 4);
  using namespace test::pickle;
  const Text root = dict({{"b", tensor({"FloatStorage", "0", 1, 0, {1}, {1}})}});
  const TempFile torch(test::torch_zip_file(root, {{"0", 1, test::le(2.5f)}}));
  EXPECT_EQ(read_weights(torch.path()).at("b").at(0), 2.5);
}

TEST(Weights, SaysWhatAWrongFileIs) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "is empty"},
      {"\n\n <!DOCTYPE html><html><body>Sign in</body></html>", "is a web page"},
      {"<HTML>", "is a web page"},
      {"version https://git-lfs.github.com/spec/v1\noid sha256:0", "Git LFS pointer"},
      {std::string(257, 'n') + "ustar" + std::string(250, '\0'), "tar archive"},
      {"\x1f\x8b\x08 and so on", "gzip"},
      {"\x89PNG\r\n\x1a\n and so on", "is not a weights file"},
      {"x", "is not a weights file"},
      {"PK\x03\x04 half a download", "incomplete"},
      {test::safetensors_file("{}", ""), "holds no weights"},
  };
  for (const auto& [content, answer] : wrong) {
    const TempFile file(content);
    expect_error(ErrorCode::input, answer, [&] { read_weights(file.path()); });
    expect_error(ErrorCode::input, file.path(), [&] { read_weights(file.path()); });
  }
}

TEST(Weights, RefusesMissingFoldersDevicesAndGiants) {
  expect_error(ErrorCode::input, "no such file", [] { read_weights("/no/such/file.pth"); });
  expect_error(ErrorCode::input, "found a folder", [] { read_weights(testing::TempDir()); });
  expect_error(ErrorCode::input, "found a device", [] { read_weights("/dev/zero"); });
  const TempFile giant("x");
  fs::resize_file(giant.path(), uint64_t{5} << 30);  // sparse
  expect_error(ErrorCode::input, "is 5120 MiB", [&] { read_weights(giant.path()); });
}

// conv1_1 is features.0 and so on: the same network in three files.
TEST(Weights, TheSameNetworkInThreeFormsIsTheSameToTheBit) {
  IMPASTO_SHARED_FILE(legacy_path, "models/vgg19/vgg19-caffe-partial-legacy.pth");
  IMPASTO_SHARED_FILE(zip_path, "models/vgg19/vgg19-caffe-partial-zip.pth");
  IMPASTO_SHARED_FILE(safetensors_path, "models/vgg19/vgg19-conv1_1-conv3_4.safetensors");
  const NamedTensors legacy = read_weights(legacy_path), zip = read_weights(zip_path),
                     safetensors = read_weights(safetensors_path);
  EXPECT_EQ(legacy.size(), 16u);
  EXPECT_EQ(zip.size(), 16u);
  const std::pair<const char*, const char*> layers[] = {
      {"conv1_1", "features.0"},  {"conv1_2", "features.2"},  {"conv2_1", "features.5"},
      {"conv2_2", "features.7"},  {"conv3_1", "features.10"}, {"conv3_2", "features.12"},
      {"conv3_3", "features.14"}, {"conv3_4", "features.16"}};
  for (const auto& [ours, theirs] : layers) {
    for (const std::string part : {".weight", ".bias"}) {
      const Tensor& expected = safetensors.at(ours + part);
      for (const NamedTensors* other : {&legacy, &zip}) {
        EXPECT_EQ(other->at(theirs + part).shape(), expected.shape());
        EXPECT_EQ(digest(other->at(theirs + part)), digest(expected)) << ours << part;
      }
    }
  }
}

// The digests are of tensor.numpy().tobytes() as PyTorch 1.13 reads the same files.
TEST(Weights, ReadsPublishedCheckpointsAsPyTorchDoes) {
  struct Known {
    std::string file, tensor, sha256;
    size_t count;
    Shape shape;
  };
  const Known known[] = {
      {"collaborative-distillation/trained_models/wct_se_16x_new/20191110-133713_E20.pth",
       "conv11_aux.weight",
       "28fc46d16feebffa3c7e977596c74f3fd93ec2d7bfc49092e490a79709d0cf27",
       6,
       {64, 24, 1, 1}},
      {"collaborative-distillation/trained_models/wct_se_16x_new_sd/20191111-091942_E20.pth",
       "conv11.bias",
       "46d0a6f95b020ee4608f2f30732c4e0b027aa6e0336b930d61cacbaebb512f27",
       2,
       {3}},
      {"microast/decoder_iter_160000.pth.tar",
       "dec3.10.conv_layer.weight",
       "c1d3ac43e975b0afb2800e7297fc343b35a68b2ceaf4d527544b04133e88d154",
       18,
       {3, 16, 9, 9}},
      {"microast/modulator_iter_160000.pth.tar",
       "bias2.0.conv_layer.weight",
       "938dc734afe4d13e4e133e1717ed9956716a9297485752e13d44e2f3219de265",
       8,
       {64, 1, 3, 3}},
      {"vgg19/vgg19-caffe-partial-zip.pth",
       "features.16.weight",
       "4caecc66b12469afd6bee7df7d68fff6ca74adca97f9b5a5d07524b744b8c5ed",
       16,
       {256, 256, 3, 3}},
  };
  IMPASTO_SHARED_FILE(folder, "models");
  for (const Known& k : known) {
    const NamedTensors tensors = read_weights(folder + "/" + k.file);
    EXPECT_EQ(tensors.size(), k.count) << k.file;
    ASSERT_TRUE(tensors.contains(k.tensor)) << k.file;
    EXPECT_EQ(tensors.at(k.tensor).shape(), k.shape) << k.file;
    EXPECT_EQ(digest(tensors.at(k.tensor)), k.sha256) << k.file;
  }
}

}  // namespace
}  // namespace impasto
