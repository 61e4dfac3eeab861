#include "backend/cases.h"

#include <array>
#include <set>

namespace impasto::test {

namespace {

const char* border_name(const Conv2dDesc& d) {
  if (d.border == PadMode::zero) return "";
  return d.border == PadMode::reflect ? "_reflect" : "_circular";
}

std::string groups_name(const Conv2dDesc& d) {
  return d.groups == 1 ? "" : "_g" + std::to_string(d.groups);
}

BackendCase conv(Conv2dDesc d, bool large = false) {
  const std::string name = "conv_" + d.src.str() + "_to" + std::to_string(d.out_channels) + "_k" +
                           std::to_string(d.kernel) + "_s" + std::to_string(d.stride) + "_p" +
                           std::to_string(d.padding) + groups_name(d) + border_name(d) +
                           (d.relu ? "_relu" : "");
  const auto typed = [d](DType type) {
    Conv2dDesc copy = d;
    copy.type = type;
    return copy;
  };
  return {name,
          {{d.src}, {d.weights(), true}, {Shape{d.out_channels}, true}},
          [=](Backend& b, DType type, const Tensors& in) -> Tensors {
            const Tensor dst(d.dst(), type);
            const auto prepared = b.prepare(typed(type), in[1], in[2], true, false);
            b.conv2d(typed(type), in[0], *prepared, dst);
            return {dst};
          },
          [=](Backend& b, DType type, const Tensors& in, const Tensors& out,
              const Tensor& dout) -> Tensors {
            const Tensor ddst = dout.clone(), dsrc(d.src, type);
            const auto prepared = b.prepare(typed(type), in[1], in[2], false, true);
            b.conv2d_backward_data(typed(type), out[0], ddst, *prepared, dsrc);
            if (d.relu) b.relu_backward(out[0], ddst);
            const Tensor dw(d.weights(), parameter_type(type)),
                db({d.out_channels}, parameter_type(type));
            b.conv2d_backward_weights(typed(type), in[0], ddst, dw, db);
            return {dsrc, dw, db};
          },
          large};
}

BackendCase modulated(ModulatedConv2dDesc d) {
  const Conv2dDesc& c = d.conv;
  const std::string name = "modulated_" + c.src.str() + "_to" + std::to_string(c.out_channels) +
                           groups_name(c) + border_name(c) + (c.relu ? "_relu" : "") +
                           (d.residual ? "_residual" : "");
  const CaseInput factors{Shape{c.src.c()}, true};
  return {name,
          {{c.src}, {c.weights(), true}, {Shape{c.out_channels}, true}, factors, factors},
          [=](Backend& b, DType type, const Tensors& in) -> Tensors {
            ModulatedConv2dDesc typed = d;
            typed.conv.type = type;
            const auto prepared = b.prepare(typed, in[1], in[2]);
            const Tensor dst(d.conv.dst(), type), again(d.conv.dst(), type);
            // What is prepared serves one modulation after the other.
            b.modulated_conv2d(typed, in[0], *prepared, in[4], in[3], again);
            b.modulated_conv2d(typed, in[0], *prepared, in[3], in[4], dst);
            return {dst, again};
          },
          nullptr,
          true};
}

// Groups of one channel and of several, below and around vector widths, one or more results for
// each; with every border, strides, several pictures.
std::vector<BackendCase> grouped() {
  std::vector<BackendCase> cases;
  const auto add = [&](Shape src, int out, int groups, int kernel, int stride, PadMode border,
                       bool large) {
    const bool relu = groups % 2 > 0;
    cases.push_back(
        conv({src, out, kernel, stride, kernel / 2, relu, DType::f32, border, groups}, large));
  };
  for (const PadMode border : {PadMode::zero, PadMode::reflect, PadMode::circular}) {
    for (const int c : {3, 4, 16, 17, 64}) {
      const bool large = c > 4;
      add({1, 7, 6, c}, c, c, 3, 1, border, large);
      add({2, 5, 8, c}, 2 * c, c, 3, 1, border, large);
      add({1, 9, 7, c}, c, c, 3, 2, border, large);
    }
    for (const auto& [in, out, groups] :
         {std::array{4, 6, 2}, {6, 9, 3}, {32, 32, 2}, {34, 18, 2}, {64, 32, 4}, {48, 64, 16}}) {
      const bool large = in > 6;
      add({1, 6, 7, in}, out, groups, 3, 1, border, large);
      add({2, 7, 5, in}, out, groups, 3, 2, border, large);
      add({1, 6, 5, in}, out, groups, 5, 1, border, large);
      add({1, 5, 4, in}, out, groups, 1, 1, border, large);
      // (Of a single pixel nine mirrored gradients are added in bf16, and rounded nine times.)
      add({1, 1, border == PadMode::zero ? 1 : 3, in}, out, groups, 3, 1, border, in > 6);
    }
    add({1, 300, 70, 32}, 32, 32, 3, 1, border, true);  // many bands
    add({1, 300, 41, 32}, 64, 4, 3, 1, border, true);
    add({1, 2, 700, 17}, 17, 17, 3, 1, border, true);
  }
  return cases;
}

}  // namespace

std::vector<BackendCase> conv_cases() {
  std::vector<BackendCase> cases = grouped();
  // Kernels, strides, paddings on odd sizes.
  for (const int kernel : {1, 3, 5, 9}) {
    for (const int stride : {1, 2}) {
      for (const int padding : std::set{0, kernel / 2}) {
        cases.push_back(conv({{1, 9, 11, 3}, 4, kernel, stride, padding}));
      }
    }
  }
  // Channels around vector widths, with the fused clamp.
  for (const int in : {1, 3, 4, 16, 17, 64}) {
    for (const int out : {1, 3, 16, 17, 64}) {
      cases.push_back(conv({{1, 7, 5, in}, out, 3, 1, 1, true}, in * out > 100));
    }
  }
  cases.push_back(conv({{3, 5, 7, 4}, 3, 3, 1, 1}));  // several pictures
  cases.push_back(conv({{2, 6, 9, 16}, 17, 3, 2, 1}, true));
  cases.push_back(conv({{1, 1, 1, 5}, 3, 3, 1, 1}));  // all padding but one
  cases.push_back(conv({{1, 1, 2, 3}, 2, 1, 1, 0}));
  cases.push_back(conv({{1, 2, 1, 3}, 2, 3, 2, 1}));
  cases.push_back(conv({{1, 3, 3, 2}, 2, 3, 1, 0}));  // a single output
  // Borders that the matrix library does not know: in bands of rows, and whole with strides. Sides
  // of one to four pixels bounce; 300 rows are many bands.
  for (const PadMode border : {PadMode::reflect, PadMode::circular}) {
    const auto add = [&](Shape src, int out, int kernel, int stride, bool relu, bool large) {
      Conv2dDesc d{src, out, kernel, stride, kernel / 2, relu};
      d.border = border;
      cases.push_back(conv(d, large));
    };
    for (const int side : {1, 2, 3, 4, 5}) add({1, side, 6 - side, 3}, 4, 3, 1, side % 2, false);
    add({2, 7, 5, 3}, 4, 5, 1, true, false);
    add({1, 3, 3, 2}, 2, 9, 1, false, false);
    add({1, 6, 7, 3}, 4, 3, 2, true, false);
    add({3, 19, 21, 16}, 17, 3, 1, true, true);
    add({1, 300, 41, 64}, 16, 3, 1, true, true);
    add({1, 300, 70, 3}, 16, 3, 1, false, true);
  }
  cases.push_back(conv({{1, 300, 41, 64}, 64, 3, 1, 1, true}, true));
  // Around the edges of tiles of 16 pixels and of 16 and 32 channels, where matrix units are used:
  // rows that fill tiles, overlap them, or have a pixel more.
  for (const PadMode border : {PadMode::zero, PadMode::reflect, PadMode::circular}) {
    int i = 0;
    for (const int64_t w : {16, 17, 31, 32, 33, 34, 35, 47, 64, 65, 81}) {
      for (const auto& [in, out] :
           {std::array{3, 16}, {16, 16}, {16, 32}, {32, 3}, {64, 48}, {8, 96}, {96, 32}, {32, 8}}) {
        if ((++i + w) % 2 > 0) continue;  // each kind at half of the widths will do
        Conv2dDesc d{{1 + i % 4 / 3, 2 + i % 5, w, in}, out, 3, 1, 1, i % 3 > 0};
        d.border = border;
        cases.push_back(conv(d, true));
      }
    }
  }
  for (const PadMode border : {PadMode::reflect, PadMode::circular}) {
    const auto add = [&](int64_t h, int64_t w, int in, int out, bool relu, bool residual) {
      ModulatedConv2dDesc d{{{1, h, w, in}, out, 3, 1, 1, relu}, residual};
      d.conv.border = border;
      cases.push_back(modulated(d));
    };
    for (const int64_t w : {16, 32, 34, 36, 48, 66}) {
      for (const int c : {16, 32, 64}) {
        add(4, w, c, c, true, true);
        add(6, w, c, 48, false, false);
      }
      add(6, w, 16, 3, w % 4 == 0, false);
    }
    add(5, 33, 32, 32, true, true);
    add(4, 6, 8, 8, true, true);  // less than a tile
    add(2, 2, 3, 3, false, true);
    ModulatedConv2dDesc d{{{1, 6, 34, 32}, 32, 3, 1, 1, true}, true};
    d.conv.border = border;
    for (const int groups : {2, 32}) {
      d.conv.groups = groups;
      cases.push_back(modulated(d));
    }
  }
  cases.push_back(conv({{1, 33, 35, 64}, 64, 3, 1, 0}, true));
  cases.push_back(conv({{1, 40, 3, 17}, 16, 5, 1, 2}, true));
  return cases;
}

}  // namespace impasto::test
