#!/usr/bin/env python3
"""Distils the small encoder on a GPU, in minutes: what `impasto train encoder` does, and more.

usage: encoder.py --pictures FOLDER[:WEIGHT]... --teacher VGG19.safetensors --deep-teacher SE5.pth -o OUT.safetensors
                  [--minutes 4] [--student-pool average|max] [--teacher-pool average|max] [--seed 1] ...

A linear map per tap takes the student's features to the teacher's; the maps are pulled towards isometries, so
that distances between the student's features are distances between the teacher's. Beside crops of the
pictures it sees, with --painted, pictures that an optimiser is painting by the student's own features: where a
student is easily fooled, what is painted through it shows meshes that its teachers would see. Channels that
have died are born again in the first half.
"""
import argparse
import json
import math
import time

import numpy as np
import torch
import torch.nn.functional as F

import common
from transfer import moments, normalised

SHALLOW = ["relu1_1", "relu1_2", "relu2_1", "relu2_2", "relu3_1"]
DEEP = ["relu4_1", "relu4_2", "relu5_1"]
STYLE, CONTENT = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"], ["relu2_2", "relu4_2"]
ISOMETRY, CALIBRATION_BATCHES, MOST_STEPS_OF_A_PAINTING = 0.02, 12, 60
MEANS_BGR = (103.939, 116.779, 123.68)


class Teachers:
    """Exact VGG-19 for the shallow taps, the small VGG of Collaborative Distillation for the deep ones."""

    def __init__(self, shallow, deep, pooling, device):
        self.shallow = {n: t.to(device) for n, t in common.read_safetensors(shallow).items()}
        self.state = torch.load(deep, map_location=device, weights_only=True)["model"]
        self.deep = {f"conv{n[4]}_{n[5]}{n[6:]}": t for n, t in self.state.items()
                     if n[5].isdigit() and "aux" not in n}
        self.means = torch.tensor(MEANS_BGR, device=device).view(1, 3, 1, 1)
        self.pooling = pooling

    @torch.no_grad()
    def __call__(self, rgb):
        x = (rgb.flip(1) * 255 - self.means).contiguous(memory_format=torch.channels_last)
        widths = [[64, 64], [128, 128], [256] * 4]
        taps = common.vgg(x, SHALLOW, self.shallow, self.pooling, widths, "constant")
        x = F.conv2d(rgb, self.state["conv0.weight"], self.state["conv0.bias"])
        deep = common.vgg(x, DEEP, self.deep, self.pooling)
        for tap in DEEP:  # to VGG-19's own channels, where there is a map
            name = f"conv{tap[4]}{tap[6]}_aux"
            if name + ".weight" in self.state:
                deep[tap] = F.conv2d(deep[tap], self.state[name + ".weight"], self.state[name + ".bias"])
        return {n: f.float() for n, f in {**taps, **deep}.items()}


class Student(torch.nn.Module):
    def __init__(self, taps, pooling):
        super().__init__()
        self.pooling, self.p = pooling, torch.nn.ParameterDict()
        before = 3
        for block, channels in enumerate(common.WIDTHS):
            for i, out in enumerate(channels):
                place = f"conv{block + 1}_{i + 1}"
                self.p[place + "/weight"] = torch.nn.Parameter(
                    torch.randn(out, before, 3, 3) * math.sqrt(2 / (9 * before)))
                self.p[place + "/bias"] = torch.nn.Parameter(torch.full((out,), 0.02))
                before = out
        for tap, channels in taps.items():
            width = common.WIDTHS[int(tap[4]) - 1][0]
            isometry = torch.linalg.qr(torch.randn(channels, width))[0]
            self.p[f"map{tap}/weight"] = torch.nn.Parameter(isometry[:, :, None, None].contiguous())
            self.p[f"map{tap}/bias"] = torch.nn.Parameter(torch.zeros(channels))
        self.taps = list(taps)

    def tensors(self):
        return {n.replace("/", "."): p for n, p in self.p.items()}

    def features(self, rgb, taps):
        return common.encode(rgb, taps, self.tensors(), self.pooling)

    def predict(self, features, tap):
        return F.conv2d(features, self.p[f"map{tap}/weight"], self.p[f"map{tap}/bias"])

    def bent(self):
        """How far the maps are from isometries."""
        total = 0
        for tap in self.taps:
            a = self.p[f"map{tap}/weight"][:, :, 0, 0]
            error = a.t() @ a - torch.eye(a.shape[1], device=a.device)
            total = total + error.pow(2).sum() / a.shape[1]
        return total

    @torch.no_grad()
    def revive(self, found):
        """Channels without anything to say begin anew; how many."""
        count = 0
        for tap, f in found.items():
            place, f = "conv" + tap[4:], f.float()
            dead = (f.amax((0, 2, 3)) < 1e-3) | (f.std((0, 2, 3)) < 1e-3)
            if dead.any():
                weight = self.p[place + "/weight"]
                weight[dead] = torch.randn_like(weight[dead]) * math.sqrt(2 / (9 * weight.shape[1]))
                self.p[place + "/bias"][dead] = 0.05
                count += int(dead.sum())
        return count


