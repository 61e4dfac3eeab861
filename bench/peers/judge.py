#!/usr/bin/env python3
"""Measures pictures with the objective of gatys.py, in f32. Prints JSON: a list with each picture's
objective and its terms.

usage: judge.py VGG19.safetensors PHOTO PAINTING PICTURE... [--content-layer ...] [--style-layers ...]

A picture is anything that Pillow reads, or .npy with floats [h, w, 3], RGB 0..1 (8 bits a channel
cost a little: their rounding is noise that total variation and Gram matrices see)."""
import argparse
import json

import torch

import pictures
from objective import Objective
from vgg19 import Vgg19

p = argparse.ArgumentParser()
p.add_argument("network"), p.add_argument("photo"), p.add_argument("painting")
p.add_argument("pictures", nargs="+")
p.add_argument("--threads", type=int, default=2)
p.add_argument("--content-layer", default="relu3_3")
p.add_argument("--style-layers", default="relu1_1,relu2_1,relu3_1")
a = p.parse_args()
torch.set_num_threads(a.threads)

objective = Objective(Vgg19(a.network), pictures.read(a.photo), pictures.read(a.painting),
                      a.content_layer, a.style_layers.split(","))
results = []
with torch.no_grad():
    for path in a.pictures:
        terms = [float(t) for t in objective.terms(pictures.read(path).clamp(0, 1))]
        results.append({"picture": path, "objective": sum(terms),
                        **dict(zip(("content", "style", "tv"), terms))})
print(json.dumps(results))
