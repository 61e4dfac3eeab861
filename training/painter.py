#!/usr/bin/env python3
"""Trains the network that paints in any style on a GPU, in minutes: what `impasto train instant` does, and more.

usage: painter.py --encoder ENCODER.safetensors --photos FOLDER --paintings FOLDER[:WEIGHT]... -o OUT.safetensors
                  [--minutes 4] [--initial F.safetensors] [--batch 24] [--crop 256] [--seed 1] ...

Each picture of a batch is a random photograph in the manner of a random painting. Beside the objective by which
stylize() paints, the network learns not to weave: threads along the axes at periods
of 2 to 8 pixels beyond the painting's cost. Some photographs are noisy, and some are what the network itself
painted at half the size, as src/instant/enlarge.cpp will show it. The whole step is one CUDA graph.
"""
import argparse
import math
import time

import torch
import torch.nn.functional as F

import common
import transfer as t
from decoder import Decoder, Painter

STYLE = ["relu1_1", "relu2_1", "relu3_1", "relu4_1"]
CONTENT = ["relu1_2", "relu4_2"]
TV, CHROMA, BEYOND = 8, 50, 20
PARTIAL_SHARE, GREY_SHARE, LARGEST_NOISE = 0.12, 0.2, 0.04
SEEN_DETAIL = 0.5  # as src/instant/enlarge.cpp
MOST_GRADIENT = 3  # times the usual norm, of one picture


def per_picture(x):
    return x.mean((1, 2, 3))


def threads(rgb):
    """Energies of vertical and horizontal threads with periods of 2, 4, 6 and 8 pixels: [n, 8]."""
    grey = 0.299 * rgb[:, :1] + 0.587 * rgb[:, 1:2] + 0.114 * rgb[:, 2:]
    energies = []
    for d in (1, 2, 3, 4):
        for y in (grey, grey.transpose(2, 3)):
            along = F.avg_pool2d(y, (2 * d + 3, 1), stride=1)
            second = 2 * along[..., d:-d] - along[..., :-2 * d] - along[..., 2 * d:]
            energies.append(per_picture(second.pow(2)))
    return torch.stack(energies, 1)


def content_loss(found, target):
    loss = 0
    for tap in CONTENT:
        c = t.normalised(target[tap])
        loss = loss + per_picture((t.normalised(found[tap]) - c).pow(2)) / (per_picture(c.pow(2)) + 1e-6)
    return loss / len(CONTENT)


def style_loss(found, goal, reached, share):
    """Squared Wasserstein distances of the Gaussians with these moments, in units of the painting's variance."""
    def trace(m):
        return m.diagonal(dim1=-2, dim2=-1).sum(-1)
    # Where all of the style is wanted it is the painting's; else what the way to it reaches.
    whole = (share >= 1).view(-1, 1)
    to_mean = [torch.where(whole, goal.mean[tap], reached.mean[tap]) for tap in STYLE]
    to = [torch.where(whole[..., None], goal.covariance[tap], reached.covariance[tap]) for tap in STYLE]
    means, covariances = zip(*(t.moments(t.positions(found[tap])) for tap in STYLE))
    with torch.no_grad():
        more = [1e-4 * t.mean_variance(c).clamp_min(0) for c in to]
        plans = t.transports([t.with_ridge(*m, 1e-4) for m in zip(means, covariances, more)],
                             [t.with_ridge(*m, 0, 1e-4) for m in zip(to_mean, to)])
    loss = 0
    for mean, covariance, wanted_mean, wanted, plan in zip(means, covariances, to_mean, to, plans):
        divisor = trace(wanted) + 1e-3 * wanted_mean.pow(2).sum(1) + 1e-6
        # 2 tr (R C R)^1/2 is 2 tr (plan C), and has the gradient `plan`.
        cross = (plan * covariance).sum((1, 2))
        cross = 2 * cross.detach() + cross - cross.detach()
        distance = (mean - wanted_mean).pow(2).sum(1) + trace(covariance) + trace(wanted) - cross
        loss = loss + distance / divisor
    return loss / len(STYLE)