class PaintedPool:
    """Pictures on their way from a photograph to a painting, by Adam on the student's features."""

    def __init__(self, pictures, size, crop):
        self.pictures, self.crop, self.size = pictures, crop, size
        self.x = pictures.batch(size, crop)
        self.start, self.style = self.x.clone(), pictures.batch(size, crop)
        self.m, self.v = torch.zeros_like(self.x), torch.zeros_like(self.x)
        self.age = torch.randint(0, 40, (size,), device=self.x.device)
        self.weight = 10 ** (1.4 * torch.rand(size, device=self.x.device) - 0.7)

    def step(self, student, count):
        """Moves `count` of them on, and returns them."""
        at = torch.randperm(self.size, device=self.x.device)[:count]
        x = self.x[at].requires_grad_(True)
        with torch.no_grad():
            style = student.features(self.style[at], STYLE)
            start = student.features(self.start[at], CONTENT)
        found = student.features(x, STYLE + CONTENT)
        loss = 0
        for tap in STYLE:
            one = torch.ones_like(found[tap][:, :1].flatten(2)).float()
            mean, covariance = moments(found[tap].float().flatten(2), one)
            to_mean, to = moments(style[tap].float().flatten(2), one)
            power = to.diagonal(dim1=2, dim2=3).mean((1, 2)) + 1e-6
            loss = loss + self.weight[at] * (
                (covariance - to).pow(2).mean((1, 2, 3)) / (to.pow(2).mean((1, 2, 3)) + 1e-6) +
                (mean - to_mean).pow(2).mean((1, 2)) / power)
        for tap in CONTENT:
            loss = loss + 0.3 * (normalised(found[tap]) - normalised(start[tap])).pow(2).mean((1, 2, 3))
        gradient, = torch.autograd.grad(loss.sum(), x)
        with torch.no_grad():
            age = (self.age[at] + 1).view(-1, 1, 1, 1).float()
            m, v = 0.9 * self.m[at] + 0.1 * gradient, 0.99 * self.v[at] + 0.01 * gradient * gradient
            step = m / (1 - 0.9 ** age) / ((v / (1 - 0.99 ** age)).sqrt() + 1e-12)
            moved = (x - 0.02 * step).clamp(0, 1).detach()
            self.x[at], self.m[at], self.v[at] = moved, m, v
            self.age[at] += 1
            old = at[self.age[at] >= MOST_STEPS_OF_A_PAINTING]
            if len(old):
                self.x[old] = self.start[old] = self.pictures.batch(len(old), self.crop)
                self.style[old] = self.pictures.batch(len(old), self.crop)
                self.m[old] = self.v[old] = 0
                self.age[old] = 0
        return moved


