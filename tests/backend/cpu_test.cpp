// The second rung: the cpu backend against the reference, on the same operands.

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "backend/cases.h"
#include "backend/machine.h"
#include "base/isa.h"
#include "base/parallel.h"

namespace impasto::test {
namespace {

struct TypedCase {
  BackendCase test;
  DType type;
};

std::string name_of(const TypedCase& c) {
  return c.test.name + "_" + impasto::name_of(c.type);
}

std::ostream& operator<<(std::ostream& out, const TypedCase& c) {
  return out << name_of(c);
}

std::vector<TypedCase> typed_cases() {
  std::vector<TypedCase> result;
  for (const BackendCase& c : backend_cases()) {
    for (const DType type : {DType::f32, DType::bf16}) result.push_back({c, type});
  }
  return result;
}

// Relative to the largest element of a tensor.
// f32: sums in another order, up to 1,500 terms with an f32 accumulator: some 1e-6.
// bf16: the same operands and f32 accumulators, then either backend rounds once to 8 bits; next to
// a tie they round apart, by one unit in the last place: 2^-7.
double tolerance(DType type) {
  return type == DType::bf16 ? 0x1p-7 : 1e-5;
}

void expect_same(const Tensors& found, const Tensors& expected, const char* what) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t k = 0; k < found.size(); ++k) {
    double largest = 0;
    for (int64_t i = 0; i < expected[k].size(); ++i) {
      largest = std::max(largest, std::abs(expected[k].at(i)));
    }
    const double bound = tolerance(expected[k].dtype()) * largest;
    for (int64_t i = 0; i < expected[k].size(); ++i) {
      ASSERT_NEAR(found[k].at(i), expected[k].at(i), bound)
          << what << " " << k << " " << expected[k].shape().str() << ", element " << i;
    }
  }
}

class CpuBackendCase : public testing::TestWithParam<TypedCase> {
 protected:
  void SetUp() override {
    if (!cpu_->supports(GetParam().type)) {
      GTEST_SKIP() << "this processor's backend has no " << impasto::name_of(GetParam().type);
    }
  }
  std::unique_ptr<Backend> cpu_ = make_cpu_backend(), reference_ = make_reference_backend();
};

TEST_P(CpuBackendCase, AgreesWithTheReference) {
  const auto& [c, type] = GetParam();
  const Tensors in = random_inputs(c, type, 1);
  const Tensors expected = c.forward(*reference_, type, in);
  expect_same(c.forward(*cpu_, type, in), expected, "output");
  // Again: what was compiled and cached the first time gives the same.
  expect_same(c.forward(*cpu_, type, in), expected, "second output");
  if (!c.backward) return;
  // Both from the reference's outputs, so that each difference shows where it arises.
  const Tensor dout = random_tensor(expected[0].shape(), expected[0].dtype(), 99);
  expect_same(c.backward(*cpu_, type, in, expected, dout),
              c.backward(*reference_, type, in, expected, dout), "gradient");
}

TEST_P(CpuBackendCase, IsTheSameEveryTime) {
  const auto& [c, type] = GetParam();
  const Tensors in = random_inputs(c, type, 1);
  const Tensors first = c.forward(*cpu_, type, in);
  const auto another = make_cpu_backend();
  const Tensors second = c.forward(*another, type, in);
  for (size_t k = 0; k < first.size(); ++k) {
    EXPECT_EQ(std::memcmp(first[k].raw(), second[k].raw(), first[k].bytes()), 0) << "output " << k;
  }
}

INSTANTIATE_TEST_SUITE_P(Cpu, CpuBackendCase, testing::ValuesIn(typed_cases()),
                         [](const auto& tested) { return name_of(tested.param); });

TEST(CpuBackend, PrefersATypeThatItSupports) {
  const auto cpu = make_cpu_backend();
  EXPECT_TRUE(cpu->supports(cpu->preferred_type()));
  EXPECT_TRUE(cpu->supports(DType::f32));
  EXPECT_FALSE(cpu->name().empty());
}

// All cases on one backend object: its cache must tell them apart.
TEST(CpuBackend, KeepsDescriptionsApart) {
  const auto cpu = make_cpu_backend(), reference = make_reference_backend();
  for (const BackendCase& c : conv_cases()) {
    const Tensors in = random_inputs(c, DType::f32, 7);
    expect_same(c.forward(*cpu, DType::f32, in), c.forward(*reference, DType::f32, in),
                c.name.c_str());
  }
}

