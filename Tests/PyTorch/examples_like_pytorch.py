#!/usr/bin/env python3
"""Trains experiments/examples here, and as plain PyTorch scripts (Tests/PyTorch/examples), and compares them.

    examples_like_pytorch.py --bench .build/release/bench [--example NAME ...] [--seed 0 --seed 1] [--whole]

A script is what its source's page shows, with torchvision's own transforms and PyTorch's own DataLoader; `run` hands it
images and notes what it does. Shortened to at least 100 iterations over several epochs of a part of the data (milestones
with them), for each example and seed:
  initial  the first weights are equal to the bit;
  rates    so is the learning rate of every iteration;
  losses   of every iteration, and so the batches with their order, augmentation and dropout, agree within 1e-3 relative,
           or within three times PyTorch's own spread (the same script with inputs changed by 1e-7 of themselves,
           channels-last, without oneDNN, and in Double) where that is larger;
  scores   so do the losses of all evaluations, within 5e-3; accuracies differ by no more than PyTorch's do, or one image.
The scripts of the spread run one by one, until it is wide enough.
With --whole the PyTorch script trains as long as its source does, and the scores of its epochs are printed: nothing is
compared. Ends with code 1 where something differs. Fashion-MNIST is replaced by MNIST where it does not lie in --data.
Needs: pip install "torch==2.13.0+cpu" torchvision numpy safetensors pillow.
"""
import argparse
import gzip
import importlib
import json
import math
import os
import sys
import tempfile
import time
import warnings
from pathlib import Path

try:
    import numpy as np
    import torch
    from PIL import Image

    import torch_transforms  # noqa: F401, mends torchvision's import
    from random_chains import STILL, Study, relative
except ImportError as missing:
    sys.exit(f"{missing}; pip install torch torchvision numpy safetensors pillow")

HERE = Path(__file__).resolve().parent
GRIDS = HERE.parents[1] / "experiments" / "examples"
sys.path.insert(0, str(HERE / "examples"))
# Training examples, epochs, and what is shortened with them.
SHORT = {
    "pytorch-mnist": (2000, 4, {}), "pytorch-cifar10": (220, 2, {}), "fashion-mnist-quickstart": (2000, 4, {}),
    "nn-tutorial": (2000, 4, {}), "keras-mnist-convnet": (4000, 4, {}), "keras-cifar10-cnn": (1000, 4, {}),
    "lenet-5": (4000, 4, {}), "mnist-99-7": (1700, 4, {}),
    "resnet20-cifar10": (3200, 4, {"optimizer.scheduler.milestones": [2, 3]}), "one-cycle": (3300, 4, {}),
    "mlx-mnist": (6600, 4, {}), "tinygrad-mnist": (6000, None, {"training.iterations": 100}),
}


class Enough(Exception):
    """As many iterations as were asked for are done."""


def read(path, offset):
    name = path if path.exists() else path.with_name(path.name + ".gz")
    with (gzip.open if name.suffix == ".gz" else open)(name, "rb") as file:
        return np.frombuffer(file.read()[offset:], dtype=np.uint8)


def arrays(data, name, part):
    """Images [example, row, column(, colour)] of bytes and their labels."""
    if name == "cifar10":
        files = {"train": sorted(data.glob("cifar-10-batches-bin/data_batch_*.bin")),
                 "test": [data / "cifar-10-batches-bin/test_batch.bin"]}[part]
        rows = np.concatenate([read(file, 0) for file in files]).reshape(-1, 3073)
        return rows[:, 1:].reshape(-1, 3, 32, 32).transpose(0, 2, 3, 1), rows[:, 0]
    folder, prefix = data / name.replace("_", "-"), {"train": "train", "test": "t10k"}[part]
    images = read(folder / f"{prefix}-images-idx3-ubyte", 16).reshape(-1, 28, 28)
    return images, read(folder / f"{prefix}-labels-idx1-ubyte", 8)


class Images(torch.utils.data.Dataset):
    """Pictures as torchvision's data sets give them."""

    def __init__(self, images, labels, transform, noise):
        self.images, self.labels, self.transform, self.noise = images, labels, transform, noise

    def __len__(self):
        return len(self.labels)

    def __getitem__(self, index):
        image = self.transform(Image.fromarray(self.images[index]))
        return image if self.noise is None else image * self.noise[index], int(self.labels[index])


class QuietLoader:
    """Batches of images in order, without the draw that iterating a DataLoader makes."""

    def __init__(self, images):
        self.images = images

    def __iter__(self):
        for start in range(0, len(self.images), 500):
            batch = [self.images[index] for index in range(start, min(start + 500, len(self.images)))]
            yield torch.stack([image for image, _ in batch]), torch.tensor([label for _, label in batch])


