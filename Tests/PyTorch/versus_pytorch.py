#!/usr/bin/env python3
"""Times training steps here and in PyTorch, in turns, one thread each, and prints medians and ratios.

    versus_pytorch.py --bench .build/release/bench --data DIR [--rounds 7] [--only model-a ...] [--readme README.md]

Networks are the presets, two examples (experiments/examples) and the configurations of a grid (experiments/speed.json), at
every level of the kernels that the processor has; at v3 PyTorch is held to AVX2 too.

Theirs are the best that PyTorch has on a CPU: plain, channels-last, compiled (where there is a C++ compiler), with the
fused optimizer; and the loop as the tutorials write it, with a DataLoader over torchvision's data set. An example's loop is
its source's script with torchvision's transforms, and our step of it makes its batch with them; the other peers' batches lie
prepared in memory. Every variant of a
network is timed once a round, one after the other and on the same core, so that a machine whose speed drifts slows all
of them alike.

Needs: pip install "torch==2.13.0+cpu" numpy pillow; for JAX (the MLP only): pip install jax optax; torchvision, which the
chains' transforms come from.
"""
import argparse
import copy
import functools
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from PIL import Image

from examples_like_pytorch import GRIDS, Enough, Run, trained
from random_grids import build, lowered, parameter_groups
from torch_trial import LOSSES, OPTIMIZERS

torch.set_num_threads(1)
warnings.filterwarnings("ignore", message="TF32 acceleration")


