"""What the trainers share: weights in files, the encoder's shape, and random crops made on the device."""
import json
import math
import os
import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
import torch.nn.functional as F
from PIL import Image

# As small_vgg_config() in src/models/vgg.cpp: channels of the convolutions of each block, and pixels.
WIDTHS = [[16, 16], [32, 32], [64] * 4, [128] * 4, [128]]
SCALE, OFFSET = 4.0, (-1.9, -1.8, -1.6)


def read_safetensors(path):
    """{name: f32 tensor}"""
    with open(path, "rb") as file:
        header = json.loads(file.read(struct.unpack("<Q", file.read(8))[0]))
        data = file.read()
    header.pop("__metadata__", None)
    tensors = {}
    for name, h in header.items():
        raw = data[h["data_offsets"][0]:h["data_offsets"][1]]
        if h["dtype"] == "BF16":
            values = (np.frombuffer(raw, np.uint16).astype(np.uint32) << 16).view(np.float32)
        else:
            values = np.frombuffer(raw, {"F32": np.float32, "F16": np.float16}[h["dtype"]]).astype(np.float32)
        tensors[name] = torch.from_numpy(values.reshape(h["shape"]).copy())
    return tensors


def write_safetensors(path, tensors, metadata):
    """As bf16, rounded to nearest; written beside, then renamed."""
    header, blobs, at = {"__metadata__": metadata}, [], 0
    for name in sorted(tensors):
        t = tensors[name].detach().float().cpu().bfloat16().contiguous()
        blob = t.view(torch.int16).numpy().tobytes()
        header[name] = {"dtype": "BF16", "shape": list(t.shape), "data_offsets": [at, at + len(blob)]}
        blobs.append(blob)
        at += len(blob)
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-len(text) % 8)
    with open(path + ".part", "wb") as file:
        file.write(struct.pack("<Q", len(text)) + text + b"".join(blobs))
    os.replace(path + ".part", path)


class Mirrored(torch.autograd.Function):
    """A border of one mirrored pixel, in channels_last from end to end (F.pad's result is not)."""

    @staticmethod
    def forward(_, x):
        x = x.permute(0, 2, 3, 1)
        n, h, w, c = x.shape
        y = x.new_empty(n, h + 2, w + 2, c)
        y[:, 1:-1, 1:-1] = x
        y[:, 0, 1:-1], y[:, -1, 1:-1] = x[:, 1], x[:, -2]
        y[:, :, 0], y[:, :, -1] = y[:, :, 2], y[:, :, -3]
        return y.permute(0, 3, 1, 2)

    @staticmethod
    def backward(_, gradient):
        g = gradient.permute(0, 2, 3, 1)
        rows = g[:, 1:-1].contiguous()
        rows[:, 1] += g[:, 0]
        rows[:, -2] += g[:, -1]
        inner = rows[:, :, 1:-1].contiguous()
        inner[:, :, 1] += rows[:, :, 0]
        inner[:, :, -2] += rows[:, :, -1]
        return inner.permute(0, 3, 1, 2)


mirrored = Mirrored.apply


def vgg(x, taps, weights, pooling="average", widths=WIDTHS, padding="reflect"):
    """{tap: features} of a VGG from its first convolution's input, up to the last tap."""
    pool = F.avg_pool2d if pooling == "average" else F.max_pool2d
    found = {}
    for block, channels in enumerate(widths):
        if block:
            x = pool(x, 2)
        for i in range(len(channels)):
            place = f"{block + 1}_{i + 1}"
            x = mirrored(x) if padding == "reflect" else F.pad(x, (1, 1, 1, 1))
            x = F.relu(F.conv2d(x, weights[f"conv{place}.weight"], weights[f"conv{place}.bias"]))
            if f"relu{place}" in taps:
                found[f"relu{place}"] = x
                if len(found) == len(taps):
                    return found
    return found


def encode(rgb, taps, weights, pooling="average"):
    """The built-in encoder's features of pictures [n, 3, h, w], RGB 0..1."""
    x = rgb * SCALE + _constant(OFFSET, rgb.device).view(1, 3, 1, 1)
    return vgg(x.contiguous(memory_format=torch.channels_last), taps, weights, pooling)


_constants = {}


def _constant(values, device):
    """Copied to the device once: nothing may be copied while a CUDA graph is captured."""
    key = (values, str(device))
    if key not in _constants:
        _constants[key] = torch.tensor(values, device=device)
    return _constants[key]


