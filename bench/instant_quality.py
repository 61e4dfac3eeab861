#!/usr/bin/python3
"""Ours at once, MicroAST and ours optimised, side by side: judged, and laid out on a contact sheet.

usage: bench/instant_quality.py SHARED OUT [--pairs 40] [--size 512] [--program PATH] [--network FILE]

SHARED: the developers' folder of photographs, paintings and weights. Pairs every photograph of
photos/heldout with a painting of classic/style, in name order, so that neither was trained on. OUT gets
the pictures (those that are there already are kept) and sheet.jpg: photograph, painting, MicroAST, ours
at once, ours optimised. Prints judge_pairs.py's table. Needs what scripts/setup --bench installs.
"""
import argparse
import os
import subprocess
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
PEERS = os.path.join(ROOT, "bench", "peers")


def pictures(folder):
    return sorted(os.path.join(folder, f) for f in os.listdir(folder)
                  if f.endswith((".jpg", ".png")))


def main():
    p = argparse.ArgumentParser(description=__doc__,
                                formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("shared")
    p.add_argument("out")
    p.add_argument("--pairs", type=int, default=40)
    p.add_argument("--size", type=int, default=512)
    p.add_argument("--program", default=os.path.join(ROOT, "build/bench/apps/cli/impasto"))
    p.add_argument("--network", help="a decoder to try; default: the built-in one")
    a = p.parse_args()

    photos = pictures(os.path.join(a.shared, "photos/heldout"))[:a.pairs]
    paintings = pictures(os.path.join(a.shared, "classic/style"))
    pairs = [(photo, paintings[i % len(paintings)]) for i, photo in enumerate(photos)]
    os.makedirs(a.out, exist_ok=True)
    listed = os.path.join(a.out, "pairs.tsv")
    with open(listed, "w") as f:
        f.writelines(f"{photo}\t{painting}\n" for photo, painting in pairs)

    peer = os.path.join(a.out, "microast")
    if not os.path.exists(os.path.join(peer, f"{len(pairs) - 1:04}.png")):
        subprocess.check_call([sys.executable, f"{PEERS}/microast.py",
                               os.path.join(a.shared, "models/microast"), listed, peer,
                               "--size", str(a.size)])
    for method in ("instant", "optimize"):
        os.makedirs(os.path.join(a.out, method), exist_ok=True)
        options = ["--network", a.network] if a.network and method == "instant" else []
        for i, (photo, painting) in enumerate(pairs):
            result = os.path.join(a.out, method, f"{i:04}.png")
            if not os.path.exists(result):
                subprocess.check_call([a.program, "stylize", photo, "--style", painting, "-o", result,
                                       "--method", method, "--size", str(a.size), "-q", *options])
    models = os.path.join(a.shared, "models")
    subprocess.check_call([
        sys.executable, f"{PEERS}/judge_pairs.py", f"{models}/vgg19/vgg19-conv1_1-conv3_4.safetensors",
        f"{models}/collaborative-distillation/trained_models/wct_se_16x_new/20191109-211322_E20.pth",
        listed, f"microast={peer}", f"instant={a.out}/instant", f"optimize={a.out}/optimize",
        "--size", str(a.size), "--sheet", os.path.join(a.out, "sheet.jpg")])


if __name__ == "__main__":
    main()