class Subject:
    """A network that is timed: a preset, or a configuration of a grid."""

    def __init__(self, name, grid, data):
        self.name, self.grid, self.data = name, grid, data
        loss = grid.get("loss", "cross_entropy")
        self.loss, self.batch = LOSSES[loss], grid["training"]["batch_size"]
        shape = list(data[0].shape[1:])
        self.layers, self.shape = lowered(grid["model"], shape, 10, loss)
        # Steps to time at once: about as much work for each network.
        self.count = max(10, min(100, 1000 // self.batch))

    def model(self):
        return build(self.shape, self.layers)

    def optimizer(self, model, **more):
        options = {key: value for key, value in self.grid["optimizer"].items() if key != "scheduler"}
        return OPTIMIZERS[options.pop("name")](parameter_groups(self.layers, model), **options, **more)

    def error(self, output, images, labels):
        return self.loss(output, images if output.shape == images.shape else labels)

    def loop(self):
        """The loop that people write for this network; `None` where nobody did."""
        return None

    def command(self, bench, folder):
        """`bench speed` of this network alone."""
        grid = tempfile.NamedTemporaryFile("w", suffix=".json")
        json.dump({"name": self.name, **self.grid}, grid)
        grid.flush()
        self.file = grid  # it is removed with the subject
        return [bench, "speed", grid.name, "--format", "json", "--data", folder, "--threads", "1"]


class Preset(Subject):
    """A preset with the tutorial's data, batch size and optimizer."""

    def command(self, bench, folder):
        return [bench, "speed", self.name, "--format", "json", "--data", folder, "--threads", "1"]

    def loop(self):
        return TutorialLoop(self)


class Example(Subject):
    """A grid of experiments/examples, with its data, augmentation, batch size and optimizer."""

    def __init__(self, name, grid, folder):
        super().__init__(name, grid, load(grid["dataset"]["name"], folder))
        self.folder = folder

    def loop(self):
        return ScriptLoop(self)


CNN = {"family": "cnn", "channels": [16, 32], "kernel_size": 5}
CIFAR10 = {"name": "cifar10", "normalize": {"mean": [0.5, 0.5, 0.5], "std": [0.5, 0.5, 0.5]}}
PRESETS = {  # model, optimizer, batch size, data
    "model-a": ({**CNN, "padding": "same"}, {"name": "sgd", "lr": 0.01}, 100, {"name": "mnist"}),
    "model-b": ({**CNN, "padding": "same", "pooling": "average"}, {"name": "sgd", "lr": 0.01}, 100, {"name": "mnist"}),
    "model-c": (CNN, {"name": "sgd", "lr": 0.01}, 100, {"name": "mnist"}),
    "mlp": ({"family": "mlp", "hidden": [500]}, {"name": "adam", "lr": 1e-3}, 100, {"name": "mnist"}),
    "convnet": ({"family": "cnn", "channels": [10, 5], "kernel_size": 3, "pooling": "none", "hidden": [64, 32]},
                {"name": "adam", "lr": 1e-4}, 10, {"name": "mnist"}),
    "lab7": ({"family": "cnn", "channels": [6, 16], "kernel_size": 5, "hidden": [120, 84]},
             {"name": "sgd", "lr": 1e-3, "momentum": 0.9}, 4, CIFAR10),
}


def presets(folder):
    for name, (model, optimizer, batch, dataset) in PRESETS.items():
        grid = {"dataset": dataset, "model": model, "optimizer": optimizer, "training": {"batch_size": batch}}
        yield Preset(name, grid, load(dataset["name"], folder))


def examples(folder):
    for name in EXAMPLES:
        grid = json.loads((GRIDS / f"{name}.json").read_text())
        grid["seeds"] = [0]
        yield Example(name, grid, folder)


def configurations(path, folder):
    """The variants of a grid whose values are plain: no axes."""
    with open(path) as file:
        whole = json.load(file)
    for label, variant in whole.pop("variants").items():
        grid = copy.deepcopy(whole)
        for path, value in variant.items():
            *sections, last = path.split(".")
            place = grid
            for section in sections:
                place = place.setdefault(section, {})
            place[last] = value
        yield Subject(label, grid, load(grid["dataset"]["name"], folder))


EXAMPLES = ["pytorch-mnist", "resnet20-cifar10"]
LOOP = "tutorial's loop"


def read(path, offset):
    opened = gzip.open(path + ".gz", "rb") if os.path.exists(path + ".gz") else open(path, "rb")
    with opened as file:
        return np.frombuffer(file.read(), dtype=np.uint8, offset=offset).copy()


def load(name, folder):
    """The training set as PyTorch's tutorials see it: images as floats, labels as integers."""
    if name == "mnist":
        pixels = read(f"{folder}/mnist/train-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)
        labels = read(f"{folder}/mnist/train-labels-idx1-ubyte", 8)
        return torch.from_numpy(pixels).float().div(255), torch.from_numpy(labels).long()
    rows = read(f"{folder}/cifar-10-batches-bin/data_batch_1.bin", 0).reshape(-1, 3073)
    images = torch.from_numpy(rows[:, 1:].reshape(-1, 3, 32, 32).copy()).float().div(255)
    return (images - 0.5) / 0.5, torch.from_numpy(rows[:, 0].copy()).long()


class Tutorial(torch.utils.data.Dataset):
    """A data set as torchvision 0.28 gives it: bytes, of which every access makes a PIL image, then ToTensor's tensor
    (and Normalize's, for CIFAR-10). torchvision's checks of its arguments are left out."""

    def __init__(self, images, labels):
        self.normalized = images.shape[1] == 3
        pixels = images * 0.5 + 0.5 if self.normalized else images
        self.pixels = pixels.mul(255).round().byte().permute(0, 2, 3, 1).numpy()
        self.labels = labels

    def __len__(self):
        return len(self.pixels)

    def __getitem__(self, index):
        image = Image.fromarray(self.pixels[index].squeeze())
        tensor = torch.from_numpy(np.array(image, np.uint8, copy=True)).view(*self.pixels.shape[1:])
        tensor = tensor.permute(2, 0, 1).contiguous().to(dtype=torch.float32).div(255)
        if self.normalized:
            half = torch.as_tensor([0.5, 0.5, 0.5]).view(-1, 1, 1)
            tensor = tensor.clone().sub_(half).div_(half)
        return tensor, int(self.labels[index])


class Steps:
    """A PyTorch variant that makes training steps on prepared batches."""

    def __init__(self, subject, channels_last=False, compiled=False, fused=False):
        self.subject, self.count = subject, subject.count
        torch.manual_seed(0)
        model = subject.model()
        images, labels = subject.data
        order = torch.randperm(len(images))[: subject.batch * self.count]
        self.batches = [(images[part].reshape(-1, *subject.shape), labels[part]) for part in order.split(subject.batch)]
        if channels_last:
            model = model.to(memory_format=torch.channels_last)
            self.batches = [(x.contiguous(memory_format=torch.channels_last), y) for x, y in self.batches]
        self.optimizer = subject.optimizer(model, **({"fused": True} if fused else {}))
        self.model = torch.compile(model) if compiled else model

    def step(self, images, labels):
        self.optimizer.zero_grad()
        loss = self.subject.error(self.model(images), images, labels)
        loss.backward()
        self.optimizer.step()
        return loss

    def run(self):
        """Milliseconds per step."""
        start = time.perf_counter()
        for images, labels in self.batches:
            loss = self.step(images, labels)
        loss.item()
        return (time.perf_counter() - start) * 1e3 / len(self.batches)


class TutorialLoop(Steps):
    """The loop as the tutorials write it: a DataLoader that shuffles and collates, and, with Models A, B and C, images
    that ask for a gradient."""

    def __init__(self, subject):
        super().__init__(subject)
        self.image_gradient = subject.name.startswith("model-")
        self.loader = torch.utils.data.DataLoader(
            Tutorial(*subject.data), batch_size=subject.batch, shuffle=True)

    def run(self):
        count, start = 0, None
        for images, labels in self.loader:
            if start is None:  # the shuffle of the epoch is not counted
                start = time.perf_counter()
                continue
            self.step(images.requires_grad_() if self.image_gradient else images, labels)
            count += 1
            if count == self.count:
                break
        return (time.perf_counter() - start) * 1e3 / count


class ScriptLoop:
    """The first steps of an example's own script, the first of which is not counted."""

    class Timed(Run):
        def __init__(self, count, *arguments, **options):
            super().__init__(*arguments, **options)
            self.count, self.ends = count, []

        def step(self, optimizer, loss):
            super().step(optimizer, loss)
            self.ends.append(time.perf_counter())
            if len(self.ends) > self.count:
                raise Enough

    def __init__(self, subject):
        self.subject = subject

    def run(self):
        subject = self.subject
        run = trained(subject.name, subject.grid, Path(subject.folder), 0, functools.partial(self.Timed, subject.count))
        return (run.ends[-1] - run.ends[0]) * 1e3 / subject.count


class JaxMLP:
    """The MLP in JAX with optax's Adam, one jitted step."""

    def __init__(self, subject):
        import jax
        import jax.numpy as jnp
        import optax
        images, labels = subject.data
        self.count = subject.count
        flat = images.reshape(len(images), -1).numpy()
        self.batches = [(jnp.asarray(flat[k * 100:k * 100 + 100]), jnp.asarray(labels[k * 100:k * 100 + 100].numpy()))
                        for k in range(self.count)]
        keys = jax.random.split(jax.random.PRNGKey(0), 2)
        self.parameters = {"w1": jax.random.normal(keys[0], (784, 500)) * 0.03, "b1": jnp.zeros(500),
                           "w2": jax.random.normal(keys[1], (500, 10)) * 0.04, "b2": jnp.zeros(10)}
        adam = optax.adam(1e-3)
        self.state = adam.init(self.parameters)

        def loss(p, x, y):
            logits = jax.nn.relu(x @ p["w1"] + p["b1"]) @ p["w2"] + p["b2"]
            return optax.softmax_cross_entropy_with_integer_labels(logits, y).mean()

        @jax.jit
        def step(p, s, x, y):
            value, gradient = jax.value_and_grad(loss)(p, x, y)
            updates, s = adam.update(gradient, s)
            return optax.apply_updates(p, updates), s, value

        self.step = step

    def run(self):
        start = time.perf_counter()
        for x, y in self.batches:
            self.parameters, self.state, value = self.step(self.parameters, self.state, x, y)
        value.block_until_ready()
        return (time.perf_counter() - start) * 1e3 / self.count


class Ours:
    """`bench speed` for one network."""

    def __init__(self, subject, options):
        self.command = subject.command(options.bench, options.data)
        self.environment = {**os.environ, **({"BENCH_KERNELS": options.level} if options.level else {})}

    def run(self):
        done = subprocess.run(self.command, check=True, stdout=subprocess.PIPE, env=self.environment)
        return json.loads(done.stdout)["networks"][0]["step_ms"]


def variants(subject, options):
    sides = {"ours": Ours(subject, options), "plain": Steps(subject)}
    has_images = len(subject.shape) == 3 and any(layer["type"].startswith("conv") for layer in subject.layers)
    if has_images:
        sides["channels-last"] = Steps(subject, channels_last=True)
    try:
        sides["fused optimizer"] = Steps(subject, fused=True)
        if has_images:
            sides["channels-last, fused"] = Steps(subject, channels_last=True, fused=True)
    except (TypeError, RuntimeError):
        pass  # PyTorch has no fused form of this optimizer
    if options.compiled:
        sides["compiled"] = Steps(subject, compiled=True)
    if subject.name == "mlp":
        try:
            sides["JAX"] = JaxMLP(subject)
        except ImportError:
            print("JAX is not installed; the MLP is compared with PyTorch alone", file=sys.stderr)
    if loop := subject.loop():
        sides[LOOP] = loop
    return sides


def compare(subject, options):
    sides = variants(subject, options)
    for name, side in list(sides.items()):  # not counted: compilers and caches warm up
        try:
            side.run()
        except RuntimeError as error:  # torch.compile's code for AVX2 may fail on a processor that has AVX-512
            print(f"{subject.name}: {name} is left out: {error}", file=sys.stderr)
            del sides[name]
    times = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, side in sides.items():
            times[name].append(side.run())
    medians = {name: statistics.median(values) for name, values in times.items()}
    best = min((name for name in medians if name not in ("ours", LOOP)), key=medians.get)

    def ratio(name):
        """Taken round by round, then the median: a drift of the machine cancels."""
        return statistics.median(b / a for a, b in zip(times["ours"], times[name]))

    row = {"name": subject.name, "ours": medians["ours"], "best": best,
           "theirs": medians[best], "ratio": ratio(best)}
    if LOOP in medians:
        row.update(loop=medians[LOOP], loop_ratio=ratio(LOOP))
    print(f"{subject.name}: ours {row['ours']:.3f} ms a step, best peer {best} {row['theirs']:.3f}, ratio"
          f" {row['ratio']:.2f}", flush=True)
    for name, median in medians.items():
        print(f"    {name:22} {median:8.3f} ms   {min(times[name]):.3f} … {max(times[name]):.3f}", flush=True)
    return row


def table(rows):
    """Networks with the tutorial's loop beside the peers where there is one."""
    has_loop = all("loop" in row for row in rows)
    lines = ["| network | bench, ms per step | best peer, ms | ratio |" + (" tutorial's loop, ms | ratio |" if has_loop else ""),
             "|---|--:|--:|--:|" + ("--:|--:|" if has_loop else "")]
    for row in rows:
        lines.append(f"| `{row['name']}` | {row['ours']:.2f} | {row['theirs']:.2f} ({row['best']}) | **{row['ratio']:.1f}** |"
                     + (f" {row['loop']:.2f} | {row['loop_ratio']:.1f} |" if has_loop else ""))
    lowest = min(row["ratio"] for row in rows)
    return "\n".join(lines) + f"\n\nGeometric mean of the ratios {geometric_mean(rows):.1f}, the lowest {lowest:.1f}."


def geometric_mean(rows):
    return statistics.geometric_mean(row["ratio"] for row in rows)


def write_between(path, name, text):
    """Puts the text between a file's two marks of this name."""
    begin, end = f"<!-- {name}: written by make versus-pytorch -->", f"<!-- end of {name} -->"
    with open(path) as file:
        whole = file.read()
    if begin not in whole or end not in whole:
        sys.exit(f"{path} lacks the marks {begin} and {end}")
    head, rest = whole.split(begin, 1)
    with open(path + ".new", "w") as file:
        file.write(f"{head}{begin}\n{text}\n{end}{rest.split(end, 1)[1]}")
    os.replace(path + ".new", path)


def measure(options):
    """The rows of one level of the kernels."""
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core for all, JAX's thread pool included
    subjects = [*presets(options.data), *examples(options.data), *configurations(options.grid, options.data)]
    rows = []
    for subject in subjects:
        if options.only and subject.name not in options.only:
            continue
        torch._dynamo.reset()
        rows.append(compare(subject, options))
    return rows


def measured_at(level, options):
    """The rows of a level: of another process, for PyTorch reads its own limit when it is loaded."""
    print(f"kernels {level}", flush=True)
    limit = {"ONEDNN_MAX_CPU_ISA": "AVX2", "ATEN_CPU_CAPABILITY": "avx2"} if level == "v3" else {}
    with tempfile.NamedTemporaryFile(suffix=".json") as file:
        subprocess.run([sys.executable, *sys.argv, "--level", level, "--rows", file.name], check=True,
                       env={**os.environ, **limit})
        return json.load(file)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--data", default=os.environ.get("BENCH_DATA"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--grid", default="experiments/speed.json", help="networks beside the presets")
    parser.add_argument("--only", action="append", metavar="NAME", help="measure these networks alone")
    parser.add_argument("--level", choices=["v3", "v4"], help="measure at one level of the kernels")
    parser.add_argument("--rows", help="where to write the rows of a level")
    parser.add_argument("--readme", help="the file whose table of presets and examples is renewed")
    parser.add_argument("--docs", help="the file whose tables of all networks are renewed")
    options = parser.parse_args()
    if not options.data:
        sys.exit("where is the data? --data DIR or BENCH_DATA=DIR, the folder that holds mnist/ and cifar-10-batches-bin/")
    options.compiled = bool(shutil.which("c++") or shutil.which("g++"))
    if options.rows:
        with open(options.rows, "w") as file:
            json.dump(measure(options), file)
        return
    if not options.compiled:
        print("no C++ compiler: torch.compile is left out", file=sys.stderr)
    with open("/proc/cpuinfo") as file:
        widest = "v4" if " avx512vl " in file.read() else "v3"
    levels = [options.level] if options.level else ["v4", "v3"] if widest == "v4" else ["v3"]
    measured = {level: measured_at(level, options) for level in levels}
    how = (f"PyTorch {torch.__version__}, one core with {'AVX-512' if widest == 'v4' else 'AVX2'}, medians of "
           f"{options.rounds} rounds in turns.")
    sections = []
    for level, rows in measured.items():
        width = {"v4": "AVX-512", "v3": "AVX2, PyTorch held to it too"}[level]
        for kind, part in (("presets and examples", [row for row in rows if "loop" in row]),
                           (f"{options.grid}", [row for row in rows if "loop" not in row])):
            if part:
                sections.append(f"### {width}: {kind}\n\n{table(part)}")
    print("\n" + "\n\n".join(sections))
    own = [row for row in measured[levels[0]] if "loop" in row]
    if options.readme and own:
        write_between(options.readme, "speed", f"{table(own)} {how}")
    if options.docs:
        write_between(options.docs, "speed", "\n\n".join([*sections, how]))


if __name__ == "__main__":
    main()
