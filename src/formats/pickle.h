#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace impasto {

/// One value of a pickle, inert: a call is a record of what the file asked for, never made.
/// Values refer to each other as in the file, so they can be shared and even contain themselves.
struct PickleValue {
  enum class Kind : uint8_t {
    none,
    boolean,      ///< integer
    integer,      ///< integer
    big_integer,  ///< text: more than 64 bits, little-endian two's complement
    real,         ///< real
    text,         ///< text
    bytes,        ///< text
    list,         ///< items; sets too
    tuple,        ///< items
    dict,         ///< items: key, value, key, value ...; OrderedDict and its relatives too
    global,       ///< text: "module.name"
    call,         ///< items: function (a global), arguments
    persistent,   ///< items: the identifier of something stored outside the pickle
  };
  Kind kind = Kind::none;
  int64_t integer = 0;
  double real = 0;
  std::string text;
  std::vector<const PickleValue*> items;

  bool is(Kind k) const { return kind == k; }
  /// A call of the global `function`?
  bool calls(std::string_view function) const {
    return is(Kind::call) && items[0]->text == function;
  }
};

/// A pickle and the store that owns all its values.
struct Pickle {
  std::deque<PickleValue> values;
  const PickleValue* root = nullptr;
  size_t length = 0;  ///< bytes up to and including its STOP
};

/// Reads the pickle at the beginning of `bytes` (binary protocols 2 to 5, as torch.save writes
/// them). It executes nothing: functions that `allowed` ("module.name") knows become `call`
/// records, any other makes it throw. Throws Error{input} naming `name`: damaged, asking for a
/// function that is not allowed, or larger than any list of weights has reason to be. Source:
/// CPython's Lib/pickletools.py, which documents every opcode.
Pickle parse_pickle(std::span<const std::byte> bytes, const std::string& name,
                    const std::function<bool(std::string_view)>& allowed);

}  // namespace impasto
