#include "formats/torch.h"

#include "formats/byte_strings.h"
#include "formats/expect_error.h"

namespace impasto {
namespace {

using namespace test::pickle;
using test::bytes_of;
using test::expect_error;
using test::le;
using test::le_all;
using test::StorageBytes;
using Names = std::vector<std::string>;

NamedTensors load(const std::string& bytes) {
  return parse_torch(bytes_of(bytes), "w.pth");
}

std::vector<float> floats_of(const Tensor& tensor) {
  return {tensor.data<float>(), tensor.data<float>() + tensor.size()};
}

Names names(const NamedTensors& tensors) {
  Names result;
  for (const auto& [name, tensor] : tensors) result.push_back(name);
  return result;
}

const std::string six = le_all<float>({0, 1, 2, 3, 4, 5});

/// One 2x3 tensor of the numbers 0..5, and views of it.
Text matrix(bool legacy, int64_t offset = 0, std::vector<int64_t> sizes = {2, 3},
            std::vector<int64_t> strides = {3, 1}) {
  return tensor({"FloatStorage", "0", 6, offset, sizes, strides, legacy});
}
std::string zip(const Text& root, bool deflated = false) {
  return test::torch_zip_file(root, {{"0", 6, six}}, deflated);
}
std::string legacy(const Text& root) {
  return test::legacy_file(root, {{"0", 6, six}});
}

TEST(Torch, ReadsBothFormsAndDeflatedArchives) {
  const Text in_zip = ordered_dict({{"f.weight", matrix(false)}});
  const Text in_legacy = ordered_dict({{"f.weight", matrix(true)}});
  for (const std::string& file : {zip(in_zip), zip(in_zip, true), legacy(in_legacy)}) {
    const NamedTensors read = load(file);
    ASSERT_EQ(names(read), Names{"f.weight"});
    EXPECT_EQ(read.at("f.weight").shape(), (Shape{2, 3}));
    EXPECT_EQ(floats_of(read.at("f.weight")), (std::vector<float>{0, 1, 2, 3, 4, 5}));
  }
}

TEST(Torch, HonoursOffsetsStridesAndSharing) {
  const NamedTensors read = load(zip(dict({{"transposed", matrix(false, 0, {3, 2}, {1, 3})},
                                           {"column", matrix(false, 1, {2}, {3})},
                                           {"repeated", matrix(false, 5, {2, 2}, {0, 0})},
                                           {"scalar", matrix(false, 4, {}, {})},
                                           {"none", matrix(false, 0, {0, 3}, {3, 1})}})));
  EXPECT_EQ(floats_of(read.at("transposed")), (std::vector<float>{0, 3, 1, 4, 2, 5}));
  EXPECT_EQ(floats_of(read.at("column")), (std::vector<float>{1, 4}));
  EXPECT_EQ(floats_of(read.at("repeated")), (std::vector<float>{5, 5, 5, 5}));
  EXPECT_EQ(floats_of(read.at("scalar")), (std::vector<float>{4}));
  EXPECT_EQ(read.at("none").shape(), (Shape{0, 3}));
}

TEST(Torch, ConvertsTypesAndSkipsWholeNumbers) {
  const auto vector = [](const Text& type, const Text& key) {
    return tensor({type, key, 2, 0, {2}, {1}});
  };
  const Text root = dict({{"h", vector("HalfStorage", "h")},
                          {"b", vector("BFloat16Storage", "b")},
                          {"d", vector("DoubleStorage", "d")},
                          {"num_batches_tracked", vector("LongStorage", "l")}});
  const NamedTensors read =
      load(test::torch_zip_file(root, {{"h", 2, le_all<uint16_t>({0x3c00, 0xc100})},
                                       {"b", 2, le_all<uint16_t>({0x3f80, 0xc020})},
                                       {"d", 2, le_all<double>({1, -2.5})},
                                       {"l", 2, le_all<int64_t>({1, 2})}}));
  EXPECT_EQ(names(read), (Names{"b", "d", "h"}));
  for (const auto& [name, t] : read) EXPECT_EQ(floats_of(t), (std::vector<float>{1, -2.5})) << name;
  const Text complex_one = dict({{"c", tensor({"ComplexFloatStorage", "0", 3, 0, {3}, {1}})}});
  expect_error(ErrorCode::unsupported, "tensor c: expected numbers as float64",
               [&] { load(zip(complex_one)); });
}

TEST(Torch, NamesTensorsByTheirPathAndRemovesWrappers) {
  const Text m = matrix(false);
  const auto read = [&](const Text& root) { return names(load(zip(root))); };
  const Text net = ordered_dict({{"f.0", m}});
  const Text optimizer = dict({{"state", "}K\x07" + dict({{"step", m}}) + "s"}});
  EXPECT_EQ(read(dict({{"state_dict", net}, {"epoch", integer(3)}})), Names{"f.0"});
  EXPECT_EQ(read(dict({{"model", net}, {"optimizer", optimizer}})), Names{"f.0"});
  EXPECT_EQ(read(dict({{"model", dict({{"params", net}})}})), Names{"f.0"});
  EXPECT_EQ(read(dict({{"module.f", m}, {"module.g", m}})), (Names{"f", "g"}));
  EXPECT_EQ(read(dict({{"conv", dict({{"weight", m}, {"bias", m}})}})),
            (Names{"conv.bias", "conv.weight"}));
  EXPECT_EQ(read(dict({{"model", net}, {"head", net}})), (Names{"head.f.0", "model.f.0"}));
  EXPECT_EQ(read(dict({{"layers", list({m, m})}})), (Names{"layers.0", "layers.1"}));
  EXPECT_EQ(read(dict({{"model.0", m}, {"optimizer", optimizer}})),
            (Names{"model.0", "optimizer.state.7.step"}));
  const Text parameter =
      call(global("torch._utils", "_rebuild_parameter"), tuple({m, "\x88", "}"}));
  EXPECT_EQ(read(dict({{"p", parameter}})), Names{"p"});
}

TEST(Torch, RefusesWhatCannotBe) {
  const std::pair<Text, std::string> wrong[] = {
      {matrix(false, 1), "reaches outside"},
      {matrix(false, 6, {1}, {1}), "reaches outside"},
      {matrix(false, -1), "reaches outside"},
      {matrix(false, 5, {2}, {-1}), "reaches outside"},
      {matrix(false, int64_t{1} << 62, {2, 2}, {int64_t{1} << 62, int64_t{1} << 62}), "outside"},
      {matrix(false, 0, {int64_t{1} << 40, int64_t{1} << 40}, {0, 0}), "not possible"},
      {matrix(false, 0, {0, int64_t{1} << 40, int64_t{1} << 40}, {0, 0, 0}), "not possible"},
      {matrix(false, 0, {1'000'000, 1'000'000}, {0, 0}), "far more than the file holds"},
      {matrix(false, 0, {-1}, {1}), "not possible"},
      {matrix(false, 0, {2, 3}, {1}), "differ in length"},
      {matrix(false, 0, {1, 1, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 1, 1, 1}), "dimensions"},
      {tensor({"FloatStorage", "0", 7, 0, {6}, {1}}), "too short"},
      {tensor({"FloatStorage", "1", 6, 0, {6}, {1}}), "net/data/1 is missing"},
      {tensor({"FloatStorage", "0", -1, 0, {6}, {1}}), "described wrongly"},
      {call(global("torch._utils", "_rebuild_tensor_v2"), ")"), "without size"},
      {call(global("torch._utils", "_rebuild_tensor_v2"), tuple({"N", "N", "N", "N"})),
       "described wrongly"},
      {"N", "holds no tensors"},
      {call(global("os", "system"), tuple({text("id")})), "asks to call os.system"},
  };
  for (const auto& [value, answer] : wrong) {
    expect_error(ErrorCode::input, answer, [&] { load(zip(dict({{"x", value}}))); });
    expect_error(ErrorCode::input, "w.pth", [&] { load(zip(dict({{"x", value}}))); });
  }
  const Text m = matrix(false);
  expect_error(ErrorCode::input, "no dictionary", [&] { load(zip(m)); });
  expect_error(ErrorCode::input, "two tensors named a.b", [&] {
    load(zip(dict({{"a.b", m}, {"a", dict({{"b", m}})}})));
  });
  expect_error(ErrorCode::input, "a name of 600 bytes", [&] {
    load(zip(dict({{std::string(600, 'n'), m}})));
  });
  expect_error(ErrorCode::input, "nested too deeply",
               [&] { load(zip("}q\1" + text("a") + "h\1s")); });
}

TEST(Torch, RefusesMemoBombs) {
  // Thirty lists, each holding the one before it ten times: 10^30 paths in 800 bytes.
  Text bomb = matrix(false) + "q\x01";
  for (int i = 0; i < 30; ++i) bomb += "0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1";
  expect_error(ErrorCode::input, "not a valid weights file", [&] { load(zip(bomb)); });
  Text shallow = matrix(false) + "q\x01";
  for (int i = 0; i < 10; ++i) shallow += "0](h\1h\1h\1h\1h\1h\1h\1h\1h\1h\1eq\1";
  expect_error(ErrorCode::input, "too many parts", [&] { load(zip(shallow)); });
}

TEST(Torch, RefusesDamagedLegacyFiles) {
  const Text root = dict({{"x", matrix(true)}});
  const auto file_with = [&](std::vector<StorageBytes> storages) {
    return test::legacy_file(root, storages);
  };
  expect_error(ErrorCode::input, "ends inside its stored numbers", [&] {
    load(file_with({{"0", ~uint64_t{0}, six}}));
  });
  expect_error(ErrorCode::input, "too short", [&] { load(file_with({{"0", 5, six}})); });
  expect_error(ErrorCode::input, "missing", [&] { load(file_with({})); });
  expect_error(ErrorCode::input, "no type", [&] { load(file_with({{"7", 6, six}})); });
  expect_error(ErrorCode::input, "twice", [&] { load(file_with({{"0", 6, six}, {"0", 6, six}})); });
  expect_error(ErrorCode::input, "not one that torch.save wrote", [&] { load(file("N")); });
}

TEST(Torch, RefusesDamagedArchives) {
  const std::string good = zip(dict({{"x", matrix(false)}}));
  const size_t end = good.size() - 22;
  const auto patched = [&](size_t at, const std::string& bytes) {
    std::string bad = good;
    return bad.replace(at, bytes.size(), bytes);
  };
  expect_error(ErrorCode::input, "outside the file", [&] { load(patched(end + 16, le(~0u - 1))); });
  expect_error(ErrorCode::input, "outside the file", [&] { load(patched(end + 12, le(~0u - 1))); });
  expect_error(ErrorCode::input, "not one", [&] { load(patched(end + 16, le(0u))); });
  expect_error(ErrorCode::unsupported, "zip64", [&] { load(patched(end + 16, le(~0u))); });
  const size_t first = good.find("PK\x01\x02");  // the entry net/data.pkl in the directory
  expect_error(ErrorCode::input, "outside the file", [&] { load(patched(first + 42, le(~0u))); });
  expect_error(ErrorCode::input, "no entry where", [&] { load(patched(first + 42, le(7u))); });
  expect_error(ErrorCode::input, "ends inside the zip entry",
               [&] { load(patched(first + 20, le(1u << 30))); });
  expect_error(ErrorCode::input, "two sizes", [&] { load(patched(first + 24, le(9u))); });
  expect_error(ErrorCode::input, "checksum", [&] { load(patched(first + 16, le(9u))); });
  expect_error(ErrorCode::unsupported, "encrypted", [&] { load(patched(first + 8, "\1")); });
  expect_error(ErrorCode::unsupported, "method 99", [&] { load(patched(first + 10, "c")); });
  expect_error(ErrorCode::input, "another name", [&] { load(patched(first + 46, "NET")); });
  expect_error(ErrorCode::input, "not one that torch.save", [&] {
    load(test::zip_file({{"a", "b"}}));
  });
  expect_error(ErrorCode::input, "share a name", [&] {
    load(test::zip_file({{"a", "b"}, {"a", "c"}}));
  });
  expect_error(ErrorCode::unsupported, "TorchScript", [&] {
    load(test::zip_file({{"n/data.pkl", ""}, {"n/constants.pkl", ""}}));
  });
  expect_error(ErrorCode::unsupported, "big-endian", [&] {
    load(test::zip_file({{"n/data.pkl", ""}, {"n/byteorder", "big"}}));
  });
}

TEST(Torch, RefusesDeflateBombs) {
  const std::string zeros(80 << 20, '\0');  // 80 MiB in 80 KB
  const Text root = file(dict({{"x", tensor({"FloatStorage", "0", 20 << 20, 0, {1}, {1}})}}));
  const auto bomb = test::zip_file({{"n/data.pkl", root}, {"n/data/0", zeros, true}});
  ASSERT_LT(bomb.size(), 1u << 20);
  expect_error(ErrorCode::input, "claims to hold", [&] { load(bomb); });
  for (int64_t claimed : {5, 1000, 30'000'000}) {  // the size in the directory is a lie
    const auto lie = test::zip_file({{"n/data.pkl", root, true, claimed}});
    expect_error(ErrorCode::input, "zip archive", [&] { load(lie); });
  }
}

TEST(Torch, RefusesEveryTruncationAndSurvivesEveryFlip) {
  const auto read = [](std::span<const std::byte> bytes) { parse_torch(bytes, "w.pth"); };
  for (const std::string& file :
       {legacy(ordered_dict({{"x", matrix(true)}})), zip(ordered_dict({{"x", matrix(false)}})),
        zip(ordered_dict({{"x", matrix(false)}}), true)}) {
    test::expect_prefixes_refused(file, read);
    EXPECT_GT(test::count_refused_flips(file, read), 500);
  }
}

}  // namespace
}  // namespace impasto
