#!/usr/bin/env python3
"""Writes optimizers.json: parameters after 1, 2 and 25 steps along made-up gradients, as bit patterns.

    optimizers.py    (in this folder)
"""
import json

import torch

COUNT = 37
OPTIONS = [
    {"name": "sgd", "lr": 0.01}, {"name": "sgd", "lr": 0.1, "weight_decay": 0.01},
    {"name": "sgd", "lr": 0.1, "momentum": 0.9}, {"name": "sgd", "lr": 0.1, "momentum": 0.9, "dampening": 0.4},
    {"name": "sgd", "lr": 0.05, "momentum": 0.8, "weight_decay": 0.02, "nesterov": True},
    {"name": "adam", "lr": 0.001}, {"name": "adam", "lr": 0.01, "weight_decay": 0.1},
    {"name": "adam", "lr": 0.01, "betas": [0.8, 0.99], "eps": 0.001}, {"name": "adam", "lr": 0.01, "amsgrad": True},
    {"name": "adam", "lr": 0.01, "betas": [0.3, 0.9]}, {"name": "adamw", "lr": 0.002},
    {"name": "adamw", "lr": 0.01, "weight_decay": 0.3, "amsgrad": True},
    {"name": "rmsprop"}, {"name": "rmsprop", "lr": 0.003, "alpha": 0.8, "weight_decay": 0.1, "eps": 0.001},
    {"name": "rmsprop", "momentum": 0.9}, {"name": "rmsprop", "lr": 0.004, "momentum": 0.5, "centered": True},
    {"name": "rmsprop", "alpha": 0.4, "centered": True, "weight_decay": 0.02},
    {"name": "adagrad"}, {"name": "adagrad", "lr": 0.1, "lr_decay": 0.3, "weight_decay": 0.1},
    {"name": "adagrad", "lr": 0.05, "initial_accumulator_value": 0.7, "eps": 0.01},
    {"name": "adadelta"}, {"name": "adadelta", "lr": 0.5, "rho": 0.6, "eps": 0.001, "weight_decay": 0.1},
    {"name": "adamax"}, {"name": "adamax", "lr": 0.01, "betas": [0.3, 0.7], "eps": 0.1, "weight_decay": 0.2},
    {"name": "nadam"}, {"name": "nadam", "lr": 0.01, "betas": [0.4, 0.9], "momentum_decay": 0.1, "weight_decay": 0.1},
    {"name": "nadam", "lr": 0.01, "weight_decay": 0.3, "decoupled_weight_decay": True},
    {"name": "radam"}, {"name": "radam", "lr": 0.01, "betas": [0.8, 0.95], "eps": 0.01, "weight_decay": 0.1},
    {"name": "radam", "lr": 0.01, "betas": [0.9, 0.6], "weight_decay": 0.3, "decoupled_weight_decay": True},
    {"name": "rprop"}, {"name": "rprop", "lr": 0.5, "etas": [0.3, 1.7], "step_sizes": [0.02, 0.8]},
]
# By the names of grids: the class's name in lower case.
KINDS = {name.lower(): kind for name, kind in vars(torch.optim).items() if isinstance(kind, type)}


def main():
    cases = []
    for options in OPTIONS:
        data = torch.Generator().manual_seed(5)
        parameter = torch.randn(COUNT, generator=data).requires_grad_()
        arguments = {key: value for key, value in options.items() if key != "name"}
        optimizer = KINDS[options["name"]]([parameter], **arguments)
        after = {}
        for step in range(1, 26):
            parameter.grad = torch.randn(COUNT, generator=data)
            optimizer.step()
            if step in (1, 2, 25):
                after[str(step)] = parameter.detach().view(torch.int32).tolist()
        cases.append({"optimizer": options, "after": after})
    with open("optimizers.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