TEST(CpuBackend, OneThreadAgreesWithTheReference) {
  const UseThreads one(1);
  const auto cpu = make_cpu_backend(), reference = make_reference_backend();
  for (const BackendCase& c : backend_cases()) {
    if (c.large) continue;
    const Tensors in = random_inputs(c, DType::f32, 7);
    expect_same(c.forward(*cpu, DType::f32, in), c.forward(*reference, DType::f32, in),
                c.name.c_str());
  }
}

// The mean of a channel is a thousand times its deviation: nothing of the variance may be lost.
TEST(CpuBackend, NormalisesWhatIsFarFromZero) {
  const auto cpu = make_cpu_backend(), reference = make_reference_backend();
  const Shape s{1, 61, 67, 17};
  const Tensor src = random_tensor(s, DType::f32, 5);
  for (int64_t i = 0; i < src.size(); ++i) {
    src.data<float>()[i] += static_cast<float>(1000 * (i % s.c()));
  }
  const Tensor found(s), expected(s), inverse({1, s.c()}), expected_inverse({1, s.c()});
  cpu->instance_norm(src, 1e-5f, found, inverse);
  reference->instance_norm(src, 1e-5f, expected, expected_inverse);
  for (int64_t c = 0; c < s.c(); ++c) {
    EXPECT_NEAR(inverse.at(c), expected_inverse.at(c), 1e-5) << c;
  }
  // The mean is f32, up to 16,000 with steps of 2^-10.
  for (int64_t i = 0; i < src.size(); ++i) {
    ASSERT_NEAR(found.at(i), expected.at(i), 0x1p-10) << i;
  }
}

TEST(CpuBackend, NormalisesAFlatPictureToZero) {
  const auto cpu = make_cpu_backend();
  const Shape s{1, 33, 35, 3};
  const Tensor src = Tensor::full(s, 123.456f), dst(s), inverse({1, 3}), dsrc(s);
  cpu->instance_norm(src, 1e-5f, dst, inverse);
  cpu->instance_norm_backward(dst, inverse, src, dsrc);
  for (int64_t i = 0; i < dst.size(); ++i) ASSERT_EQ(dst.at(i), 0) << i;
  // The gradient less its mean, whose sums are f32, divided by epsilon's root.
  const double bound = 123.456 * 1e-6 / std::sqrt(1e-5);
  for (int64_t i = 0; i < dst.size(); ++i) ASSERT_NEAR(dsrc.at(i), 0, bound) << i;
}

TEST(CpuBackend, TanhIsExactFromTheSmallestToInfinity) {
  const auto cpu = make_cpu_backend();
  const float least = std::numeric_limits<float>::min(), infinite = INFINITY;
  std::vector<float> values{0, least, 1e-20f, infinite, std::numeric_limits<float>::max(), NAN};
  for (float v = 1e-6f; v < 20; v *= 1.001f) values.push_back(v);
  const auto count = static_cast<int64_t>(values.size());
  for (const float sign : {1.0f, -1.0f}) {
    const Tensor src({1, 1, count, 1}), dst({1, 1, count, 1});
    for (int64_t i = 0; i < count; ++i) {
      src.data<float>()[i] = sign * values[static_cast<size_t>(i)];
    }
    cpu->tanh(src, dst);
    for (int64_t i = 0; i < count; ++i) {
      const double expected = std::tanh(src.at(i));
      if (std::isnan(expected)) {
        EXPECT_TRUE(std::isnan(dst.at(i)));
      } else {
        ASSERT_NEAR(dst.at(i), expected, 5e-7 * std::abs(expected)) << src.at(i);
      }
    }
  }
}

// One limit for all: what oneDNN may use, and what our own loops are compiled for.
TEST(Isa, IsOneForOneDnnAndForUs) {
  const std::string theirs = processor_instructions();
  const Isa expected = theirs.rfind("avx512", 0) == 0 || theirs.rfind("avx10", 0) == 0 ? Isa::avx512
                       : theirs.rfind("avx2", 0) == 0                                  ? Isa::avx2
                                                                                       : Isa::base;
  EXPECT_EQ(best_isa(), expected) << theirs;
}

}  // namespace
}  // namespace impasto::test
