#!/usr/bin/env python3
"""Writes a VGG-19 up to conv5_1 with random weights: how long a step takes does not depend on their
values. usage: make_vgg19.py FILE.safetensors"""
import sys

import torch

from vgg19 import WIDTHS, write_safetensors

torch.manual_seed(1)
tensors, channels, number = {}, 3, 0
for widths in WIDTHS:
    for width in widths:
        conv = torch.nn.Conv2d(channels, width, 3, padding=1)
        torch.nn.init.kaiming_normal_(conv.weight, nonlinearity="relu")
        tensors[f"features.{number}.weight"] = conv.weight
        tensors[f"features.{number}.bias"] = conv.bias
        channels, number = width, number + 2
    number += 1
write_safetensors(sys.argv[1], tensors)
