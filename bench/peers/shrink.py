#!/usr/bin/env python3
"""Writes a picture with its longer side at SIZE as PNG, so that everyone paints from the same pixels.
usage: shrink.py PICTURE SIZE[xHEIGHT] OUT.png     with a height: exactly that, cut from the middle"""
import sys

from PIL import Image, ImageOps

path, size, out = sys.argv[1:]
picture = Image.open(path).convert("RGB")
if "x" in size:
    picture = ImageOps.fit(picture, tuple(int(n) for n in size.split("x")), Image.LANCZOS)
else:
    factor = int(size) / max(picture.size)
    picture = picture.resize([round(side * factor) for side in picture.size], Image.LANCZOS)
picture.save(out)
