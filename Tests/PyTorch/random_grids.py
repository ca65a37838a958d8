"""Random grids over the whole grid language that concerns numbers, with small data sets of their own.

Whether a chain of layers is legal is asked of PyTorch: what its modules refuse is never drawn, but handed out beside
the grid, for bench must refuse it too.
"""
import math
import os
import random
import struct
import sys

import numpy as np
import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../NeuralNetworkTests/Fixtures"))
from modules import build, every, parameter_groups  # noqa: E402

# Losses that compare values, with one-hot labels or with the input.
VALUE_LOSSES = ["mse", "l1", "smooth_l1", "bce_with_logits"]
ACTIVATIONS = ["relu", "leaky_relu", "elu", "sigmoid", "tanh", "gelu", "silu", "softplus", "hardswish", "mish", "selu",
               "hardtanh", "relu6"]
# What a layer may take and give for one example, so that hundreds of chains are trained in minutes.
LARGEST_OUTPUT, MOST_PARAMETERS = 6000, 40000


class Draw(random.Random):
    """A random generator with the draws that grids are made of."""

    def chance(self, probability):
        return self.random() < probability

    def rate(self, low, high):
        return float(f"{math.exp(self.uniform(math.log(low), math.log(high))):.3g}")

    def extent(self, rank, low, high):
        """One number for all sides, or a list with one for each."""
        if self.chance(0.6 if rank == 2 else 0.85):
            return self.randint(low, high)
        return [self.randint(low, high) for _ in range(rank)]

    def some(self, **options):
        """The options that are not left to their defaults: each is a probability and what draws a value."""
        return {name: draw() for name, (probability, draw) in options.items() if self.chance(probability)}


def divisors(*numbers):
    return [d for d in range(1, max(numbers) + 1) if all(n % d == 0 for n in numbers)]


