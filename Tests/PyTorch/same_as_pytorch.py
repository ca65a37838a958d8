#!/usr/bin/env python3
"""Trains the same networks here and in PyTorch on the same data from the same seeds, and compares them number by number.

    same_as_pytorch.py --bench .build/release/bench --data DIR [--case model-a ...] [--seed 0 ...] [--iterations 100]

For each case and seed:
  initial  the weights before the first step are equal to the bit;
  losses   of the first iterations agree within 1e-3 relative, or within three times the largest of PyTorch's own spread
           (the same run in Double, channels-last and without oneDNN) where that is larger. Only cnn-adam needs it: the
           iteration in which rounding first gives a pooling window another winner is chance, and from there on Adam at
           this rate drives any two runs apart. The cases with
           "epochs" in their name pass over a small training set several times, so that a wrong order of batches shows;
           those with "loader" evaluate through a DataLoader in the middle of an epoch;
  logits   a network trained here gives, in PyTorch, the logits that it gives here, within 1e-4 of the largest,
           and the accuracy;
  back     a state_dict trained in PyTorch gives here the accuracy that it has there.
Ends with code 1 where a case differs. Needs: pip install "torch==2.13.0+cpu" numpy safetensors pillow.
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile
import time

try:
    import numpy as np
    import torch
    from safetensors.torch import load_file, save_file
    from torch import nn

    import versus_pytorch as presets
    from random_grids import build, lowered
    from torch_schedule import Schedule, clip
    from versus_pytorch import read
except ImportError as missing:
    sys.exit(f"{missing}; pip install torch numpy safetensors pillow")

ADAM = {"name": "adam", "lr": 0.01}


def conv1d():
    return nn.Sequential(
        nn.Conv1d(28, 16, 5, 1, 2), nn.ReLU(), nn.MaxPool1d(2), nn.Conv1d(16, 32, 5, 1, 2), nn.ReLU(), nn.MaxPool1d(2),
        nn.Flatten(), nn.Linear(224, 10))


def preset(name, **training):
    """A preset with its own recipe."""
    model, optimizer, batch, dataset = presets.PRESETS[name]
    layers, shape = lowered(model, [3, 32, 32] if dataset["name"] == "cifar10" else [1, 28, 28], 10, "cross_entropy")
    return {"make": lambda: build(shape, layers), "model": {"preset": name}, "optimizer": optimizer, "batch": batch,
            "data": dataset["name"], **training}


CASES = {
    **{name: preset(name) for name in presets.PRESETS},
    "cnn-adam": {**preset("model-a"), "optimizer": ADAM},
    "cnn-schedule": {**preset("model-a"), "clip": {"clip_grad_norm": 0.5}, "optimizer": {
        "name": "sgd", "lr": 0.1, "momentum": 0.9, "scheduler": {
            "name": "sequential_lr", "milestones": [10], "interval": "iteration", "schedulers": [
                {"name": "linear_lr", "start_factor": 0.1, "total_iters": 10},
                {"name": "cosine_annealing_lr", "T_max": 40}]}}},
    "conv1d": {"make": conv1d, "model": {"family": "conv1d", "channels": [16, 32], "kernel_size": 5, "padding": "same"},
               "optimizer": {"name": "sgd", "lr": 0.05, "momentum": 0.9}, "batch": 20, "data": "mnist"},
    "model-c, epochs": preset("model-c", train=1030),
    "mlp, epochs": preset("mlp", train=777),
    "model-a, loader": preset("model-a", train=1030, draws="loader", every=7),
    "mlp, shuffled loader": preset("mlp", train=1030, draws="shuffled_loader", every=3),
}


class Images(torch.utils.data.Dataset):
    def __init__(self, name, folder, part, rows_as_sequence):
        if name == "mnist":
            prefix = {"train": "train", "test": "t10k"}[part]
            pixels = read(f"{folder}/mnist/{prefix}-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
            self.labels = torch.from_numpy(read(f"{folder}/mnist/{prefix}-labels-idx1-ubyte", 8)).long()
            self.images = torch.from_numpy(pixels).float().div(255)
        else:
            files = {"train": ["data_batch_1.bin"], "test": ["test_batch.bin"]}[part]
            rows = np.concatenate([read(f"{folder}/cifar-10-batches-bin/{file}", 0) for file in files]).reshape(-1, 3073)
            self.labels = torch.from_numpy(rows[:, 0].copy()).long()
            self.images = (torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy()).float().div(255) - 0.5) / 0.5
        if rows_as_sequence:  # a step of the sequence is a row of the image, its pixels are the channels
            self.images = self.images.squeeze(1).transpose(1, 2).contiguous()

    def first(self, count):
        self.images, self.labels = self.images[:count], self.labels[:count]
        return self

    def __len__(self):
        return len(self.images)

    def __getitem__(self, index):
        return self.images[index], int(self.labels[index])


class PyTorch:
    """One case as a script of the tutorials trains it."""

    def __init__(self, case, folder, train, test):
        self.case = case
        is_sequence = case["model"].get("family") == "conv1d"
        self.train_set = Images(case["data"], folder, "train", is_sequence).first(train)
        self.test_set = Images(case["data"], folder, "test", is_sequence).first(test)

    def train(self, seed, iterations, dtype=torch.float32, channels_last=False):
        """The initial state, the losses and the trained model."""
        case = self.case
        torch.manual_seed(seed)
        loader = torch.utils.data.DataLoader(self.train_set, batch_size=case["batch"], shuffle=True)
        test_loader = torch.utils.data.DataLoader(
            self.test_set, batch_size=1000, shuffle=case.get("draws") == "shuffled_loader")
        model = case["make"]()
        initial = {name: value.clone() for name, value in model.state_dict().items()}
        model = model.to(dtype)
        if channels_last and self.train_set.images.dim() == 4:
            model = model.to(memory_format=torch.channels_last)
        options = dict(case["optimizer"])
        kind, scheduler = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam}[options.pop("name")], options.pop("scheduler", None)
        optimizer, criterion, losses = kind(model.parameters(), **options), nn.CrossEntropyLoss(), []
        schedule = Schedule(scheduler, optimizer, iterations, len(loader))
        while True:
            for images, labels in loader:
                images = images.to(dtype)
                if channels_last and images.dim() == 4:
                    images = images.contiguous(memory_format=torch.channels_last)
                optimizer.zero_grad()
                loss = criterion(model(images), labels)
                loss.backward()
                clip(case.get("clip", {}), list(model.parameters()))
                optimizer.step()
                schedule.trained()
                losses.append(loss.item())
                if "draws" in case and len(losses) % case["every"] == 0:
                    with torch.no_grad():
                        for images, labels in test_loader:
                            model(images.to(dtype))
                if len(losses) == iterations:
                    return initial, np.array(losses), model

    def spread(self, seed, iterations, losses):
        """How far PyTorch's own ways of computing the same lie apart at most, relatively."""
        others = [self.train(seed, iterations, dtype=torch.float64)[1],
                  self.train(seed, iterations, channels_last=True)[1]]
        with torch.backends.mkldnn.flags(enabled=False):
            others.append(self.train(seed, iterations)[1])
        return float(np.max([np.abs(other - losses) / losses for other in others]))

    def outputs(self, model):
        model.eval()
        with torch.no_grad():
            return torch.cat([model(part) for part in self.test_set.images.split(500)])

    def right(self, outputs):
        return int((outputs.argmax(1) == self.test_set.labels).sum())


