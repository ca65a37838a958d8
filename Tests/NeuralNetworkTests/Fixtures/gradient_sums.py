#!/usr/bin/env python3
"""Writes gradient_sums.json: the gradients of inputs that several layers take, to the bit.

    gradient_sums.py    (in this folder)

Every layer hands its gradient on as it is (a ReLU of positive numbers), so that the bits of the input's
gradient say in which order autograd added up what came back.
"""
import json

import torch

from modules import build

RELU = {"type": "relu"}


def residual(*layers, shortcut=()):
    return {"type": "residual", "layers": list(layers), "shortcut": list(shortcut)}


def concat(*branches):
    return {"type": "concat", "branches": [list(branch) for branch in branches]}


CASES = [
    [concat([RELU], [RELU], [RELU])], [concat([], [RELU], [])], [concat([RELU], [], [RELU], [])],
    [concat([], [], [], [])], [residual(residual(RELU))], [residual(residual(residual(RELU)))],
    [concat([residual(RELU)], [residual(RELU)])],
    [concat([RELU, residual(RELU)], [], [residual(RELU), RELU])],
    [RELU, concat([concat([RELU], [])], [residual(RELU, shortcut=[residual(RELU)])], [])],
    [residual(residual(RELU, shortcut=[RELU, RELU]), RELU, shortcut=[residual(RELU)])],
]


def main():
    data, cases = torch.Generator().manual_seed(5), []
    for layers in CASES:
        model = build([3, 2, 2], layers)
        inputs = (torch.rand(2, 3, 2, 2, generator=data) + 0.5).requires_grad_()
        output = model(inputs)
        direction = torch.randn(output.shape, generator=data) * 10 ** (4 * torch.rand(output.shape, generator=data))
        (output * direction).sum().backward()
        bits = lambda values: values.detach().contiguous().view(torch.int32).flatten().tolist()
        cases.append({"layers": layers, "input": bits(inputs), "direction": bits(direction), "gradient": bits(inputs.grad)})
    with open("gradient_sums.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
