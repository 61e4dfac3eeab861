#!/usr/bin/env python3
"""The loop of neural-style-pt on PyTorch, in f32: L-BFGS from the photograph, on the pixels as the
network sees them. Prints JSON: objective and seconds of every step.

usage: gatys.py VGG19.safetensors PHOTO PAINTING OUT.npy [--steps 500] [--threads 2]
                [--content-layer relu3_3] [--style-layers relu1_1,relu2_1,relu3_1]"""
import argparse
import json
import time

import torch

import pictures
from objective import Objective
from vgg19 import MEAN_CAFFE, Vgg19

p = argparse.ArgumentParser()
p.add_argument("network"), p.add_argument("photo"), p.add_argument("painting"), p.add_argument("out")
p.add_argument("--steps", type=int, default=500)
p.add_argument("--threads", type=int, default=2)
p.add_argument("--content-layer", default="relu3_3")
p.add_argument("--style-layers", default="relu1_1,relu2_1,relu3_1")
a = p.parse_args()
torch.set_num_threads(a.threads)

begin = time.perf_counter()
network = Vgg19(a.network, memory_format=torch.channels_last)
photo = pictures.read(a.photo)
objective = Objective(network, photo, pictures.read(a.painting), a.content_layer,
                      a.style_layers.split(","))

# neural-style-pt optimises on the scale 0..255 around ImageNet's mean.
mean = torch.tensor(MEAN_CAFFE[::-1]).view(1, 3, 1, 1)
unknown = (255 * photo - mean).requires_grad_()
optimizer = torch.optim.LBFGS([unknown], max_iter=1, history_size=100, tolerance_grad=-1,
                              tolerance_change=-1)
curve = []


def closure():
    optimizer.zero_grad()
    value = sum(objective.terms((unknown + mean) / 255))
    value.backward()
    curve.append((time.perf_counter() - begin, float(value)))
    return value


for _ in range(a.steps):
    optimizer.step(closure)
seconds = time.perf_counter() - begin
pictures.write(a.out, (unknown + mean) / 255)
print(json.dumps({"steps": a.steps, "seconds": seconds, "torch": torch.__version__, "curve": curve}))