class Run:
    """What a script asks for, and what it did."""

    def __init__(self, grid, data, seed, dtype=torch.float32, is_last=False, jitters=False):
        self.seed, self.dtype, self.is_last, self.jitters = seed, dtype, is_last, jitters
        selection, self.training = grid["dataset"], grid["training"]
        self.parts = {part: arrays(data, selection["name"], part) for part in ("train", "test")}
        for part in ("train", "test"):
            count = selection.get(part, len(self.parts[part][1]))
            self.parts[part] = tuple(values[:count] for values in self.parts[part])
        validation = selection.get("validation", 0)
        if validation:
            self.parts["validation"] = tuple(values[-validation:] for values in self.parts["train"])
            self.parts["train"] = tuple(values[:-validation] for values in self.parts["train"])
        self.first, self.rates, self.losses, self.scores = None, [], [], {}

    @property
    def done(self):
        return len(self.losses)

    def epochs(self, published, of=None):
        """How many epochs stand for those of the source."""
        of, epochs = of or published, self.training["epochs"]
        return published * epochs // of

    def images(self, part, transform):
        images, labels = self.parts[part]
        noise = None
        if self.jitters and part == "train":
            noise = 1 + 1e-7 * torch.randn(len(labels), generator=torch.Generator().manual_seed(1))
        return Images(images, labels, transform, noise)

    def quiet_loader(self, part, transform):
        """A loader that draws nothing."""
        return QuietLoader(self.images(part, transform))

    def cast(self, images):
        images = images.to(self.dtype)
        return images.contiguous(memory_format=torch.channels_last) if self.is_last else images

    def started(self, model):
        self.first = [value.detach().clone() for value in model.parameters()]
        model = model.to(self.dtype)
        return model.to(memory_format=torch.channels_last) if self.is_last else model

    def step(self, optimizer, loss):
        self.rates.append(optimizer.param_groups[0]["lr"])
        optimizer.step()
        self.losses.append(loss.item())

    def tested(self, model, loader, criterion, part="test"):
        was_training = model.training
        model.eval()
        count, total, right = 0, 0.0, 0
        with torch.no_grad():
            for images, labels in loader:
                output = model(self.cast(images))
                total += criterion(output, labels).item() * len(labels)
                right += int((output.argmax(1) == labels).sum())
                count += len(labels)
        model.train(was_training)
        self.scores.setdefault(self.done, {})[part] = (total / count, right / count)
        if part == "test" and self.done >= self.training.get("iterations", math.inf):
            raise Enough


def trained(name, grid, data, seed, make=Run, mkldnn=True, **options):
    run = make(grid, data, seed, **options)
    with torch.backends.mkldnn.flags(enabled=mkldnn):
        try:
            importlib.import_module(name.replace("-", "_")).main(run)
        except Enough:
            pass
    return run


def shortened(grid, name):
    count, epochs, settings = SHORT[name]
    grid = json.loads(json.dumps(grid))
    validation = 500 if grid["dataset"].get("validation") else 0
    grid["dataset"] |= {"train": count + validation, "test": 500} | ({"validation": validation} if validation else {})
    if epochs:
        grid["training"]["epochs"] = epochs
    for path, value in settings.items():
        *sections, last = path.split(".")
        section = grid
        for part in sections:
            section = section[part]
        section[last] = value
    return grid


