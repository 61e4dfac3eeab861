#!/usr/bin/python3
"""Writes goldens.json: whole objectives, their gradients with respect to the picture, and five steps of
L-BFGS, from PyTorch in double.

usage: make_goldens.py RECIPE.py SMALL_VGG.pth PARTIAL_VGG19.pth > goldens.json

RECIPE.py      the PyTorch script that the default objective comes from (features, StyleDistance, objective)
SMALL_VGG.pth  the small network of Collaborative Distillation that it runs on
PARTIAL_VGG19  Oxford's VGG-19 up to conv3_4, keys features.N.weight as in neural-style-pt's own file
The classic objective is written out here with neural-style-pt's modules
(https://github.com/ProGamerGov/neural-style-pt, neural_style.py).
Pictures, and the weights of the network "random", come from generators that tests/support/synthetic.h repeats.
"""
import importlib.util, json, math, sys
import torch, torch.nn as nn, torch.nn.functional as F

torch.set_default_dtype(torch.double)
torch.set_num_threads(1)
spec = importlib.util.spec_from_file_location('recipe', sys.argv[1])
recipe = importlib.util.module_from_spec(spec)
spec.loader.exec_module(recipe)


class Random:
    """SplitMix64, as in src/base/random.h."""

    def __init__(self, seed):
        self.state = seed

    def uniform(self):
        mask = (1 << 64) - 1
        self.state = z = (self.state + 0x9e3779b97f4a7c15) & mask
        z = ((z ^ (z >> 30)) * 0xbf58476d1ce4e5b9) & mask
        z = ((z ^ (z >> 27)) * 0x94d049bb133111eb) & mask
        return ((z ^ (z >> 31)) >> 11) * 2.0 ** -53


def picture(width, height, seed):
    """Soft blobs with fine noise on them: 1x3xHxW."""
    r, nodes = Random(seed), 7
    grid = [r.uniform() for _ in range(nodes * nodes * 3)]
    values = []
    for y in range(height):
        fy = y * (nodes - 1) / height
        j, ty = int(fy), fy - int(fy)
        for x in range(width):
            fx = x * (nodes - 1) / width
            i, tx = int(fx), fx - int(fx)
            for c in range(3):
                def at(a, b):
                    return grid[(a * nodes + b) * 3 + c]
                above = at(j, i) + (at(j, i + 1) - at(j, i)) * tx
                below = at(j + 1, i) + (at(j + 1, i + 1) - at(j + 1, i)) * tx
                v = above + (below - above) * ty + 0.2 * (r.uniform() - 0.5)
                values.append(min(max(v, 0.0), 1.0))
    t = torch.tensor(values).float().double()  # the picture is f32
    return t.reshape(1, height, width, 3).permute(0, 3, 1, 2).contiguous()


def digits(v):
    return float(f'{float(v):.10g}')


def summary(t):
    """Of 1x3xHxW, in the order of NHWC: its length and 120 of its elements."""
    flat = t.detach().permute(0, 2, 3, 1).reshape(-1)
    return {'norm': digits(flat.norm()),
            'samples': [digits(flat[k * 7919 % len(flat)]) for k in range(120)]}


def recipe_goldens(net, width, height, painting_height):
    photo, painting, at = picture(width, height, 1), picture(width, painting_height, 2), picture(width, height, 3)
    result = {}
    for kind in ('w2', 'moments'):
        with torch.no_grad():
            content = {k: v for k, v in recipe.features(net, photo).items() if k in ('22', '42')}
            style = {k: recipe.StyleDistance(kind, v) for k, v in recipe.features(net, painting).items()
                     if k in recipe.STYLE_TAPS}
        x = at.clone().requires_grad_(True)
        lc, ls, tv, total = recipe.objective(net, x, content, style, 10.0)
        total.backward()
        result[kind] = {'content': digits(1000 * lc), 'style': digits(10000 * ls), 'tv': digits(1000 * tv),
                        'total': digits(total), 'gradient': summary(x.grad)}
        # The recipe's loop.
        unknown = recipe.Pyramid(photo)
        unknown.parts = [q.detach().clone(memory_format=torch.contiguous_format).requires_grad_(True)
                         for q in unknown.parts]
        opt = torch.optim.LBFGS(unknown.parts, max_iter=5, history_size=10, tolerance_change=-1, tolerance_grad=-1)
        values = []

        def closure():
            opt.zero_grad()
            t = recipe.objective(net, unknown.image(), content, style, 10.0)[3]
            t.backward()
            values.append(digits(t))
            return t
        opt.step(closure)
        result[kind]['steps'] = values
        result[kind]['painted'] = summary(unknown.image())
        result[kind]['moved'] = digits((unknown.image() - photo).norm())
    return result


# neural-style-pt's modules, less what captures and reports.

class ContentLoss(nn.Module):
    def __init__(self, strength):
        super().__init__()
        self.strength, self.crit, self.mode = strength, nn.MSELoss(), 'None'

    def forward(self, input):
        if self.mode == 'loss':
            self.loss = self.crit(input, self.target) * self.strength
        elif self.mode == 'capture':
            self.target = input.detach()
        return input


class GramMatrix(nn.Module):
    def forward(self, input):
        B, C, H, W = input.size()
        x_flat = input.view(C, H * W)
        return torch.mm(x_flat, x_flat.t())