def calibrate(teachers, pictures, o):
    """Of each teacher's tap the mean of its channels and the tap's mean deviation, and weights half way between
    all channels alike and all errors alike."""
    sums, targets = {}, {}
    for _ in range(CALIBRATION_BATCHES):
        for tap, f in teachers(pictures.batch(o.batch, o.crop)).items():
            f = f.double()
            n, s, squares = sums.get(tap, (0, 0, 0))
            sums[tap] = n + f[:, 0].numel(), s + f.sum((0, 2, 3)), squares + f.pow(2).sum((0, 2, 3))
    for tap, (n, s, squares) in sums.items():
        mean, variance = s / n, (squares / n - (s / n) ** 2).clamp_min(0)
        weight = 1 / (0.5 * variance / variance.mean() + 0.5)
        weight = weight / (weight * variance / variance.mean()).mean()
        targets[tap] = [v.float().view(1, -1, 1, 1) for v in (mean, variance.mean().sqrt(), weight)]
    return targets


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--pictures", action="append", required=True, metavar="FOLDER[:WEIGHT]")
    p.add_argument("--teacher", required=True)
    p.add_argument("--deep-teacher", required=True)
    p.add_argument("-o", "--output", required=True)
    p.add_argument("--minutes", type=float, default=4)
    p.add_argument("--student-pool", choices=["average", "max"], default="average")
    p.add_argument("--teacher-pool", choices=["average", "max"], default="max")
    p.add_argument("--crop", type=int, default=192)
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--painted", type=int, default=0, help="pictures being painted, beside each batch")
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    begin = time.time()
    device = "cuda" if torch.cuda.is_available() else "cpu"
    torch.manual_seed(o.seed)
    narrow = torch.autocast(device, torch.bfloat16, enabled=device == "cuda")
    teachers = Teachers(o.teacher, o.deep_teacher, o.teacher_pool, device)
    pictures = common.Pictures(o.pictures, 512, device)
    print(f"{pictures.count} pictures", flush=True)
    with narrow:
        targets = calibrate(teachers, pictures, o)
    student = Student({tap: t[0].shape[1] for tap, t in targets.items()}, o.student_pool).to(device)
    optimiser = torch.optim.Adam(student.parameters(), lr=o.learning_rate, betas=(0.9, 0.99))
    pool = PaintedPool(pictures, 16 * o.painted, o.crop) if o.painted else None
    metadata = {"impasto.vgg": json.dumps({
        "padding": "reflect", "pooling": o.student_pool, "pixel_matrix": np.diag([common.SCALE] * 3).ravel().tolist(),
        "pixel_offset": list(common.OFFSET)})}

    def save():
        common.write_safetensors(o.output, {n: t for n, t in student.tensors().items() if n.startswith("conv")},
                                 metadata)

    steps, running, first, told = 0, None, time.time(), 0.0
    while (done := (time.time() - begin) / (60 * o.minutes)) < 1:
        for group in optimiser.param_groups:
            group["lr"] = o.learning_rate * min(1, (steps + 1) / 300) * (0.5 + 0.5 * math.cos(math.pi * done)) + 1e-6
        x = pictures.batch(o.batch, o.crop)
        with narrow:
            if pool and done > 0.03:
                x = torch.cat([x, pool.step(student, o.painted)])
            goal, found = teachers(x), student.features(x, list(targets))
            losses = {}
            for tap, (mean, deviation, weight) in targets.items():
                error = student.predict(found[tap], tap).float() - (goal[tap] - mean) / deviation
                losses[tap] = (weight * error.pow(2)).mean()
        optimiser.zero_grad(set_to_none=True)
        (sum(losses.values()) + ISOMETRY * student.bent()).backward()
        torch.nn.utils.clip_grad_norm_(student.parameters(), 3.0)
        optimiser.step()
        steps += 1
        if done < 0.5 and steps % 250 == 0 and (born := student.revive(found)):
            print(f"step {steps}: {born} channels born again", flush=True)
        if steps % 50 == 0 or device == "cpu":
            now = torch.stack([loss.detach() for loss in losses.values()]).cpu()
            running = now if running is None else running + 0.1 * (now - running)
            if time.time() - told > 20:
                told = time.time()
                print(f"step {steps}, {steps / (time.time() - first):.1f} a second, {100 * done:.0f} %: " +
                      ", ".join(f"{tap} {v:.3f}" for tap, v in zip(losses, running.tolist())), flush=True)
                save()
    save()
    print(f"{steps} steps in {time.time() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
