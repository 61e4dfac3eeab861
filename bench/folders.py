#!/usr/bin/env python3
"""How well a folder of photographs keeps the machine busy.

usage: bench/folders.py PHOTOS PAINTING [--count 200] [--size 1920] [--impasto PROGRAM]

Paints that many photographs with --method instant into a new folder, three times, and prints for the
median: pictures a second, the share of the time in which one was being painted (the rest was waiting
for files), and how busy the processors were. --size makes photographs of that longer side first, with
impasto itself. Let nothing else run meanwhile.
"""
import argparse
import itertools
import json
import os
import resource
import shutil
import statistics
import subprocess
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))


def run(command):
    """Seconds, processor seconds, and the last JSON line of a run."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begin = time.perf_counter()
    output = subprocess.run(command, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
    seconds = time.perf_counter() - begin
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    busy = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return seconds, busy, json.loads(output.splitlines()[-1])


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    p.add_argument("photos")
    p.add_argument("painting")
    p.add_argument("--count", type=int, default=200)
    p.add_argument("--size", type=int, help="longer side; without it the photographs as they are")
    p.add_argument("--impasto", default=f"{ROOT}/build/bench/apps/cli/impasto")
    a = p.parse_args()
    cores = len(os.sched_getaffinity(0))
    names = sorted(n for n in os.listdir(a.photos) if n.lower().endswith((".jpg", ".jpeg", ".png")))
    paint = [a.impasto, "stylize", "--style", a.painting, "--method", "instant", "--json"]
    with tempfile.TemporaryDirectory() as folder:
        photos, out = f"{folder}/photos", f"{folder}/out"
        os.mkdir(photos)
        for i, name in zip(range(a.count), itertools.cycle(names)):
            shutil.copy(f"{a.photos}/{name}", f"{photos}/{i:05d}{os.path.splitext(name)[1]}")
        if a.size:
            large = f"{folder}/large"
            run(paint + [photos, "-o", large, "--strength", "0", "--size", str(a.size)])
            shutil.rmtree(f"{large}/.impasto")
            photos = large
        runs = []
        for _ in range(3):
            runs.append(run(paint + [photos, "-o", out]))
            shutil.rmtree(out)
    seconds, busy, done = sorted(runs, key=lambda r: r[0])[1]
    print(f"{done['painted']} pictures in {seconds:.2f} s ({min(r[0] for r in runs):.2f} .. "
          f"{max(r[0] for r in runs):.2f}): {done['painted'] / seconds:.1f} a second; painting "
          f"{100 * done['painting_seconds'] / seconds:.0f} % of the time, "
          f"{cores} processors {100 * busy / seconds / cores:.0f} % busy")
    return 0 if statistics.median(r[2]["failed"] for r in runs) == 0 else 1


if __name__ == "__main__":
    raise SystemExit(main())
