#include "formats/pickle.h"

#include "formats/byte_strings.h"
#include "formats/expect_error.h"

namespace impasto {
namespace {

using test::bytes_of;
using test::expect_error;
using namespace test::pickle;
using Kind = PickleValue::Kind;

Pickle parse(const std::string& file) {
  return parse_pickle(bytes_of(file), "w.pth", [](std::string_view f) {
    return f.starts_with("collections.") || f == "ok.f";
  });
}

TEST(Pickle, ReadsEveryKindOfValue) {
  const Pickle p = parse(file(
      list({integer(-5), "J\xfe\xff\xff\xff", "K\xff", "M\xff\xff", "\x8a\x01\x80", "N", "\x88",
            text("t"), "U\x01s", "C\x01\xff", ")", "}", std::string("G\x3f\xf8\0\0\0\0\0\0", 9)})));
  ASSERT_TRUE(p.root->is(Kind::list));
  const auto& items = p.root->items;
  ASSERT_EQ(items.size(), 13u);
  const int64_t integers[] = {-5, -2, 255, 65535, -128};
  for (size_t i = 0; i < 5; ++i) EXPECT_EQ(items[i]->integer, integers[i]);
  EXPECT_TRUE(items[5]->is(Kind::none));
  EXPECT_TRUE(items[6]->is(Kind::boolean) && items[6]->integer == 1);
  EXPECT_EQ(items[7]->text, "t");
  EXPECT_TRUE(items[8]->is(Kind::text) && items[8]->text == "s");
  EXPECT_TRUE(items[9]->is(Kind::bytes) && items[9]->text == "\xff");
  EXPECT_TRUE(items[10]->is(Kind::tuple) && items[11]->is(Kind::dict));
  EXPECT_EQ(items[12]->real, 1.5);
}

TEST(Pickle, RecordsCallsAndBuildsOrderedDictionaries) {
  const Pickle p = parse(
      file(tuple({call(global("ok", "f"), tuple({integer(1)})), ordered_dict({{"k", integer(2)}}),
                  call(global("collections", "OrderedDict"),
                       tuple({list({list({text("old"), integer(3)})})}))})));
  EXPECT_TRUE(p.root->items[0]->calls("ok.f"));
  EXPECT_EQ(p.root->items[0]->items[1]->items[0]->integer, 1);
  for (size_t i : {1, 2}) {
    ASSERT_TRUE(p.root->items[i]->is(Kind::dict));
    ASSERT_EQ(p.root->items[i]->items.size(), 2u);
  }
  EXPECT_EQ(p.root->items[2]->items[0]->text, "old");
}

TEST(Pickle, SharesValuesThroughTheMemoAndAllowsCycles) {
  const Pickle p =
      parse(file("]q\x05(h\x05r\x01\x02\x03\x04j\x01\x02\x03\x04"
                 "e"));
  ASSERT_EQ(p.root->items.size(), 2u);
  EXPECT_EQ(p.root->items[0], p.root);
  EXPECT_EQ(p.root->items[1], p.root);
}

TEST(Pickle, SaysWhereItEnds) {
  EXPECT_EQ(parse(file("N") + "rest").length, 4u);
}

TEST(Pickle, NamesAndRefusesEveryFunctionThatIsNotAllowed) {
  const std::string arguments = tuple({text("rm -rf ~")});
  const std::string attacks[] = {
      call(global("os", "system"), arguments),
      global("os", "system"),
      text("os") + text("system") + "\x93" + arguments + "R",
      "(" + text("rm -rf ~") + "ios\nsystem\n",
      global("os", "system") + arguments + "\x81",
      dict({{"weights", call(global("os", "system"), arguments)}}),
  };
  for (const std::string& attack : attacks) {
    expect_error(ErrorCode::input, "w.pth: asks to call os.system; a weights file never needs that",
                 [&] { parse(file(attack)); });
  }
  expect_error(ErrorCode::input, "asks to call o?s.system",
               [&] { parse(file(global("o\ts", "system"))); });
  expect_error(ErrorCode::input, "asks to call aaaa",
               [&] { parse(file(global(std::string(5000, 'a'), "f"))); });
}

TEST(Pickle, RefusesWhatIsNotAPickle) {
  const std::pair<std::string, std::string> wrong[] = {
      {"", "ends inside"},
      {"N", "ends inside"},
      {".", "empty stack"},
      {"0.", "empty stack"},
      {"(N(0"
       "0.",
       "empty stack"},  // the second pop would reach below its mark
      {"Nt.", "no mark"},
      {"NN\x86\x87.", "empty stack"},
      {"h\x01.", "never stored"},
      {"q\x01.", "empty stack"},
      {"NNa.", "not a list"},
      {"}(Nu.", "without a value"},
      {")(NNu.", "not a list or a dictionary"},
      {"N)R.", "not a named function"},
      {global("ok", "f") + "NR.", "without a list of arguments"},
      {"NN\x93.", "without a name"},
      {std::string("\x80\x00.", 3), "protocol 0"},
      {"\x80\x06.", "protocol 6"},
      {"I1\n.", "unknown pickle opcode 73"},
      {"X\xff\xff\xff\xff"
       "abc.",
       "ends inside"},
      {"\x8e\xff\xff\xff\xff\xff\xff\xff\xff"
       "abc.",
       "ends inside"},
      {"cos", "ends inside"},
      {call(global("collections", "OrderedDict"), tuple({list({list({"N"})})})), "key without"},
  };
  for (const auto& [bytes, answer] : wrong) {
    expect_error(ErrorCode::input, answer, [&] { parse(bytes); });
  }
}

TEST(Pickle, BoundsStackMarksMemoAndCopies) {
  const size_t many = 3'000'000;
  expect_error(ErrorCode::input, "too large", [&] { parse(std::string(many, 'N')); });
  expect_error(ErrorCode::input, "too large", [&] { parse(std::string(many, '(')); });
  expect_error(ErrorCode::input, "too large", [&] { parse("N" + std::string(many, '2')); });
  std::string memo = "N";
  for (uint32_t i = 0; i < many; ++i) memo += "r" + test::le(i);
  expect_error(ErrorCode::input, "too large", [&] { parse(memo); });
  // One list of a hundred thousand, copied again and again by the one call that copies.
  std::string copies = "](" + std::string(100'000, 'N') + "e\x85q\x01" + "0";
  for (int i = 0; i < 100; ++i) copies += call(global("ok", "f"), "h\x01");
  EXPECT_NO_THROW(parse(copies + "."));
  std::string pairs = "](";
  for (int i = 0; i < 50'000; ++i) pairs += "NN\x86";
  pairs +=
      "e\x85q\x01"
      "0";
  for (int i = 0; i < 100; ++i) pairs += call(global("collections", "OrderedDict"), "h\x01");
  expect_error(ErrorCode::input, "too large", [&] { parse(pairs + "."); });
}

}  // namespace
}  // namespace impasto
