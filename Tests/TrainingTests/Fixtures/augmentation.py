#!/usr/bin/env python3
"""Writes augmentation.json: the batches that torchvision's transforms give in a DataLoader, losses of a training on them,
splits of examples and an evaluation in batches.

    augmentation.py    (in this folder)

Each case has two epochs of batches after augmentation and normalisation, as the bytes of their floats in base 64, the labels
of the batches, which say their order, and what the generator hands out next. Needs torch and torchvision.
"""
import base64
import json
import os
import sys

import torch
from torch import nn

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../PyTorch"))
from torch_transforms import Augmented, composed, mixed, transforms  # noqa: E402

COUNT, BATCH, EPOCHS = 7, 3, 2
CROP, FLIP = {"name": "random_crop", "size": [6, 7], "padding": 2}, {"name": "random_horizontal_flip"}
ERASE = {"name": "random_erasing", "p": 0.9}
GREY, COLOUR = [1, 6, 7], [3, 6, 7]
MEAN = {"mean": [0.4, 0.5, 0.6], "std": [0.2, 0.25, 0.3]}
# The shape, the normalisation, what all images go through, what training images go through.
CASES = [
    (GREY, None, [], [CROP]), (COLOUR, MEAN, [], [CROP, FLIP]),
    (GREY, {"mean": [0.13], "std": [0.3]}, [], [{**CROP, "padding": [3, 1], "fill": 0.5}]),
    (COLOUR, MEAN, [], [{**CROP, "padding": [1, 0, 3, 2], "padding_mode": "edge"}, {**FLIP, "p": 0.25}]),
    (GREY, None, [], [{**CROP, "padding": 4, "padding_mode": "reflect"}]),
    (COLOUR, None, [], [{**CROP, "padding": [6, 5], "padding_mode": "symmetric"}]),
    (GREY, None, [], [{"name": "random_crop", "size": [6, 7]}]),
    (GREY, None, [], [{"name": "center_crop", "size": 4}, {**CROP, "pad_if_needed": True, "padding": None}]),
    (GREY, None, [], [{"name": "center_crop", "size": [5, 5]},
                      {**CROP, "pad_if_needed": True, "padding": None, "padding_mode": "symmetric"}]),
    (GREY, None, [], [{"name": "random_crop", "size": [4, 7]}, {"name": "pad", "padding": [0, 1], "fill": 0.7}]),
    (COLOUR, None, [], [{"name": "random_vertical_flip"}, {"name": "random_horizontal_flip", "p": 1}]),
    (COLOUR, None, [], [{"name": "random_vertical_flip", "p": 0}, {"name": "grayscale", "num_output_channels": 3}]),
    (COLOUR, {"mean": [0.5], "std": [0.25]}, [{"name": "grayscale"}], [FLIP]),
    (GREY, None, [{"name": "pad", "padding": 2}], [{"name": "random_crop", "size": [10, 11], "padding": 1}]),
    (GREY, None, [{"name": "center_crop", "size": [9, 4]}], [FLIP]),
    (COLOUR, MEAN, [{"name": "pad", "padding": [1, 2], "padding_mode": "reflect"}, {"name": "center_crop", "size": 7}],
     [{"name": "random_crop", "size": 7, "padding": 1}]),
    (GREY, None, [], [ERASE]), (COLOUR, MEAN, [], [CROP, FLIP, {**ERASE, "value": [0.1, 0.2, 0.3]}]),
    (COLOUR, None, [], [{**ERASE, "value": "random"}]), (GREY, None, [], [{**ERASE, "value": "random", "p": 1}, FLIP]),
    (COLOUR, None, [], [{**ERASE, "scale": [0.5, 1], "ratio": [0.2, 0.4], "value": 1}]),
    (GREY, None, [], [{**ERASE, "scale": [0, 0.02], "ratio": [1, 1]}, ERASE]),
]


# Batches that are mixed: alphas below 1 are drawn in another way than those above.
MIXES = [(shape, normal, [], augment, {"name": name, **alpha}) for (shape, normal, augment), name, alpha in zip(
    [(GREY, None, []), (COLOUR, MEAN, [CROP, FLIP]), (COLOUR, None, [{**ERASE, "value": "random"}])] * 4,
    ["mixup", "mixup", "cutmix", "cutmix"] * 3,
    [{}, {"alpha": 0.2}, {"alpha": 0.05}, {"alpha": 4}, {}, {"alpha": 1.5}, {"alpha": 0.2}, {}] * 2)]
