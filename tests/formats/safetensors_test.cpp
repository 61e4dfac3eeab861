#include "formats/safetensors.h"

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <limits>

#include "formats/byte_strings.h"
#include "formats/elements.h"
#include "formats/expect_error.h"

namespace impasto {
namespace {

using test::bytes_of;
using test::expect_error;
using test::le_all;
using test::safetensors_file;

NamedTensors parsed(const std::string& file) {
  return parse_safetensors(bytes_of(file), "w.st");
}

NamedTensors sample() {
  NamedTensors tensors;
  tensors["b"] = Tensor(Shape{2, 3});
  for (int i = 0; i < 6; ++i) tensors["b"].data<float>()[i] = 0.25f * static_cast<float>(i) - 0.5f;
  tensors["a.weight"] = Tensor::full(Shape{1}, 3);
  tensors["scalar"] = Tensor::full(Shape{}, -7);
  tensors["none"] = Tensor(Shape{0, 4});
  return tensors;
}

std::vector<double> doubles_of(const Tensor& tensor) {
  std::vector<double> result;
  for (int64_t i = 0; i < tensor.size(); ++i) result.push_back(tensor.at(i));
  return result;
}

std::string as_text(const std::vector<std::byte>& bytes) {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

TEST(Safetensors, GivesBackWhatWasWritten) {
  for (DType storage : {DType::f32, DType::bf16, DType::f64}) {
    std::map<std::string, std::string> metadata;
    const auto file = format_safetensors(sample(), storage, {{"made by", "t\xc3\xa9st \"1\""}});
    const NamedTensors read = parse_safetensors(file, "w.st", &metadata);
    ASSERT_EQ(read.size(), 4u) << name_of(storage);
    for (const auto& [key, tensor] : sample()) {
      EXPECT_EQ(read.at(key).dtype(), DType::f32);
      EXPECT_EQ(read.at(key).shape(), tensor.shape()) << key;
      EXPECT_EQ(doubles_of(read.at(key)), doubles_of(tensor)) << key;
    }
    EXPECT_EQ(metadata.at("made by"), "t\xc3\xa9st \"1\"");
  }
}

TEST(Safetensors, WritesTheSameBytesInNameOrderWithAnAlignedHeader) {
  const std::string file = as_text(format_safetensors(sample()));
  EXPECT_EQ(file, as_text(format_safetensors(sample())));
  EXPECT_EQ(file.substr(8, 59), R"({"a.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4])");
  EXPECT_EQ(static_cast<unsigned char>(file[0]) % 8, 0);
  EXPECT_EQ(file.size() % 4, 0u);
}

TEST(Safetensors, ReadsHalfPrecisionExactly) {
  const auto file = safetensors_file(
      R"({"h":{"dtype":"F16","shape":[8],"data_offsets":[0,16]}})",
      le_all<uint16_t>({0x3c00, 0xc000, 0x0001, 0x83ff, 0x7bff, 0x0400, 0x7c00, 0x8000}));
  const Tensor h = parsed(file).at("h");
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(doubles_of(h),
            (std::vector<double>{1, -2, 0x1p-24, -1023 * 0x1p-24, 65504, 0x1p-14, inf, 0}));
  EXPECT_TRUE(std::signbit(h.at(7)));
}

TEST(Safetensors, WritesSomeAsHalves) {
  NamedTensors tensors = sample();
  tensors["h"] = Tensor(Shape{7});
  const float values_of_h[] = {1, -0.1f, 65504, 70000, 0x1p-24f, 1e-9f, 1 + 0x1p-11f};
  std::copy_n(values_of_h, 7, tensors["h"].data<float>());
  const NamedTensors read = parsed(as_text(format_safetensors(tensors, {"h"}, {})));
  const double inf = std::numeric_limits<double>::infinity();
  EXPECT_EQ(doubles_of(read.at("h")),
            (std::vector<double>{1, -0.0999755859375, 65504, inf, 0x1p-24, 0, 1}));
  EXPECT_EQ(doubles_of(read.at("b")), doubles_of(tensors["b"]));
}

// Every half, and what lies beside it, goes to the nearest.
TEST(Safetensors, RoundsToTheNearestHalf) {
  for (uint32_t bits = 0; bits < 0x7c00; ++bits) {
    const auto half = static_cast<uint16_t>(bits);
    const float v = half_to_float(half);
    EXPECT_EQ(float_to_half(v), half);
    EXPECT_EQ(float_to_half(-v), half | 0x8000u);
    if (bits == 0x7bff) continue;
    const float middle = v / 2 + half_to_float(static_cast<uint16_t>(bits + 1)) / 2;
    EXPECT_EQ(float_to_half(std::nextafter(middle, 0.0f)), half);
    EXPECT_EQ(float_to_half(std::nextafter(middle, 1e6f)), half + 1);
    EXPECT_EQ(float_to_half(middle), half + (half & 1u));
  }
}

TEST(Safetensors, SkipsWholeNumbersAndAcceptsAnyOrderAndAlignment) {
  const NamedTensors read = parsed(safetensors_file(
      R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[9,13]},
          "n":{"dtype":"I64","shape":[1],"data_offsets":[0,8]},
          "t":{"dtype":"BOOL","shape":[],"data_offsets":[8,9]}}  )",
      std::string(9, '\1') + le_all<float>({2.5f})));
  ASSERT_EQ(read.size(), 1u);
  EXPECT_EQ(read.at("x").at(0), 2.5);
}

