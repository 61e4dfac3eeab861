#!/usr/bin/python3
"""Judges painted pairs: how near to the painting's style, how much of the photograph's edges is left.

usage: judge_pairs.py TEACHER DEEP_TEACHER PAIRS NAME=FOLDER ... [--size 512] [--sheet FILE.jpg]

PAIRS: lines "photo<TAB>painting"; each FOLDER holds 0000.png, ... for them. TEACHER: the exact VGG-19's
first layers (safetensors), for relu1_1, relu2_1, relu3_1; DEEP_TEACHER: the small VGG of Collaborative
Distillation (.pth), for relu4_1 and relu5_1. No network of impasto takes part. Prints, for each folder,
  style   squared 2-Wasserstein distance of Gaussians with the features' moments, in units of the
          painting's variance, mean over the five taps and the pairs
  edges   SSIM (Wang et al. 2004, 11x11 Gaussian window) of the luminance's Sobel magnitudes with the
          photograph's, mean over the pairs
and both relative to the first folder. --sheet lays photograph, painting and the folders' pictures out.
"""
import argparse
import json
import struct

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

from microast import read

CAFFE_MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)


def read_safetensors(path):
    data = open(path, "rb").read()
    size, = struct.unpack("<Q", data[:8])
    tensors = {}
    for name, entry in json.loads(data[8:8 + size]).items():
        if name != "__metadata__":
            begin, end = (8 + size + k for k in entry["data_offsets"])
            array = np.frombuffer(data[begin:end], np.float32).reshape(entry["shape"])
            tensors[name] = torch.from_numpy(array.copy())
    return tensors


def shallow_features(w, x):
    x = x.flip(1) * 255 - CAFFE_MEAN
    for name in ("1_1", "1_2", "P", "2_1", "2_2", "P", "3_1"):
        if name == "P":
            x = F.max_pool2d(x, 2)
        else:
            x = F.relu(F.conv2d(x, w[f"conv{name}.weight"], w[f"conv{name}.bias"], padding=1))
            if name.endswith("_1"):
                yield x


def deep_features(w, x):
    x = F.conv2d(x, w["conv0.weight"], w["conv0.bias"])
    for name in ("11", "12", "P", "21", "22", "P", "31", "32", "33", "34", "P", "41", "42", "43", "44",
                 "P", "51"):
        if name == "P":
            x = F.max_pool2d(x, 2)
        else:
            x = F.pad(x, [1] * 4, mode="reflect")
            x = F.relu(F.conv2d(x, w[f"conv{name}.weight"], w[f"conv{name}.bias"]))
            if name in ("41", "51"):
                yield x


def moments(f):
    f = f.flatten(2)[0].double()
    mean = f.mean(1)
    centred = f - mean[:, None]
    return mean, centred @ centred.t() / f.shape[1]


def root(m):
    values, vectors = torch.linalg.eigh(m)
    return vectors @ torch.diag(values.clamp_min(0).sqrt()) @ vectors.t()


def distance(now, painting):
    (m, s), (tm, ts) = now, painting
    r = root(ts)
    cross = torch.linalg.eigvalsh(r @ s @ r).clamp_min(0).sqrt().sum()
    return float(((m - tm).pow(2).sum() + s.trace() + ts.trace() - 2 * cross) / ts.trace())


def edges(x):
    grey = (x * torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)).sum(1, keepdim=True)
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    both = torch.stack([kernel, kernel.t()])[:, None] / 4
    return F.conv2d(F.pad(grey, [1] * 4, mode="reflect"), both).pow(2).sum(1, keepdim=True).sqrt()


def ssim(a, b):
    g = torch.exp(-(torch.arange(11.0) - 5) ** 2 / (2 * 1.5 ** 2))
    window = torch.outer(g, g)[None, None] / g.sum() ** 2
    def blur(x):
        return F.conv2d(x, window)
    ma, mb = blur(a), blur(b)
    va, vb, cov = blur(a * a) - ma * ma, blur(b * b) - mb * mb, blur(a * b) - ma * mb
    c1, c2 = 0.01 ** 2, 0.03 ** 2
    return float(((2 * ma * mb + c1) * (2 * cov + c2) /
                  ((ma * ma + mb * mb + c1) * (va + vb + c2))).mean())


def to_picture(x):
    pixels = (x[0].clamp(0, 1) * 255 + 0.5).byte().permute(1, 2, 0).numpy()
    return Image.fromarray(pixels)


def contact_sheet(rows, path, cell=360):
    sheet = Image.new("RGB", (len(rows[0]) * cell, len(rows) * cell * 3 // 4), "white")
    for y, row in enumerate(rows):
        for x, picture in enumerate(row):
            picture.thumbnail((cell - 4, cell * 3 // 4 - 4), Image.LANCZOS)
            sheet.paste(picture, (x * cell, y * cell * 3 // 4))
    sheet.save(path, quality=92)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("teacher")
    parser.add_argument("deep_teacher")
    parser.add_argument("pairs")
    parser.add_argument("folders", nargs="+", metavar="NAME=FOLDER")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--sheet")
    parser.add_argument("--threads", type=int, default=2)
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    shallow = read_safetensors(a.teacher)
    deep = torch.load(a.deep_teacher, map_location="cpu")["model"]
    pairs = [line.split("\t") for line in open(a.pairs).read().splitlines() if line]
    folders = [f.split("=", 1) for f in a.folders]

    def statistics(x):
        return [moments(f) for f in (*shallow_features(shallow, x), *deep_features(deep, x))]

    style = {name: [] for name, _ in folders}
    edge = {name: [] for name, _ in folders}
    rows = []
    with torch.no_grad():
        for i, (photo, painting) in enumerate(pairs):
            content, target = read(photo, a.size), read(painting, a.size)
            wanted, outline = statistics(target), edges(content)
            rows.append([to_picture(content), to_picture(target)])
            for name, folder in folders:
                picture = Image.open(f"{folder}/{i:04}.png").convert("RGB")
                x = torch.from_numpy(np.array(picture)).permute(2, 0, 1)[None].float() / 255
                now = statistics(x)
                style[name].append([distance(n, w) for n, w in zip(now, wanted)])
                edge[name].append(ssim(edges(x), outline))
                rows[-1].append(picture)
    if a.sheet:
        contact_sheet(rows, a.sheet)
    first = folders[0][0]
    print("                style  (1_1    2_1    3_1    4_1    5_1)   edges  relative to", first)
    for name, _ in folders:
        taps = np.mean(style[name], 0)
        s, e = taps.mean(), np.mean(edge[name])
        print(f"{name:14} {s:6.3f}  " + " ".join(f"{t:6.3f}" for t in taps) + f"   {e:6.3f}  "
              f"style {s / np.mean(style[first]):.3f}  edges {e / np.mean(edge[first]):.3f}")


if __name__ == "__main__":
    main()
