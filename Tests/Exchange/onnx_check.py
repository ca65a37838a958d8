#!/usr/bin/env python3
"""Runs what `bench export onnx` writes in ONNX Runtime: onnx_check.py --bench PROGRAM [--short] [--count 50] [--seed 0]

Three kinds of networks are trained for some steps, exported and run on all of their test examples:
  presets  the tutorials' networks, on images that the script makes;
  layers   chains that hold every type of layer, with odd options;
  chains   random grids of Tests/PyTorch/random_grids.py, which need PyTorch and are left out, by name, where it is missing.
Of each:
  graph    the onnx checker takes it, with operator set 17 and IR version 8, and its initialisers are tensors of the weight
           file, with their names and values;
  batches  one example alone gives what it gives among all, where the network treats them one by one;
  scores   loss and accuracy of the outputs are those that the store has of the trial;
  logits   the outputs are bench's own (`show --feature-maps`), or PyTorch's for the chains, within 1e-5 of the largest; where
           PyTorch's own result in Float lies farther than that from its result in Double, within three times that.
Prints how many values were compared and the largest difference; the exit code is 1 where anything differs. Needs
onnxruntime, onnx and numpy.
"""
import argparse
import json
import math
import os
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
import warnings
from pathlib import Path

import numpy as np
import onnx
import onnxruntime

LIMIT = 1e-5
PRESETS = {"model-a": [1, 28, 28], "model-b": [1, 28, 28], "model-c": [1, 28, 28], "mlp": [1, 28, 28],
           "convnet": [1, 28, 28], "lab7": [3, 32, 32]}
ACTIVATIONS = [{"type": "relu"}, {"type": "leaky_relu", "negative_slope": 0.2}, {"type": "elu", "alpha": 1.5},
               {"type": "sigmoid"}, {"type": "tanh"}, {"type": "gelu"}, {"type": "gelu", "approximate": "tanh"},
               {"type": "silu"}, {"type": "softplus", "beta": 2, "threshold": 1}, {"type": "hardswish"}, {"type": "mish"},
               {"type": "selu"}, {"type": "hardtanh", "min_val": -0.3, "max_val": 0.7}, {"type": "relu6"}]


def conv(channels, size, rank=2, **options):
    return {"type": f"conv{rank}d", "out_channels": channels, "kernel_size": size, **options}


def end(*layers):
    return [*layers, {"type": "flatten"}, {"type": "linear", "out_features": 5}]


