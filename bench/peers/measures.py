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
import os

import numpy as np
import torch
import torch.nn.functional as F

from vgg19 import Vgg19

LUMINANCE = torch.tensor([0.299, 0.587, 0.114]).view(1, 3, 1, 1)
SHALLOW = ("relu1_1", "relu2_1", "relu3_1")


class Judge:
    """shallow: weights of the exact VGG-19 (safetensors), deep: of the small VGG (.pth)."""

    def __init__(self, shallow, deep):
        self.vgg = Vgg19(shallow, last="conv3_1")
        self.deep = torch.load(deep, map_location="cpu")["model"]

    def deep_features(self, x, wanted):
        w = self.deep
        x = F.conv2d(x, w["conv0.weight"], w["conv0.bias"])
        for name in ("11", "12", "P", "21", "22", "P", "31", "32", "33", "34", "P", "41", "42", "43", "44",
                     "P", "51"):
            if name == "P":
                x = F.max_pool2d(x, 2)
                continue
            x = F.pad(x, [1] * 4, mode="reflect")
            x = F.relu(F.conv2d(x, w[f"conv{name}.weight"], w[f"conv{name}.bias"]))
            if name in wanted:
                yield x
                if name == wanted[-1]:
                    return

    def statistics(self, x, deep=("41",)):
        taps = self.vgg.taps(x, SHALLOW)
        return [moments(f) for f in (*(taps[t] for t in SHALLOW), *self.deep_features(x, deep))]


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