def compare(name, grid, seed, options):
    grid = {**shortened(grid, name), "seeds": [seed]}
    theirs = trained(name, grid, options.data, seed)
    with tempfile.TemporaryDirectory() as folder:
        still = {**grid, "optimizer": STILL, "training": {**grid["training"], "iterations": 1, "epochs": None}}
        still["training"] = {key: value for key, value in still["training"].items() if value is not None}
        first = Study(options.bench, folder, still)
        drawn = [value for key, value in first.weights(next(iter(first.trials))).items()
                 if not key.endswith(("running_mean", "running_var", "num_batches_tracked"))]
    same_bits = len(drawn) == len(theirs.first) and all(map(torch.equal, drawn, theirs.first))
    with tempfile.TemporaryDirectory() as folder:
        ours = Study(options.bench, folder, grid)
        label = next(iter(ours.trials))
        losses, scores = ours.losses(label), ours.scores(label)
        rows = ours.query("SELECT value FROM curves WHERE split = 'train' AND metric = 'lr' ORDER BY iteration")
        rates = [row["value"] for row in rows] or [grid["optimizer"]["lr"]] * len(losses)
    # Scores of the final iteration alone stand under "train" too.
    scores = {at: {part: value for part, value in parts.items() if part != "train"} for at, parts in scores.items()}
    if len(losses) != len(theirs.losses) or set(scores) != set(theirs.scores):
        print(f"| {name} | {seed} | {len(losses)} losses, PyTorch {len(theirs.losses)}; evaluations at {sorted(scores)}, "
              f"PyTorch {sorted(theirs.scores)} | DIFFERS |")
        return False
    gap = relative(losses, np.array(theirs.losses)).max()
    def worst(run, against):
        pairs = [(run.scores[at][part], against[at][part]) for at in against for part in against[at]]
        return max(abs(a[0] - b[0]) / b[0] for a, b in pairs), max(abs(a[1] - b[1]) for a, b in pairs)
    score_gap, accuracy_gap = worst(theirs, scores)
    spread = score_spread = accuracy_spread = 0.0
    has_draws = any(layer["type"].startswith("dropout") for layer in grid["model"].get("layers", []))
    # Dropout's masks follow the order of the memory.
    others = [{"jitters": True}] + [{"is_last": True}] * (not has_draws) + [{"mkldnn": False}, {"dtype": torch.float64}]

    def agreement():
        return {
            "losses": gap <= max(1e-3, 3 * spread),
            "scores": score_gap <= max(5e-3, 3 * score_spread)
            and accuracy_gap <= max(1 / 500 + 1e-9, 3 * accuracy_spread),
        }

    while others and not all(agreement().values()):
        run = trained(name, grid, options.data, seed, **others.pop(0))
        spread = max(spread, relative(np.array(run.losses), np.array(theirs.losses)).max())
        loss, accuracy = worst(run, theirs.scores)
        score_spread, accuracy_spread = max(score_spread, loss), max(accuracy_spread, accuracy)
    fine = {"weights": same_bits, "rates": rates == theirs.rates, **agreement()}
    own = f"{'≥ ' if others else ''}{spread:.1e}" if spread else "–"
    wrong = ", ".join(key for key, value in fine.items() if not value)
    print(f"| {name} | {seed} | {len(losses)} | {'equal' if same_bits else 'DIFFER'} | {'equal' if fine['rates'] else 'DIFFER'} "
          f"| {gap:.1e} | {own} | {score_gap:.1e} | {accuracy_gap * 500:.0f} of 500 | {'same' if not wrong else wrong + ' DIFFER'} |",
          flush=True)
    return not wrong


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--bench", type=lambda path: str(Path(path).resolve()), default=".build/release/bench")
    parser.add_argument("--data", type=Path, default=os.environ.get("BENCH_DATA"))
    parser.add_argument("--example", action="append", choices=list(SHORT))
    parser.add_argument("--seed", type=int, action="append", help="seeds (default: 0 and 1)")
    parser.add_argument("--whole", action="store_true")
    options = parser.parse_args()
    if not options.data:
        sys.exit("where is the data? --data DIR or BENCH_DATA=DIR, the folder that holds mnist/ and cifar-10-batches-bin/")
    os.environ["BENCH_DATA"] = str(options.data)
    missing = {path.stem for path in GRIDS.glob("*.json")} ^ set(SHORT)
    if missing:
        sys.exit(f"examples without a grid or a script: {sorted(missing)}")
    torch.set_num_threads(1)
    warnings.filterwarnings("ignore", message="TF32 acceleration")
    start, results = time.monotonic(), []
    if not options.whole:
        print(f"PyTorch {torch.__version__}\n\n| example | seed | iterations | first weights | rates | losses, largest "
              "relative difference | PyTorch's own spread | losses of evaluations | accuracies, largest difference | |\n"
              "|---|--:|--:|---|---|--:|--:|--:|--:|---|")
    for name in options.example or SHORT:
        grid = json.loads((GRIDS / f"{name}.json").read_text())
        if grid["dataset"]["name"] == "fashion_mnist" and not (options.data / "fashion-mnist").is_dir():
            grid["dataset"]["name"] = "mnist"
        for seed in options.seed or [0, 1]:
            if options.whole:
                run = trained(name, grid, options.data, seed)
                for at, parts in run.scores.items():
                    print(f"{name} seed {seed} iteration {at}: test accuracy {100 * parts['test'][1]:.2f} %", flush=True)
            else:
                results.append(compare(name, grid, seed, options))
    if not options.whole:
        print(f"\n{sum(results)} of {len(results)} are as in PyTorch; {time.monotonic() - start:.0f} s")
        sys.exit(0 if all(results) else 1)


if __name__ == "__main__":
    main()
