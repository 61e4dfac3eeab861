#!/usr/bin/env python3
"""One step of Gatys et al. on PyTorch: VGG-19 to relu5_1, content at relu4_2, Gram matrices at
relu1_1 .. relu5_1, total variation, and torch.optim.LBFGS or Adam on the pixels.

usage: step.py VGG19.safetensors VARIANT [--size 512] [--threads 2] [--optimizer lbfgs] [--steps 5]

VARIANT: f32, f32-channels-last, bf16 (weights and activations), bf16-channels-last,
autocast, autocast-channels-last. Prints JSON: median, min and max milliseconds, first step, peak
memory of the process."""
import argparse
import contextlib
import json
import resource
import statistics
import time

import torch

from objective import Objective
from vgg19 import Vgg19

STYLE_LAYERS = ["relu1_1", "relu2_1", "relu3_1", "relu4_1", "relu5_1"]
VARIANTS = [a + b for a in ("f32", "bf16", "autocast") for b in ("", "-channels-last")]

p = argparse.ArgumentParser()
p.add_argument("network")
p.add_argument("variant", choices=VARIANTS)
p.add_argument("--size", type=int, default=512)
p.add_argument("--threads", type=int, default=2)
p.add_argument("--optimizer", choices=["lbfgs", "adam"], default="lbfgs")
p.add_argument("--steps", type=int, default=5)
p.add_argument("--warm-up", type=int, default=3)
a = p.parse_args()

torch.set_num_threads(a.threads)
torch.manual_seed(1)
memory_format = torch.channels_last if a.variant.endswith("-channels-last") else \
    torch.contiguous_format
network = Vgg19(a.network, dtype=torch.bfloat16 if a.variant.startswith("bf16") else torch.float32,
                memory_format=memory_format)


def picture():
    return torch.rand(1, 3, a.size, a.size)


def precision():
    return torch.autocast("cpu", torch.bfloat16) if a.variant.startswith("autocast") else \
        contextlib.nullcontext()


unknown = picture()
with precision():
    objective = Objective(network, unknown, picture(), "relu4_2", STYLE_LAYERS)
unknown = (0.5 * unknown + 0.5 * picture()).requires_grad_()
if a.optimizer == "adam":
    optimizer = torch.optim.Adam([unknown], lr=0.02)
else:
    optimizer = torch.optim.LBFGS([unknown], max_iter=1, tolerance_grad=-1, tolerance_change=-1)


def closure():
    optimizer.zero_grad()
    with precision():
        value = sum(objective.terms(unknown))
    value.backward()
    return value


times = []
for _ in range(a.warm_up + a.steps):
    begin = time.perf_counter()
    optimizer.step(closure)
    times.append(1000 * (time.perf_counter() - begin))
measured = times[a.warm_up:]
print(json.dumps({
    "variant": a.variant, "size": a.size, "threads": a.threads, "optimizer": a.optimizer,
    "torch": torch.__version__, "steps": a.steps, "first_ms": times[0],
    "median_ms": statistics.median(measured), "min_ms": min(measured), "max_ms": max(measured),
    "peak_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024}))
