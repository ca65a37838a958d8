"""The sampler of a grid as PyTorch's own."""
import torch
from torch.utils.data import RandomSampler, WeightedRandomSampler


def sampler(options, labels, classes):
    """What a DataLoader over examples with these labels gets as its sampler; None where it draws itself."""
    if not options:
        return None
    labels, count = labels.long(), options.get("num_samples") or len(labels)
    if options["name"] == "random_sampler":
        return RandomSampler(range(len(labels)), options.get("replacement", False), options.get("num_samples"))
    weights = options["weights"]
    if weights == "balanced":
        weights = 1 / torch.bincount(labels, minlength=classes).double()
    return WeightedRandomSampler(torch.as_tensor(weights, dtype=torch.double)[labels], count)
