#!/usr/bin/env python3
"""Trains random networks here and in PyTorch from the same seeds, and prints every difference with its grid.

    random_chains.py --bench .build/release/bench [--count 200] [--seed 0] [--keep DIR]

A chain is a random grid: layers with random options (or a family), loss, optimizer, batches, evaluations, seed and data
that the script makes. For each:
  initial     the first weights are equal to the bit (orthogonal ones within 2e-6), in PyTorch's names and order;
  losses      of every iteration agree within 1e-3 relative, or within three times PyTorch's own spread up to there (the
              same run in Double, channels-last, without oneDNN, and with inputs changed by 1e-7 of themselves) where
              that is larger; a wrong order of batches shows;
  rates       the learning rates that a scheduler gives are PyTorch's to the last bit, but on a plateau of scores;
  scores      so do the losses of all evaluations, within 5e-3, and the accuracies but for one example;
  weights     so do the last weights, within 2e-2 (Adam makes steps of what rounding leaves of a gradient of zero);
  exported    the file has PyTorch's dtypes and gives, in PyTorch, the loss and the accuracy that it gave here;
  taken       PyTorch's own state_dict, in one of four dtypes, gives here the losses that it gives there;
  maps        of every 25th chain: what every layer makes of an image, by a picture's data, is what PyTorch computes.
And what PyTorch refuses, bench refuses. Ends with code 1 where something differs. A chain is known by its number:
`--seed 17 --count 1` tries chain 17 again. Needs: pip install "torch==2.13.0+cpu" numpy safetensors.
"""
import argparse
import collections
import json
import math
import os
import sqlite3
import subprocess
import sys
import warnings
import tempfile

try:
    import numpy as np
    import torch
    from safetensors.torch import load_file, save_file
except ImportError as missing:
    sys.exit(f"{missing}; pip install torch numpy safetensors")

from random_grids import Draw, build, draw_grid, every, everywhere, replaced
from torch_trial import TorchTrial

STILL = {"name": "sgd", "lr": 0}
# Where PyTorch's own runs have lain so far apart, what follows says nothing.
CHAOS = 0.03
DTYPES = [torch.float32, torch.float64, torch.float16, torch.bfloat16]


Gap = collections.namedtuple("Gap", "what at size limit")


class Difference(Exception):
    """What is not as in PyTorch."""


