#!/usr/bin/env python3
"""Writes traces.json: the loss of every iteration of whole networks on made-up images, as PyTorch trains them.

    traces.py    (in this folder)

Each network is trained as a script would: torch.manual_seed(seed), the model, a DataLoader(shuffle=True), the
optimizer. "spread" is how far PyTorch's own losses lie apart when the same run is made in Double, channels-last and
without oneDNN. The images are drawn from a generator of their own (see `images`), so that no data set is needed.
"""
import json

import torch
from torch import nn

from modules import build


def layer(kind, **options):
    return {"type": kind, **options}


def model_abc(pool, padding):
    return [layer("conv2d", out_channels=16, kernel_size=5, padding=padding), layer("relu"), layer(pool, kernel_size=2),
            layer("conv2d", out_channels=32, kernel_size=5, padding=padding), layer("relu"), layer(pool, kernel_size=2),
            layer("flatten"), layer("linear", out_features=10)]


def dense(*sizes):
    layers = []
    for size in sizes:
        layers += [layer("linear", out_features=size), layer("relu")]
    return layers + [layer("linear", out_features=10)]


SGD, GREY = {"name": "sgd", "lr": 0.01}, [1, 28, 28]
CONVNET = [layer("conv2d", out_channels=10, kernel_size=3), layer("relu"), layer("max_pool2d", kernel_size=2),
           layer("conv2d", out_channels=5, kernel_size=3), layer("relu"), layer("max_pool2d", kernel_size=2),
           layer("flatten"), *dense(64, 32)]
LAB7 = [layer("conv2d", out_channels=6, kernel_size=5), layer("relu"), layer("max_pool2d", kernel_size=2),
        layer("conv2d", out_channels=16, kernel_size=5), layer("relu"), layer("max_pool2d", kernel_size=2),
        layer("flatten"), *dense(120, 84)]
CONV1D = [layer("conv1d", out_channels=16, kernel_size=5, padding=2), layer("relu"), layer("max_pool1d", kernel_size=2),
          layer("conv1d", out_channels=32, kernel_size=5, padding=2), layer("relu"), layer("avg_pool1d", kernel_size=2),
          layer("flatten"), layer("linear", out_features=10)]
AUTOENCODER = [layer("conv2d", out_channels=8, kernel_size=3, stride=2, padding=1), layer("relu"),
               layer("conv2d", out_channels=4, kernel_size=3, stride=2, padding=1), layer("relu"),
               layer("conv_transpose2d", out_channels=8, kernel_size=3, stride=2, padding=1, output_padding=1),
               layer("relu"), layer("conv_transpose2d", out_channels=1, kernel_size=2, stride=2), layer("sigmoid")]
MIXED = [layer("conv2d", out_channels=6, kernel_size=3, groups=3, padding="same"), layer("batch_norm2d"), layer("elu"),
         layer("max_pool2d", kernel_size=3, stride=2, padding=1), layer("dropout", p=0.25),
         layer("conv2d", out_channels=6, kernel_size=[3, 5], groups=6, padding_mode="reflect", padding=1),
         layer("leaky_relu"), layer("adaptive_avg_pool2d", output_size=5), layer("flatten"),
         layer("linear", out_features=20), layer("batch_norm1d"), layer("tanh"), layer("dropout"),
         layer("linear", out_features=10), layer("log_softmax")]
RESHAPED = [layer("flatten"), layer("unflatten", shape=[1, 80]), layer("conv1d", out_channels=2, kernel_size=5, padding="same"),
            layer("tanh"), layer("flatten"), layer("linear", out_features=80), layer("unflatten", shape=[1, 8, 10]),
            layer("conv2d", out_channels=1, kernel_size=3, padding=1)]
ROW_AT_END = [layer("conv2d", out_channels=3, kernel_size=[3, 4], padding="same"), layer("relu"), layer("flatten"),
              layer("linear", out_features=80), layer("unflatten", shape=[1, 8, 10])]
FROZEN = [layer("conv2d", out_channels=8, kernel_size=5, trainable=False), layer("relu"),
          layer("max_pool2d", kernel_size=2), layer("conv2d", out_channels=8, kernel_size=3), layer("relu"),
          layer("flatten"), layer("linear", out_features=16, trainable=False), layer("sigmoid"),
          layer("linear", out_features=10)]


