#!/usr/bin/python3
"""How well pictures are painted: what the encoder's teachers say of 40 pairs that nothing is trained on.

usage: bench/quality.py SHARED OUT [--pairs 40] [--size 512] [--program PATH] [--painters best,good,draft,...]
                        [--options "--strength 70"]

SHARED: the developers' folder of photographs, paintings and weights. The pairs are bench/quality_pairs.txt, of
which nothing is trained on. Painters: best, good, draft as the program calls them; network: the network for
any style alone; recipe: SHARED/reference/recipe.py with content at relu1_2 and relu4_2; microast: MicroAST in
its authors' weights. OUT gets PAINTER/00.png, ... (those that are there already are kept), sheet-0.jpg, ... at
100 %, and quality.json. Prints a table; bench/peers/measures.py says what its columns are. `noise` is the mean
change in levels of 255 when the photograph gets noise of 1.2 levels (of the program's painters; --noise 6 pairs).
Needs what scripts/setup --bench installs.
"""
import argparse
import json
import os
import shlex
import subprocess
import sys

import numpy as np
import torch
from PIL import Image

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.join(ROOT, "bench", "peers")
sys.path.insert(0, PEERS)
import measures  # noqa: E402
import microast  # noqa: E402
import pictures  # noqa: E402

OURS = {"best": ["--quality", "best"], "good": ["--quality", "good"], "draft": ["--quality", "draft"],
        "network": ["--method", "instant"]}
COLUMNS = ("style", "edges", "speckle", "mesh", "ghosts", "noise")