def draw_layer(draw, shape):
    """A layer for examples of this shape; not every one is legal."""
    rank = len(shape) - 1
    if rank == 0:
        kinds = ["linear"] * 5 + ["batch_norm1d"] * 2 + ["dropout"] * 2 + ["activation"] * 3 + [
            "unflatten", "log_softmax", "softmax", "prelu", "prelu", "group_norm", "layer_norm"]
    else:
        kinds = (["conv"] * 6 + ["conv_transpose"] * 3 + ["max_pool"] * 3 + ["avg_pool"] * 3 + ["adaptive_avg_pool"]
                 + ["batch_norm"] * 2 + ["dropout", "dropout", "pad", "pad", "upsample", "subsample", "adaptive_max_pool", "local_response_norm", "flatten", "log_softmax", "softmax", "prelu", "group_norm", "group_norm",
                    "layer_norm", "instance_norm"] + ["activation"] * 4)
    kind = draw.choice(kinds)
    side = lambda low, high: lambda: draw.extent(rank, low, high)
    flag = lambda: draw.chance(0.5)
    if kind == "activation":
        kind = draw.choice(ACTIVATIONS)
        if kind == "leaky_relu":
            return {"type": kind, **draw.some(negative_slope=(0.7, lambda: draw.choice([0, 0.2, 1, -0.3, 1.7])))}
        low, high = draw.choice([(-0.3, 0.7), (-2, 0), (0.1, 3), (1, 0.5)])
        options = {
            "elu": {"alpha": (0.6, lambda: draw.choice([0.3, 2, 0, 1.5]))},
            "gelu": {"approximate": (0.6, lambda: draw.choice(["none", "tanh"]))},
            "softplus": {"beta": (0.5, lambda: draw.choice([0.3, 2, 5])), "threshold": (0.4, lambda: draw.choice([1, 5, 30]))},
            "hardtanh": {"min_val": (0.5, lambda: low), "max_val": (0.5, lambda: high)}}
        return {"type": kind, **draw.some(**options.get(kind, {}))}
    if kind in ("flatten", "log_softmax", "softmax"):
        return {"type": kind}
    if kind == "prelu":
        return {"type": kind, **draw.some(num_parameters=(0.6, lambda: draw.choice([shape[0], shape[0], 1, 2])))}
    if kind == "dropout":
        kind = draw.choice(["dropout", "dropout", "alpha_dropout"] + ([f"dropout{rank}d"] * 2 if rank in (1, 2) else []))
        return {"type": kind, **draw.some(p=(0.8, lambda: draw.choice([0, 0.1, 0.25, 0.5, 0.9, 1])))}
    if kind == "linear":
        return {"type": kind, "out_features": draw.choice([1, 2, 3, 7, 8, 15, 16, 17, 33, 64, 70]),
                **draw.some(bias=(0.3, flag), in_features=(0.1, lambda: shape[0]))}
    if kind == "unflatten":
        return {"type": kind, "unflattened_size": factors(draw, shape[0], draw.choice([1, 2, 2, 3, 3, 3]))}
    eps = (0.3, lambda: draw.choice([1e-3, 0.01, 0.5]))
    if kind == "group_norm":
        return {"type": kind, "num_groups": draw.choice([*divisors(shape[0]), 3]), **draw.some(
            eps=eps, affine=(0.3, flag), bias=(0.2, flag), num_channels=(0.1, lambda: shape[0]))}
    if kind == "layer_norm":
        sizes = shape[-draw.randint(1, len(shape)):]
        return {"type": kind, "normalized_shape": sizes[0] if len(sizes) == 1 and draw.chance(0.5) else sizes,
                **draw.some(eps=eps, elementwise_affine=(0.3, flag), bias=(0.2, flag))}
    if kind == "instance_norm":
        tracked = draw.some(track_running_stats=(0.5, lambda: math.prod(shape[1:]) > 1 and draw.chance(0.7)))
        return {"type": f"{kind}{rank}d", **tracked, **draw.some(
            eps=eps, affine=(0.6, flag), bias=(0.2, flag), momentum=(0.4, lambda: draw.choice([None, 0, 0.01, 0.5, 1])),
            num_features=(0.1, lambda: shape[0]))}
    if kind.startswith("batch_norm"):
        norm = draw.some(eps=(0.3, lambda: draw.choice([1e-3, 1e-8, 0.5])), affine=(0.3, flag),
                         momentum=(0.5, lambda: draw.choice([None, 0, 0.01, 0.5, 1])), track_running_stats=(0.3, flag),
                         num_features=(0.1, lambda: shape[0]))
        return {"type": "batch_norm1d" if rank == 0 else f"batch_norm{rank}d", **norm}
    name = f"{kind}{rank}d"
    if kind == "pad":
        fill = draw.choice(["zero", "constant", "reflection", "replication", "circular"])
        padding = draw.choice([draw.randint(0, 3), [draw.randint(0, 3) for _ in range(2 * rank)]])
        return {"type": f"{fill}_pad{rank}d", "padding": padding,
                **({"value": draw.choice([0, 1, -0.7])} if fill == "constant" else {})}
    if kind == "subsample":
        return {"type": name, **draw.some(stride=(0.8, side(1, 3)), out_channels=(0.6, lambda: draw.choice([
            None, shape[0], shape[0] + 1, shape[0] + 4, 2 * shape[0], max(1, shape[0] - 1)])))}
    if kind == "upsample":
        sides = lambda *values: draw.choice([draw.choice(values), [draw.choice(values) for _ in range(rank)]])
        return {"type": kind, **draw.choice([{"size": sides(2, 5, 7)}, {"scale_factor": sides(2, 1.5, 3, 0.7)}])}
    if kind == "local_response_norm":
        return {"type": kind, "size": draw.randint(1, 6), **draw.some(
            alpha=(0.6, lambda: draw.choice([0, 1e-3, 0.5])), beta=(0.5, lambda: draw.choice([0.5, 1])),
            k=(0.4, lambda: draw.choice([0.5, 2])))}
    if kind.startswith("adaptive"):
        sizes = [draw.choice([1, 2, 3, 5, 7, None]) for _ in range(rank)]
        return {"type": name, "output_size": draw.choice([sizes, sizes[0] or 2])}
    if kind == "max_pool":
        return {"type": name, "kernel_size": draw.extent(rank, 1, 4), **draw.some(
            stride=(0.5, lambda: draw.choice([None, draw.extent(rank, 1, 4)])), padding=(0.4, side(0, 2)),
            dilation=(0.3, side(1, 3)), ceil_mode=(0.5, flag))}
    if kind == "avg_pool":
        window = {"type": name, "kernel_size": draw.extent(rank, 1, 4), **draw.some(
            stride=(0.5, lambda: draw.choice([None, draw.extent(rank, 1, 4)])), padding=(0.4, side(0, 2)),
            ceil_mode=(0.5, flag), count_include_pad=(0.5, flag))}
        return window | (draw.some(divisor_override=(0.2, lambda: draw.randint(1, 9))) if rank == 2 else {})
    groups = draw.choice(divisors(shape[0])) if draw.chance(0.4) else 1
    channels = groups * draw.choice([1, 2, 3, 4]) if groups > 1 else draw.choice([1, 2, 3, 4, 5, 8, 9, 12, 16, 17])
    base = {"type": name, "out_channels": channels, "kernel_size": draw.extent(rank, 1, 5),
            **({"groups": groups} if groups > 1 else {}),
            **draw.some(bias=(0.3, flag), stride=(0.4, side(1, 3)), dilation=(0.25, side(1, 3)),
                        in_channels=(0.1, lambda: shape[0]))}
    if kind == "conv":
        if draw.chance(0.7):
            base["padding"] = draw.choice(["same", "valid", draw.extent(rank, 0, 3), draw.extent(rank, 0, 2)])
        if base.get("padding") == "same" and draw.chance(0.9):
            base.pop("stride", None)
        return base | draw.some(padding_mode=(0.3, lambda: draw.choice(["zeros", "reflect", "replicate", "circular"])))
    return base | draw.some(padding=(0.4, side(0, 2)), output_padding=(0.3, side(0, 2)))


def chains(layer):
    """The lists of layers in a nested one."""
    return [layer["layers"], layer.get("shortcut", [])] if layer["type"] == "residual" else layer.get("branches", [])


def everywhere(layers):
    """All layers, those inside a nested one before it."""
    for layer in layers:
        for inside in chains(layer):
            yield from everywhere(inside)
        yield layer


def replaced(layers, change):
    """Layers, each as `change` leaves it, those inside a nested one first."""
    result = []
    for layer in layers:
        if layer["type"] == "residual":
            layer = {**layer, **{key: replaced(layer[key], change) for key in ("layers", "shortcut") if key in layer}}
        elif layer["type"] == "concat":
            layer = {**layer, "branches": [replaced(branch, change) for branch in layer["branches"]]}
        result.append(change(layer))
    return result