class Bench:
    """The program, in a folder of its own."""

    def __init__(self, program, data, folder):
        self.program, self.data, self.folder = os.path.abspath(program), os.path.abspath(data), folder

    def call(self, *arguments):
        outcome = subprocess.run(
            [self.program, *arguments], cwd=self.folder, capture_output=True, text=True,
            env={**os.environ, "BENCH_DATA": self.data, "BENCH_DB": "bench.db"})
        if outcome.returncode != 0:
            sys.exit(f"bench {' '.join(arguments)} ended with {outcome.returncode}:\n{outcome.stdout}{outcome.stderr}")
        return outcome.stdout

    def run(self, name, case, train, test, seeds, iterations, weights=None, learns=True):
        """Runs a grid; a row of the view `trials` for each seed. Without learning, the weights stay to the bit."""
        dataset = {"name": case["data"], "train": train, "test": test}
        if case["data"] == "cifar10":
            dataset["normalize"] = {"mean": [0.5] * 3, "std": [0.5] * 3}
        training = {"batch_size": case["batch"], "iterations": iterations, "evaluate_every": case.get("every", iterations)}
        training |= case.get("clip", {})
        if "draws" in case:
            training["evaluation_draws"] = case["draws"]
        grid = {"name": name, "dataset": dataset, "model": case["model"], "training": training, "seeds": seeds,
                "optimizer": case["optimizer"] if learns else {"name": "sgd", "lr": 1e-30}}
        if weights:
            grid["initial_weights"] = weights
        with open(f"{self.folder}/{name}.json", "w") as file:
            json.dump(grid, file)
        self.call("run", f"{name}.json", "-q")
        return {row["seed"]: row for row in self.query("SELECT * FROM trials WHERE study = ?", name)}

    def losses(self, trial):
        rows = self.query("SELECT value FROM curves WHERE trial = ? AND split = 'train' AND metric = 'loss' "
                          "ORDER BY iteration", trial)
        return np.array([row["value"] for row in rows])

    def weights(self, trial):
        self.call("export", "weights", trial, "--output", "exported.safetensors")
        return load_file(f"{self.folder}/exported.safetensors")

    def logits(self, trial, image):
        """The last layer's outputs for a test image, from the data beside its feature maps."""
        paths = self.call("show", trial, "--feature-maps", str(image)).split()
        with open(f"{self.folder}/{paths[0].removesuffix('.svg')}.tsv") as file:
            blocks = file.read().strip("\n").split("\n\n\n")
        # The last block holds the soft-max's shares, the one before it the last layer.
        return np.array([float(line.split("\t")[2]) for line in blocks[-2].splitlines()[1:]])

    def query(self, text, *values):
        connection = sqlite3.connect(f"file:{self.folder}/bench.db?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(text, values).fetchall()
        finally:
            connection.close()


def compare(name, bench, options):
    case = CASES[name]
    file = name.replace(", ", "-").replace(" ", "-")
    train = case.get("train", 8000 if case["data"] == "cifar10" else 60000)
    test = 1000
    theirs = PyTorch(case, options.data, train, test)
    ours = bench.run(file, case, train, test, options.seed, options.iterations)
    untrained = bench.run(f"{file}-initial", case, train, test, options.seed, 1, learns=False)
    all_fine = True
    for seed in options.seed:
        initial, losses, model = theirs.train(seed, options.iterations)
        drawn = bench.weights(untrained[seed]["trial"])
        same_bits = list(initial) == list(drawn) and all(torch.equal(initial[key], drawn[key]) for key in initial)

        mine = bench.losses(ours[seed]["trial"])
        difference = np.abs(mine - losses) / losses if len(mine) == len(losses) else np.full(len(losses), np.inf)
        relative = float(difference.max())
        spread = ""
        losses_fit = relative <= 1e-3
        if not losses_fit and np.isfinite(relative):
            own = theirs.spread(seed, options.iterations, losses)
            losses_fit = relative <= 3 * own
            spread = f"{own:.1e}"

        model.load_state_dict(bench.weights(ours[seed]["trial"]))
        outputs = theirs.outputs(model)
        here = [bench.logits(ours[seed]["trial"], image) for image in range(3)]
        there = outputs[:3].double().numpy()
        logits = float(np.abs(here - there).max() / np.abs(there).max())
        accuracies = (round(ours[seed]["test_accuracy"] * test), theirs.right(outputs))

        _, _, trained = theirs.train(seed + 100, options.iterations)
        save_file(trained.state_dict(), f"{bench.folder}/{file}-{seed}.safetensors")
        taken = bench.run(f"{file}-back-{seed}", case, train, test, [0], 1, f"{file}-{seed}.safetensors", learns=False)
        back = (round(taken[0]["test_accuracy"] * test), theirs.right(theirs.outputs(trained)))

        fine = same_bits and losses_fit and logits <= 1e-4 and accuracies[0] == accuracies[1] and back[0] == back[1]
        all_fine = all_fine and fine
        print(f"| {name} | {seed} | {'equal' if same_bits else 'DIFFER'} | {relative:.1e} | {spread or '–'} | {logits:.1e} "
              f"| {accuracies[0]} = {accuracies[1]} | {back[0]} = {back[1]} | {'same' if fine else 'DIFFERS'} |", flush=True)
    return all_fine


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--data", default=os.environ.get("BENCH_DATA"))
    parser.add_argument("--case", action="append", choices=list(CASES))
    parser.add_argument("--seed", type=int, action="append", help="seeds (default: 0 and 1)")
    parser.add_argument("--iterations", type=int, default=100)
    options = parser.parse_args()
    if not options.data:
        sys.exit("where is the data? --data DIR or BENCH_DATA=DIR, the folder that holds mnist/ and cifar-10-batches-bin/")
    options.seed = options.seed or [0, 1]
    torch.set_num_threads(1)
    print(f"PyTorch {torch.__version__}, {options.iterations} iterations\n")
    print("| case | seed | initial weights | losses, largest relative difference | PyTorch's own spread | logits "
          "| right of 1,000, here = there | PyTorch's weights, here = there | |")
    print("|---|--:|---|--:|--:|--:|--:|--:|---|")
    with tempfile.TemporaryDirectory() as folder:
        bench = Bench(options.bench, options.data, folder)
        start, results = time.monotonic(), {}
        for name in options.case or CASES:
            results[name] = compare(name, bench, options)
    differing = [name for name, fine in results.items() if not fine]
    print(f"\n{len(results) - len(differing)} of {len(results)} cases are as in PyTorch, seeds "
          f"{', '.join(map(str, options.seed))}; {time.monotonic() - start:.0f} s")
    if differing:
        sys.exit(f"not as in PyTorch: {', '.join(differing)}")


if __name__ == "__main__":
    main()
