#!/usr/bin/python3
"""MicroAST (Wang et al., AAAI 2023) in PyTorch f32: the peer of `impasto stylize --method instant`.

usage: microast.py WEIGHTS PAIRS OUT [--size 512] [--threads 2] [--time]

WEIGHTS: the folder of its four *.pth.tar files. PAIRS: lines "photo<TAB>painting", two files. Writes
OUT/0000.png, ... at the photographs' size, longer side --size; --time also prints the median seconds
of the network alone at 512x384, 1024x768 and 1920x1440.
"""
import argparse
import glob
import os
import statistics
import time

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image


def load_weights(folder):
    """{"content_encoder": {name: tensor}, ...}, names without their boiler plate."""
    parts = {}
    for part in ("content_encoder", "style_encoder", "modulator", "decoder"):
        (path,) = glob.glob(os.path.join(folder, part + "_*.pth.tar"))
        state = torch.load(path, map_location="cpu")
        parts[part] = {k.replace(".conv_layer", ""): v for k, v in state.items()}
    return parts


def conv(w, name, x, stride=1):
    """Reflect padding; the number of groups follows from the weights' shape."""
    weight, border = w[name + ".weight"], w[name + ".weight"].shape[-1] // 2
    if border:
        x = F.pad(x, [border] * 4, mode="reflect")
    return F.conv2d(x, weight, w[name + ".bias"], stride, groups=x.shape[1] // weight.shape[1])


def encode(w, x):
    x = F.relu(conv(w, "enc1.0", x))
    x = F.relu(conv(w, "enc1.4", F.relu(conv(w, "enc1.2", x, 2))))
    x = F.relu(conv(w, "enc1.8", F.relu(conv(w, "enc1.6", x, 2))))
    first = x + conv(w, "enc1.10.conv2", F.relu(conv(w, "enc1.10.conv1", x)))
    return first, first + conv(w, "enc2.0.conv2", F.relu(conv(w, "enc2.0.conv1", first)))


def adain(x, style):
    def moments(f):
        return f.mean((2, 3), keepdim=True), (f.var((2, 3), keepdim=True) + 1e-5).sqrt()
    (m, s), (tm, ts) = moments(x), moments(style)
    return (x - m) / s * ts + tm


def modulated(w, name, x, scale, shift):
    y = F.relu(scale * conv(w, name + ".conv1", x) + shift * x)
    return x + scale * conv(w, name + ".conv2", y) + shift * y


def look_at_style(parts, style):
    w, features = parts["modulator"], encode(parts["style_encoder"], style)
    signals = [tuple(conv(w, f"{kind}{i + 1}.0", f).mean((2, 3), keepdim=True)
                     for kind in ("weight", "bias")) for i, f in enumerate(features)]
    return features, signals


def stylize(parts, content, style):
    (f1, f2), (first, second) = style
    w = parts["decoder"]
    x = encode(parts["content_encoder"], content)[1]
    x = modulated(w, "dec1", adain(x, f2), *second)
    x = modulated(w, "dec2", adain(x, f1), *first)
    for depthwise, mix in (("dec3.1", "dec3.3"), ("dec3.6", "dec3.8")):
        x = F.interpolate(x, scale_factor=2, mode="bilinear", align_corners=False)
        x = F.relu(conv(w, mix, F.relu(conv(w, depthwise, x))))
    return conv(w, "dec3.10", x)


def read(path, size):
    image = Image.open(path).convert("RGB")
    scale = size / max(image.size)
    image = image.resize([round(s * scale) for s in image.size], Image.LANCZOS)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)[None].float() / 255


def write(path, x, width, height):
    pixels = (x[0, :, :height, :width].clamp(0, 1) * 255 + 0.5).byte()
    Image.fromarray(pixels.permute(1, 2, 0).numpy()).save(path)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("weights")
    parser.add_argument("pairs")
    parser.add_argument("out")
    parser.add_argument("--size", type=int, default=512)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--time", action="store_true")
    a = parser.parse_args()
    torch.set_num_threads(a.threads)
    os.makedirs(a.out, exist_ok=True)
    parts = load_weights(a.weights)
    pairs = [line.split("\t") for line in open(a.pairs).read().splitlines() if line]
    with torch.no_grad():
        for i, (photo, painting) in enumerate(pairs):
            content = read(photo, a.size)
            height, width = content.shape[2:]
            # Sides that the strides divide, mirrored beyond the frame.
            wide = F.pad(content, [0, -width % 4, 0, -height % 4], mode="reflect")
            result = stylize(parts, wide, look_at_style(parts, read(painting, a.size)))
            write(os.path.join(a.out, f"{i:04}.png"), result, width, height)
        if a.time:
            for width, height in ((512, 384), (1024, 768), (1920, 1440)):
                content = torch.rand(1, 3, height, width)
                style, seconds = look_at_style(parts, torch.rand(1, 3, 384, 512)), []
                for _ in range(6):
                    start = time.perf_counter()
                    stylize(parts, content, style)
                    seconds.append(time.perf_counter() - start)
                print(f"{width}x{height}  {statistics.median(seconds[1:]):.4f} s")


if __name__ == "__main__":
    main()
