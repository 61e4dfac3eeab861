#!/usr/bin/python3
"""Writes torch_answers.h: what PyTorch makes of `pattern` (answers_test.cpp), channels last.

usage: make_answers.py > torch_answers.h
"""
import torch
import torch.nn.functional as F


def pattern(n, offset=0):
    return torch.tensor([((i * 37 + offset * 11 + 5) % 64) / 16 - 2 for i in range(n)])


def nhwc(h, w, c, n=1):
    return pattern(n * h * w * c).reshape(n, h, w, c).permute(0, 3, 1, 2)


def array(name, t):
    values = t.permute(0, 2, 3, 1).reshape(-1).tolist()
    print(f'inline const std::vector<double> {name} = {{' + ', '.join(f'{v:.7g}' for v in values) + '};')


print('// Written by make_answers.py; PyTorch', torch.__version__.split('a')[0])
print('#pragma once\n\n#include <vector>\n\nnamespace impasto::test::torch_answers {\n')
weights, bias = pattern(3 * 2 * 9, 1).reshape(3, 2, 3, 3), pattern(3, 2)
array('conv', F.conv2d(nhwc(4, 5, 2), weights, bias, padding=1))
array('conv_stride', F.conv2d(nhwc(4, 5, 2), weights, bias, stride=2, padding=1))
array('bilinear_up', F.interpolate(nhwc(3, 4, 2), (5, 7), mode='bilinear', align_corners=False))
array('bilinear_down', F.interpolate(nhwc(5, 7, 2), (3, 4), mode='bilinear', align_corners=False))
array('nearest_up', F.interpolate(nhwc(3, 4, 2), (5, 7), mode='nearest'))
array('nearest_down', F.interpolate(nhwc(5, 7, 2), (3, 4), mode='nearest'))
array('reflect', F.pad(nhwc(3, 4, 2), (2, 2, 2, 2), mode='reflect'))
array('circular', F.pad(nhwc(3, 4, 2), (2, 2, 2, 2), mode='circular'))
array('max_pool', F.max_pool2d(nhwc(5, 7, 2), 2))
array('average_pool', F.avg_pool2d(nhwc(5, 7, 2), 2))
array('instance_norm', F.instance_norm(nhwc(3, 4, 2), eps=1e-5))
print('\n}  // namespace impasto::test::torch_answers')