class Pictures:
    """Pictures of folders ("FOLDER" or "FOLDER:WEIGHT") as bytes on the device, handed out as crops.

    Where files name a manner ("017-cubism.jpg"), each manner of a folder is drawn as often as the next.
    """

    def __init__(self, folders, longest, device, smallest=96):
        pictures, weights = [], []
        for spec in folders:
            folder, _, weight = spec.partition(":")
            files = sorted(os.path.join(d, f) for d, _, fs in os.walk(folder) for f in fs)
            with ThreadPoolExecutor(16) as workers:
                loaded = list(workers.map(lambda path: self._read(path, longest), files))
            manners = {}
            for path, picture in zip(files, loaded):
                if picture is not None and min(picture.shape[:2]) >= smallest:
                    manner = os.path.splitext(os.path.basename(path))[0].partition("-")[2]
                    manners.setdefault(manner, []).append(picture)
            for group in manners.values():
                pictures += group
                weights += [float(weight or 1) / len(manners) / len(group)] * len(group)
        data = np.zeros((len(pictures), longest, longest, 3), np.uint8)
        for i, p in enumerate(pictures):
            data[i, :p.shape[0], :p.shape[1]] = p
        self.data = torch.from_numpy(data).permute(0, 3, 1, 2).contiguous().to(device)
        self.size = torch.tensor([p.shape[:2] for p in pictures], device=device).float()
        share = torch.tensor(weights, device=device).double()
        self.cumulative = (share / share.sum()).cumsum(0).float()
        self.longest, self.device, self.count = longest, device, len(pictures)

    @staticmethod
    def _read(path, longest):
        try:
            image = Image.open(path).convert("RGB")
        except OSError:
            return None
        scale = min(1, longest / max(image.size))
        if scale < 1:
            image = image.resize((round(image.width * scale), round(image.height * scale)), Image.LANCZOS)
        return np.array(image)

    def batch(self, n, crop, smallest=0.5, largest=2, least_share=0.4, grey=0.0, bold=False):
        """[n, 3, crop, crop] of squares of smallest to largest times crop source pixels, at least
        least_share of the shorter side; mirrored, with random contrast and tint; a share of them grey;
        `bold`: half of them with rotated or mirrored hues (src/train/picture_set.cpp)."""
        def random(*shape):
            return torch.rand(*shape, device=self.device)
        at = torch.searchsorted(self.cumulative, random(n)).clamp_max(self.count - 1)
        size = self.size[at]
        shorter = size.amin(1)
        scale = 2 ** (math.log2(smallest) + random(n) * math.log2(largest / smallest))
        side = torch.minimum(torch.maximum(crop * scale, shorter * least_share), shorter)
        x0, y0 = random(n) * (size[:, 1] - side), random(n) * (size[:, 0] - side)
        # Twice as dense, then averaged: reduced crops are not aliased.
        step = (torch.arange(2 * crop, device=self.device).float() + 0.5) / (2 * crop)
        turned = torch.where((random(n) < 0.5)[:, None], 1 - step[None], step[None])
        x = (x0[:, None] + turned * side[:, None]) / self.longest * 2 - 1
        y = (y0[:, None] + step[None] * side[:, None]) / self.longest * 2 - 1
        shape = (n, 2 * crop, 2 * crop)
        grid = torch.stack([x[:, None].expand(shape), y[:, :, None].expand(shape)], 3)
        out = F.avg_pool2d(F.grid_sample(self.data[at].float() / 255, grid, mode="bilinear",
                                         padding_mode="border", align_corners=False), 2)
        if bold:
            out = torch.einsum("nij,njhw->nihw", self._hues(n, random), out)
        if grey:
            out = torch.where((random(n) < grey).view(n, 1, 1, 1), out.mean(1, keepdim=True), out)
        contrast, tint = 0.7 + 0.7 * random(n, 1, 1, 1), 0.24 * random(n, 3, 1, 1) - 0.12
        return ((out - 0.5) * contrast + 0.5 + tint).clamp(0, 1)

    def _hues(self, n, random):
        """Rotations about the grey axis, some with two primaries swapped, half of them none."""
        angle = random(n) * 2 * math.pi
        a, b, c = ((1 + 2 * torch.cos(angle + k * 2 * math.pi / 3)) / 3 for k in range(3))
        turn = torch.stack([a, b, c, c, a, b, b, c, a], 1).view(n, 3, 3)
        mirror = torch.stack([b, a, c, a, c, b, c, b, a], 1).view(n, 3, 3)
        hues = torch.where((random(n) < 0.5).view(n, 1, 1), mirror, turn)
        same = torch.eye(3, device=self.device).expand_as(hues)
        return torch.where((random(n) < 0.5).view(n, 1, 1), same, hues)
