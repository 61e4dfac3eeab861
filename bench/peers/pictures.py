"""Pictures from files as [1, 3, h, w] RGB 0..1, and back."""
import numpy
import torch
from PIL import Image


def read(path):
    """A picture file, or .npy with [h, w, 3] floats."""
    if str(path).endswith(".npy"):
        pixels = numpy.load(path).astype(numpy.float32)
    else:
        pixels = numpy.asarray(Image.open(path).convert("RGB"), numpy.float32) / 255
    return torch.from_numpy(pixels).permute(2, 0, 1)[None].contiguous()


def _pixels(rgb):
    return rgb.detach()[0].permute(1, 2, 0).clamp(0, 1).numpy()


def to_image(rgb):
    return Image.fromarray((_pixels(rgb) * 255).round().astype(numpy.uint8))


def write(path, rgb):
    """As it would be saved: clamped to 0..1. A .npy keeps the floats."""
    if str(path).endswith(".npy"):
        numpy.save(path, _pixels(rgb))
    else:
        to_image(rgb).save(path)
