#!/usr/bin/env python3
"""Writes random_numbers.json: what PyTorch's generator hands out, floats as bit patterns.

    random_numbers.py    (in this folder)
"""
import json

import numpy as np
import torch

BITS = lambda tensor: tensor.view(torch.int32).tolist()
SEEDS = [0, 1, 7, 2**31, 2**32 + 5, 2**63 + 11]


def wide_permutation(seed, count):
    """What randperm gives from 214,748,364 items on, written out; held against torch.randperm(214748367) once."""
    bits = np.random.MT19937()
    bits._legacy_seeding(seed % 2**32)
    order = []
    for index in range(count):
        high, low = map(int, bits.random_raw(2))
        place = (high << 32 | low) % (index + 1)
        order.append(index)
        order[index], order[place] = order[place], index
    return order


def main():
    cases = []
    for seed in SEEDS:
        case = {"seed": str(seed)}
        torch.manual_seed(seed)
        case["int64"] = [str(torch.empty((), dtype=torch.int64).random_().item()) for _ in range(4)]
        case["uniform"] = BITS(torch.empty(700).uniform_(-0.3, 0.7))[-8:]
        case["permutation"] = torch.randperm(40).tolist()
        case["wide_permutation"] = wide_permutation(seed, 40)
        case["permutation_of_one"] = torch.randperm(1).tolist()
        case["bernoulli"] = torch.empty(30).bernoulli_(0.3).int().tolist()
        case["normal"] = {}
        for count in [1, 2, 5, 15, 16, 17, 40, 1000]:
            case["normal"][str(count)] = BITS(torch.empty(count).normal_(0.5, 2.0))[-20:]
        case["next"] = torch.empty((), dtype=torch.int64).random_().item() & 0xffffffff
        # DataLoaders: two epochs of a shuffled one, a test loader read in the middle of the first, one in order.
        torch.manual_seed(seed)
        data = torch.utils.data.TensorDataset(torch.arange(23))
        shuffled = torch.utils.data.DataLoader(data, batch_size=5, shuffle=True)
        plain = torch.utils.data.DataLoader(data, batch_size=5)
        order = []
        for index, (batch,) in enumerate(shuffled):
            order += batch.tolist()
            if index == 1:
                list(plain)
            if index == 2:
                list(shuffled)
        case["first_epoch"] = order
        case["second_epoch"] = [value for (batch,) in shuffled for value in batch.tolist()]
        case["after_epochs"] = str(torch.empty((), dtype=torch.int64).random_().item())
        cases.append(case)
    with open("random_numbers.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(case) for case in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