TEST(Safetensors, RefusesEveryLie) {
  const std::string four(4, '\0');
  const auto header = [](const std::string& shape, const std::string& offsets) {
    return R"({"x":{"dtype":"F32","shape":)" + shape + R"(,"data_offsets":)" + offsets + "}}";
  };
  const std::string x = R"("x":{"dtype":"F32","shape":[1],"data_offsets":[0,4]})";
  const std::string y = R"("y":{"dtype":"F32","shape":[1],"data_offsets":)";
  ASSERT_EQ(parsed(safetensors_file(header("[1]", "[0,4]"), four)).size(), 1u);
  const std::pair<std::string, std::string> lies[] = {
      {header("[2]", "[0,4]"), "does not take"},
      {header("[1]", "[0,8]"), "does not take"},
      {header("[1]", "[4,8]"), "gap"},
      {header("[2]", "[0,8]"), "beyond the end"},
      {header("[1]", "[4,0]"), "impossible offsets"},
      {header("[1]", "[0]"), "impossible offsets"},
      {header("[1]", "[0,4,8]"), "impossible offsets"},
      {header("[1]", "[-4,0]"), "not a size"},
      {header("[1.0]", "[0,4]"), "not a size"},
      {header("[\"1\"]", "[0,4]"), "not a size"},
      {header("[[1]]", "[0,4]"), "nested too deeply"},
      {header("1", "[0,4]"), "no list shape"},
      {header("[18446744073709551615]", "[0,4]"), "not a size"},
      {header("[4611686018427387904,4]", "[0,0]"), "not possible"},
      {header("[4294967296,4294967296]", "[0,0]"), "not possible"},
      {header("[0,4294967296,4294967296]", "[0,0]"), "not possible"},
      {header("[1,1,1,1,1,1,1]", "[0,4]"), "dimensions"},
      {header("[1]", "[0,4]") + "x", "not valid JSON"},
      {"{" + x + "," + x + "}", "twice"},
      {"{" + x + "," + y + "[0,4]}}", "overlaps"},
      {"{" + x + "," + y + "[2,6]}}", "overlaps"},
      {R"({"x":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "twice"},
      {R"({"x":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"more":1}})", "unknown fields"},
      {R"({"x":{"dtype":7,"shape":[1],"data_offsets":[0,4]}})", "no dtype"},
      {R"({"x":5})", "unknown fields"},
      {R"({"":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "impossible name"},
      {R"({"a\nb":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", "impossible name"},
      {R"({"__metadata__":{"a":1},)" + x + "}", "not a text"},
      {R"({"__metadata__":[],)" + x + "}", "not a list of texts"},
      {R"({"__metadata__":{"a":{"b":{"c":{}}}},)" + x + "}", "nested too deeply"},
      {"{}", "expected 0 bytes of data, found 4"},
      {"{\"\xff\":1}", "not valid JSON"},
      {"[]", "does not begin with {"},
      {"", "does not begin with {"},
      {"{" + std::string(100'000, '['), "not valid JSON"},
      {R"({"x":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}", "too deeply"},
  };
  for (const auto& [lie, answer] : lies) {
    expect_error(ErrorCode::input, answer, [&] { parsed(safetensors_file(lie, four)); });
    expect_error(ErrorCode::input, "w.st", [&] { parsed(safetensors_file(lie, four)); });
  }
  expect_error(ErrorCode::unsupported, "found F8_E4M3", [&] {
    parsed(safetensors_file(R"({"x":{"dtype":"F8_E4M3","shape":[4],"data_offsets":[0,4]}})", four));
  });
}

TEST(Safetensors, RefusesHeadersLargerThanTheFileOrReason) {
  for (uint64_t size : {uint64_t{100}, uint64_t{1} << 62, ~uint64_t{0}}) {
    const std::string file = test::le(size) + "{}";
    expect_error(ErrorCode::input, "w.st: damaged", [&] { parsed(file); });
  }
}

TEST(Safetensors, RefusesEveryTruncationAndSurvivesEveryFlip) {
  const auto read = [](std::span<const std::byte> bytes) { parse_safetensors(bytes, "w.st"); };
  const std::string file = as_text(format_safetensors(sample(), DType::f32, {{"k", "v"}}));
  test::expect_prefixes_refused(file, read);
  EXPECT_GT(test::count_refused_flips(file, read), 500);
}

TEST(Safetensors, WritesAFileWholeOrNotAtAll) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / "safetensors_test";
  fs::remove_all(folder);
  fs::create_directories(folder);
  const std::string path = folder / "w.safetensors";
  write_safetensors(path, sample());
  EXPECT_TRUE(fs::exists(path));
  const auto files = [&] { return std::distance(fs::directory_iterator(folder), {}); };
  EXPECT_EQ(files(), 1) << "nothing beside it";

  const std::string missing = folder / "missing" / "w.safetensors";
  expect_error(ErrorCode::output, missing, [&] { write_safetensors(missing, sample()); });
  const std::string blocked = folder / "blocked";
  fs::create_directories(blocked + "/full");  // a folder is in the way of the rename
  expect_error(ErrorCode::output, blocked, [&] { write_safetensors(blocked, sample()); });
  EXPECT_EQ(files(), 2);
  fs::remove_all(folder);
}

TEST(Safetensors, RefusesToWriteNamesThatTheFormatCannotHold) {
  for (const char* name : {"__metadata__", "\xff"}) {
    const NamedTensors tensors = {{name, Tensor::zeros(Shape{1})}};
    expect_error(ErrorCode::output, "name", [&] { format_safetensors(tensors); });
  }
}

}  // namespace
}  // namespace impasto
