#!/usr/bin/env python3
"""Writes initialisers.json: what the functions of torch.nn.init draw, floats as bit patterns.

    initialisers.py    (in this folder)

After torch.manual_seed(seed) each case draws into one tensor, then into the next of the same shape (fewer than sixteen
normal numbers leave one over), and hands out what the generator has next.
"""
import json

import torch
from torch import nn

SHAPES = [[5], [16], [37], [3, 4], [7, 5], [5, 7], [4, 3, 3, 2], [6, 2, 5]]
CASES = [
    {"name": "uniform"}, {"name": "uniform", "a": -0.3, "b": 0.7}, {"name": "normal"},
    {"name": "normal", "mean": 0.2, "std": 0.03}, {"name": "trunc_normal"},
    {"name": "trunc_normal", "mean": 0.1, "std": 0.02, "a": 0.09, "b": 0.2},
    {"name": "trunc_normal", "mean": 0.5, "std": 2, "a": 1, "b": 2},
    {"name": "trunc_normal", "mean": -1, "std": 0.5, "a": 0.2, "b": 1.5},
    {"name": "constant", "val": 0.1}, {"name": "zeros"}, {"name": "ones"},
    {"name": "xavier_uniform"}, {"name": "xavier_uniform", "gain": 1.4}, {"name": "xavier_normal"},
    {"name": "xavier_normal", "gain": 0.3}, {"name": "kaiming_uniform"},
    {"name": "kaiming_uniform", "a": 0.2, "mode": "fan_out"}, {"name": "kaiming_uniform", "nonlinearity": "relu"},
    {"name": "kaiming_normal"}, {"name": "kaiming_normal", "nonlinearity": "tanh"},
    {"name": "kaiming_normal", "mode": "fan_out", "nonlinearity": "relu"},
    {"name": "kaiming_normal", "nonlinearity": "selu"}, {"name": "kaiming_uniform", "nonlinearity": "sigmoid"},
    {"name": "kaiming_normal", "a": 1.5, "nonlinearity": "linear"}, {"name": "orthogonal"},
    {"name": "orthogonal", "gain": 1.7},
]


def main():
    cases = []
    for seed, options in enumerate(CASES):
        arguments = {key: value for key, value in options.items() if key != "name"}
        draw = getattr(nn.init, options["name"] + "_")
        needs_matrix = options["name"].startswith(("xavier", "kaiming", "orthogonal"))
        for shape in SHAPES:
            if needs_matrix and len(shape) < 2:
                continue
            torch.manual_seed(seed)
            values = [draw(torch.empty(shape), **arguments).view(torch.int32).flatten().tolist() for _ in range(2)]
            cases.append({"seed": seed, "shape": shape, "initialiser": options, "values": sum(values, []),
                          "next": torch.empty((), dtype=torch.int64).random_().item() & 0xffffffff})
    with open("initialisers.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