def conv_norm(channels, stride=1, size=3):
    return [layer("conv2d", out_channels=channels, kernel_size=size, stride=stride, padding=size // 2, bias=False),
            layer("batch_norm2d")]


def resnet(width, shortcut, blocks=1):
    """He et al.'s network for small pictures, with 6 · blocks + 2 layers."""
    layers = [*conv_norm(width), layer("relu")]
    for stage, channels in enumerate([width, 2 * width, 4 * width]):
        for block in range(blocks):
            stride = 2 if stage > 0 and block == 0 else 1
            way = ([] if stride == 1 else [layer("subsample2d", stride=2, out_channels=channels)] if shortcut == "A"
                   else conv_norm(channels, 2, 1))
            layers += [layer("residual", layers=[*conv_norm(channels, stride), layer("relu"), *conv_norm(channels)],
                             shortcut=way), layer("relu")]
    return layers + [layer("adaptive_avg_pool2d", output_size=1), layer("flatten"), layer("linear", out_features=10)]


RESIDUAL = [layer("conv2d", out_channels=6, kernel_size=3, padding=1), layer("relu"),
            layer("residual", layers=[layer("conv2d", out_channels=6, kernel_size=3, padding=1), layer("relu"),
                                      layer("dropout2d", p=0.2), layer("conv2d", out_channels=6, kernel_size=3, padding=1)]),
            layer("relu"), layer("max_pool2d", kernel_size=2), layer("flatten"),
            layer("residual", layers=[layer("linear", out_features=20), layer("tanh")],
                  shortcut=[layer("dropout", p=0.3), layer("linear", out_features=20, bias=False)]),
            layer("linear", out_features=10)]
INCEPTION = [layer("conv2d", out_channels=4, kernel_size=3, padding=1), layer("relu"),
             layer("concat", branches=[
                 [layer("conv2d", out_channels=3, kernel_size=1), layer("relu")],
                 [layer("conv2d", out_channels=2, kernel_size=1), layer("relu"),
                  layer("conv2d", out_channels=4, kernel_size=3, padding=1), layer("relu")],
                 [layer("max_pool2d", kernel_size=3, stride=1, padding=1), layer("conv2d", out_channels=2, kernel_size=1)], []]),
             layer("max_pool2d", kernel_size=2),
             layer("concat", branches=[[], [layer("batch_norm2d"), layer("relu"), layer("conv2d", out_channels=4, kernel_size=3,
                                            padding=1)]]),
             layer("adaptive_avg_pool2d", output_size=3), layer("flatten"), layer("linear", out_features=10)]

TRACES = [
    ("model-a", GREY, model_abc("max_pool2d", 2), SGD, "cross_entropy", 20, 200, 25),
    ("model-b", GREY, model_abc("avg_pool2d", 2), SGD, "cross_entropy", 20, 200, 25),
    ("model-c", GREY, model_abc("max_pool2d", 0), SGD, "cross_entropy", 20, 200, 25),
    ("mlp", GREY, [layer("flatten"), *dense(500)], {"name": "adam", "lr": 0.001}, "cross_entropy", 100, 400, 30),
    ("cnn-adam", GREY, model_abc("max_pool2d", 2), {"name": "adam", "lr": 0.01}, "cross_entropy", 20, 200, 25),
    ("convnet", GREY, CONVNET, {"name": "adam", "lr": 0.0001}, "cross_entropy", 10, 205, 60),
    ("lab7", [3, 32, 32], LAB7, {"name": "sgd", "lr": 0.001, "momentum": 0.9}, "cross_entropy", 4, 90, 60),
    ("conv1d", [28, 28], CONV1D, {"name": "sgd", "lr": 0.05, "nesterov": True, "momentum": 0.8, "weight_decay": 0.001},
     "cross_entropy", 20, 130, 40),
    ("autoencoder", GREY, AUTOENCODER, {"name": "adamw", "lr": 0.003, "weight_decay": 0.05}, "reconstruction", 16, 100, 40),
    ("reshaped", [1, 8, 10], RESHAPED, {"name": "sgd", "lr": 0.5, "momentum": 0.5}, "reconstruction", 7, 30, 12),
    ("row-at-end", [1, 8, 10], ROW_AT_END, {"name": "adam", "lr": 0.01}, "reconstruction", 7, 30, 12),
    ("mixed", [3, 12, 13], MIXED, {"name": "adam", "lr": 0.003, "weight_decay": 0.01, "amsgrad": True}, "nll", 16, 120, 40),
    ("frozen", GREY, FROZEN, {"name": "sgd", "lr": 0.1, "momentum": 0.9, "dampening": 0.3}, "mse", 16, 100, 40),
    ("residual", [1, 14, 14], RESIDUAL, {"name": "sgd", "lr": 0.05, "momentum": 0.9}, "cross_entropy", 20, 130, 40),
    ("inception", [3, 12, 12], INCEPTION, {"name": "adam", "lr": 0.003}, "cross_entropy", 16, 120, 40),
    ("resnet8-a", [3, 16, 16], resnet(4, "A"), {"name": "sgd", "lr": 0.02, "momentum": 0.9, "weight_decay": 0.0001},
     "cross_entropy", 16, 120, 30),
    ("resnet8-b", [3, 15, 13], resnet(4, "B"), {"name": "sgd", "lr": 0.02, "momentum": 0.9, "weight_decay": 0.0001},
     "cross_entropy", 16, 120, 30),
]


def images(shape, count):
    """Sparse noise with two bright rows that say the class; label i is (7 i + 3) mod 10."""
    generator = torch.Generator().manual_seed(77)
    pixels = (torch.rand(count, *shape, generator=generator) * 256).to(torch.uint8)
    pixels[pixels < 180] = 0
    labels = (torch.arange(count) * 7 + 3) % 10
    rows = shape[-2]
    for index, label in enumerate(labels.tolist()):
        for row in [label, label + 1]:
            pixels[index, ..., row % rows, :] = 255 - pixels[index, ..., row % rows, :] // 2
    return pixels.to(torch.float32).div(255), labels


def train(shape, layers, options, loss_name, batch, count, iterations, seed, dtype=torch.float32, last=False):
    inputs, labels = images(shape, count)
    torch.manual_seed(seed)
    model = build(shape, layers).to(dtype)
    if last and len(shape) == 3:
        model = model.to(memory_format=torch.channels_last)
    options = dict(options)
    kind = {"sgd": torch.optim.SGD, "adam": torch.optim.Adam, "adamw": torch.optim.AdamW}[options.pop("name")]
    optimizer = kind([value for value in model.parameters() if value.requires_grad], **options)
    data = torch.utils.data.TensorDataset(inputs, labels)
    loader = torch.utils.data.DataLoader(data, batch_size=batch, shuffle=True)
    losses = []
    while len(losses) < iterations:
        for x, y in loader:
            x = x.to(dtype)
            output = model(x.to(memory_format=torch.channels_last) if last and len(shape) == 3 else x)
            if loss_name == "cross_entropy":
                loss = nn.functional.cross_entropy(output, y)
            elif loss_name == "nll":
                loss = nn.functional.nll_loss(output, y)
            elif loss_name == "mse":
                loss = nn.functional.mse_loss(output, nn.functional.one_hot(y, 10).to(dtype))
            else:
                loss = nn.functional.mse_loss(output, x)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            if len(losses) == iterations:
                break
    return torch.tensor(losses, dtype=torch.float64)


def main():
    torch.set_num_threads(1)
    traces = []
    for name, shape, layers, optimizer, loss, batch, count, iterations in TRACES:
        for seed in [0, 1]:
            run = lambda **options: train(shape, layers, optimizer, loss, batch, count, iterations, seed, **options)
            plain = run()
            spread = (run(dtype=torch.float64) - plain).abs()
            if not "dropout" in json.dumps(layers):  # its masks follow the memory's order
                spread = torch.maximum(spread, (run(last=True) - plain).abs())
            with torch.backends.mkldnn.flags(enabled=False):
                spread = torch.maximum(spread, (run() - plain).abs())
            print(name, seed, plain[0].item(), plain[-1].item(), (spread / plain).max().item(), flush=True)
            traces.append({
                "name": name, "seed": seed, "shape": shape, "layers": layers, "optimizer": optimizer, "loss": loss,
                "batch_size": batch, "examples": count, "losses": [float(f"{x:.9g}") for x in plain.tolist()],
                "spread": [float(f"{x:.2g}") for x in spread.tolist()]})
    with open("traces.json", "w") as file:
        file.write('{"torch": %s, "traces": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(trace) for trace in traces) + "\n]}\n")


if __name__ == "__main__":
    main()
