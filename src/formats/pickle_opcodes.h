#pragma once

#include <cstdint>

/// The opcodes of Python's pickle protocols 2 to 5 (CPython's Lib/pickletools.py), less those that
/// only protocols 0 and 1 use. PyTorch always wrote protocol 2 or later.
namespace impasto::pickle_opcode {

// clang-format off
constexpr uint8_t
    stop = '.', proto = 0x80, frame = 0x95,
    // constants
    none = 'N', new_true = 0x88, new_false = 0x89,
    int32 = 'J', uint8 = 'K', uint16 = 'M', long1 = 0x8a, long4 = 0x8b, real = 'G',
    short_string = 'U', string = 'T', short_unicode = 0x8c, unicode = 'X', unicode8 = 0x8d,
    short_bytes = 'C', bytes = 'B', bytes8 = 0x8e, bytearray8 = 0x96,
    // containers
    mark = '(', pop_mark = '1',
    empty_tuple = ')', tuple = 't', tuple1 = 0x85, tuple2 = 0x86, tuple3 = 0x87,
    empty_list = ']', list = 'l', append = 'a', appends = 'e',
    empty_set = 0x8f, add_items = 0x90, frozenset = 0x91,
    empty_dict = '}', dict = 'd', set_item = 's', set_items = 'u',
    // references and functions
    pop = '0', duplicate = '2', put = 'q', long_put = 'r', memoize = 0x94, get = 'h', long_get = 'j',
    global = 'c', stack_global = 0x93, instance = 'i', reduce = 'R',
    new_object = 0x81, new_object_ex = 0x92, build = 'b', persistent = 'Q';
// clang-format on

}  // namespace impasto::pickle_opcode
