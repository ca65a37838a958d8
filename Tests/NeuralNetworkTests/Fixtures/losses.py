#!/usr/bin/env python3
"""Writes losses.json: losses of torch.nn with their options, and their gradients.

    losses.py    (in this folder)

Each case has outputs of one value per class and labels; `reconstruction` those of an image and the image itself.
"""
import json

import torch
from torch import nn

WEIGHT = [0.5, 2.0, 0.0, 1.25, 3.0]
CASES = [
    {"name": "cross_entropy"}, {"name": "cross_entropy", "label_smoothing": 0.1},
    {"name": "cross_entropy", "label_smoothing": 1.0}, {"name": "cross_entropy", "weight": WEIGHT},
    {"name": "cross_entropy", "weight": WEIGHT, "label_smoothing": 0.3}, {"name": "nll"},
    {"name": "nll", "weight": WEIGHT}, {"name": "mse"}, {"name": "l1"}, {"name": "smooth_l1"},
    {"name": "smooth_l1", "beta": 0.3}, {"name": "smooth_l1", "beta": 0.0}, {"name": "bce_with_logits"},
]
MODULES = {"cross_entropy": nn.CrossEntropyLoss, "nll": nn.NLLLoss, "mse": nn.MSELoss, "l1": nn.L1Loss,
           "smooth_l1": nn.SmoothL1Loss, "bce_with_logits": nn.BCEWithLogitsLoss}


def main():
    cases = []
    for index, options in enumerate(CASES):
        arguments = {key: torch.tensor(value) if key == "weight" else value
                     for key, value in options.items() if key != "name"}
        loss = MODULES[options["name"]](**arguments)
        takes_classes = options["name"] in ("cross_entropy", "nll")
        for reconstructs in [False] if takes_classes else [False, True]:
            data = torch.Generator().manual_seed(index)
            output = (3 * torch.randn(7, 6 if reconstructs else 5, generator=data)).requires_grad_()
            labels = torch.randint(0, 5, (7,), generator=data)
            image = torch.rand(7, 6, generator=data)
            if options["name"] == "nll":
                output = nn.functional.log_softmax(output.detach(), 1).requires_grad_()
            target = image if reconstructs else labels if takes_classes else nn.functional.one_hot(labels, 5).float()
            value = loss(output, target)
            value.backward()
            cases.append({"loss": options, "reconstruction": reconstructs, "output": output.flatten().tolist(),
                          "labels": labels.tolist(), "image": image.flatten().tolist(), "value": value.item(),
                          "gradient": output.grad.flatten().tolist()})
    with open("losses.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
