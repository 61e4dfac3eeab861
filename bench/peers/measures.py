"""What bench/quality.py measures of painted pictures. No network of impasto takes part.

Pictures are tensors [1, 3, height, width], RGB 0..1.

  style    squared 2-Wasserstein distance of the Gaussians with the features' moments (relu1_1 to relu3_1 of
           the exact VGG-19, relu4_1 of the small VGG of Collaborative Distillation) from the painting's, over
           the photograph's own distance, mean over the taps: 0 the painting's, 1 untouched
  edges    SSIM (Wang et al. 2004) of the luminance's Sobel magnitudes with the photograph's
  speckle  mean magnitude of the Laplacian of chroma, over the painting's
  mesh     energy of luminance at periods of 2 to 8 pixels within 10 degrees of the axes, where weaves and
           checkerboards lie, over what the painting has there; both as shares of their energy there at all angles
  ghosts   faces and eyes that Haar cascades (Viola and Jones 2001) find where the photograph has none
"""
import glob
import json
import os
import struct

import numpy as np
import torch
import torch.nn.functional as F

CAFFE_MEAN = torch.tensor([103.939, 116.779, 123.68]).view(1, 3, 1, 1)
LUMINANCE = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)


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


class Judge:
    def __init__(self, models):
        """models: the developers' folder of weights."""
        self.shallow = read_safetensors(f"{models}/vgg19/vgg19-conv1_1-conv3_4.safetensors")
        deep, = glob.glob(f"{models}/collaborative-distillation/trained_models/wct_se_16x_new/20191109*.pth")
        self.deep = torch.load(deep, map_location="cpu")["model"]

    def features(self, x):
        y = x.flip(1) * 255 - CAFFE_MEAN
        for name in ("1_1", "1_2", "P", "2_1", "2_2", "P", "3_1"):
            if name == "P":
                y = F.max_pool2d(y, 2)
            else:
                w = self.shallow
                y = F.relu(F.conv2d(y, w[f"conv{name}.weight"], w[f"conv{name}.bias"], padding=1))
                if name.endswith("_1"):
                    yield y
        y, w = F.conv2d(x, self.deep["conv0.weight"], self.deep["conv0.bias"]), self.deep
        for name in ("11", "12", "P", "21", "22", "P", "31", "32", "33", "34", "P", "41"):
            if name == "P":
                y = F.max_pool2d(y, 2)
            else:
                y = F.pad(y, [1] * 4, mode="reflect")
                y = F.relu(F.conv2d(y, w[f"conv{name}.weight"], w[f"conv{name}.bias"]))
        yield y

    def statistics(self, x):
        return [moments(f) for f in self.features(x)]


def moments(f):
    f = f.flatten(2)[0].double()
    mean = f.mean(1)
    centred = f - mean[:, None]
    return mean, centred @ centred.t() / f.shape[1]


def root(m):
    values, vectors = torch.linalg.eigh(m)
    return vectors @ torch.diag(values.clamp_min(0).sqrt()) @ vectors.t()


def wasserstein(now, painting):
    (m, s), (tm, ts) = now, painting
    r = root(ts)
    cross = torch.linalg.eigvalsh(r @ s @ r).clamp_min(0).sqrt().sum()
    return float((m - tm).pow(2).sum() + s.trace() + ts.trace() - 2 * cross)


def style(now, painting, photo):
    """Lists of moments by tap, as Judge.statistics makes them."""
    return float(np.mean([wasserstein(n, p) / wasserstein(c, p)
                          for n, p, c in zip(now, painting, photo)]))


def grey(x):
    return (x * LUMINANCE).sum(1, keepdim=True)


def sobel(x):
    kernel = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]])
    both = torch.stack([kernel, kernel.t()])[:, None] / 4
    return F.conv2d(F.pad(grey(x), [1] * 4, mode="reflect"), both).pow(2).sum(1, keepdim=True).sqrt()


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


def edges(x, photo):
    return ssim(sobel(x), sobel(photo))


def speckle(x):
    chroma = x - grey(x)
    kernel = torch.tensor([[0.0, 1, 0], [1, -4, 1], [0, 1, 0]])[None, None].repeat(3, 1, 1, 1)
    return float(F.conv2d(chroma, kernel, groups=3).abs().mean())


def mesh(x):
    """The share of fine energy that lies along the axes."""
    y = grey(x)[0, 0]
    y = y - y.mean()
    window = torch.outer(torch.hann_window(y.shape[0]), torch.hann_window(y.shape[1]))
    energy = torch.fft.fft2(y * window).abs().pow(2)
    v, u = torch.fft.fftfreq(y.shape[0])[:, None].abs(), torch.fft.fftfreq(y.shape[1])[None].abs()
    radius = (u * u + v * v).sqrt()
    fine = (radius >= 1 / 8) & (radius <= 1 / 2)
    angle = torch.rad2deg(torch.atan2(torch.minimum(u, v), torch.maximum(u, v) + 1e-12))
    return float(energy[fine & (angle < 10)].sum() / energy[fine].sum())


class GhostFinder:
    def __init__(self):
        import cv2
        folder = next(f for f in ("/usr/share/opencv4/haarcascades", "/usr/share/opencv/haarcascades")
                      if os.path.isdir(f))
        self.cv2 = cv2
        self.cascades = [cv2.CascadeClassifier(f"{folder}/haarcascade_{name}.xml")
                         for name in ("frontalface_default", "profileface", "eye")]

    def found(self, x):
        picture = (grey(x)[0, 0].clamp(0, 1) * 255).byte().numpy()
        return [len(c.detectMultiScale(picture, 1.1, 6, minSize=(28, 28))) for c in self.cascades]

    def ghosts(self, x, photo):
        return sum(now for now, before in zip(self.found(x), self.found(photo)) if before == 0)