class StyleLoss(nn.Module):
    def __init__(self, strength):
        super().__init__()
        self.target, self.strength = torch.Tensor(), strength
        self.gram, self.crit, self.mode, self.blend_weight = GramMatrix(), nn.MSELoss(), 'None', None

    def forward(self, input):
        self.G = self.gram(input)
        self.G = self.G.div(input.nelement())
        if self.mode == 'capture':
            if self.blend_weight is None:
                self.target = self.G.detach()
            elif self.target.nelement() == 0:
                self.target = self.G.detach().mul(self.blend_weight)
            else:
                self.target = self.target.add(self.G.detach().mul(self.blend_weight))
        elif self.mode == 'loss':
            self.loss = self.strength * self.crit(self.G, self.target)
        return input


class TVLoss(nn.Module):
    def __init__(self, strength):
        super().__init__()
        self.strength = strength

    def forward(self, input):
        self.x_diff = input[:, :, 1:, :] - input[:, :, :-1, :]
        self.y_diff = input[:, :, :, 1:] - input[:, :, :, :-1]
        self.loss = self.strength * (torch.sum(torch.abs(self.x_diff)) + torch.sum(torch.abs(self.y_diff)))
        return input


def preprocess(rgb):
    """RGB 0..1 to BGR 0..255 minus the mean."""
    return 255 * rgb[:, [2, 1, 0]] - torch.tensor([103.939, 116.779, 123.68]).float().double()[None, :, None, None]


def neural_style_goldens(convs, content_layer, style_layers, width, height, painting_height):
    """convs: [('1_1', weight, bias), ...]. Zero padding, maximum pooling; neural-style-pt's own weights."""
    net, contents, styles, tv = nn.Sequential(), [], [], TVLoss(1e-3)
    net.append(tv)
    block = '1'
    for name, weight, bias in convs:
        if name[0] != block:
            net.append(nn.MaxPool2d(2, 2))
            block = name[0]
        conv = nn.Conv2d(weight.shape[1], weight.shape[0], 3, padding=1)
        conv.weight.data, conv.bias.data = weight.double(), bias.double()
        conv.requires_grad_(False)
        net.append(conv)
        net.append(nn.ReLU())
        if name == content_layer:
            contents.append(ContentLoss(5.0))
            net.append(contents[-1])
        if name in style_layers:
            styles.append(StyleLoss(100.0))
            net.append(styles[-1])

    def run(losses, mode, rgb):
        for loss in losses:
            loss.mode = mode
        net(preprocess(rgb))
        for loss in losses:
            loss.mode = 'None'

    run(contents, 'capture', picture(width, height, 1))
    for style in styles:
        style.blend_weight = 0.25
    run(styles, 'capture', picture(width, painting_height, 2))
    for style in styles:
        style.blend_weight = 0.75
    run(styles, 'capture', picture(width, height, 4))
    x = picture(width, height, 3).requires_grad_(True)
    for loss in contents + styles:
        loss.mode = 'loss'
    net(preprocess(x))
    lc, ls = sum(m.loss for m in contents), sum(m.loss for m in styles)
    total = lc + ls + tv.loss
    total.backward()
    return {'content': digits(lc), 'style': digits(ls), 'tv': digits(tv.loss), 'total': digits(total),
            'gradient': summary(x.grad)}


def random_vgg19():
    """VGG-19's depth up to conv5_1 at small widths; weak at first, so that no term drowns the others."""
    r, convs, channels = Random(2015), [], 3
    for block, (width, count) in enumerate([(8, 2), (16, 2), (24, 4), (32, 4), (32, 1)], 1):
        for i in range(1, count + 1):
            size = math.sqrt(6.0 / (channels * 9)) / (30 if not convs else 1)
            weight = [size * (2 * r.uniform() - 1) for _ in range(width * channels * 9)]
            bias = [2 * r.uniform() - 1 for _ in range(width)]
            convs.append((f'{block}_{i}', torch.tensor(weight).float().reshape(width, channels, 3, 3),
                          torch.tensor(bias).float()))
            channels = width
    return convs


small = {k: v.double() for k, v in torch.load(sys.argv[2], map_location='cpu')['model'].items()}
partial = torch.load(sys.argv[3], map_location='cpu')
names = ['1_1', '1_2', '2_1', '2_2', '3_1', '3_2', '3_3', '3_4']
real = [(name, partial[f'features.{i}.weight'], partial[f'features.{i}.bias'])
        for name, i in zip(names, (0, 2, 5, 7, 10, 12, 14, 16))]
deep, shallow = ['1_1', '2_1', '3_1', '4_1', '5_1'], ['1_1', '2_1', '3_1']
print(json.dumps({
    'recipe': {'96x80': recipe_goldens(small, 96, 80, 64), '67x53': recipe_goldens(small, 67, 53, 45)},
    'random': {'96x80': neural_style_goldens(random_vgg19(), '4_2', deep, 96, 80, 64),
               '67x53': neural_style_goldens(random_vgg19(), '4_2', deep, 67, 53, 45)},
    'vgg19': {'96x80': neural_style_goldens(real, '3_4', shallow, 96, 80, 64),
              '67x53': neural_style_goldens(real, '3_4', shallow, 67, 53, 45)},
}).replace('}, "', '},\n"'))