class Bench:
    def __init__(self, a):
        self.a = a
        lines = open(os.path.join(ROOT, "bench", "quality_pairs.txt")).read().split("\n")
        self.pairs = [[os.path.join(a.shared, f) for f in line.split()] for line in lines if line][:a.pairs]
        os.makedirs(a.out, exist_ok=True)
        # All painters see the same pixels, whatever reads and reduces them.
        for i, (photo, _) in enumerate(self.pairs):
            if not os.path.exists(self.photo(i)):
                os.makedirs(os.path.join(a.out, "photos"), exist_ok=True)
                x = microast.read(photo, a.size)
                pictures.write(self.photo(i), x)
                noise = np.random.default_rng(i).normal(0, 1.2 / 255, x.shape).astype(np.float32)
                pictures.write(self.photo(i, noisy=True), x + torch.from_numpy(noise))

    def photo(self, i, noisy=False):
        return os.path.join(self.a.out, "photos", f"{i:02}{'-noisy' if noisy else ''}.png")

    def result(self, painter, i):
        os.makedirs(os.path.join(self.a.out, painter), exist_ok=True)
        return os.path.join(self.a.out, painter, f"{i:02}.png")

    def ours(self, painter, photo, painting, result):
        if os.path.exists(result):
            return
        words = [*OURS.get(painter, []), *shlex.split(self.a.options)]
        subprocess.check_call([self.a.program, "stylize", photo, "--style", painting, "-o", result, "-q", *words])

    def paint(self, painter):
        if painter == "microast":
            listed = os.path.join(self.a.out, "pairs.tsv")
            with open(listed, "w") as f:
                f.writelines(f"{self.photo(i)}\t{p}\n" for i, (_, p) in enumerate(self.pairs))
            if not os.path.exists(self.result(painter, len(self.pairs) - 1)):
                subprocess.check_call([sys.executable, f"{PEERS}/microast.py",
                                       os.path.join(self.a.shared, "models/microast"), listed,
                                       os.path.join(self.a.out, painter), "--size", str(self.a.size)])
                for i in range(len(self.pairs)):
                    os.replace(os.path.join(self.a.out, painter, f"{i:04}.png"), self.result(painter, i))
            return
        for i, (_, painting) in enumerate(self.pairs):
            if painter == "recipe":
                if not os.path.exists(self.result(painter, i)):
                    subprocess.check_call([sys.executable, os.path.join(self.a.shared, "reference/recipe.py"),
                                           self.photo(i), painting, self.result(painter, i), "--size",
                                           str(self.a.size), "--content-taps", "12,42"],
                                          stdout=subprocess.DEVNULL)
                continue
            self.ours(painter, self.photo(i), painting, self.result(painter, i))
            if i < self.a.noise:
                self.ours(painter, self.photo(i, noisy=True), painting, self.result(painter + "-noisy", i))

    def measure(self, painters):
        models = os.path.join(self.a.shared, "models")
        judge = measures.Judge(
            f"{models}/vgg19/vgg19-conv1_1-conv3_4.safetensors",
            f"{models}/collaborative-distillation/trained_models/wct_se_16x_new/20191109-211322_E20.pth")
        finder = measures.GhostFinder()
        found = {p: {c: [] for c in COLUMNS} for p in painters}
        for i, (_, painting) in enumerate(self.pairs):
            photo, wanted = pictures.read(self.photo(i)), microast.read(painting, self.a.size)
            of_photo, of_painting = judge.statistics(photo), judge.statistics(wanted)
            for p in painters:
                x, row = pictures.read(self.result(p, i)), found[p]
                row["style"].append(measures.style(judge.statistics(x), of_painting, of_photo))
                row["edges"].append(measures.edges(x, photo))
                row["speckle"].append(measures.speckle(x) / max(measures.speckle(wanted), 1e-4))
                row["mesh"].append(measures.mesh(x) / measures.mesh(wanted))
                row["ghosts"].append(finder.ghosts(x, photo))
                noisy = os.path.join(self.a.out, p + "-noisy", f"{i:02}.png")
                if os.path.exists(noisy):
                    row["noise"].append(255 * float((pictures.read(noisy) - x).abs().mean()))
        return found

    def sheets(self, painters, rows=5):
        for first in range(0, len(self.pairs), rows):
            shown = [[Image.open(self.photo(i)),
                      pictures.to_image(microast.read(self.pairs[i][1], self.a.size))] +
                     [Image.open(self.result(p, i)) for p in painters]
                     for i in range(first, min(first + rows, len(self.pairs)))]
            heights = [max(p.height for p in row[:1] + row[2:]) for row in shown]
            sheet = Image.new("RGB", (self.a.size * len(shown[0]), sum(heights)), "white")
            y = 0
            for row, height in zip(shown, heights):
                for x, picture in enumerate(row):
                    sheet.paste(picture.crop((0, 0, self.a.size, min(height, picture.height))),
                                (x * self.a.size, y))
                y += height
            sheet.save(os.path.join(self.a.out, f"sheet-{first // rows}.jpg"), quality=92)


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("shared"), p.add_argument("out")
    p.add_argument("--pairs", type=int, default=40), p.add_argument("--size", type=int, default=512)
    p.add_argument("--noise", type=int, default=6)
    p.add_argument("--program", default=os.path.join(ROOT, "build/release/apps/cli/impasto"))
    p.add_argument("--painters", default="recipe,best,good,draft,network,microast")
    p.add_argument("--options", default="", help="further options of the program, for all of its painters")
    p.add_argument("--no-sheets", action="store_true")
    a = p.parse_args()
    torch.set_num_threads(2)
    bench, painters = Bench(a), a.painters.split(",")
    for painter in painters:
        bench.paint(painter)
    with torch.no_grad():
        found = bench.measure(painters)
    with open(os.path.join(a.out, "quality.json"), "w") as f:
        json.dump(found, f, indent=1)
    if not a.no_sheets:
        bench.sheets(painters)
    # Of ghosts all, of the rest the mean.
    def told(values, column):
        if not values:
            return "-"
        return str(sum(values)) if column == "ghosts" else f"{np.mean(values):.3f}"
    print(f"{len(bench.pairs)} pairs at {a.size} pixels")
    print(f"{'':14}" + "".join(f"{c:>9}" for c in COLUMNS))
    for painter in painters:
        print(f"{painter:14}" + "".join(f"{told(found[painter][c], c):>9}" for c in COLUMNS))


if __name__ == "__main__":
    main()