def draw_nested(draw, shape, depth=0):
    """A residual or a concatenation for examples of this shape; not every one is legal."""
    def path():
        chain = Chain(draw, shape, depth + 1)
        chain.grow(draw.randint(1, 3), reshapes=False)
        return chain

    def leading_to(sizes):
        """Layers that give this shape, which has as many dimensions."""
        rank = len(sizes) - 1
        if rank == 0:
            return [{"type": "linear", "out_features": sizes[0]}]
        steps = [-(-before // max(after, 1)) for before, after in zip(shape[1:], sizes[1:])]
        fits = [-(-before // step) for before, step in zip(shape[1:], steps)] == sizes[1:]
        if fits and sizes[0] >= shape[0] and draw.chance(0.4):
            return [{"type": f"subsample{rank}d", "stride": steps if len(set(steps)) > 1 else steps[0], "out_channels": sizes[0]}]
        if fits and draw.chance(0.6):
            return [{"type": f"conv{rank}d", "out_channels": sizes[0], "kernel_size": 1, "stride": steps},
                    *([{"type": f"batch_norm{rank}d"}] if draw.chance(0.3) else [])]
        return [{"type": f"adaptive_avg_pool{rank}d", "output_size": sizes[1:]},
                {"type": f"conv{rank}d", "out_channels": sizes[0], "kernel_size": 3, "padding": 1}]

    first = path()
    reaches = len(first.shape) == len(shape) <= 3
    if draw.chance(0.5):
        shortcut = leading_to(first.shape) if reaches and (first.shape != shape or draw.chance(0.3)) else []
        return {"type": "residual", "layers": first.layers, **({"shortcut": shortcut} if shortcut or draw.chance(0.1) else {})}
    branches = [first.layers]
    for _ in range(draw.randint(1, 2)):
        if first.shape[1:] == shape[1:] and draw.chance(0.4):
            branches.append([])
        elif reaches:
            branches.append(leading_to([draw.randint(1, 5), *first.shape[1:]]))
        else:
            branches.append(path().layers)
    draw.shuffle(branches)
    return {"type": "concat", "branches": branches}


def factors(draw, number, count):
    sizes = []
    for _ in range(count - 1):
        sizes.append(draw.choice(divisors(number)))
        number //= sizes[-1]
    sizes.append(number)
    draw.shuffle(sizes)
    return sizes


def draw_initialiser(draw, is_matrix):
    """A function of torch.nn.init, as a name or with arguments."""
    number = lambda *values: lambda: draw.choice(values)
    gain = {"gain": (0.5, number(0.3, 1.7))}
    kaiming = {"a": (0.4, number(0, 0.2, 1.5)), "mode": (0.4, number("fan_in", "fan_out")), "nonlinearity": (0.5, number(
        "linear", "sigmoid", "tanh", "relu", "leaky_relu", "selu"))}
    small = 0.3 if is_matrix else 0.1
    functions = {
        "uniform": {"a": (1, number(-small, -0.05)), "b": (1, number(small, 0.02))}, "zeros": {}, "ones": {},
        "normal": {"mean": (0.3, number(0.01, -0.05)), "std": (1, number(0.02, small))}, "constant": {"val": (1, number(0, 0.1))},
        "trunc_normal": {"mean": (0.3, number(0.01, 0)), "std": (1, number(0.05, 0.5)), "a": (0.8, number(-0.1, -0.3)),
                         "b": (0.8, number(0.2, 0.05))}}
    if is_matrix:
        # Equal weights learn alike, and rounding alone tells them apart.
        functions = {name: functions[name] for name in ("uniform", "normal", "trunc_normal")}
        functions |= {"xavier_uniform": gain, "xavier_normal": gain, "kaiming_uniform": kaiming, "kaiming_normal": kaiming,
                      "orthogonal": gain}
    name = draw.choice(list(functions))
    options = draw.some(**functions[name])
    return name if not options and draw.chance(0.5) else {"name": name, **options}


def draw_init(draw, is_matrix=True, has_bias=True):
    """How weights and biases begin."""
    return draw.some(weight=(0.8, lambda: draw_initialiser(draw, is_matrix)),
                     **({"bias": (0.6, lambda: draw_initialiser(draw, False))} if has_bias else {}))


def initialised(layers, init):
    """Layers with the model's initialisers in those with matrices that have none of their own."""
    if not init:
        return layers
    def with_init(layer):
        if layer["type"].startswith(("linear", "conv")) and "init" not in layer:
            own = init if layer.get("bias", True) else {key: value for key, value in init.items() if key != "bias"}
            layer = {**layer, "init": own}
        return layer
    return replaced(layers, with_init)


LEARNING = ("linear", "conv", "batch_norm", "group_norm", "layer_norm", "instance_norm", "prelu")


def has_weight(layer):
    return layer.get("affine", not layer["type"].startswith("instance_norm")) and layer.get("elementwise_affine", True)


def common(draw, layer):
    if layer["type"].startswith(LEARNING):
        if draw.chance(0.1):
            layer["trainable"] = False
        layer |= draw.some(lr=(0.1, lambda: draw.rate(1e-3, 0.1)), weight_decay=(0.1, lambda: draw.choice([0, 0.1, 1e-3])))
        is_matrix = layer["type"].startswith(("linear", "conv"))
        if draw.chance(0.15) and has_weight(layer):
            layer["init"] = draw_init(draw, is_matrix, layer.get("bias", True) and layer["type"] != "prelu")
    if draw.chance(0.05):
        layer["name"] = draw.choice(["stem", "features.0", "Kopf", "fc-1", "block_2"]) + f"_{draw.randint(0, 9999)}"
    return layer


class Chain:
    """Layers that PyTorch takes, drawn one by one, and some that it refused; `depth` counts those that they lie in."""

    def __init__(self, draw, shape, depth=0):
        self.draw, self.shape, self.start, self.layers, self.refused = draw, list(shape), list(shape), [], []
        self.depth, self.used = depth, set()

    def add(self, layer):
        """Adds a layer; False where PyTorch refuses it or it is too large."""
        try:
            module = build(self.shape, [layer])
            module.eval()
            with torch.no_grad():
                after = list(module(torch.zeros(2, *self.shape)).shape[1:])
        except (RuntimeError, ValueError, TypeError, IndexError, AssertionError):
            self.refused.append(self.layers + [layer])
            return False
        if math.prod(after) > LARGEST_OUTPUT or 0 in after or len(after) > 4 or (len(after) == 4 and len(self.shape) == 1):
            return False
        if sum(value.numel() for value in module.parameters()) > MOST_PARAMETERS:
            return False
        common(self.draw, layer)
        if layer.get("name") in self.used:  # two of ten thousand numbers may be equal
            layer.pop("name", None)
        self.used.add(layer.get("name"))
        self.layers.append(layer)
        self.shape = after
        return True

    def grow(self, count, reshapes=True):
        if reshapes and self.draw.chance(0.25):  # data sets hold no sequences of several channels
            if len(self.shape) > 1:
                self.add({"type": "flatten"})
            self.add({"type": "unflatten", "unflattened_size": factors(self.draw, self.shape[0], 2)})
        for _ in range(count):
            for _ in range(20):
                is_nested = self.depth < 3 and self.draw.chance(0.12)
                draw_one = draw_nested if is_nested else draw_layer
                if self.add(draw_one(self.draw, self.shape, *([self.depth] if is_nested else []))):
                    break

    def end_with_classes(self, classes, loss):
        if len(self.shape) == 3 and self.draw.chance(0.2):
            self.add({"type": "conv2d", "out_channels": classes, "kernel_size": 1})
            self.add({"type": "adaptive_avg_pool2d", "output_size": 1})
        if len(self.shape) > 1:
            self.add({"type": "flatten"})
        if self.shape != [classes]:
            self.add({"type": "linear", "out_features": classes, **self.draw.some(bias=(0.2, lambda: False))})
        if loss == "nll" and self.draw.chance(0.85):
            self.add({"type": "log_softmax"})
        elif self.draw.chance(0.1):
            self.add({"type": self.draw.choice(["sigmoid", "tanh", "leaky_relu"])})

    def end_with_input(self):
        if len(self.shape) > 1:
            self.add({"type": "flatten"})
        self.add({"type": "linear", "out_features": math.prod(self.start)})
        if len(self.start) > 1:
            self.add({"type": "unflatten", "unflattened_size": self.start})
            for kind in self.draw.choice([[], ["conv2d"], ["conv_transpose2d"], ["batch_norm2d", "conv2d"]]):
                options = {"out_channels": self.start[0], "kernel_size": 3, "padding": 1} if "conv" in kind else {}
                self.add({"type": kind, **options})
        if self.draw.chance(0.5):
            self.add({"type": "sigmoid"})

    def learns(self):
        return any(value.requires_grad for value in build(self.start, self.layers).parameters())


def draw_family(draw, shape, options=None):
    """A model of a family, in its own words."""
    rank = draw.choice([0, 1, 2]) if len(shape) == 3 else draw.choice([0, 1])
    common = draw.some(activation=(0.5, lambda: draw.choice([*ACTIVATIONS, "none"])),
                       hidden=(0.6, lambda: [draw.randint(1, 40) for _ in range(draw.randint(0, 2))]),
                       dropout=(0.3, lambda: draw.choice([0, 0.2, 0.5])))
    if rank == 0:
        return {"family": "mlp", **common}
    if rank == 2 and draw.chance(0.4):
        return draw_published_family(draw, shape, common)
    side = lambda low, high: lambda: draw.extent(rank, low, high)
    return {"family": "cnn" if rank == 2 else "conv1d", "channels": [draw.randint(1, 9) for _ in range(draw.randint(1, 2))],
            **common, **draw.some(
                kernel_size=(0.8, side(1, 5)), stride=(0.2, side(1, 2)), dilation=(0.2, side(1, 2)),
                padding=(0.7, lambda: draw.choice(["same", "valid", "full", draw.extent(rank, 0, 3)])),
                pooling=(0.6, lambda: draw.choice(["max", "average", "none"])), pool_size=(0.4, side(1, 3)),
                pool_stride=(0.3, lambda: draw.choice([None, draw.extent(rank, 1, 3)])))}


def draw_published_family(draw, shape, common):
    """A model of a family with layers of its own."""
    kinds = ["resnet", "vgg"] + (["lenet"] if min(shape[1:]) >= 28 else [])
    kind = draw.choice(kinds)
    if kind == "resnet":
        return {"family": kind, "depth": draw.choice([8, 8, 14]), "width": draw.randint(1, 4), **draw.some(
            shortcut=(0.7, lambda: draw.choice(["A", "B"])))}
    if kind == "lenet":
        return {"family": kind, **{key: value for key, value in common.items() if key == "activation"}, **draw.some(
            pooling=(0.5, lambda: draw.choice(["max", "average"])))}
    most = max(1, min(2, int(math.log2(min(shape[1:])))))
    return {"family": kind, "blocks": [[draw.randint(1, 6) for _ in range(draw.randint(1, 2))]
                                       for _ in range(draw.randint(1, most))], **common, **draw.some(
        batch_norm=(0.5, lambda: draw.chance(0.5)))}


def lowered_published(model, shape, classes, act):
    """The layers of such a family but for its end."""
    def conv(channels, size=3, **options):
        return {"type": "conv2d", "out_channels": channels, "kernel_size": size, "padding": size // 2, **options}
    normed = lambda *arguments, **options: [conv(*arguments, bias=False, **options), {"type": "batch_norm2d"}]
    relu, layers = {"type": "relu"}, []
    if model["family"] == "resnet":
        width = model.get("width", 16)
        layers += [*normed(width), relu]
        for stage in range(3):
            channels = width << stage
            for block in range((model.get("depth", 20) - 2) // 6):
                stride = 2 if stage and not block else 1
                shortcut = {"A": [{"type": "subsample2d", "stride": stride, "out_channels": channels}],
                            "B": normed(channels, 1, stride=stride)}[model.get("shortcut", "A")] if stride > 1 else []
                layers += [{"type": "residual", "layers": [*normed(channels, stride=stride), relu, *normed(channels)],
                            "shortcut": shortcut}, relu]
        layers.append({"type": "adaptive_avg_pool2d", "output_size": 1})
    elif model["family"] == "vgg":
        for block in model["blocks"]:
            for channels in block:
                layers += [conv(channels), *([{"type": "batch_norm2d"}] if model.get("batch_norm", True) else []), *act]
            layers.append({"type": "max_pool2d", "kernel_size": 2})
    else:
        pool = {"type": {"max": "max_pool2d", "average": "avg_pool2d"}[model.get("pooling", "max")], "kernel_size": 2}
        layers += [{**conv(6, 5), "padding": 2 if shape[1] < 32 else 0}, *act, pool, {**conv(16, 5), "padding": 0}, *act, pool]
    return layers


def lowered(model, shape, classes, loss):
    """The layers of a model, with all that they have of their own, and the shape of what they take."""
    layers, shape = lowered_family(model, shape, classes, loss)
    return initialised(layers, model.get("init")), shape


def lowered_family(model, shape, classes, loss):
    if "layers" in model:
        return model["layers"], shape
    layers, family = [], model["family"]
    act = {"none": []}.get(model.get("activation", "relu"), [{"type": model.get("activation", "relu")}])
    if family in ("resnet", "vgg", "lenet"):
        layers += lowered_published(model, shape, classes, act)
    if family == "conv1d":
        shape = [1, shape[0]] if len(shape) == 1 else [shape[0] * shape[2], shape[1]]
    if family in ("cnn", "conv1d"):
        rank = 2 if family == "cnn" else 1
        sides = lambda value: value if isinstance(value, list) else [value] * rank
        kernel, dilation = sides(model.get("kernel_size", 5)), sides(model.get("dilation", 1))
        padding = model.get("padding", "valid")
        if padding == "full":
            padding = [d * (k - 1) for k, d in zip(kernel, dilation)]
        pool = {"max": "max_pool", "average": "avg_pool"}.get(model.get("pooling", "max"))
        for channels in model["channels"]:
            layers += [{"type": f"conv{rank}d", "out_channels": channels, "kernel_size": kernel, "dilation": dilation,
                        "stride": model.get("stride", 1), "padding": padding}, *act]
            if pool:
                layers += [{"type": f"{pool}{rank}d", "kernel_size": model.get("pool_size", 2),
                            "stride": model.get("pool_stride")}]
    if family != "mlp" or len(shape) > 1:
        layers += [{"type": "flatten"}]
    for size in [120, 84] if family == "lenet" else model.get("hidden", []):
        layers += [{"type": "linear", "out_features": size}, *act]
        if model.get("dropout", 0) > 0:
            layers += [{"type": "dropout", "p": model["dropout"]}]
    layers += [{"type": "linear", "out_features": classes}]
    return layers + ([{"type": "log_softmax"}] if loss == "nll" else []), shape


def draw_optimizer(draw):
    decay = lambda: draw.choice([0, 1e-4, 1e-2, 0.3])
    name = draw.choice(["sgd"] * 6 + ["adam", "adamw"] * 2 + [
        "rmsprop", "rmsprop", "adagrad", "adadelta", "adamax", "nadam", "radam", "rprop"])
    if name not in ("sgd", "adam", "adamw"):
        return {"name": name, **draw_later_optimizer(draw, name, decay)}
    if name == "sgd":
        options = {"name": "sgd", **draw.some(
            lr=(0.9, lambda: draw.rate(1e-3, 0.3)), momentum=(0.6, lambda: draw.choice([0, 0.3, 0.9, 0.99])),
            dampening=(0.3, lambda: draw.choice([0, 0.2, 1])), weight_decay=(0.4, decay))}
        if options.get("momentum") and not options.get("dampening") and draw.chance(0.4):
            options["nesterov"] = True
        return options
    return {"name": name, **draw.some(
        lr=(0.9, lambda: draw.rate(1e-4, 0.02)), eps=(0.3, lambda: draw.choice([1e-3, 1e-6, 0.1])),
        # With a large first beta and a small second one, Adam divides a mean of gradients by the newest one alone: noise.
        betas=(0.4, lambda: draw.choice([[0.4, 0.5], [0.5, 0.99], [0.9, 0.99], [0.0, 0.9], [0.99, 0.9999]])),
        weight_decay=(0.4, decay), amsgrad=(0.4, lambda: draw.chance(0.7)))}


WITHOUT_CYCLES = ("nadam", "adagrad", "adadelta", "rprop")


def draw_scheduler(draw, steps, hold=None):
    """A rule that takes so many steps in a training; `hold` is set where it is a member of a sequence."""
    kinds = ["step_lr", "multi_step_lr", "exponential_lr", "polynomial_lr", "cosine_annealing_lr",
             "cosine_annealing_warm_restarts", "linear_lr", "constant_lr", "cyclic_lr", "one_cycle_lr"]
    kind = draw.choice(kinds if hold or steps < 3 else kinds + ["sequential_lr"] * 3)
    length, factor = (lambda: draw.randint(1, 12)), (lambda: round(draw.uniform(0.1, 1), 2))
    momenta = {} if draw.chance(0.5) else {"base_momentum": 0.3, "max_momentum": 0.6}
    rates = sorted([draw.rate(1e-4, 0.02), draw.rate(1e-4, 0.05)])
    options = {
        "step_lr": lambda: {"step_size": length(), **draw.some(gamma=(0.7, factor))},
        "multi_step_lr": lambda: {"milestones": [draw.randint(1, steps - 1) for _ in range(draw.randint(1, 4))],
                                  **draw.some(gamma=(0.7, factor))},
        "exponential_lr": lambda: {"gamma": factor()},
        "polynomial_lr": lambda: draw.some(total_iters=(0.7, length), power=(0.6, lambda: draw.choice([0, 0.5, 1, 2.5]))),
        "cosine_annealing_lr": lambda: {"T_max": length(), **draw.some(eta_min=(0.4, lambda: draw.choice([0, 1e-4])))},
        "cosine_annealing_warm_restarts": lambda: {"T_0": length(), **draw.some(T_mult=(0.5, lambda: draw.randint(1, 3)))},
        "linear_lr": lambda: draw.some(start_factor=(0.7, factor), end_factor=(0.5, factor), total_iters=(0.7, length)),
        "constant_lr": lambda: draw.some(factor=(0.7, factor), total_iters=(0.7, length)),
        "cyclic_lr": lambda: {"base_lr": rates[0], "max_lr": rates[1], "step_size_up": length(), **momenta, **draw.some(
            step_size_down=(0.5, length), mode=(0.7, lambda: draw.choice(["triangular", "triangular2", "exp_range"])),
            gamma=(0.5, factor), cycle_momentum=(0.5, lambda: draw.chance(0.5)))},
        "one_cycle_lr": lambda: {"max_lr": rates[1], **momenta, **draw.some(
            pct_start=(0.5, lambda: round(draw.uniform(0.11, 0.89), 4)), three_phase=(0.5, lambda: draw.chance(0.5)),
            anneal_strategy=(0.5, lambda: draw.choice(["cos", "linear"])),
            cycle_momentum=(0.5, lambda: draw.chance(0.5)), div_factor=(0.4, lambda: draw.choice([2, 10]))),
            **({"total_steps": steps + 3} if hold or draw.chance(0.3) else {})},
        "sequential_lr": lambda: draw_sequence(draw, steps)}
    if kind == "multi_step_lr" and steps < 2:
        return {"name": "step_lr", "step_size": 1}
    return {"name": kind, **options[kind]()}


def draw_sequence(draw, steps):
    milestones = sorted(draw.randint(1, steps - 1) for _ in range(draw.randint(1, 2)))
    ends = [0, *milestones, steps]
    return {"schedulers": [draw_scheduler(draw, after - before, hold=True) for before, after in zip(ends, ends[1:])],
            "milestones": milestones}


def draw_schedule(draw, training, per_epoch, has_validation):
    """A scheduler with its interval, which fits the training."""
    if has_validation and draw.chance(0.4):
        return {"name": "reduce_lr_on_plateau", **draw.some(
            factor=(0.7, lambda: round(draw.uniform(0.1, 0.9), 2)), patience=(0.8, lambda: draw.randint(0, 2)),
            threshold=(0.5, lambda: draw.choice([0, 0.1, 1e-3])), cooldown=(0.4, lambda: draw.randint(0, 2)),
            threshold_mode=(0.5, lambda: draw.choice(["rel", "abs"])))}
    iterations = training.get("iterations") or training["epochs"] * per_epoch
    interval = draw.choice(["epoch", "iteration", "iteration"])
    steps = iterations if interval == "iteration" else -(-iterations // per_epoch)
    return {**draw_scheduler(draw, steps), "interval": interval}


def draw_later_optimizer(draw, name, decay):
    """Options of the optimizers beside SGD and Adam. An eps below 1e-6 divides noise by noise where gradients are zero."""
    pick = lambda *values: lambda: draw.choice(values)
    rate, betas = lambda: draw.rate(1e-4, 0.02), pick([0.4, 0.5], [0.5, 0.99], [0.9, 0.99], [0.0, 0.9], [0.99, 0.9999])
    flag = lambda: draw.chance(0.6)
    return draw.some(**{
        "rmsprop": {"lr": (0.9, rate), "alpha": (0.4, pick(0.5, 0.9, 0.999)), "eps": (0.5, pick(1e-3, 1e-5)),
                    "weight_decay": (0.4, decay), "momentum": (0.4, pick(0, 0.5, 0.9)), "centered": (0.3, flag)},
        "adagrad": {"lr": (0.7, lambda: draw.rate(1e-3, 0.1)), "lr_decay": (0.4, pick(0, 0.1, 1)), "weight_decay": (0.4, decay),
                    "initial_accumulator_value": (0.4, pick(0, 0.1, 1)), "eps": (0.4, pick(1e-3, 1e-6))},
        "adadelta": {"lr": (0.6, lambda: draw.rate(0.1, 2)), "rho": (0.4, pick(0.5, 0.95, 0, 1)), "eps": (0.4, pick(1e-3, 1e-5)),
                     "weight_decay": (0.4, decay)},
        "adamax": {"lr": (0.8, rate), "betas": (0.4, betas), "eps": (0.4, pick(1e-3, 1e-6)), "weight_decay": (0.4, decay)},
        "nadam": {"lr": (0.8, rate), "betas": (0.4, betas), "eps": (0.4, pick(1e-3, 1e-6)), "weight_decay": (0.4, decay),
                  "momentum_decay": (0.4, pick(0, 0.1)), "decoupled_weight_decay": (0.4, flag)},
        "radam": {"lr": (0.8, rate), "betas": (0.4, betas), "eps": (0.4, pick(1e-3, 1e-6)), "weight_decay": (0.4, decay),
                  "decoupled_weight_decay": (0.4, flag)},
        "rprop": {"lr": (0.8, lambda: draw.rate(1e-4, 0.01)), "etas": (0.4, pick([0.3, 1.1], [0.9, 1.5])),
                  "step_sizes": (0.4, pick([1e-5, 0.02], [1e-4, 1]))}}[name])


def draw_loss(draw, classes):
    """A loss, as a name or with options."""
    name = draw.choice(["cross_entropy"] * 4 + ["nll", "nll", "mse", "mse", "l1", "smooth_l1", "bce_with_logits"])
    weight = (0.3, lambda: [draw.choice([0.2, 1, 2.5, 1]) for _ in range(classes)])
    options = draw.some(**{
        "cross_entropy": {"label_smoothing": (0.3, lambda: draw.choice([0, 0.1, 0.5, 1])), "weight": weight},
        "nll": {"weight": weight}, "smooth_l1": {"beta": (0.7, lambda: draw.choice([0, 0.1, 0.5, 3]))}}.get(name, {}))
    return {"name": name, **options} if options or draw.chance(0.2) else name


def draw_sampler(draw, examples, classes):
    """A sampler of so many training examples, of which some classes may have none."""
    count = {} if draw.chance(0.4) else {"num_samples": draw.randint(2, 2 * examples)}
    if draw.chance(0.5):
        return {"name": "random_sampler", **count, **draw.some(replacement=(0.8, lambda: draw.chance(0.9)))}
    weights = draw.choice(["balanced", [draw.choice([0.01, 0.5, 1, 3]) for _ in range(classes)]])
    return {"name": "weighted_random_sampler", "weights": weights, **count}


class Data:
    """Files of a data set, and how a grid names them."""

    def __init__(self, draw, folder):
        self.classes = draw.randint(2, 12)
        self.shape = draw.choice([
            [draw.randint(1, 40)], [1, draw.randint(4, 16), draw.randint(4, 16)], [1, draw.randint(3, 9), draw.randint(3, 20)],
            [draw.randint(2, 5), draw.randint(3, 12), draw.randint(3, 12)], [draw.choice([1, 3, 8, 16]), 8, 8],
            [draw.randint(2, 9), 1, draw.randint(1, 3)]])
        self.source = list(self.shape)  # before any transform
        kind = draw.choice(["idx", "npy", "npy"])
        self.selection = {"name": kind}
        element = "u1" if kind == "idx" or draw.chance(0.5) else draw.choice(["<f4", ">f4", "<f8"])
        numbers = np.random.default_rng(draw.getrandbits(32))
        for part, least in [("train", 12), ("test", 8)]:
            count = draw.randint(least, 110)
            images, labels = self.examples(numbers, count, element)
            if part == "train":
                labels[0] = self.classes - 1  # so that the number of classes can be told from the labels
            if kind == "npy" and draw.chance(0.2):
                images = np.asfortranarray(images)
            types = ["u1"] if kind == "idx" else ["u1", "<i8", ">i4", "<i2"]
            for what, values in [("images", images), ("labels", labels.astype(draw.choice(types)))]:
                path = f"{folder}/{part}-{what}.{kind}"
                write_idx(path, values) if kind == "idx" else np.save(path, values)
                self.selection[f"{part}_{what}"] = os.path.basename(path)
            setattr(self, part, (images, labels))
        self.counts = {part: len(getattr(self, part)[1]) for part in ("train", "test")}
        self.selection |= draw.some(shuffle=(0.25, lambda: False), classes=(0.2, lambda: [
            f"class {index}" for index in range(self.classes)]))
        if draw.chance(0.3):
            self.counts["train"] = self.selection["train"] = draw.randint(10, self.counts["train"])
        if draw.chance(0.2):
            self.counts["test"] = self.selection["test"] = draw.randint(5, self.counts["test"])
        if draw.chance(0.3):
            self.selection["validation"] = draw.choice([
                0, draw.randint(2, self.counts["train"] - 8), {"fold": draw.randint(0, 1), "of": draw.choice([2, 3, 5])}])
            if self.selection["validation"] and draw.chance(0.5):
                self.selection["split_seed"] = draw.choice([0, 7, 2**32 - 1])
        if len(self.shape) == 3 and draw.chance(0.3):
            self.draw_transforms(draw)
        if draw.chance(0.3):
            channels = self.shape[0] if len(self.shape) == 3 and draw.chance(0.6) else 1
            self.selection["normalize"] = {"mean": [round(draw.uniform(-1, 1), 3) for _ in range(channels)],
                                           "std": [round(draw.uniform(0.1, 2), 3) for _ in range(channels)]}

    @property
    def validation(self):
        """How many of the training examples validate."""
        asked, count = self.selection.get("validation", 0), self.counts["train"]
        return count // asked["of"] + (asked["fold"] < count % asked["of"]) if isinstance(asked, dict) else asked

    def draw_transforms(self, draw):
        """What all images go through, which may change their shape, and what training images go through."""
        channels, height, width = self.shape
        fixed = draw.choice([None, None, "pad", "center_crop", "grayscale", "resize"])
        if fixed == "pad":
            self.selection["transform"] = [{"name": "pad", "padding": [1, 2], "fill": draw.choice([0, 0.5])}]
            height, width = height + 4, width + 2
        elif fixed in ("center_crop", "resize"):
            height, width = draw.randint(3, height + 2), draw.randint(3, width + 2)
            self.selection["transform"] = [{"name": fixed, "size": [height, width]}]
        elif fixed == "grayscale" and channels == 3:
            self.selection["transform"], channels = [{"name": "grayscale"}], 1
        self.shape = [channels, height, width]
        crop = {"name": "random_crop", "size": [height, width], "padding": draw.choice([1, [2, 1], [0, 2, 1, 0]])}
        crop |= draw.choice([{}, {"fill": 0.3}] + [
            {"padding_mode": mode} for mode in ("edge", "reflect", "symmetric") if min(height, width) > 2])
        erasing = {"name": "random_erasing", "p": 0.8} | draw.some(
            value=(0.5, lambda: draw.choice(["random", 0.7, [0.1] * channels])), scale=(0.3, lambda: [0.1, 0.6]))
        flips = [{"name": "random_horizontal_flip"} | draw.some(p=(0.3, lambda: 0.2)), {"name": "random_vertical_flip"}]
        # Between pixels: the nearest of two that are equally near may be the other one in PyTorch.
        smooth = [{"name": "random_rotation", "degrees": 40}, {"name": "random_affine", "degrees": 9, "shear": 20},
                  {"name": "random_resized_crop", "size": [height, width], "scale": [0.3, 1]}]
        others = [{**options, "interpolation": "bilinear"} for options in smooth]
        if channels in (1, 3):
            others.append({"name": "color_jitter", "brightness": 0.3, "contrast": 0.3, "saturation": 0.5, "hue": 0.1})
        self.selection["augment"] = draw.sample([crop, erasing, *flips, draw.choice(others)], draw.randint(1, 4))

    def draw_mix(self, draw):
        """What mixes the examples of a training batch."""
        self.selection["mix"] = {"name": draw.choice(["mixup", "cutmix"])} | draw.some(
            alpha=(0.7, lambda: draw.choice([0.05, 0.2, 0.5, 3])))

    def examples(self, numbers, count, element):
        labels = numbers.integers(0, self.classes, count)
        values = numbers.random((count, *self.shape))
        style = numbers.integers(0, 3)
        if style == 1:  # mostly zeros, as drawings are
            values *= values > 0.75
        for value, label in zip(values, labels):
            value.reshape(-1)[label::self.classes] *= 0.3
            if style == 2:  # large areas of one value
                value[..., :1 + int(label) % value.shape[-1]] = 0.5
        if self.shape[0] == 1 and len(self.shape) == 3 and numbers.random() < 0.5:
            values = values[:, 0]  # a file of grey images has no dimension of channels
        if element == "u1":
            return (values * 255).astype(np.uint8), labels
        return (values * 3 - 1).astype(element), labels


def write_idx(path, values):
    values = np.ascontiguousarray(values, dtype=np.uint8)
    with open(path, "wb") as file:
        file.write(struct.pack(">BBBB", 0, 0, 8, values.ndim) + struct.pack(f">{values.ndim}I", *values.shape))
        file.write(values.tobytes())


def fits(shape, layers):
    """Whether PyTorch takes a chain."""
    try:
        build(shape, layers)
        return True
    except (RuntimeError, ValueError):
        return False


SEEDS = [0, 1, 2, 7, 2**31 - 1, 2**31, 2**32, 2**32 + 5, 2**63 + 11, 2**64 - 1]


def draw_grid(draw, folder):
    """A grid and its data, and chains of layers that PyTorch refuses on them."""
    data = Data(draw, folder)
    drawn_loss = draw_loss(draw, data.classes)
    loss = drawn_loss if isinstance(drawn_loss, str) else drawn_loss["name"]
    refused, reconstructs = [], False
    while True:
        if draw.chance(0.25):
            model = draw_family(draw, data.shape)
            layers, shape = lowered(model, data.shape, data.classes, loss)
            if fits(shape, layers):
                break
            continue
        chain = Chain(draw, data.shape)
        chain.grow(draw.randint(0, 8))
        # An output with one value a class is held against the classes, whatever the input's shape.
        if loss in VALUE_LOSSES and data.shape != [data.classes] and draw.chance(0.5):
            chain.end_with_input()
        else:
            chain.end_with_classes(data.classes, loss)
        if chain.shape in ([data.classes], chain.start if loss in VALUE_LOSSES else None) and chain.learns():
            model, refused = {"layers": chain.layers}, chain.refused
            reconstructs = chain.shape != [data.classes]
            break
    if draw.chance(0.2):
        model["init"] = draw_init(draw)
    optimizer = draw_optimizer(draw)
    if optimizer["name"] == "rprop":  # which has none
        for layer in everywhere(model.get("layers", [])):
            layer.pop("weight_decay", None)
    rest = data.counts["train"] - data.validation
    if "shuffle" not in data.selection and draw.chance(0.25):
        data.selection["sampler"] = draw_sampler(draw, rest, data.classes)
        rest = data.selection["sampler"].get("num_samples") or rest
    training = {"batch_size": draw.choice([1, 2, 3, 4, 5, 7, 8, 16, 31, 32, 33, 40, 64, 150])}
    per_epoch = -(-rest // training["batch_size"])
    if per_epoch <= 15 and draw.chance(0.3):
        training["epochs"] = draw.randint(1, max(1, 30 // per_epoch))
    else:
        training["iterations"] = draw.randint(1, 30)
    training |= draw.some(evaluate_every=(0.6, lambda: draw.choice([None, draw.randint(1, 30)])),
                          evaluation_batch_size=(0.2, lambda: 1000),
                          evaluation_draws=(0.4, lambda: draw.choice(["none", "loader", "shuffled_loader"])))
    if draw.chance(0.3):
        training |= draw.choice([{"clip_grad_norm": draw.rate(0.01, 3)}, {"clip_grad_value": draw.rate(1e-3, 0.3)}])
    if draw.chance(0.15):
        training["ema_decay"] = draw.choice([0, 0.3, 0.7, 0.9, 0.999])
    if data.validation and draw.chance(0.4):
        training["early_stopping"] = draw.some(
            monitor=(0.3, lambda: "validation_loss" if loss in VALUE_LOSSES else "validation_accuracy"),
            patience=(0.7, lambda: draw.randint(1, 3)), min_delta=(0.3, lambda: draw.rate(1e-3, 0.1)),
            restore_best_weights=(0.3, lambda: False))
    # The family reads an image as a sequence, which torchvision does not mix.
    is_image = len(data.shape) == 3 and model.get("family") != "conv1d"
    if is_image and loss != "nll" and not reconstructs and draw.chance(0.2):
        data.draw_mix(draw)
    if draw.chance(0.6):
        optimizer["scheduler"] = scheduler = draw_schedule(
            draw, training, per_epoch, data.validation > 0)
        for member in [scheduler, *scheduler.get("schedulers", [])]:
            # Some have no momentum, and NAdam's is not cycled.
            if member["name"] in ("cyclic_lr", "one_cycle_lr") and optimizer["name"] in WITHOUT_CYCLES:
                member |= {"cycle_momentum": False}
            if member["name"] in ("cyclic_lr", "one_cycle_lr"):  # which set the rates of all layers
                for layer in everywhere(model.get("layers", [])):
                    layer.pop("lr", None)
    grid = {"name": "chain", "dataset": data.selection, "model": model, "optimizer": optimizer,
            "training": training, "seeds": [draw.choice(SEEDS) if draw.chance(0.6) else draw.getrandbits(64)]}
    if drawn_loss != "cross_entropy" or draw.chance(0.3):
        grid["loss"] = drawn_loss
    return grid, data, refused
