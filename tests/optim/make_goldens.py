#!/usr/bin/python3
"""Writes torch_goldens.h: what PyTorch's optimisers do on a small smooth function, in double.

usage: make_goldens.py > torch_goldens.h
"""
import torch

torch.set_default_dtype(torch.double)
N, STEPS = 20, 12


def function(x):
    """As `wavy` in functions.h."""
    i = torch.arange(N, dtype=torch.double)
    return (0.5 * (1 + i / 2) * x ** 2).sum() + 2 * torch.sin(x[:-1] + x[1:] * 0.5).sum() + 60


def run(make, steps_in_one_call):
    x = torch.linspace(-2, 2, N).requires_grad_(True)
    optimizer, values = make([x]), []

    def closure():
        optimizer.zero_grad()
        value = function(x)
        value.backward()
        values.append(float(value))
        return value
    for _ in range(1 if steps_in_one_call else STEPS):
        optimizer.step(closure)
    return values, x.tolist()


def array(name, values):
    print(f'inline const std::vector<double> {name} = {{' + ', '.join(f'{v:.15g}' for v in values) + '};')


print('// Written by make_goldens.py; PyTorch', torch.__version__.split('a')[0])
print('#pragma once\n\n#include <vector>\n\nnamespace impasto::test::torch_goldens {\n')
for history in (3, 10):
    values, x = run(lambda p: torch.optim.LBFGS(p, max_iter=STEPS, history_size=history, tolerance_change=-1e9,
                                                tolerance_grad=-1), True)
    array(f'lbfgs{history}_values', values)
    array(f'lbfgs{history}_x', x)
values, x = run(lambda p: torch.optim.Adam(p, lr=0.1), False)
array('adam_values', values)
array('adam_x', x)
print('\n}  // namespace impasto::test::torch_goldens')
