"""The decoder of src/models/decoder.cpp, and what feeds it (src/transfer/feed.cpp)."""
import math

import torch
import torch.nn.functional as F

import transfer as t
from common import mirrored

READ = ["relu5_1", "relu4_1", "relu3_1", "relu2_1", "relu1_1"]  # coarse first
CHANNELS, RESIDUALS = [128, 128, 64, 32, 16], ["a", "abcd", "abcd", "ab", "a"]
CODE, HIDDEN, NOISE, NOISE_LEVELS = 752, 128, 16, 3
RECTIFIED = (2, 3)  # levels whose output has a ReLU
FEATURE_SCALE = 0.25


class Decoder(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.p = torch.nn.ParameterDict()
        self._add("hidden", CODE, HIDDEN, 1)
        for level, c in enumerate(CHANNELS):
            name = f"level{level + 1}"
            self._add(f"content{level + 1}/gain", c, c, 1, 0.1)
            if level < NOISE_LEVELS:
                self._add(f"noise{level + 1}/gain", NOISE, c, 1, 0.3)
            for r in RESIDUALS[level]:
                self._add_modulated(f"{name}/{r}", c, c, 0.5)
            finest = c == CHANNELS[-1]
            self._add_modulated(f"{name}/out", c, 3 if finest else CHANNELS[level + 1], 0.1 if finest else 1)

    def _add(self, name, channels, out, kernel, factor=1.0):
        deviation = math.sqrt(2 / (channels * kernel * kernel)) * factor
        weight = torch.randn(out, channels, kernel, kernel) * deviation
        self.p[name + "/weight"] = torch.nn.Parameter(weight.contiguous(memory_format=torch.channels_last))
        self.p[name + "/bias"] = torch.nn.Parameter(torch.zeros(out))

    def _add_modulated(self, name, channels, out, factor=1.0):
        self._add(name + "/style", HIDDEN, 2 * channels, 1, 0.1)
        self._add(name, channels, out, 3, factor)

    def tensors(self):
        return {name.replace("/", "."): p for name, p in self.p.items()}

    @torch.no_grad()
    def load(self, tensors):
        for name, p in self.tensors().items():
            if name in tensors and tensors[name].numel() == p.numel():
                p.copy_(tensors[name].view_as(p))
            else:
                print(f"{name}: begins anew")

    def _conv(self, name, x):
        weight = self.p[name + "/weight"]
        return F.conv2d(mirrored(x) if weight.shape[2] == 3 else x, weight, self.p[name + "/bias"])

    def _modulated(self, name, x, hidden):
        scale, shift = self._conv(name + "/style", hidden).split(x.shape[1], 1)
        return self._conv(name, torch.addcmul(shift, x, 1 + torch.tanh(scale)))

    def _residual(self, name, x, hidden):
        return x + F.relu(self._modulated(name, x, hidden))

    def forward(self, features, contents, noises, code, matrix, offset):
        def enlarged(x):
            return F.interpolate(x, scale_factor=2.0, mode="nearest")
        hidden = F.relu(self._conv("hidden", code.view(-1, CODE, 1, 1)))
        x = features[0]
        for level in range(len(CHANNELS)):
            name = f"level{level + 1}"
            if level > 0:
                x = enlarged(x) + features[level]
            x = x + self._conv(f"content{level + 1}/gain", contents[level])
            if level < NOISE_LEVELS:
                x = x + self._conv(f"noise{level + 1}/gain", noises[level])
            for r in RESIDUALS[level]:
                x = self._residual(f"{name}/{r}", x, hidden)
            x = self._modulated(f"{name}/out", x, hidden)
            if level in RECTIFIED:
                x = F.relu(x)
        return (matrix[..., None, None] * x.float()[:, None]).sum(2) + offset.view(-1, 3, 1, 1)


class Painter:
    """Transfer, code, noise and decoder in a row."""

    def __init__(self, decoder):
        self.decoder, self.code_mean, self.code_deviation = decoder, None, None

    def learn_code(self, looks):
        numbers = torch.cat([t.code_numbers(look) for look in looks])
        self.code_mean, self.code_deviation = numbers.mean(0), numbers.std(0, unbiased=False) + 1e-4

    def _code(self, reached, boldness):
        v = ((t.code_numbers(reached) - self.code_mean) / self.code_deviation).clamp(-3, 3)
        v = torch.cat([v, 2 * boldness[:, None] - 1], 1)
        return F.pad(v, (0, CODE - v.shape[1]))

    def paint(self, taps, content, style, share, boldness, noises=None):
        """Pictures [n, 3, h, w] from the features of photographs; and the Look that was aimed at."""
        coarse = taps[READ[0]]
        n, _, h, w = coarse.shape
        with torch.no_grad(), torch.autocast(coarse.device.type, enabled=False):
            moved, reached = t.transfer(content, style, taps, READ, share)
            features = [FEATURE_SCALE * moved[tap] for tap in READ]
            contents = [t.standardised(taps[tap], content.mean[tap], content.covariance[tap]) for tap in READ]
            code = self._code(reached, boldness)
            colours = reached.covariance["colours"]
            with t.exact_products():
                matrix = t.roots(colours + 1e-6 * t.identity(colours))[0]
            if noises is None:  # uniform, of variance 1
                noises = [(torch.rand(n, NOISE, h << i, w << i, device=coarse.device) - 0.5) * math.sqrt(12)
                          for i in range(NOISE_LEVELS)]
        return self.decoder(features, contents, noises, code, matrix, reached.mean["colours"]), reached