LOSSES = {"cross_entropy": "cross_entropy", "mse": "mse_loss", "bce_with_logits": "binary_cross_entropy_with_logits",
          "smooth_l1": "smooth_l1_loss"}
MIXED_LOSSES = [{}, {"label_smoothing": 0.1}, {"weight": [0.5, 2, 1]}, {"label_smoothing": 0.2, "weight": [1, 0.2, 3]},
                {"loss": "mse"}, {"loss": "bce_with_logits"}, {"loss": "smooth_l1"}]


TURN, MOVE = {"name": "random_rotation", "degrees": 30}, {"name": "random_affine", "degrees": [-20, 45]}
SMOOTH = {"interpolation": "bilinear"}
JITTER = {"name": "color_jitter", "brightness": 0.4, "contrast": 0.5, "saturation": [0.2, 1.7], "hue": 0.3}
# Those that compute new values, which agree within 1e-5.
NEAR = [
    (GREY, None, [{"name": "resize", "size": [9, 5]}], [FLIP]), (COLOUR, MEAN, [{"name": "resize", "size": 4}], [FLIP]),
    (GREY, None, [{"name": "resize", "size": [3, 15], "antialias": False}], [FLIP]),
    (COLOUR, None, [{"name": "resize", "size": [4, 9], "interpolation": "nearest"}], [FLIP]),
    (GREY, None, [{"name": "resize", "size": 12, "max_size": 13}], [FLIP]),
    (COLOUR, MEAN, [], [{"name": "random_resized_crop", "size": [6, 7]}]),
    (GREY, None, [{"name": "resize", "size": [2, 3]}],
     [{"name": "random_resized_crop", "size": [2, 3], "scale": [0.5, 1], "ratio": [0.1, 9], "antialias": False}]),
    (GREY, None, [], [{"name": "random_resized_crop", "size": [6, 7], "interpolation": "nearest", "scale": [0.9, 1],
                       "ratio": [3, 4]}]),
    (GREY, None, [], [TURN]), (COLOUR, MEAN, [], [{**TURN, **SMOOTH, "fill": [0.1, 0.2, 0.3]}, FLIP]),
    (GREY, None, [], [{**TURN, **SMOOTH, "center": [1, 5], "degrees": [80, 100], "fill": 0.5}]),
    (COLOUR, None, [], [MOVE, FLIP]), (GREY, None, [], [{**MOVE, "translate": [0.3, 0.2], "fill": 0.7}]),
    (COLOUR, MEAN, [], [{**MOVE, **SMOOTH, "translate": [0, 0.4], "scale": [0.5, 1.5], "shear": 20}]),
    (GREY, None, [], [{**MOVE, **SMOOTH, "shear": [-10, 30], "center": [0, 0]}, CROP]),
    (GREY, None, [], [{**MOVE, "scale": [0.7, 0.9], "shear": [-10, 30, 5, 40], "fill": 1}]),
    (COLOUR, MEAN, [], [JITTER]), (GREY, None, [], [JITTER, FLIP]),
    (COLOUR, None, [], [{"name": "color_jitter", "hue": [-0.5, -0.1]}, {"name": "color_jitter", "saturation": 1}]),
    (COLOUR, None, [], [{"name": "color_jitter"}, {"name": "color_jitter", "contrast": [0, 3]}]),
]


def images(shape, count):
    """Bytes that the Swift test makes by the same rule, as ToTensor gives them."""
    size = count * shape[0] * shape[1] * shape[2]
    return torch.tensor([(i * i * 31 + i * 7 + 13) % 256 for i in range(size)]).float().div(255).view(-1, *shape)


def data(shape, normalize, fixed, augment, count):
    normal = [transforms.Normalize(tuple(normalize["mean"]), tuple(normalize["std"]))] if normalize else []
    change = transforms.Compose([composed(fixed), composed(augment), *normal])
    return Augmented(images(shape, count), torch.arange(count) % 3, change)


