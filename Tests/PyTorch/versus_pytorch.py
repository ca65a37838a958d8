#!/usr/bin/env python3
"""Times training steps here and in PyTorch, in turns, one thread each, and prints medians and ratios.

    versus_pytorch.py --bench .build/release/bench --data DIR [--rounds 7] [--preset model-a ...] [--readme README.md]

Theirs are the best that PyTorch has on a CPU: plain, channels-last, compiled (where there is a C++ compiler), with the
fused optimizer; and the loop as the tutorials write it, with a DataLoader over torchvision's data set. Every variant of a
preset is timed once a round, one after the other and on the same core, so that a machine whose speed drifts slows all
of them alike.

Needs: pip install "torch==2.13.0+cpu" numpy pillow; for JAX (the MLP only): pip install jax optax.
"""
import argparse
import gzip
import json
import os
import shutil
import statistics
import subprocess
import sys
import time

import numpy as np
import torch
from PIL import Image
from torch import nn

torch.set_num_threads(1)


def model_a():
    return cnn(nn.MaxPool2d, 2, 7)


def model_b():
    return cnn(nn.AvgPool2d, 2, 7)


def model_c():
    return cnn(nn.MaxPool2d, 0, 4)


def cnn(pool, padding, side):
    return nn.Sequential(
        nn.Conv2d(1, 16, 5, 1, padding), nn.ReLU(), pool(2),
        nn.Conv2d(16, 32, 5, 1, padding), nn.ReLU(), pool(2),
        nn.Flatten(), nn.Linear(32 * side * side, 10))


def mlp():
    return nn.Sequential(nn.Flatten(), nn.Linear(784, 500), nn.ReLU(), nn.Linear(500, 10))


def convnet():
    return nn.Sequential(
        nn.Conv2d(1, 10, 3), nn.ReLU(), nn.Conv2d(10, 5, 3), nn.ReLU(),
        nn.Flatten(), nn.Linear(2880, 64), nn.ReLU(), nn.Linear(64, 32), nn.ReLU(), nn.Linear(32, 10))


def lab7():
    return nn.Sequential(
        nn.Conv2d(3, 6, 5), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(400, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10))


PRESETS = {  # model, optimizer, its options, batch size, data, steps to time at once
    "model-a": (model_a, torch.optim.SGD, {"lr": 0.01}, 100, "mnist", 10),
    "model-b": (model_b, torch.optim.SGD, {"lr": 0.01}, 100, "mnist", 10),
    "model-c": (model_c, torch.optim.SGD, {"lr": 0.01}, 100, "mnist", 10),
    "mlp": (mlp, torch.optim.Adam, {"lr": 1e-3}, 100, "mnist", 50),
    "convnet": (convnet, torch.optim.Adam, {"lr": 1e-4}, 10, "mnist", 100),
    "lab7": (lab7, torch.optim.SGD, {"lr": 1e-3, "momentum": 0.9}, 4, "cifar10", 100),
}
LOOP = "tutorial's loop"
TARGETS = {"model-a": 2.2, "model-b": 1.7, "model-c": 2.0, "mlp": 2.0, "convnet": 6.0, "lab7": 8.0}


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

    def __init__(self, preset, data, channels_last=False, compiled=False, fused=False):
        make, optimizer, options, batch, _, self.count = PRESETS[preset]
        torch.manual_seed(0)
        model = make()
        images, labels = data
        order = torch.randperm(len(images))[: batch * self.count]
        self.batches = [(images[part], labels[part]) for part in order.split(batch)]
        if channels_last:
            model = model.to(memory_format=torch.channels_last)
            self.batches = [(x.contiguous(memory_format=torch.channels_last), y) for x, y in self.batches]
        self.optimizer = optimizer(model.parameters(), **options, **({"fused": True} if fused else {}))
        self.model = torch.compile(model) if compiled else model
        self.criterion = nn.CrossEntropyLoss()

    def run(self):
        """Milliseconds a step."""
        start = time.perf_counter()
        for images, labels in self.batches:
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(images), labels)
            loss.backward()
            self.optimizer.step()
        loss.item()
        return (time.perf_counter() - start) * 1e3 / len(self.batches)


class TutorialLoop(Steps):
    """The loop as the tutorials write it: a DataLoader that shuffles and collates, and, with Models A, B and C, images
    that ask for a gradient."""

    def __init__(self, preset, data):
        super().__init__(preset, data)
        self.image_gradient = preset.startswith("model-")
        self.loader = torch.utils.data.DataLoader(
            Tutorial(*data), batch_size=PRESETS[preset][3], shuffle=True)

    def run(self):
        count, start = 0, None
        for images, labels in self.loader:
            if start is None:  # the shuffle of the epoch is not counted
                start = time.perf_counter()
                continue
            if self.image_gradient:
                images = images.requires_grad_()
            self.optimizer.zero_grad()
            loss = self.criterion(self.model(images), labels)
            loss.backward()
            self.optimizer.step()
            count += 1
            if count == self.count:
                break
        return (time.perf_counter() - start) * 1e3 / count


