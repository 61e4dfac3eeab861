"""The objective of Gatys, Ecker and Bethge (2016) with neural-style-pt's divisors, which are those
of impasto's --content-loss plain, --style-loss gram and --tv-loss absolute."""
import torch
import torch.nn.functional as F


def gram(features):
    _, c, h, w = features.shape
    f = features.reshape(c, h * w)
    return torch.mm(f, f.t()) / (c * h * w)


class Objective:
    def __init__(self, network, content, style, content_layer, style_layers, content_weight=5.0,
                 style_weight=100.0, tv_weight=1e-3):
        self.network = network
        self.content_layer, self.style_layers = content_layer, style_layers
        self.weights = content_weight, style_weight, tv_weight
        with torch.no_grad():
            self.content = network.taps(content, [content_layer])[content_layer].clone()
            taps = network.taps(style, style_layers)
            self.grams = {tap: gram(taps[tap]) for tap in style_layers}

    def terms(self, rgb):
        """Weighted content, style and total variation of [1, 3, h, w] RGB 0..1."""
        taps = self.network.taps(rgb, [self.content_layer, *self.style_layers])
        content = F.mse_loss(taps[self.content_layer].float(), self.content.float())
        style = sum(F.mse_loss(gram(taps[tap]).float(), self.grams[tap].float())
                    for tap in self.style_layers)
        tv = 255 * ((rgb[:, :, 1:] - rgb[:, :, :-1]).abs().sum() +
                    (rgb[:, :, :, 1:] - rgb[:, :, :, :-1]).abs().sum())
        return [w * t for w, t in zip(self.weights, (content, style, tv))]
