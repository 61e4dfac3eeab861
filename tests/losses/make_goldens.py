#!/usr/bin/python3
"""Writes goldens.json: values and gradients of the losses from the recipe in PyTorch, in double.

usage: make_goldens.py RECIPE.py > goldens.json

RECIPE.py: the PyTorch script that defines StyleDistance and normalised (the oracle of the losses).
Feature maps are written channels-last, as impasto keeps them.
"""
import importlib.util, json, sys
import torch

spec = importlib.util.spec_from_file_location('recipe', sys.argv[1])
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)
torch.set_default_dtype(torch.double)
torch.manual_seed(20)


def features(h, w, c, offset):
    """Correlated channels of different strengths after a ReLU, like a tap's."""
    mix = torch.randn(c, c) * torch.linspace(0.2, 2, c)[:, None]
    x = torch.einsum('ij,bjhw->bihw', mix, torch.rand(1, c, h, w)) + offset
    return torch.relu(x).round(decimals=4)


def flat(t):
    return [float(f'{v:.14g}') for v in t.detach().permute(0, 2, 3, 1).reshape(-1).tolist()]


def result(loss, x):
    x = x.clone().requires_grad_(True)
    value = loss(x)
    value.backward()
    return {'value': float(value), 'gradient': flat(x.grad)}


f, content = features(5, 7, 6, 0.5), features(5, 7, 6, 0.3)
painting, second = features(4, 6, 6, 0.4), features(3, 8, 6, 0.2)
image = torch.rand(1, 3, 4, 5).round(decimals=4)
mse = torch.nn.functional.mse_loss


def style(kind):
    return recipe.StyleDistance(kind, painting)


def gram(x):
    # The recipe divides by the painting's mean square, neural-style-pt by c instead.
    d = style('gram')
    return d(x) * d.cov.pow(2).mean() / x.shape[1] ** 2


def gram_of_two(x):
    # neural-style-pt: G = F F^T / nelement, targets blended by weight (here 1 and 3).
    def g(t):
        t = t.reshape(t.shape[1], -1)
        return t @ t.t() / t.nelement()
    return mse(g(x), (g(painting) + 3 * g(second)) / 4)


def w2_of_two(x):
    return (style('w2')(x) + 3 * recipe.StyleDistance('w2', second)(x)) / 4


n = recipe.normalised
print(json.dumps({
    'features': flat(f), 'content': flat(content), 'painting': flat(painting), 'second': flat(second),
    'image': flat(image),
    'w2': result(style('w2'), f), 'moments': result(style('moments'), f), 'gram': result(gram, f),
    'gram_of_two': result(gram_of_two, f), 'w2_of_two': result(w2_of_two, f),
    'content_plain': result(lambda x: mse(x, content), f),
    'content_normalised': result(lambda x: mse(n(x), n(content)) / n(content).pow(2).mean(), f),
    'tv_squared': result(lambda x: (x[..., 1:] - x[..., :-1]).pow(2).mean() + (x[..., 1:, :] - x[..., :-1, :]).pow(2).mean(), image),
    'tv_absolute': result(lambda x: 255 * ((x[..., 1:] - x[..., :-1]).abs().sum() + (x[..., 1:, :] - x[..., :-1, :]).abs().sum()), image),
}).replace('], "', '],\n"').replace('}, "', '},\n"'))
