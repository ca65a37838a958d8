#!/usr/bin/env python3
"""Writes clipping.json: the first gradients of each tensor after torch.nn.utils clipped them, as bit patterns.

    clipping.py    (in this folder)
"""
import json

import torch

# The tensors of two linear layers, 250 to 300 to 5; the first is longer than what one thread works on at a time.
SHAPES = [[300, 250], [300], [5, 300], [5]]
CASES = [("clip_grad_norm", limit, scale) for limit, scale in
         [(1, 1), (0.5, 1e-3), (1000, 1), (250, 0.9), (0.01, 1e-6), (3, 1e12), (1e-3, 0)]] + [
    ("clip_grad_value", limit, 1) for limit in [0.1, 0.5, 100]]


def main():
    lines = []
    for kind, limit, scale in CASES:
        data = torch.Generator().manual_seed(5)
        tensors = [torch.zeros(shape, requires_grad=True) for shape in SHAPES]
        for tensor in tensors:
            tensor.grad = torch.randn(tensor.numel(), generator=data).view(tensor.shape) * scale
        getattr(torch.nn.utils, kind + "_")(tensors, limit)
        lines.append(json.dumps({
            "kind": kind, "limit": limit, "scale": scale,
            "after": [tensor.grad.flatten()[:6].view(torch.int32).tolist() for tensor in tensors]}))
    with open("clipping.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__) + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
