#!/usr/bin/env python3
"""Writes samplers.json: the examples that DataLoaders with samplers visit, and losses of trainings on them.

    samplers.py    (in this folder)

Each order has the indices of three epochs, the second broken off in its first batch, and what the generator hands out next.
The weights and biases of a training's linear layers are drawn, its images and labels are those of augmentation.py. Needs torch.
"""
import json
import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../PyTorch"))
from torch_samplers import sampler  # noqa: E402

RANDOM, WEIGHTED = {"name": "random_sampler"}, {"name": "weighted_random_sampler"}
BALANCED = {**WEIGHTED, "weights": "balanced"}
# The number of examples, the classes, and the sampler.
ORDERS = [
    (23, 3, {**RANDOM, "replacement": True}), (100, 4, {**RANDOM, "replacement": True, "num_samples": 31}),
    (7, 2, {**RANDOM, "replacement": True, "num_samples": 64}), (1, 2, {**RANDOM, "replacement": True, "num_samples": 3}),
    (1000, 10, {**RANDOM, "replacement": True, "num_samples": 97}), (10, 3, {**RANDOM, "num_samples": 25}),
    (10, 3, {**RANDOM, "num_samples": 30}), (50, 5, {**RANDOM, "num_samples": 1}), (23, 3, RANDOM),
    (23, 3, BALANCED), (500, 7, {**BALANCED, "num_samples": 90}), (40, 5, {**BALANCED, "num_samples": 130}),
    (23, 3, {**WEIGHTED, "weights": [1, 2.5, 0.1]}), (60, 4, {**WEIGHTED, "weights": [0, 1, 0, 0.3], "num_samples": 100}),
    (60, 4, {**WEIGHTED, "weights": [1e-9, 1e9, 7, 0], "num_samples": 2}), (9, 2, {**WEIGHTED, "weights": [0, 3]}),
    (5000, 10, {**WEIGHTED, "weights": [1 / (1 + index) for index in range(10)], "num_samples": 200}),
]
TRAININGS = [
    ({**RANDOM, "replacement": True}, False), ({**RANDOM, "replacement": True, "num_samples": 50}, True),
    ({**RANDOM, "num_samples": 41}, False), (BALANCED, False), ({**BALANCED, "num_samples": 20}, True),
    ({**WEIGHTED, "weights": [1, 0, 4]}, False),
]


def labels_of(count, classes):
    """Uneven classes."""
    return torch.tensor([(index * index * 7 + index * 3 + 1) % 11 % classes for index in range(count)])


def order(seed, count, classes, options):
    torch.manual_seed(seed)
    data = torch.utils.data.TensorDataset(torch.arange(count))
    loader = torch.utils.data.DataLoader(data, batch_size=8, sampler=sampler(options, labels_of(count, classes), classes))
    epochs = []
    for epoch in range(3):
        epochs.append([])
        for (batch,) in loader:
            epochs[-1] += batch.tolist()
            if epoch == 1:
                break
    return {"seed": seed, "count": count, "classes": classes, "sampler": options, "epochs": epochs,
            "next": torch.randint(1 << 20, (1,)).item()}


def losses(seed, options, drop_last):
    """Five epochs of a small network with dropout, on 30 images in batches of 8."""
    torch.manual_seed(seed)
    shape, count = [1, 6, 7], 30
    values = torch.tensor([(index * index * 31 + index * 7 + 13) % 256 for index in range(count * 42)], dtype=torch.uint8)
    images, labels = values.reshape(count, *shape).float() / 255, torch.arange(count) % 3
    model = nn.Sequential(nn.Flatten(), nn.Linear(42, 8), nn.ReLU(), nn.Dropout(0.3), nn.Linear(8, 3))
    step = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5)
    loader = torch.utils.data.DataLoader(
        torch.utils.data.TensorDataset(images, labels), batch_size=8, sampler=sampler(options, labels, 3), drop_last=drop_last)
    found = []
    for _ in range(5):
        for x, y in loader:
            loss = nn.functional.cross_entropy(model(x), y)
            step.zero_grad()
            loss.backward()
            step.step()
            found.append(loss.item())
    return {"seed": seed, "sampler": options, "drop_last": drop_last, "shape": shape, "losses": found}


def main():
    fixture = {"torch": torch.__version__, "orders": [order(seed, *one) for seed, one in enumerate(ORDERS)],
               "trainings": [losses(20 + seed, *one) for seed, one in enumerate(TRAININGS)]}
    with open("samplers.json", "w") as file:
        file.write('{"torch": %s' % json.dumps(fixture["torch"]))
        for part in ("orders", "trainings"):
            file.write(',\n"%s": [\n%s\n]' % (part, ",\n".join(json.dumps(case) for case in fixture[part])))
        file.write("}\n")


if __name__ == "__main__":
    main()
