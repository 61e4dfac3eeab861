#include "formats/pickle.h"

#include <algorithm>
#include <bit>
#include <unordered_map>
#include <utility>

#include "formats/byte_reader.h"
#include "formats/pickle_opcodes.h"
#include "impasto/error.h"

namespace impasto {

namespace {

using Kind = PickleValue::Kind;
namespace op = pickle_opcode;
using Values = std::vector<PickleValue*>;

// A state dict of a thousand tensors makes 30,000 values and 200 KB.
constexpr size_t max_bytes = size_t{16} << 20;
constexpr size_t max_values = 2'000'000;

/// The pickle machine: a stack of values, marks in it, and a memo.
class Machine {
 public:
  Machine(std::span<const std::byte> bytes, const std::string& name,
          const std::function<bool(std::string_view)>& allowed)
      : name_(name),
        allowed_(allowed),
        in_(bytes.first(std::min(bytes.size(), max_bytes)), name, "its pickled list of tensors") {}

  Pickle run() {
    for (;;) {
      const auto opcode = in_.number<uint8_t>();
      if (opcode == op::stop) break;
      if (!constant(opcode) && !container(opcode) && !reference(opcode)) {
        fail("has the unknown pickle opcode " + std::to_string(opcode));
      }
      if (std::max({stack_.size(), marks_.size(), memo_.size()}) > max_values) {
        fail("is too large a pickle");
      }
    }
    pickle_.root = pop();
    pickle_.length = in_.position();
    return std::move(pickle_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::input, name_ + ": not a valid weights file: it " + what);
  }

  // Values and the stack.

  PickleValue* make(Kind kind) {
    if (pickle_.values.size() >= max_values) fail("is too large a pickle");
    PickleValue& value = pickle_.values.emplace_back();
    value.kind = kind;
    return &value;
  }
  void push(PickleValue* value) { stack_.push_back(value); }
  void push(Kind kind) { push(make(kind)); }
  void push_integer(Kind kind, int64_t integer) {
    push(kind);
    top()->integer = integer;
  }
  void push_text(Kind kind, std::string_view text) {
    push(kind);
    top()->text = text;
  }
  void push_items(Kind kind, const Values& items) {
    PickleValue* value = make(kind);
    value->items.assign(items.begin(), items.end());
    push(value);
  }
  PickleValue* top() {
    if (stack_.size() <= (marks_.empty() ? 0 : marks_.back())) fail("takes from an empty stack");
    return stack_.back();
  }
  PickleValue* pop() {
    PickleValue* value = top();
    stack_.pop_back();
    return value;
  }
  Values pop(size_t count) {
    Values values(count);
    for (size_t i = count; i-- > 0;) values[i] = pop();
    return values;
  }
  Values pop_to_mark() {
    if (marks_.empty()) fail("has no mark where one is needed");
    const auto begin = stack_.begin() + static_cast<std::ptrdiff_t>(marks_.back());
    Values values(begin, stack_.end());
    stack_.erase(begin, stack_.end());
    marks_.pop_back();
    return values;
  }

  // Opcodes; each group says whether the opcode was one of its own.

  // clang-format off
  bool constant(uint8_t opcode) {
    switch (opcode) {
      case op::proto: check_protocol(in_.number<uint8_t>()); break;
      case op::frame: in_.take(8); break;
      case op::none: push(Kind::none); break;
      case op::new_true: push_integer(Kind::boolean, 1); break;
      case op::new_false: push_integer(Kind::boolean, 0); break;
      case op::int32: push_integer(Kind::integer, in_.number<int32_t>()); break;
      case op::uint8: push_integer(Kind::integer, in_.number<uint8_t>()); break;
      case op::uint16: push_integer(Kind::integer, in_.number<uint16_t>()); break;
      case op::long1: push_long(in_.text(in_.number<uint8_t>())); break;
      case op::long4: push_long(in_.text(in_.number<uint32_t>())); break;
      case op::real: push_real(in_.number<uint64_t>()); break;
      case op::short_string:
      case op::short_unicode: push_text(Kind::text, in_.text(in_.number<uint8_t>())); break;
      case op::string:
      case op::unicode: push_text(Kind::text, in_.text(in_.number<uint32_t>())); break;
      case op::unicode8: push_text(Kind::text, in_.text(in_.number<uint64_t>())); break;
      case op::short_bytes: push_text(Kind::bytes, in_.text(in_.number<uint8_t>())); break;
      case op::bytes: push_text(Kind::bytes, in_.text(in_.number<uint32_t>())); break;
      case op::bytes8:
      case op::bytearray8: push_text(Kind::bytes, in_.text(in_.number<uint64_t>())); break;
      default: return false;
    }
    return true;
  }

  bool container(uint8_t opcode) {
    switch (opcode) {
      case op::mark: marks_.push_back(stack_.size()); break;
      case op::pop_mark: pop_to_mark(); break;
      case op::empty_tuple: push(Kind::tuple); break;
      case op::tuple: push_items(Kind::tuple, pop_to_mark()); break;
      case op::tuple1: push_items(Kind::tuple, pop(1)); break;
      case op::tuple2: push_items(Kind::tuple, pop(2)); break;
      case op::tuple3: push_items(Kind::tuple, pop(3)); break;
      case op::empty_list:
      case op::empty_set: push(Kind::list); break;
      case op::list:
      case op::frozenset: push_items(Kind::list, pop_to_mark()); break;
      case op::append: add(Kind::list, pop(1)); break;
      case op::appends:
      case op::add_items: add(Kind::list, pop_to_mark()); break;
      case op::empty_dict: push(Kind::dict); break;
      case op::dict: push_pairs(pop_to_mark()); break;
      case op::set_item: add(Kind::dict, pop(2)); break;
      case op::set_items: add(Kind::dict, pop_to_mark()); break;
      default: return false;
    }
    return true;
  }

