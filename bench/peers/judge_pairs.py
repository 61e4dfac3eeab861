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

import numpy as np
import torch
from PIL import Image

import pictures
from measures import Judge, edges, wasserstein
from microast import read


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
    judge = Judge(a.teacher, a.deep_teacher)
    pairs = [line.split("\t") for line in open(a.pairs).read().splitlines() if line]
    folders = [f.split("=", 1) for f in a.folders]

    def statistics(x):
        return judge.statistics(x, ("41", "51"))

    style = {name: [] for name, _ in folders}
    edge = {name: [] for name, _ in folders}
    rows = []
    with torch.no_grad():
        for i, (photo, painting) in enumerate(pairs):
            content, target = read(photo, a.size), read(painting, a.size)
            wanted = statistics(target)
            rows.append([pictures.to_image(content), pictures.to_image(target)])
            for name, folder in folders:
                x = pictures.read(f"{folder}/{i:04}.png")
                now = statistics(x)
                style[name].append([wasserstein(n, w) / float(w[1].trace())
                                    for n, w in zip(now, wanted)])
                edge[name].append(edges(x, content))
                rows[-1].append(pictures.to_image(x))
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