def case(seed, shape, normalize, fixed, augment, mix=None):
    torch.manual_seed(seed)
    change, shares = mixed(mix, 3), []
    loader = torch.utils.data.DataLoader(
        data(shape, normalize, fixed, augment, COUNT), batch_size=BATCH, shuffle=True)
    batches, labels = [], []
    for _ in range(EPOCHS):
        for x, y in loader:
            labels += y.tolist()
            x, y = change(x, y)
            batches.append(x.contiguous().numpy().astype("<f4").tobytes())
            shares.append(y.numpy().astype("<f4").tobytes())
    more = {"mix": mix, "shares": base64.b64encode(b"".join(shares)).decode()} if mix else {}
    return {"seed": seed, "shape": shape, "normalize": normalize, "transform": fixed, "augment": augment, **more,
            "batches": base64.b64encode(b"".join(batches)).decode(), "labels": labels,
            "next": torch.randint(0, 2**20, (1,)).item()}


def losses(seed, shape, normalize, fixed, augment, mix=None, loss="cross_entropy", **options):
    """A network with dropout, whose draws come between those of the batches."""
    torch.manual_seed(seed)
    change = mixed(mix, 3)
    model = nn.Sequential(nn.Flatten(), nn.Linear(shape[0] * shape[1] * shape[2], 8), nn.ReLU(), nn.Dropout(0.3),
                          nn.Linear(8, 3))
    loader = torch.utils.data.DataLoader(data(shape, normalize, fixed, augment, 30), batch_size=8, shuffle=True)
    step, found = torch.optim.SGD(model.parameters(), lr=0.1, momentum=0.5), []
    for _ in range(5):
        for x, y in loader:
            x, y = change(x, y)
            kept = {name: torch.tensor(value) if name == "weight" else value for name, value in options.items()}
            error = getattr(nn.functional, LOSSES[loss])(model(x), y, **kept)
            step.zero_grad()
            error.backward()
            step.step()
            found.append(error.item())
    return {"seed": seed, "shape": shape, "normalize": normalize, "transform": fixed, "augment": augment,
            **({"mix": mix, "loss": {"name": loss, **options}} if mix else {}), "losses": found}


def split(count, fold, folds, seed):
    """The parts that random_split makes of folds as large as those of scikit-learn's KFold; one validates."""
    sizes = [count // folds + (index < count % folds) for index in range(folds)]
    parts = torch.utils.data.random_split(range(count), sizes, generator=torch.Generator().manual_seed(seed))
    train = torch.utils.data.ConcatDataset(parts[:fold] + parts[fold + 1:])
    return {"count": count, "fold": fold, "of": folds, "seed": seed, "train": list(train), "validation": list(parts[fold])}


def evaluation(seed, size):
    """The mean loss over 30 images in batches of so many, with a normalisation that takes each batch's statistics."""
    torch.manual_seed(seed)
    model = nn.Sequential(nn.Flatten(), nn.BatchNorm1d(42, track_running_stats=False), nn.Linear(42, 3)).eval()
    data = torch.utils.data.TensorDataset(images(GREY, 30), torch.arange(30) % 3)
    total = 0
    with torch.no_grad():
        for x, y in torch.utils.data.DataLoader(data, batch_size=size):
            total += nn.functional.cross_entropy(model(x), y, reduction="sum").item()
    return {"seed": seed, "size": size, "loss": total / 30}


def main():
    fixture = {"torch": torch.__version__,
               "cases": [case(seed, *one) for seed, one in enumerate(CASES)],
               "near": [case(100 + seed, *one) for seed, one in enumerate(NEAR)],
               "trainings": [losses(3, *CASES[1]), losses(4, *CASES[17]), losses(5, GREY, None, [], [
                   CROP, FLIP, {**ERASE, "value": "random"}])],
               "mixes": [case(200 + seed, *one) for seed, one in enumerate(MIXES)],
               "mixedTrainings": [losses(300 + seed, *MIXES[seed], **options) for seed, options in enumerate(MIXED_LOSSES)],
               "splits": [split(23, fold, 5, 9) for fold in range(5)] + [split(8, 1, 2, 4294967295)],
               "evaluations": [evaluation(2, size) for size in (4, 7, 15, 30, 500)]}
    with open("augmentation.json", "w") as file:
        json.dump(fixture, file, indent=1)
        file.write("\n")


if __name__ == "__main__":
    main()