class Training:
    def __init__(self, o, device):
        self.o, self.device, self.gpu = o, device, device == "cuda"
        self.photos = common.Pictures(o.photos, 512, device)
        self.paintings = common.Pictures(o.paintings, 768, device)
        narrow = torch.bfloat16 if self.gpu else torch.float32
        self.encoder = {n: w.to(device, narrow) for n, w in common.read_safetensors(o.encoder).items()}
        self.decoder = Decoder().to(device)
        if o.initial:
            self.decoder.load({n: w.to(device) for n, w in common.read_safetensors(o.initial).items()})
        self.painter = Painter(self.decoder)
        with torch.no_grad():
            pictures = [self._styles() for _ in range(o.code_batches)]
            self.painter.learn_code([t.Look(x, self._encode(x, t.TAPS)) for x in pictures])
        self.rate = torch.tensor(1e-9, device=device) if self.gpu else 1e-9
        self.optimiser = torch.optim.Adam(self.decoder.parameters(), lr=self.rate, betas=(0.9, 0.99),
                                          **({"fused": True, "capturable": True} if self.gpu else {}))
        self.usual_of_picture = torch.zeros(1, device=device)
        self.usual_of_all = torch.zeros(1, device=device)
        self.losses = torch.zeros(6, device=device)

    def _narrow(self):
        return torch.autocast(self.device, torch.bfloat16, enabled=self.gpu, cache_enabled=False)

    def _encode(self, rgb, taps):
        with self._narrow():
            return common.encode(rgb, taps, self.encoder)

    def _styles(self):
        o = self.o
        return self.paintings.batch(o.batch, o.style_crop, 0.8, 2.2, 0.5, bold=True)

    @torch.no_grad()
    def _examples(self):
        o, device = self.o, self.device
        photo = self.photos.batch(o.batch, o.crop, grey=GREY_SHARE)
        style = self._styles()
        half = (torch.rand(o.batch, 1, 1, 1, device=device) - 0.5).clamp_min(0)
        seen = photo + 2 * LARGEST_NOISE * half * torch.randn_like(photo)
        u = torch.rand(o.batch, 3, device=device)
        share = torch.where(u[:, 0] < PARTIAL_SHARE, u[:, 1], torch.ones_like(u[:, 1]))
        boldness = (2 * u[:, 2] - 1).clamp_min(0)
        of_style, target = self._encode(style, t.TAPS), self._encode(photo, t.TAPS + CONTENT)
        goal = t.Look(style, of_style)
        e = o.enlarged
        if e:
            small = F.avg_pool2d(photo[:e], 2)
            taps = self._encode(small, t.TAPS)
            with self._narrow():
                painted, _ = self.painter.paint(taps, t.Look(small, taps), goal.first(e), share[:e], boldness[:e])
            both = F.interpolate(torch.cat([painted.clamp(0, 1), small]), scale_factor=2.0, mode="bilinear",
                                 align_corners=False)
            seen = torch.cat([both[:e] + SEEN_DETAIL * (photo[:e] - both[e:]), seen[e:]]).clamp(0, 1)
        return photo, style, seen, target, goal, share, boldness

    def step(self):
        photo, style, seen, target, goal, share, boldness = self._examples()
        taps = self._encode(seen, t.TAPS)
        content = t.Look(seen, taps)
        with self._narrow():
            painted, reached = self.painter.paint(taps, content, goal, share, boldness)
        x = painted.detach().requires_grad_(True)
        found = self._encode(x, STYLE + CONTENT)
        dx, dy = x[..., 1:] - x[..., :-1], x[..., 1:, :] - x[..., :-1, :]
        tv = per_picture(dx.pow(2)) + per_picture(dy.pow(2))
        chroma = sum(per_picture((d - d.mean(1, keepdim=True)).pow(2)) for d in (dx, dy))
        with torch.no_grad():
            allowed = torch.maximum(threads(style), 0.5 * threads(photo)) + 2e-5
        weave = F.relu(threads(x) / allowed - 1).clamp_max(4).mean(1)
        beyond = per_picture((x - x.clamp(0, 1)).pow(2))  # cannot be shown
        kept = content_loss(found, target)
        styled = style_loss(found, goal, reached, share)
        loss = (10 ** -boldness * (kept + TV * tv + CHROMA * chroma) + self.o.style_weight * styled +
                self.o.weave_weight * weave + BEYOND * beyond)
        gradient, = torch.autograd.grad(loss.sum(), x)
        self.optimiser.zero_grad(set_to_none=True)
        painted.backward(self._limited(gradient))
        self._limit_parameters()
        self.optimiser.step()
        with torch.no_grad():
            now = torch.stack([v.nanmean() for v in (loss, kept, styled, tv, chroma, weave)])
            self.losses.copy_(torch.where(self.losses != 0, self.losses + 0.01 * (now - self.losses), now))

    @torch.no_grad()
    def _limited(self, gradient):
        """Now and then the root of a nearly singular covariance makes one picture's gradient a hundred times
        the others'."""
        gradient = torch.nan_to_num(gradient)
        norm, usual = gradient.flatten(1).norm(dim=1), self.usual_of_picture
        mean = torch.minimum(norm, MOST_GRADIENT * usual).mean()
        usual.copy_(torch.where(usual > 0, usual + 0.02 * (mean - usual), norm.mean()))
        return gradient * (MOST_GRADIENT * usual / (norm + 1e-12)).clamp_max(1).view(-1, 1, 1, 1) / len(gradient)

    @torch.no_grad()
    def _limit_parameters(self):
        gradients, usual = [p.grad for p in self.decoder.parameters()], self.usual_of_all
        norm = torch.stack([g.norm() for g in gradients]).norm()
        limit = torch.where(usual > 0, 2 * usual, norm)
        usual.copy_(usual + torch.where(usual > 0, 0.02, 1.0) * (torch.minimum(norm, limit) - usual))
        factor = (limit / (norm + 1e-12)).clamp_max(1)
        for g in gradients:
            g.copy_(torch.nan_to_num(g) * torch.nan_to_num(factor))

    def set_rate(self, rate):
        if self.gpu:
            self.rate.fill_(rate)
        else:
            self.optimiser.param_groups[0]["lr"] = rate

    def captured(self):
        """The step as one CUDA graph; on a CPU the step itself."""
        if not self.gpu:
            return self.step
        stream = torch.cuda.Stream()
        stream.wait_stream(torch.cuda.current_stream())
        with torch.cuda.stream(stream):
            for _ in range(4):
                self.step()
        torch.cuda.current_stream().wait_stream(stream)
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph):
            self.step()
        return graph.replay

    def save(self):
        tensors = dict(self.decoder.tensors())
        tensors["code.mean"], tensors["code.deviation"] = self.painter.code_mean, self.painter.code_deviation
        common.write_safetensors(self.o.output, tensors, {"impasto.format": "instant-4"})


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--encoder", required=True)
    p.add_argument("--photos", action="append", required=True)
    p.add_argument("--paintings", action="append", required=True, metavar="FOLDER[:WEIGHT]")
    p.add_argument("-o", "--output", required=True)
    p.add_argument("--initial", help="weights to begin with instead of random ones, where they fit")
    p.add_argument("--minutes", type=float, default=4)
    p.add_argument("--batch", type=int, default=24)
    p.add_argument("--crop", type=int, default=256)
    p.add_argument("--style-crop", type=int, default=256)
    p.add_argument("--enlarged", type=int, default=6, help="pictures of a batch that are painted small before")
    p.add_argument("--style-weight", type=float, default=25)
    p.add_argument("--weave-weight", type=float, default=0.5)
    p.add_argument("--learning-rate", type=float, default=2e-3)
    p.add_argument("--code-batches", type=int, default=16)
    p.add_argument("--seed", type=int, default=1)
    o = p.parse_args()
    begin = time.time()
    torch.manual_seed(o.seed)
    torch.backends.cudnn.benchmark = torch.backends.cuda.matmul.allow_tf32 = True
    training = Training(o, "cuda" if torch.cuda.is_available() else "cpu")
    print(f"{training.photos.count} photographs, {training.paintings.count} paintings", flush=True)
    step = training.captured()
    first, steps, told = time.time(), 0, 0.0
    while (done := (time.time() - begin) / (60 * o.minutes)) < 1:
        training.set_rate(o.learning_rate * min(1, (steps + 1) / 200) * 0.5 * (1 + math.cos(math.pi * done)) + 1e-9)
        step()
        steps += 1
        if steps % 25 and training.gpu:
            continue
        if time.time() - told > 10:
            told = time.time()
            values = training.losses.tolist()
            names = ("total", "content", "style", "tv", "chroma", "weave")
            print(f"step {steps}, {steps / (time.time() - first):.1f} a second, {100 * done:.0f} %: " +
                  ", ".join(f"{n} {v:.4f}" for n, v in zip(names, values)), flush=True)
            training.save()
    training.save()
    print(f"{steps} steps in {time.time() - begin:.0f} s", flush=True)


if __name__ == "__main__":
    main()