  bool reference(uint8_t opcode) {
    switch (opcode) {
      case op::pop: pop_or_unmark(); break;
      case op::duplicate: push(top()); break;
      case op::put: memo_[in_.number<uint8_t>()] = top(); break;
      case op::long_put: memo_[in_.number<uint32_t>()] = top(); break;
      case op::memoize: memo_[memo_.size()] = top(); break;
      case op::get: push(remembered(in_.number<uint8_t>())); break;
      case op::long_get: push(remembered(in_.number<uint32_t>())); break;
      case op::global: read_global(); break;
      case op::stack_global: stack_global(pop(2)); break;
      case op::instance: read_global(); return false;  // protocol 0: only to refuse it by name
      case op::reduce:
      case op::new_object: call(pop(2)); break;
      case op::new_object_ex: pop(), call(pop(2)); break;
      case op::build: pop(), top(); break;  // attributes of an object: none that we need
      case op::persistent: push_items(Kind::persistent, pop(1)); break;
      default: return false;
    }
    return true;
  }
  // clang-format on

  void check_protocol(uint8_t protocol) {
    if (protocol < 2 || protocol > 5) {
      fail("uses pickle protocol " + std::to_string(protocol) + ", expected 2 to 5");
    }
  }
  void push_long(std::string_view digits) {
    if (digits.size() > 8) return push_text(Kind::big_integer, digits);
    uint64_t value = !digits.empty() && (digits.back() & 0x80) ? ~uint64_t{0} : 0;
    for (size_t i = digits.size(); i-- > 0;) value = value << 8 | static_cast<uint8_t>(digits[i]);
    push_integer(Kind::integer, static_cast<int64_t>(value));
  }
  void push_real(uint64_t big_endian) {
    push(Kind::real);
    top()->real = std::bit_cast<double>(__builtin_bswap64(big_endian));
  }
  void push_pairs(const Values& pairs) {
    push(Kind::dict);
    add(Kind::dict, pairs);
  }
  /// Appends to the list or dict on top of the stack.
  void add(Kind expected, const Values& items) {
    PickleValue* target = top();
    if (!target->is(expected)) fail("adds to something that is not a list or a dictionary");
    if (expected == Kind::dict && items.size() % 2) fail("has a key without a value");
    target->items.insert(target->items.end(), items.begin(), items.end());
  }
  void pop_or_unmark() {
    if (!marks_.empty() && marks_.back() == stack_.size()) {
      marks_.pop_back();
    } else {
      pop();
    }
  }
  PickleValue* remembered(uint32_t index) const {
    const auto found = memo_.find(index);
    if (found == memo_.end()) fail("refers to a value that it never stored");
    return found->second;
  }

  // Functions: named, checked, recorded.

  void read_global() {
    const std::string_view module = in_.line();
    push_global(std::string(module) + "." + std::string(in_.line()));
  }
  void stack_global(const Values& names) {
    if (!names[0]->is(Kind::text) || !names[1]->is(Kind::text))
      fail("has a function without a name");
    push_global(names[0]->text + "." + names[1]->text);
  }
  void push_global(const std::string& function) {
    if (!allowed_(function)) refuse(function);
    push_text(Kind::global, function);
  }
  [[noreturn]] void refuse(const std::string& function) const {
    throw Error(ErrorCode::input,
                name_ + ": asks to call " + printable(function) +
                    "; a weights file never needs that, so it was not read (if you trust it, save "
                    "the network's state_dict() again with torch.save or as safetensors)");
  }
  void call(const Values& parts) {
    if (!parts[0]->is(Kind::global)) fail("calls something that is not a named function");
    if (!parts[1]->is(Kind::tuple)) fail("calls a function without a list of arguments");
    const std::string& function = parts[0]->text;
    const auto& arguments = parts[1]->items;
    if (function == "collections.OrderedDict" || function == "collections.defaultdict" ||
        function == "collections.Counter") {
      push_ordered_dict(arguments);
    } else if (function == "torch.Size" && arguments.size() == 1) {
      push(Kind::tuple);
      copy_to_top(arguments[0]->items);
    } else {
      push_items(Kind::call, parts);
    }
  }
  /// Python 2 wrote OrderedDict([[key, value], ...]); other arguments do not hold entries.
  void push_ordered_dict(const std::vector<const PickleValue*>& arguments) {
    push(Kind::dict);
    if (arguments.empty() || !arguments[0]->is(Kind::list)) return;
    for (const PickleValue* pair : arguments[0]->items) {
      if (pair->items.size() != 2) fail("has a key without a value");
      copy_to_top(pair->items);
    }
  }
  /// Unlike everything else, this can make much out of little: the same list copied many times.
  void copy_to_top(const std::vector<const PickleValue*>& items) {
    copied_ += items.size();
    if (copied_ > max_values) fail("is too large a pickle");
    top()->items.insert(top()->items.end(), items.begin(), items.end());
  }

  const std::string& name_;
  const std::function<bool(std::string_view)>& allowed_;
  ByteReader in_;
  Pickle pickle_;
  Values stack_;
  std::vector<size_t> marks_;
  size_t copied_ = 0;
  std::unordered_map<uint64_t, PickleValue*> memo_;
};

}  // namespace

Pickle parse_pickle(std::span<const std::byte> bytes, const std::string& name,
                    const std::function<bool(std::string_view)>& allowed) {
  return Machine(bytes, name, allowed).run();
}

}  // namespace impasto
