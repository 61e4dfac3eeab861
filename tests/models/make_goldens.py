#!/usr/bin/python3
"""Writes goldens.json: features of VGG networks in PyTorch, in double.

usage: make_goldens.py VGG19.pth SMALL.pth > goldens.json

VGG19.pth: the Oxford weights of conv1_1 to conv3_4 as a state dict (features.N.weight).
SMALL.pth: the small VGG of Collaborative Distillation, SE5.
The synthetic networks and all pictures come from SplitMix64 (src/base/random.h), which the C++
tests repeat. Values are indexed channels-last, as impasto keeps features.
"""
import json
import sys

import numpy as np
import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.double)


class Random:
    def __init__(self, seed):
        self.state = np.uint64(seed)

    def uniform(self, count, low=0.0, high=1.0):
        with np.errstate(over='ignore'):
            steps = np.arange(1, count + 1, dtype=np.uint64)
            z = self.state + steps * np.uint64(0x9E3779B97F4A7C15)
            self.state = z[-1]
            z = (z ^ (z >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
            z = z ^ (z >> np.uint64(31))
        return low + (high - low) * ((z >> np.uint64(11)).astype(np.float64) * 2.0 ** -53)


def f32(values):
    return torch.from_numpy(np.asarray(values, np.float32).astype(np.float64))


def picture(height, width, seed):
    pixels = Random(seed).uniform(height * width * 3).reshape(1, height, width, 3)
    return f32(pixels).permute(0, 3, 1, 2)


def synthetic(widths, seed):
    """[(block, index, weight, bias)], in this order from one stream of numbers."""
    random, convs, channels = Random(seed), [], 3
    for block, outs in enumerate(widths, 1):
        for index, out in enumerate(outs, 1):
            limit = np.sqrt(6.0 / (channels * 9))
            weight = random.uniform(out * channels * 9, -limit, limit)
            bias = random.uniform(out, -0.1, 0.1)
            convs.append((block, index, f32(weight).reshape(out, channels, 3, 3), f32(bias)))
            channels = out
    return convs


def numbers(x):
    x = x.permute(0, 2, 3, 1).contiguous()
    flat = x.reshape(-1)
    at = [int(i) for i in np.linspace(0, len(flat) - 1, 12)]
    return {'shape': list(x.shape), 'sum': float(flat.sum()), 'squares': float((flat ** 2).sum()),
            'at': at, 'values': [float(flat[i]) for i in at]}


def features(x, convs, padding, pooling):
    taps, last = {}, 1
    for block, index, weight, bias in convs:
        if block > last:
            x = F.max_pool2d(x, 2) if pooling == 'max' else F.avg_pool2d(x, 2)
            last = block
        x = F.pad(x, (1, 1, 1, 1), mode='reflect' if padding == 'reflect' else 'constant')
        x = F.relu(F.conv2d(x, weight, bias))
        taps[f'relu{block}_{index}'] = numbers(x)
    return taps


def main():
    result = {}
    x = picture(37, 45, 7)
    mean, deviation = (torch.tensor(v)[:, None, None] for v in
                       ([0.485, 0.456, 0.406], [0.229, 0.224, 0.225]))
    convs = synthetic([[4, 6], [8], [5, 5, 7], [9], [3]], 11)
    for padding in ('zero', 'reflect'):
        for pooling in ('max', 'average'):
            result[f'{padding} {pooling}'] = features((x - mean) / deviation, convs, padding, pooling)

    state = torch.load(sys.argv[1], map_location='cpu')
    places = [(1, 1, 0), (1, 2, 2), (2, 1, 5), (2, 2, 7), (3, 1, 10), (3, 2, 12), (3, 3, 14),
              (3, 4, 16)]
    convs = [(b, i, state[f'features.{n}.weight'].double(), state[f'features.{n}.bias'].double())
             for b, i, n in places]
    bgr = x.flip(1) * 255 - torch.tensor([103.939, 116.779, 123.68])[:, None, None]
    result['vgg19'] = features(bgr, convs, 'zero', 'max')

    state = {k: v.double() for k, v in torch.load(sys.argv[2], map_location='cpu')['model'].items()}
    convs = [(int(k[4]), int(k[5]), v, state[k[:6] + '.bias']) for k, v in sorted(state.items())
             if k.endswith('.weight') and len(k) == len('conv11.weight')]
    result['distilled'] = features(F.conv2d(x, state['conv0.weight'], state['conv0.bias']), convs,
                                   'reflect', 'max')
    print(json.dumps(result, separators=(',', ':')).replace('"relu', '\n"relu'))


main()