# Every type of layer, each in the company of few others, so that a difference has a name. Examples are [3, 9, 10].
LAYERS = {
    "activations": end(*[layer for one in ACTIVATIONS for layer in (conv(4, 1), one)]),
    "convolutions": end(
        conv(8, [4, 2], padding="same", dilation=[1, 2]), conv(8, 3, groups=4, stride=[2, 1], padding=[2, 1], bias=False),
        conv(6, 3, padding=2, padding_mode="circular"), conv(6, [2, 3], padding="same", padding_mode="reflect"),
        conv(6, [4, 3], padding=[1, 2], padding_mode="replicate", groups=2)),
    "transposed": end(
        conv(4, 3), {"type": "conv_transpose2d", "out_channels": 6, "kernel_size": [3, 2], "stride": 2, "padding": 1,
                     "output_padding": [1, 0], "groups": 2},
        {"type": "conv_transpose2d", "out_channels": 3, "kernel_size": 2, "dilation": 2, "output_padding": 1, "bias": False}),
    "poolings": end(
        {"type": "max_pool2d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}, conv(6, 3, padding=3),
        {"type": "avg_pool2d", "kernel_size": [3, 2], "stride": 2, "padding": 1, "ceil_mode": True},
        {"type": "avg_pool2d", "kernel_size": 3, "stride": 1, "padding": 1, "count_include_pad": False},
        {"type": "max_pool2d", "kernel_size": 2, "stride": 1, "dilation": 2},
        {"type": "avg_pool2d", "kernel_size": 2, "stride": 1, "padding": 1, "divisor_override": 3}),
    "adaptive": end(
        {"type": "adaptive_avg_pool2d", "output_size": [7, None]}, {"type": "adaptive_max_pool2d", "output_size": [5, 7]},
        conv(4, 1), {"type": "upsample", "scale_factor": [1.5, 2]}, {"type": "adaptive_avg_pool2d", "output_size": [7, 7]},
        {"type": "upsample", "size": 12}, {"type": "adaptive_max_pool2d", "output_size": 6},
        {"type": "adaptive_avg_pool2d", "output_size": 3}),
    "paddings": end(
        {"type": "zero_pad2d", "padding": [1, 0, 2, 1]}, {"type": "constant_pad2d", "padding": 1, "value": -0.7},
        {"type": "reflection_pad2d", "padding": [2, 1, 0, 3]}, conv(3, 3, stride=2),
        {"type": "replication_pad2d", "padding": [0, 2, 1, 1]}, {"type": "circular_pad2d", "padding": [2, 1, 3, 0]},
        {"type": "subsample2d", "stride": [2, 3], "out_channels": 6}),
    "norms": end(
        conv(6, 3), {"type": "batch_norm2d"}, {"type": "group_norm", "num_groups": 3}, conv(6, 1),
        {"type": "instance_norm2d", "affine": True}, {"type": "instance_norm2d", "track_running_stats": True}, conv(6, 1),
        {"type": "layer_norm", "normalized_shape": [7, 8]}, {"type": "local_response_norm", "size": 4, "alpha": 0.5, "k": 2},
        {"type": "local_response_norm", "size": 3, "alpha": 0.1}, {"type": "batch_norm2d", "affine": False},
        {"type": "layer_norm", "normalized_shape": 8, "elementwise_affine": False}),
    "nested": end(
        conv(4, 3, padding=1), {"type": "residual", "layers": [conv(6, 3, padding=1, stride=2), {"type": "batch_norm2d"}],
                                "shortcut": [{"type": "subsample2d", "stride": 2, "out_channels": 6}]},
        {"type": "concat", "branches": [[], [conv(3, 1), {"type": "relu"}], [{
            "type": "residual", "layers": [conv(6, 3, padding=1, name="inner stem")]}]]},
        {"type": "dropout2d"}, {"type": "prelu", "num_parameters": 15}, {"type": "dropout"}, {"type": "prelu"}),
    "rows": [
        {"type": "flatten"}, {"type": "linear", "out_features": 48, "bias": False}, {"type": "batch_norm1d"},
        {"type": "prelu", "num_parameters": 48}, {"type": "alpha_dropout"}, {"type": "unflatten", "unflattened_size": [6, 8]},
        conv(6, 4, rank=1, padding="same", groups=3), {"type": "batch_norm1d"}, {"type": "prelu", "num_parameters": 6},
        {"type": "conv_transpose1d", "out_channels": 4, "kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
        {"type": "max_pool1d", "kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True},
        {"type": "circular_pad1d", "padding": [2, 1]}, {"type": "reflection_pad1d", "padding": [1, 2]},
        {"type": "replication_pad1d", "padding": 1}, {"type": "zero_pad1d", "padding": [0, 1]},
        {"type": "constant_pad1d", "padding": 1, "value": 0.3}, {"type": "avg_pool1d", "kernel_size": 3, "padding": 1,
                                                               "count_include_pad": False, "ceil_mode": True},
        {"type": "local_response_norm", "size": 2}, {"type": "instance_norm1d"}, {"type": "group_norm", "num_groups": 2},
        {"type": "upsample", "scale_factor": 1.7}, {"type": "adaptive_avg_pool1d", "output_size": 7}, {"type": "dropout1d"},
        {"type": "adaptive_max_pool1d", "output_size": 4}, {"type": "subsample1d", "stride": 3, "out_channels": 7},
        {"type": "softmax"}, {"type": "flatten"}, {"type": "linear", "out_features": 5}, {"type": "log_softmax"}],
}


class Difference(Exception):
    """What is not as it should be."""


class Totals:
    """What was compared."""

    def __init__(self):
        self.values, self.largest, self.networks, self.where, self.spread = 0, 0.0, 0, "", 0


class Program:
    """bench in a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def __call__(self, *arguments):
        outcome = subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True,
                                 env={**os.environ, "BENCH_DB": "bench.db"})
        if outcome.returncode not in (0, 3):
            raise Difference(f"bench {' '.join(arguments[:3])} ended with {outcome.returncode}: {outcome.stderr.strip()}")
        return outcome.stdout

    def train(self, grid):
        """The only trial of a grid, as a row of the view `trials`."""
        (Path(self.folder) / "grid.json").write_text(json.dumps(grid))
        self("run", "grid.json", "-q", "-j", "1")
        return self.trial()

    def trial(self):
        connection = sqlite3.connect(f"file:{self.folder}/bench.db?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return dict(connection.execute("SELECT * FROM trials").fetchone())
        finally:
            connection.close()

    def features(self, trial, image):
        """What the last layer gives for a test image, from the data beside the picture of the feature maps."""
        paths = self("show", trial, "--feature-maps", str(image)).split()
        blocks = (Path(self.folder) / f"{paths[0].removesuffix('.svg')}.tsv").read_text().strip("\n").split("\n\n\n")
        # The last block holds the soft-max's shares, the one before it the last layer.
        return np.array([float(line.split("\t")[2]) for line in blocks[-2].splitlines()[1:]])


def read_safetensors(path):
    data = path.read_bytes()
    length = struct.unpack("<Q", data[:8])[0]
    header = json.loads(data[8:8 + length])
    kinds = {"F32": "<f4", "I64": "<i8"}
    return {name: np.frombuffer(data[8 + length:][slice(*one["data_offsets"])], kinds[one["dtype"]]).reshape(one["shape"])
            for name, one in header.items() if name != "__metadata__"}


def exported(program, trial, images):
    """The session of an exported network, checked, and what it gives for all images."""
    program("export", "onnx", trial, "-o", "net.onnx")
    program("export", "weights", trial, "-o", "net.safetensors")
    path = Path(program.folder) / "net.onnx"
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    if (model.ir_version, [(one.domain, one.version) for one in model.opset_import]) != (8, [("", 17)]):
        raise Difference(f"IR version {model.ir_version}, operator sets {model.opset_import}")
    weights = read_safetensors(Path(program.folder) / "net.safetensors")
    initialisers = {one.name: onnx.numpy_helper.to_array(one) for one in model.graph.initializer}
    kept = {name for name in weights if not name.endswith("num_batches_tracked")}
    if set(initialisers) != kept:
        raise Difference(f"initialisers {sorted(set(initialisers) ^ kept)} are in one file only")
    for name, value in initialisers.items():
        if value.shape != weights[name].shape or not np.array_equal(value, weights[name], equal_nan=True):
            raise Difference(f"initialiser {name} is not the tensor of the weight file")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    (given,), (taken,) = session.get_inputs(), session.get_outputs()
    if (given.name, given.shape[0], taken.name, taken.shape[0]) != ("input", "N", "output", "N"):
        raise Difference(f"takes {given.name} {given.shape}, gives {taken.name} {taken.shape}")
    outputs = session.run(None, {"input": images})[0]
    if list(outputs.shape) != [len(images), *taken.shape[1:]]:
        raise Difference(f"gives {outputs.shape}, says {taken.shape}")
    return session, outputs


def compare(name, mine, theirs, totals, spread=0.0):
    """Outputs against a reference, by the largest of the reference."""
    if not np.all(np.isfinite(theirs)):
        return
    scale = max(np.abs(theirs).max(), 1e-6)
    gap = float(np.abs(mine.astype(np.float64) - theirs).max() / scale)
    totals.values += theirs.size
    limit = max(LIMIT, 3 * spread)
    if not gap <= limit:
        raise Difference(f"logits differ by {gap:.1e} of the largest, allowed are {limit:.1e}")
    if gap > LIMIT:
        totals.spread += 1
    elif gap > totals.largest:
        totals.largest, totals.where = gap, name


def kinds(layers):
    """The types of all layers, those inside a nested one too."""
    for layer in layers:
        yield layer["type"]
        for chain in [*layer.get("branches", []), layer.get("layers", []), layer.get("shortcut", [])]:
            yield from kinds(chain)


def cross_entropy(outputs, labels, is_log):
    """Mean loss and accuracy."""
    values = outputs.astype(np.float64)
    logs = values if is_log else values - values.max(1, keepdims=True)
    if not is_log:
        logs = logs - np.log(np.exp(logs).sum(1, keepdims=True))
    return -logs[np.arange(len(labels)), labels].mean(), (values.argmax(1) == labels).mean()


def check_own(name, model, shape, classes, program_path, folder, totals, is_log=False, prepare=lambda images: images):
    """A network on images of the script's own, against bench's scores and feature maps."""
    numbers = np.random.default_rng(len(name))
    program = Program(program_path, folder)
    selection = {"name": "npy"}
    for part, count in (("train", 60), ("test", 40)):
        labels = numbers.integers(0, classes, count)
        images = numbers.random((count, *shape)).astype(np.float32)
        for image, label in zip(images, labels):
            image.reshape(-1)[label::classes] *= 0.3
        np.save(f"{folder}/{part}-images.npy", images)
        np.save(f"{folder}/{part}-labels.npy", labels.astype(np.int64))
        selection |= {f"{part}_images": f"{part}-images.npy", f"{part}_labels": f"{part}-labels.npy"}
    selection["classes"] = [f"class {index}" for index in range(classes)]
    grid = {"name": "network", "dataset": selection, "model": model, "optimizer": {"name": "adam", "lr": 0.003},
            "training": {"batch_size": 10, "iterations": 12}, "seeds": [3], **({"loss": "nll"} if is_log else {})}
    row = program.train(grid)
    if row["state"] != "done":
        raise Difference(f"the trial is {row['state']}: {row['error']}")
    images = np.ascontiguousarray(prepare(images))
    session, outputs = exported(program, row["trial"], images)
    loss, accuracy = cross_entropy(outputs, labels, is_log)
    totals.values += 2
    if not abs(loss - row["test_loss"]) <= 1e-5 * max(1, abs(loss)):
        raise Difference(f"loss {loss}, the store has {row['test_loss']}")
    if abs(accuracy - row["test_accuracy"]) * len(labels) > 1.01:
        raise Difference(f"accuracy {accuracy}, the store has {row['test_accuracy']}")
    alone = session.run(None, {"input": images[:1]})[0]
    compare(name, alone, outputs[:1].astype(np.float64), totals)
    for image in range(2):
        compare(name, outputs[image], program.features(row["trial"], image), totals)


def check_chain(seed, program_path, folder, totals):
    """A random grid, against PyTorch."""
    import torch
    from random_grids import Draw, draw_grid
    from torch_trial import TorchTrial
    grid, data, _ = draw_grid(Draw(seed), folder)
    trial = TorchTrial(grid, data)
    program = Program(program_path, folder)
    grid["training"] = {**grid["training"], "evaluation_draws": "none"}
    row = program.train(grid)
    if row["state"] == "failed":  # PyTorch refuses it too: a batch of one and a batch normalisation
        return False
    images = trial.sets["test"][0]
    _, outputs = exported(program, row["trial"], images.numpy())
    weights = {name: torch.from_numpy(value.copy()) for name, value in
               read_safetensors(Path(folder) / "net.safetensors").items()}
    results = []
    for kind in (torch.float32, torch.float64):
        model = trial.model().to(kind)
        model.load_state_dict(trial.plain(weights))
        model.eval()
        with torch.no_grad():
            results.append(model(images.to(kind)).double().numpy())
    scale = max(np.abs(results[1]).max(), 1e-6)
    spread = float(np.abs(results[0] - results[1]).max() / scale)
    compare(f"chain {seed}", outputs, results[0], totals, spread if math.isfinite(spread) else 0)
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="the program")
    parser.add_argument("--short", action="store_true", help="three presets and eight chains")
    parser.add_argument("--count", type=int, help="how many random chains (default: 50, short 8)")
    parser.add_argument("--seed", type=int, default=0, help="the first random chain")
    arguments = parser.parse_args()
    warnings.simplefilter("ignore")
    onnxruntime.set_default_logger_severity(3)
    program, totals, problems, begin = str(arguments.bench.resolve()), Totals(), 0, time.monotonic()

    def check(name, body, *options):
        nonlocal problems
        with tempfile.TemporaryDirectory() as folder:
            try:
                if body(*options, program, folder, totals) is not False:
                    totals.networks += 1
            except Exception as error:  # whatever onnx or onnxruntime throws
                problems += 1
                print(f"{name}: {type(error).__name__}: {error}", flush=True)

    for name in list(PRESETS)[:: 2 if arguments.short else 1]:
        check(name, lambda *rest, name=name: check_own(name, {"preset": name}, PRESETS[name], 10, *rest))
    for name, layers in LAYERS.items():
        check(name, lambda *rest, name=name, layers=layers: check_own(
            name, {"layers": layers}, [3, 9, 10], 5, *rest, is_log=layers[-1]["type"] == "log_softmax"))
    check("conv1d", lambda *rest: check_own(
        "conv1d", {"family": "conv1d", "channels": [4, 6], "kernel_size": 3, "padding": "same"}, [3, 9, 10], 5, *rest,
        prepare=lambda images: images.transpose(0, 3, 1, 2).reshape(len(images), 30, 9)))
    schema = json.loads(subprocess.run([program, "schema"], capture_output=True, text=True, check=True).stdout)
    missing = set(schema["$defs"]["layer"]["properties"]["type"]["enum"]) - {
        kind for layers in LAYERS.values() for kind in kinds(layers)}
    if missing:
        problems += 1
        print(f"no network here has {', '.join(sorted(missing))}")
    count = arguments.count if arguments.count is not None else 8 if arguments.short else 50
    try:
        sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "PyTorch"))
        import torch
        torch.set_num_threads(1)
        for seed in range(arguments.seed, arguments.seed + count):
            check(f"chain {seed}", lambda *rest, seed=seed: check_chain(seed, *rest))
    except ImportError as missing:
        print(f"{missing}: the random chains are left out")
    print(f"{totals.networks} networks in ONNX Runtime {onnxruntime.__version__}: {totals.values} values compared, the largest "
          f"difference {totals.largest:.1e} of the largest output ({totals.where}); {totals.spread} within PyTorch's own "
          f"spread; {problems} differ; {time.monotonic() - begin:.0f} s")
    sys.exit(1 if problems or totals.networks < 10 else 0)


if __name__ == "__main__":
    main()
