#!/usr/bin/env python3
"""Writes recipes.json: trainings in PyTorch that end early or evaluate a moving average of the weights.

    recipes.py    (in this folder)

Each has its grid, every loss, the evaluations by iteration and the sum of the absolute values of each tensor at the end.
"""
import json
import os
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../PyTorch"))
from torch_trial import TorchTrial  # noqa: E402

LAYERS = [{"type": "flatten"}, {"type": "linear", "out_features": 8}, {"type": "batch_norm1d"}, {"type": "relu"},
          {"type": "dropout", "p": 0.2}, {"type": "linear", "out_features": 3}]
STOPS = {"early_stopping": {}}
CASES = [
    {"early_stopping": {"patience": 2}}, {"early_stopping": {"patience": 1, "restore_best_weights": False}},
    {"early_stopping": {"monitor": "validation_accuracy", "patience": 3}},
    {"early_stopping": {"patience": 3, "min_delta": 0.05}}, {"early_stopping": {"patience": 50}},
    {"ema_decay": 0.9}, {"ema_decay": 0}, {"ema_decay": 0.4}, {"ema_decay": 0.999},
    {"ema_decay": 0.8, "early_stopping": {"patience": 3}}, {"ema_decay": 0.8, "evaluation_draws": "loader", **STOPS},
    {"evaluation_draws": "shuffled_loader", **STOPS},
]


class Data:
    """The 40 images that the Swift test makes by the same rule, 14 of them for validation, and 30 to test on."""

    classes, shape, source, counts = 3, [1, 6, 7], [1, 6, 7], {"train": 40, "test": 30}

    def __init__(self, selection):
        self.selection = selection
        values = np.array([(i * i * 31 + i * 7 + 13) % 256 for i in range(40 * 42)], dtype=np.uint8).reshape(40, 6, 7)
        labels = np.arange(40) % 3
        self.train, self.test = (values, labels), (values[:30], labels[:30])


def case(seed, training):
    grid = {"name": "recipe", "dataset": {"name": "digits", "validation": 14}, "model": {"layers": LAYERS},
            "optimizer": {"name": "sgd", "lr": 0.02, "momentum": 0.5},
            "training": {"batch_size": 8, "iterations": 48, "evaluate_every": 3, **training}, "seeds": [seed]}
    _, losses, scores, model = TorchTrial(grid, Data(grid["dataset"])).train()
    return {"grid": json.dumps(grid), "losses": losses.tolist(),
            "evaluations": [[at, *parts["validation"], *parts["test"]] for at, parts in scores.items()],
            "weights": [value.double().abs().sum().item() for value in model.state_dict().values()]}


def main():
    cases = [case(400 + index, training) for index, training in enumerate(CASES)]
    averages = []
    torch.manual_seed(1)
    for decay in (0, 0.3, 0.5, 0.9, 0.999):
        average, values = torch.randn(37), torch.randn(37)
        torch._foreach_lerp_([average], [values], 1 - decay)
        averages.append({"decay": decay, "bits": average.view(torch.int32).tolist()})
    with open("recipes.json", "w") as file:
        json.dump({"torch": torch.__version__, "cases": cases, "averages": averages}, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