class JaxMLP:
    """The MLP in JAX with optax's Adam, one jitted step."""

    def __init__(self, data):
        import jax
        import jax.numpy as jnp
        import optax
        images, labels = data
        self.count = PRESETS["mlp"][5]
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
    """`bench speed` for one preset."""

    def __init__(self, preset, bench, folder):
        self.command = [bench, "speed", preset, "--format", "json", "--data", folder, "--threads", "1"]

    def run(self):
        answer = json.loads(subprocess.run(self.command, check=True, capture_output=True).stdout)
        return answer["networks"][0]["step_ms"]


def variants(preset, data, options):
    ours = Ours(preset, options.bench, options.data)
    theirs = {"plain": Steps(preset, data), "fused optimizer": Steps(preset, data, fused=True)}
    if preset != "mlp":
        theirs["channels-last"] = Steps(preset, data, channels_last=True)
        theirs["channels-last, fused"] = Steps(preset, data, channels_last=True, fused=True)
    if shutil.which("c++") or shutil.which("g++"):
        theirs["compiled"] = Steps(preset, data, compiled=True)
    else:
        print("no C++ compiler: torch.compile is left out", file=sys.stderr)
    if preset == "mlp":
        try:
            theirs["JAX"] = JaxMLP(data)
        except ImportError:
            print("JAX is not installed; the MLP is compared with PyTorch alone", file=sys.stderr)
    return {"ours": ours, **theirs, LOOP: TutorialLoop(preset, data)}


def compare(preset, options):
    data = load(PRESETS[preset][4], options.data)
    sides = variants(preset, data, options)
    for side in sides.values():  # not counted: compilers and caches warm up
        side.run()
    times = {name: [] for name in sides}
    for _ in range(options.rounds):
        for name, side in sides.items():
            times[name].append(side.run())
    medians = {name: statistics.median(values) for name, values in times.items()}
    best = min((name for name in medians if name not in ("ours", LOOP)), key=medians.get)
    # The ratio is taken round by round, then its median: a drift of the machine cancels.
    ratio = statistics.median(b / a for a, b in zip(times["ours"], times[best]))
    loop = statistics.median(b / a for a, b in zip(times["ours"], times[LOOP]))
    print(f"{preset}: ours {medians['ours']:.3f} ms a step, best peer {best} {medians[best]:.3f}, ratio {ratio:.2f}"
          f" (target {TARGETS[preset]}), tutorial's loop {medians[LOOP]:.3f},"
          f" ratio {loop:.2f}")
    for name, median in medians.items():
        print(f"    {name:22} {median:8.3f} ms   {min(times[name]):.3f} … {max(times[name]):.3f}")
    return {"preset": preset, "ours": medians["ours"], "best": best, "theirs": medians[best], "ratio": ratio,
            "loop": medians[LOOP], "loop_ratio": loop}


def table(rows):
    lines = ["| preset | bench, ms a step | best peer, ms | ratio | tutorial's loop, ms | ratio |",
             "|---|--:|--:|--:|--:|--:|"]
    for row in rows:
        lines.append(f"| `{row['preset']}` | {row['ours']:.2f} | {row['theirs']:.2f} ({row['best']}) | "
                     f"**{row['ratio']:.1f}** | {row['loop']:.2f} | {row['loop_ratio']:.1f} |")
    return "\n".join(lines)


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


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--data", default=os.environ.get("BENCH_DATA"))
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--preset", action="append", choices=list(PRESETS))
    parser.add_argument("--readme", help="the file whose table is renewed")
    options = parser.parse_args()
    if not options.data:
        sys.exit("where is the data? --data DIR or BENCH_DATA=DIR, the folder that holds mnist/ and cifar-10-batches-bin/")
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core for all, JAX's thread pool included
    rows = [compare(preset, options) for preset in options.preset or PRESETS]
    product = 1.0
    for row in rows:
        product *= row["ratio"]
    mean = product ** (1 / len(rows))
    print(f"geometric mean of the ratios: {mean:.2f}")
    text = table(rows) + f"\n\nGeometric mean of the ratios: {mean:.1f}. PyTorch {torch.__version__}, one core, " \
        f"medians of {options.rounds} rounds in turns."
    print("\n" + text)
    if options.readme:
        write_between(options.readme, "speed", text)


if __name__ == "__main__":
    main()