class Study:
    """A grid's trials after `bench run`."""

    def __init__(self, program, folder, grid):
        self.program, self.folder = program, folder
        with open(f"{folder}/grid.json", "w") as file:
            json.dump(grid, file)
        self.outcome = self.call("run", "grid.json", "-q", "-j", "1")
        if self.outcome.returncode not in (0, 3):
            raise Difference(f"bench run ended with {self.outcome.returncode}: {self.outcome.stderr.strip()}")
        self.trials = {row["label"]: row for row in self.query("SELECT * FROM trials")}

    def call(self, *arguments):
        return subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True,
                              env={**os.environ, "BENCH_DB": "bench.db"})

    def query(self, text, *values):
        connection = sqlite3.connect(f"file:{self.folder}/bench.db?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return connection.execute(text, values).fetchall()
        finally:
            connection.close()

    def losses(self, label):
        rows = self.query("SELECT value, kind FROM curves WHERE label = ? AND split = 'train' AND metric = 'loss' "
                          "ORDER BY iteration", label)
        return np.array([number(row) for row in rows])

    def scores(self, label):
        scores = {}
        for row in self.query("SELECT * FROM curves WHERE label = ? AND split <> 'train' ORDER BY iteration", label):
            scores.setdefault(row["iteration"], {}).setdefault(row["split"], {})[row["metric"]] = number(row)
        return {at: {part: (value["loss"], value.get("accuracy")) for part, value in parts.items()}
                for at, parts in scores.items()}

    def weights(self, label):
        outcome = self.call("export", "weights", self.trials[label]["trial"], "--output", f"{label}.safetensors")
        if outcome.returncode != 0:
            raise Difference(f"export of {label}: {outcome.stderr.strip()}")
        return load_file(f"{self.folder}/{label}.safetensors")

    def header(self, label):
        with open(f"{self.folder}/{label}.safetensors", "rb") as file:
            return json.loads(file.read(int.from_bytes(file.read(8), "little")))


def number(row):
    return row["value"] if row["kind"] == "finite" else float(row["kind"])


def relative(mine, theirs, floor=1e-6):
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        gap = np.abs(mine - theirs) / np.maximum(np.abs(theirs), floor)
    return np.where(np.isfinite(mine) | np.isfinite(theirs), np.where(np.isnan(gap), np.inf, gap), 0)


def still(model):
    """A model whose layers have no learning rates of their own."""
    layers = replaced(model.get("layers", []), lambda layer: {
        key: value for key, value in layer.items() if key not in ("lr", "weight_decay")})
    return {**model, "layers": layers} if layers else model


class Chain:
    """One random grid, compared."""

    def __init__(self, program, seed, folder):
        self.draw, self.folder, self.program, self.seed = Draw(seed), folder, program, seed
        self.grid, self.data, self.refused = draw_grid(self.draw, folder)
        self.trial = TorchTrial(self.grid, self.data)

    def check(self):
        try:
            first, losses, scores, model = self.trial.train()
        except ValueError as error:
            if "more than 1 value per channel" not in str(error):
                raise
            return self.check_refused()
        last = {name: value.clone() for name, value in model.state_dict().items()}
        dtype = self.draw.choice(DTYPES)
        taken = {name: value if value.dtype == torch.int64 else value.to(dtype).float() for name, value in last.items()}
        save_file({self.trial.name_of(name): value if value.dtype == torch.int64 else value.to(dtype)
                   for name, value in last.items()}, f"{self.folder}/theirs.safetensors")
        grid = {**self.grid, "variants": {
            "trained": {}, "initial": {
                "model": still(self.grid["model"]), "optimizer": STILL, "training": {"batch_size": 2, "iterations": 1}}}}
        takes = all(torch.isfinite(value).all() for value in taken.values())  # Float16 ends at 65504
        if takes:
            grid["variants"]["taken"] = {"initial_weights": "theirs.safetensors"}
        if self.trial.minimum_batch > 1 and len(self.trial.sets["train"][1]) % 2:
            grid["variants"]["initial"]["training"]["batch_size"] = len(self.trial.sets["train"][1])
        study = Study(self.program, self.folder, grid)
        for label, row in study.trials.items():
            if row["state"] not in ("done", "diverged"):
                raise Difference(f"{label} is {row['state']}: {row['error']}")
        self.compare_initial(first, study.weights("initial"), study)
        self.compare_run("trained", study, losses, scores, last)
        if takes:
            _, losses, scores, model = self.trial.train(state=taken)
            self.compare_run("taken", study, losses, scores, model.state_dict(), state=taken)
        self.compare_exported(study)
        if self.seed % 25 == 0:
            self.compare_maps(study)

    def check_refused(self):
        """PyTorch refuses to train on a batch of one where a batch normalisation would have one value."""
        with open(f"{self.folder}/grid.json", "w") as file:
            json.dump(self.grid, file)
        outcome = subprocess.run([self.program, "run", "grid.json", "-q"], cwd=self.folder, capture_output=True, text=True)
        if outcome.returncode not in (3, 64):
            raise Difference(f"PyTorch refuses a batch of one, bench ends with {outcome.returncode}")

    def compare_initial(self, first, drawn, study):
        first = self.trial.renamed(first)
        names = [name for name in study.header("initial") if name != "__metadata__"]
        if names != list(first):
            raise Difference(f"names {names}, in PyTorch {list(first)}")
        for name, value in first.items():
            if (drawn[name].shape, drawn[name].dtype) != (value.shape, value.dtype):
                raise Difference(f"{name} is {drawn[name].shape} {drawn[name].dtype}, not {value.shape} {value.dtype}")
            if "running_" in name or "num_batches" in name:
                continue
            # An orthogonal matrix is computed in Double here.
            allowed = 2e-6 if "orthogonal" in json.dumps(self.grid["model"]) else 0
            if not (drawn[name] - value).abs().max() <= allowed:
                raise Difference(f"first {name} differs by {(drawn[name] - value).abs().max().item():.1e}")

    def compare_rates(self, label, study, losses):
        """Learning rates are the Doubles of PyTorch; those that follow scores may follow other roundings of them."""
        scheduler = self.grid["optimizer"].get("scheduler")
        rows = study.query("SELECT value FROM curves WHERE label = ? AND split = 'train' AND metric = 'lr' "
                           "ORDER BY iteration", label)
        mine, theirs = [row["value"] for row in rows], self.trial.schedule.rates
        if not scheduler:
            theirs = []
        if len(mine) == len(theirs) and scheduler and scheduler["name"] == "reduce_lr_on_plateau":
            return
        for index, (one, other) in enumerate(zip(mine, theirs)):
            if one != other:
                raise Difference(f"{label}: the learning rate at {index + 1} is {one}, in PyTorch {other}")
        if len(mine) != len(theirs) and len(study.losses(label)) == len(losses):
            raise Difference(f"{label}: {len(mine)} learning rates, in PyTorch {len(theirs)}")

    def compare_run(self, label, study, losses, scores, last, **options):
        self.compare_rates(label, study, losses)
        mine, counted = study.losses(label), study.scores(label)
        weights = self.trial.plain(study.weights(label))
        gaps = self.gaps(mine, counted, weights, losses, scores, last)
        if all(gap.size <= gap.limit for gap in gaps):
            return
        spread, chaos = {}, math.inf
        for _, others, points, model in self.trial.others(**options):
            for gap in self.gaps(others, points, model.state_dict(), losses, scores, last):
                spread[gap.what, gap.at] = max(spread.get((gap.what, gap.at), 0), gap.size)
        high = 0
        for gap in gaps:
            own = spread.get((gap.what, gap.at), 0)
            if gap.what == "loss":  # runs that rounding has driven apart stay apart
                high = own = max(high, own)
                chaos = gap.at if high > CHAOS and chaos == math.inf else chaos
            part, _, kind = gap.what.partition(" ")
            if kind == "accuracy" and spread.get((f"{part} loss", gap.at), 0) > 1e-3:
                continue  # whose outputs rounding moves, its guesses follow
            if gap.at < chaos and not gap.size <= max(gap.limit, 3 * own):
                raise Difference(f"{label}: {gap.what} at {gap.at} differs by {gap.size:.1e}, in PyTorch's own ways by {own:.1e}")

    def gaps(self, mine, counted, weights, losses, scores, last):
        """What is compared, at which iteration, how far apart it lies and how far it may."""
        gaps = [Gap("loss", index + 1, float(size), 1e-3)
                for index, size in enumerate(relative(mine[:len(losses)], losses[:len(mine)]))]
        if len(mine) != len(losses) or list(counted) != list(scores):
            return gaps + [Gap("end", len(losses), math.inf, 0)]
        for at, parts in scores.items():
            for part, (loss, accuracy) in parts.items():
                mine = counted[at].get(part, (math.nan, math.nan))
                gaps.append(Gap(f"{part} loss", at, float(relative(mine[0], loss)), 5e-3))
                # Two outputs that agree to the last bits may be ordered either way.
                if (accuracy is None) != (mine[1] is None):
                    gaps.append(Gap(f"{part} kind", at, math.inf, 0))
                elif accuracy is not None and math.isfinite(loss):
                    gaps.append(Gap(f"{part} accuracy", at, abs(accuracy - mine[1]), 1.01 / len(self.trial.sets[part][1])))
        for name, value in last.items():
            value, found = value.double(), weights[name].double()
            if torch.isfinite(value).all():
                scale = max(value.abs().max().item(), 1e-3)
                gaps.append(Gap(f"last {name}", len(losses) + 1, ((value - found).abs().max() / scale).item(), 2e-2))
        return gaps

    def compare_exported(self, study):
        """What was trained here gives in PyTorch what it gave here."""
        weights = study.weights("trained")
        if not all(torch.isfinite(value).all() for value in weights.values()):
            return
        model = self.trial.model()
        model.load_state_dict(self.trial.plain(weights))
        row = study.trials["trained"]
        loss, accuracy = self.trial.score(model, "test")
        if not relative(row["test_loss"], loss) <= 1e-4:
            raise Difference(f"exported: test loss {row['test_loss']} here, {loss} in PyTorch")
        # Two outputs that agree to the last bits may be ordered either way.
        if accuracy is not None and abs(row["test_accuracy"] - accuracy) * len(self.trial.sets["test"][1]) > 1.5:
            raise Difference(f"exported: accuracy {row['test_accuracy']} here, {accuracy} in PyTorch")

    def compare_maps(self, study):
        weights = study.weights("trained")
        if not all(torch.isfinite(value).all() for value in weights.values()):
            return
        outcome = study.call("show", study.trials["trained"]["trial"], "--feature-maps", "0")
        if outcome.returncode != 0:
            raise Difference(f"show: {outcome.stderr.strip()}")
        with open(f"{self.folder}/{outcome.stdout.split()[0].removesuffix('.svg')}.tsv") as file:
            blocks = file.read().strip("\n").split("\n\n\n")
        model = self.trial.model()
        model.load_state_dict(self.trial.plain(weights))
        place, outputs = 1, []  # the first block is the image
        model.eval()
        for layer, module in every(self.trial.layers, model):
            module.register_forward_hook(lambda _, inputs, output, layer=layer: outputs.append((layer, output)))
        try:
            with torch.no_grad():
                model(self.trial.sets["test"][0][:1])
        except ValueError:
            return  # A batch norm that keeps no statistics takes no single example.
        for layer, example in outputs:
            if layer["type"] == "flatten" or "dropout" in layer["type"]:
                continue
            maps = min(example.shape[1], 64) if example.dim() == 4 else 1
            found = [float(line.split("\t")[2]) for block in blocks[place:place + maps]
                     for line in block.splitlines() if not line.startswith("#")]
            place += maps
            values = (example[0, :64] if example.dim() == 4 else example).flatten().double().numpy()
            if len(found) != len(values) or np.abs(found - values).max() > 1e-4 * max(1, np.abs(values).max()):
                raise Difference(f"what {layer['type']} makes of an image differs")


def compare_refusals(chain):
    """Grids with layers that PyTorch refuses must not be planned."""
    for layers in chain.refused[:3]:
        grid = {**chain.grid, "model": {"layers": layers}}
        with open(f"{chain.folder}/refused.json", "w") as file:
            json.dump(grid, file)
        outcome = subprocess.run([chain.program, "plan", "refused.json"], cwd=chain.folder, capture_output=True, text=True)
        kinds = {layer["type"].split("_")[0].rstrip("12d") for layer in everywhere(layers[-1:])}
        if outcome.returncode != 64 or not any(kind in outcome.stderr for kind in kinds):
            return f"PyTorch refuses {json.dumps(layers[-1])}, bench plan ends with {outcome.returncode}: {outcome.stderr[:300]}"
    return None


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--keep", help="a folder for the grids and the data of chains that differ")
    options = parser.parse_args()
    torch.set_num_threads(1)
    warnings.simplefilter("ignore")
    program, differing = os.path.abspath(options.bench), 0
    for seed in range(options.seed, options.seed + options.count):
        with tempfile.TemporaryDirectory() as folder:
            chain = Chain(program, seed, folder)
            try:
                chain.check()
                found = compare_refusals(chain)
            except Difference as difference:
                found = str(difference)
            if found:
                differing += 1
                print(f"chain {seed}: {found}\n  {json.dumps(chain.grid)}", flush=True)
                if options.keep:
                    os.makedirs(options.keep, exist_ok=True)
                    subprocess.run(["cp", "-r", folder, f"{options.keep}/{seed}"], check=True)
    print(f"{options.count} chains from seed {options.seed}: {options.count - differing} as in PyTorch "
          f"{torch.__version__}, {differing} differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
