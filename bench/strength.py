#!/usr/bin/python3
"""Measures what --strength does, and draws it.

usage: bench/strength.py measure PHOTOS PAINTINGS OUT.csv [--pairs FILE] [--count 8]
                         [--program build/bench/bench/strength_curve]
                         [--runs draft:512,draft:1024,best:256,...] [--strengths 0,5,10,...]
       bench/strength.py draw OUT.svg BEFORE.csv AFTER.csv
       bench/strength.py table FILE.csv...

measure: paints the first pairs of FILE (default bench/strength_pairs.txt) at all strengths, by quality and size, and
gathers the scores. draw: their means as curves, before and after a change of src/options/strength.cpp.
table: the same as numbers. A picture's stylisation is the mean of how near it is to the painting (1 - style) and how
far from the photograph (content): 0 the photograph, 1 the painting.
"""
import argparse
import csv
import os
import subprocess
from collections import defaultdict

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
COLOURS = ["#0072b2", "#b34700", "#00735c", "#a3487c", "#6b5b00", "#222222"]  # Okabe and Ito, dark


def measure(a):
    with open(a.out, "w") as out:
        for i, run in enumerate(a.runs.split(",")):
            quality, size = run.split(":")
            lines = subprocess.check_output(
                [a.program, a.photos, a.paintings, a.pairs, str(a.count), size, a.strengths,
                 "--quality", quality], text=True).splitlines(keepends=True)
            out.writelines(lines if i == 0 else lines[1:])
            out.flush()


def curves(files):
    """{(quality, size): [(strength, {name: mean})]}, by strength."""
    rows = defaultdict(list)
    for file in files:
        with open(file) as f:
            for r in csv.DictReader(f):
                rows[r["quality"], int(r["size"]), float(r["strength"])].append(r)
    result = defaultdict(list)
    for (quality, size, strength), found in sorted(rows.items()):
        mean = {k: sum(float(r[k]) for r in found) / len(found)
                for k in ("style", "content", "ssim", "colour_shift", "from_before")}
        mean["stylisation"] = (1 - mean["style"] + mean["content"]) / 2
        mean["pictures"] = len(found)
        result[quality, size].append((strength, mean))
    return result


def panel(x, title, found):
    w, h = 330, 260
    svg = [f'<g transform="translate({x},40)"><text class="name" x="0" y="-14">{title}</text>']
    for v in range(0, 101, 25):
        px, py = w * v / 100, h - h * v / 100
        svg.append(f'<line class="grid" x1="{px}" y1="0" x2="{px}" y2="{h}"/>'
                   f'<line class="grid" x1="0" y1="{py}" x2="{w}" y2="{py}"/>'
                   f'<text x="{px}" y="{h + 16}" text-anchor="middle">{v}</text>'
                   f'<text x="-6" y="{py + 4}" text-anchor="end">{v / 100:g}</text>')
    for i, ((quality, size), points) in enumerate(sorted(found.items())):
        line = " ".join(f"{w * s / 100:.1f},{h - h * m['stylisation']:.1f}" for s, m in points)
        colour = COLOURS[i % len(COLOURS)]
        svg.append(f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="2"/>')
        svg.append(f'<text x="8" y="{16 + 16 * i}" fill="{colour}">{quality}, {size} px</text>')
    svg.append(f'<text x="{w / 2}" y="{h + 34}" text-anchor="middle">--strength</text></g>')
    return "\n".join(svg)


def draw(a):
    with open(a.out, "w") as f:
        f.write('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 800 350" font-family="sans-serif" '
                'font-size="12">\n<style>.grid{stroke:#e2e2e2}.name{font-size:15px;font-weight:bold}</style>\n'
                '<rect width="800" height="350" fill="#fff"/>\n' +
                panel(50, "before: stylisation", curves([a.before])) + "\n" +
                panel(440, "after", curves([a.after])) + "\n</svg>\n")


def table(a):
    print("quality size strength pictures style content stylisation ssim colour_shift step")
    for (quality, size), points in sorted(curves(a.files).items()):
        for s, m in points:
            print(f"{quality:7} {size:4} {s:8g} {m['pictures']:8} {m['style']:5.2f} {m['content']:7.2f} "
                  f"{m['stylisation']:11.2f} {m['ssim']:4.2f} {m['colour_shift']:12.1f} "
                  f"{m['from_before']:4.0f}")


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    commands = p.add_subparsers(required=True)
    m = commands.add_parser("measure")
    m.set_defaults(run=measure)
    m.add_argument("photos")
    m.add_argument("paintings")
    m.add_argument("out")
    m.add_argument("--pairs", default=os.path.join(ROOT, "bench/strength_pairs.txt"))
    m.add_argument("--count", type=int, default=8)
    m.add_argument("--program", default=os.path.join(ROOT, "build/bench/bench/strength_curve"))
    m.add_argument("--runs", default="draft:256,draft:512,draft:1024,good:512,best:256,best:512")
    m.add_argument("--strengths", default="0,5,10,25,50,75,100")
    d = commands.add_parser("draw")
    d.set_defaults(run=draw)
    for name in ("out", "before", "after"):
        d.add_argument(name)
    t = commands.add_parser("table")
    t.set_defaults(run=table)
    t.add_argument("files", nargs="+")
    a = p.parse_args()
    a.run(a)


if __name__ == "__main__":
    main()
