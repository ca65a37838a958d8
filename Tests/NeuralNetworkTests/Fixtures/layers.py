#!/usr/bin/env python3
"""Writes layers.json and layers.safetensors: what PyTorch's modules draw, compute and differentiate.

    layers.py    (in this folder)

For each case, after torch.manual_seed(seed): the module's initial state, its output for one batch in training mode,
the gradients of sum(output * direction) for input and parameters, the buffers after it, and the output in evaluation
mode. Inputs and directions come from a generator of their own, so that the seed's numbers are the module's alone.
"""
import json

import torch
from safetensors.torch import save_file

from modules import build

IMAGE, CASES = [3, 7, 6], []


def case(layers, shape=IMAGE, batch=3):
    CASES.append({"shape": shape, "batch": batch, "layers": layers if isinstance(layers, list) else [layers]})


def layer(kind, **options):
    return {"type": kind, **options}


for options in [{}, {"bias": False}]:
    case(layer("linear", out_features=4, **options), [5])
case([layer("flatten"), layer("linear", out_features=4)])
case([layer("flatten"), layer("relu"), layer("linear", out_features=2)], [2, 3, 2])
case([layer("linear", out_features=24), layer("unflatten", shape=[2, 3, 4]),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [5])
case([layer("unflatten", shape=[1, 4, 4]), layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [16])
case([layer("linear", out_features=12), layer("tanh"), layer("unflatten", shape=[3, 2, 2]), layer("relu"),
      layer("conv_transpose2d", out_channels=1, kernel_size=2, stride=2), layer("sigmoid")], [4])
case([layer("conv2d", out_channels=2, kernel_size=2), layer("flatten"), layer("batch_norm1d"), layer("dropout", p=0.4),
      layer("log_softmax")], [2, 3, 3], 4)
case([layer("flatten"), layer("unflatten", shape=[2, 9]), layer("conv1d", out_channels=3, kernel_size=2)], [2, 3, 3])
case([layer("flatten"), layer("unflatten", shape=[6, 3])], [2, 3, 3])

for options in [
    {"kernel_size": 1}, {"kernel_size": 3}, {"kernel_size": [3, 5], "padding": [1, 2]}, {"kernel_size": [1, 4]},
    {"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": [2, 3], "stride": [3, 1], "padding": [1, 0]},
    {"kernel_size": 2, "dilation": 2}, {"kernel_size": [3, 2], "dilation": [2, 3], "padding": [2, 1]},
    {"kernel_size": 4, "padding": "same"}, {"kernel_size": [2, 4], "padding": "same", "dilation": [1, 2]},
    {"kernel_size": 3, "padding": "valid", "bias": False}, {"kernel_size": 3, "padding": 4},
    {"kernel_size": 3, "padding": 2, "padding_mode": "reflect"},
    {"kernel_size": 3, "padding": [2, 1], "padding_mode": "replicate"},
    {"kernel_size": [3, 2], "padding": [1, 3], "padding_mode": "circular", "stride": 2},
    {"kernel_size": 4, "padding": "same", "padding_mode": "reflect"},
]:
    case(layer("conv2d", out_channels=4, **options))
for options in [
    {"out_channels": 4, "groups": 2}, {"out_channels": 4, "groups": 4, "padding": 1},
    {"out_channels": 8, "groups": 4, "stride": 2}, {"out_channels": 4, "groups": 4, "dilation": 2, "padding": [0, 2]},
    {"out_channels": 6, "groups": 2, "padding": 1, "padding_mode": "circular"},
    {"out_channels": 4, "groups": 4, "padding": 1, "stride": [1, 2], "padding_mode": "reflect", "bias": False},
]:
    case(layer("conv2d", kernel_size=3, **options), [4, 5, 6])
case([layer("conv2d", out_channels=3, kernel_size=3, padding=1), layer("conv2d", out_channels=2, kernel_size=3, padding=1),
      layer("relu"), layer("conv2d", out_channels=2, kernel_size=2, padding=1, padding_mode="replicate")])
case([layer("conv2d", out_channels=3, kernel_size=3), layer("sigmoid"), layer("conv2d", out_channels=2, kernel_size=3,
      padding=2), layer("max_pool2d", kernel_size=2), layer("conv2d", out_channels=2, kernel_size=1)])
for options in [
    {"kernel_size": 3}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 5, "padding": 2, "dilation": 1},
    {"kernel_size": 3, "padding": "same", "dilation": 2}, {"kernel_size": 3, "groups": 2, "padding": 1},
    {"kernel_size": 3, "padding": 2, "padding_mode": "reflect"}, {"kernel_size": 2, "padding": 1, "padding_mode": "circular"},
]:
    case(layer("conv1d", out_channels=4, **options), [2, 9])

for options in [
    {"kernel_size": 3}, {"kernel_size": 2, "stride": 2}, {"kernel_size": 3, "stride": 2, "padding": 1, "output_padding": 1},
    {"kernel_size": [3, 2], "stride": [1, 3], "padding": [1, 0], "output_padding": [0, 2]},
    {"kernel_size": 3, "dilation": 2, "padding": 1}, {"kernel_size": 2, "dilation": [3, 1], "output_padding": [2, 0]},
    {"kernel_size": 1, "bias": False},
]:
    case(layer("conv_transpose2d", out_channels=4, **options), [2, 4, 3])
for options in [
    {"out_channels": 6, "groups": 2}, {"out_channels": 4, "groups": 4, "stride": 2, "padding": 1},
    {"out_channels": 8, "groups": 4, "stride": 2, "output_padding": 1},
]:
    case(layer("conv_transpose2d", kernel_size=3, **options), [4, 3, 4])
case([layer("conv_transpose2d", out_channels=3, kernel_size=3, stride=2),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 3, 3])
for options in [{"kernel_size": 3}, {"kernel_size": 4, "stride": 3, "padding": 1, "output_padding": 2, "dilation": 2}]:
    case(layer("conv_transpose1d", out_channels=3, **options), [2, 6])

for kind in ["max_pool2d", "avg_pool2d"]:
    for options in [
        {"kernel_size": 2}, {"kernel_size": 3, "stride": 1}, {"kernel_size": 3, "stride": 2, "padding": 1},
        {"kernel_size": [3, 2], "stride": [2, 1], "padding": [1, 0]}, {"kernel_size": 2, "ceil_mode": True},
        {"kernel_size": 3, "stride": 2, "padding": 1, "ceil_mode": True}, {"kernel_size": 2, "stride": 3, "ceil_mode": True},
    ]:
        case(layer(kind, **options))
for options in [{"kernel_size": 3, "dilation": 2}, {"kernel_size": [2, 3], "stride": 1, "dilation": [3, 2], "padding": [1, 1]},
                {"kernel_size": 3, "dilation": 2, "padding": 1, "stride": 2, "ceil_mode": True}]:
    case(layer("max_pool2d", **options))
case(layer("max_pool2d", kernel_size=3, stride=2, ceil_mode=True), [2, 2, 2])
for options in [
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False},
    {"kernel_size": 3, "stride": 2, "padding": 1, "count_include_pad": False, "ceil_mode": True},
    {"kernel_size": 3, "stride": 2, "padding": 1, "divisor_override": 4},
]:
    case(layer("avg_pool2d", **options))
for options in [{"kernel_size": 2}, {"kernel_size": 3, "stride": 2, "padding": 1}, {"kernel_size": 2, "ceil_mode": True}]:
    case(layer("max_pool1d", **options), [2, 9])
    case(layer("avg_pool1d", **options), [2, 9])
case(layer("avg_pool1d", kernel_size=3, padding=1, stride=2, count_include_pad=False), [2, 8])
for size in [1, [2, 3], [7, 4], [9, 8], [None, 2]]:
    case(layer("adaptive_avg_pool2d", output_size=size))
case(layer("adaptive_avg_pool1d", output_size=4), [2, 9])

for options in [{}, {"affine": False}, {"momentum": 0.3, "eps": 0.01}, {"momentum": None},
                {"track_running_stats": False}, {"affine": False, "track_running_stats": False}]:
    case(layer("batch_norm2d", **options), [3, 2, 3], 4)
case(layer("batch_norm1d"), [5], 6)
case(layer("batch_norm1d", momentum=None), [3, 4], 2)
case([layer("conv2d", out_channels=3, kernel_size=2), layer("batch_norm2d"), layer("relu"),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 4, 4])

for p in [0.0, 0.1, 0.5, 0.9, 1.0]:
    case(layer("dropout", p=p), [3, 4, 5])
case([layer("linear", out_features=30), layer("dropout", p=0.3)], [4], 2)
case([layer("dropout", p=0.2), layer("conv2d", out_channels=2, kernel_size=3, padding=1), layer("dropout", p=0.5)], [2, 4, 3])
for one in [layer("relu"), layer("leaky_relu"), layer("leaky_relu", negative_slope=0.2), layer("leaky_relu",
            negative_slope=-0.5), layer("elu"), layer("elu", alpha=0.3), layer("sigmoid"), layer("tanh")]:
    case(one, [2, 3, 5])
case(layer("log_softmax"), [7])
case(layer("log_softmax"), [4, 3, 2])
case(layer("log_softmax"), [4, 3])
# Before a padded layer, whose border lies around what it gives, and over four dimensions.
case([layer("log_softmax"), layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [4, 3, 2])
case([layer("conv2d", out_channels=5, kernel_size=2), layer("log_softmax"), layer("relu"), layer("log_softmax"),
      layer("conv2d", out_channels=2, kernel_size=[3, 2], padding="same", padding_mode="replicate")], [2, 4, 5])
case([layer("conv1d", out_channels=3, kernel_size=2), layer("log_softmax"),
      layer("conv1d", out_channels=2, kernel_size=5, padding=2)], [2, 7])
case([layer("unflatten", shape=[2, 3]), layer("log_softmax"), layer("flatten"), layer("linear", out_features=4)], [6, 3, 2])
case([layer("unflatten", shape=[3, 2]), layer("tanh"), layer("log_softmax"), layer("dropout", p=0.5)], [6, 2, 2])
case([layer("unflatten", shape=[2, 2]), layer("log_softmax")], [4, 3])
# A row of values before a padded layer.
case([layer("linear", out_features=3), layer("unflatten", shape=[3, 1, 1]),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [4])
# A gradient that is what remains of terms that cancel: two values a channel.
case([layer("linear", out_features=3), layer("batch_norm1d", eps=1e-8), layer("linear", out_features=2)], [4], 2)
# An input that is taken in another shape, and not as bytes of its channels.
case([layer("flatten"), layer("unflatten", shape=[1, 30]), layer("conv1d", out_channels=2, kernel_size=3, padding=1)], [1, 5, 6])
case([layer("flatten"), layer("unflatten", shape=[1, 3, 2]), layer("conv2d", out_channels=2, kernel_size=2, padding=1)], [6, 1, 1])

for one in [layer("gelu"), layer("gelu", approximate="tanh"), layer("silu"), layer("softplus"), layer("softplus", beta=3,
            threshold=1.5), layer("softplus", beta=0.2), layer("hardswish"), layer("mish"), layer("selu"), layer("hardtanh"),
            layer("hardtanh", min_val=-0.2, max_val=1.3), layer("relu6"), layer("prelu"), layer("prelu", num_parameters=2)]:
    case(one, [2, 3, 5])
case([layer("conv2d", out_channels=3, kernel_size=2), layer("prelu", num_parameters=3), layer("gelu"),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 4, 5])
case([layer("flatten"), layer("prelu"), layer("silu"), layer("linear", out_features=3), layer("prelu", num_parameters=3)],
     [2, 3, 2])
case([layer("conv2d", out_channels=5, kernel_size=2), layer("flatten"), layer("prelu", num_parameters=60)], [2, 4, 5])
case(layer("softmax"), [7])
case(layer("softmax"), [4, 3, 2])
case([layer("conv2d", out_channels=5, kernel_size=2), layer("softmax"),
      layer("conv2d", out_channels=2, kernel_size=[3, 2], padding="same", padding_mode="replicate")], [2, 4, 5])
case([layer("unflatten", shape=[2, 3]), layer("softmax"), layer("flatten"), layer("linear", out_features=4)], [6, 3, 2])

for options in [{"num_groups": 1}, {"num_groups": 2}, {"num_groups": 6, "eps": 0.01}, {"num_groups": 3, "affine": False},
                {"num_groups": 3, "bias": False}]:
    case(layer("group_norm", **options), [6, 3, 2])
case(layer("group_norm", num_groups=2), [8])
case(layer("group_norm", num_groups=2), [4, 5])
case([layer("unflatten", shape=[2, 3]), layer("group_norm", num_groups=2), layer("flatten")], [6, 3, 2])
case([layer("conv2d", out_channels=4, kernel_size=2), layer("group_norm", num_groups=2), layer("relu"),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 4, 5])
for size in [2, [3, 2], [4, 3, 2]]:
    # Of two values, PyTorch's Float leaves little; a large eps keeps it.
    case(layer("layer_norm", normalized_shape=size, eps=0.1 if size == 2 else 1e-5), [4, 3, 2])
for options in [{"eps": 0.01}, {"elementwise_affine": False}, {"bias": False}]:
    case(layer("layer_norm", normalized_shape=[4, 5], **options), [4, 5])
case(layer("layer_norm", normalized_shape=7), [7])
case(layer("layer_norm", normalized_shape=5), [4, 5])
case([layer("unflatten", shape=[2, 3]), layer("layer_norm", normalized_shape=[3, 3, 2]), layer("flatten")], [6, 3, 2])
case([layer("unflatten", shape=[2, 3]), layer("layer_norm", normalized_shape=[2, 3, 3, 2]), layer("flatten")], [6, 3, 2])
case([layer("conv2d", out_channels=3, kernel_size=2), layer("layer_norm", normalized_shape=[3, 3, 4]), layer("relu"),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1, bias=False), layer("layer_norm", normalized_shape=4)],
     [2, 4, 5])
for options in [{}, {"affine": True, "eps": 0.01}, {"affine": True, "bias": False}, {"track_running_stats": True},
                {"affine": True, "track_running_stats": True, "momentum": 0.3},
                {"track_running_stats": True, "momentum": None}]:
    case(layer("instance_norm2d", **options), [3, 2, 3], 4)
case(layer("instance_norm1d", affine=True), [3, 4], 2)
case([layer("conv2d", out_channels=3, kernel_size=2), layer("instance_norm2d"), layer("relu"),
      layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 4, 4])

for p in [0.0, 0.2, 0.5, 1.0]:
    case(layer("dropout2d", p=p), [5, 2, 3])
    case(layer("alpha_dropout", p=p), [3, 4, 5])
case(layer("dropout1d", p=0.4), [4, 3])
case([layer("dropout2d", p=0.2), layer("conv2d", out_channels=2, kernel_size=3, padding=1), layer("alpha_dropout", p=0.1),
      layer("selu"), layer("conv2d", out_channels=4, kernel_size=2, padding=1), layer("dropout2d", p=0.5)], [2, 4, 3])
for size in [1, [2, 3], [7, 4], [9, 8], [None, 2]]:
    case(layer("adaptive_max_pool2d", output_size=size))
case(layer("adaptive_max_pool1d", output_size=4), [2, 9])
for kind in ["zero", "constant", "reflection", "replication", "circular"]:
    options = {"value": -1.5} if kind == "constant" else {}
    for padding in [1, [2, 0, 1, 2]]:
        case(layer(f"{kind}_pad2d", padding=padding, **options), [2, 3, 4])
    case(layer(f"{kind}_pad1d", padding=[3, 1], **options), [2, 4])
    case([layer("conv2d", out_channels=3, kernel_size=2), layer(f"{kind}_pad2d", padding=[1, 2, 0, 1], **options),
          layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 4, 5])
for options in [{"scale_factor": 2}, {"scale_factor": 1.7}, {"scale_factor": [3, 0.6]}, {"size": 5}, {"size": [4, 11]},
                {"size": [6, 8]}]:
    case([layer("upsample", **options), layer("conv2d", out_channels=2, kernel_size=2, padding=1)], [2, 3, 4])
case(layer("upsample", scale_factor=2.5), [2, 5])
for options in [{"size": 2}, {"size": 3, "alpha": 0.5, "beta": 0.6, "k": 2}, {"size": 9, "alpha": 2}]:
    case(layer("local_response_norm", **options), [5, 2, 3])
case(layer("local_response_norm", size=4, alpha=0.3), [5, 3])

for options in [{}, {"stride": 1}, {"stride": [2, 3], "out_channels": 5}, {"stride": 3, "out_channels": 6}]:
    case(layer("subsample2d", **options), [3, 5, 6])
    case([layer("conv2d", out_channels=3, kernel_size=3, padding=1), layer("subsample2d", **options),
          layer("conv2d", out_channels=2, kernel_size=3, padding=1)], [2, 5, 6])
for options in [{}, {"stride": 3, "out_channels": 4}]:
    case(layer("subsample1d", **options), [3, 7])
case(layer("subsample1d", out_channels=3, stride=1), [2, 7])

BATCH, RELU = layer("batch_norm2d"), layer("relu")


def conv(channels, size=3, **options):
    return layer("conv2d", out_channels=channels, kernel_size=size, padding=size // 2, **options)


def residual(*layers, shortcut=()):
    return layer("residual", layers=list(layers), **({"shortcut": list(shortcut)} if shortcut else {}))


def concat(*branches):
    return layer("concat", branches=[list(branch) for branch in branches])


case([residual(conv(3))])
case([residual(conv(3), RELU, conv(3)), RELU, conv(2)])
case([conv(4), RELU, residual(BATCH, RELU, conv(4), BATCH), RELU, layer("max_pool2d", kernel_size=2)])
case([residual(RELU), conv(2)])
# Without biases, whose gradient before a normalisation is what remains of terms that cancel.
case([conv(4), residual(conv(6, stride=2, bias=False), BATCH, RELU, conv(6, bias=False), BATCH,
                        shortcut=[conv(6, 1, stride=2, bias=False), BATCH]), RELU])
case([conv(4), residual(conv(8, stride=2), shortcut=[layer("subsample2d", out_channels=8)]), RELU, conv(2)])
# Borders of other sizes and other fillings on the two paths, which can't share the input's.
case([conv(3), residual(conv(3, 5), shortcut=[conv(3, padding_mode="reflect"), layer("sigmoid")]), conv(2, 5)])
case([conv(3), residual(conv(3, padding_mode="circular"), shortcut=[conv(3), layer("tanh")]), conv(2)])
case([layer("linear", out_features=6), residual(layer("linear", out_features=6), layer("tanh")), layer("linear", out_features=2)],
     [5])
case([residual(layer("linear", out_features=4), layer("relu"), shortcut=[layer("linear", out_features=4, bias=False)])], [5])
case([residual(layer("flatten"), layer("linear", out_features=18), layer("unflatten", unflattened_size=[2, 3, 3]))], [2, 3, 3])
case([layer("flatten"), residual(layer("dropout", p=0.3), layer("linear", out_features=18)), layer("layer_norm",
      normalized_shape=18)], [2, 3, 3])
case([residual(layer("conv1d", out_channels=3, kernel_size=3, padding=1), layer("gelu")), layer("conv1d", out_channels=2,
      kernel_size=2)], [3, 8])
case([layer("unflatten", unflattened_size=[2, 3]), residual(layer("tanh")), layer("flatten")], [6, 3, 2])
case([concat([conv(2)], [conv(3, 1)])])
case([concat([], [conv(4), RELU]), conv(3)])
case([concat([], []), conv(3)])
case([conv(4), RELU, concat([conv(2, 1)], [conv(3, 1), RELU, conv(2)], [conv(2, 5)], [layer("max_pool2d", kernel_size=3, stride=1,
      padding=1), conv(1, 1)]), RELU, conv(2)])
case([concat([layer("linear", out_features=3)], [], [layer("tanh"), layer("linear", out_features=2)]), layer("linear",
      out_features=4)], [5])
case([layer("flatten"), concat([layer("relu")], [layer("dropout", p=0.5)], [])], [2, 3, 2])
case([concat([layer("conv1d", out_channels=2, kernel_size=3)], [layer("max_pool1d", kernel_size=3, stride=1)]), layer("relu")],
     [3, 8])
case([layer("unflatten", unflattened_size=[2, 3]), concat([layer("tanh")], [], [layer("sigmoid")]), layer("flatten")], [6, 3, 2])
# In each other, the nested one first, in the middle and last; a dense block; dropout in every place.
case([residual(residual(conv(3), RELU), BATCH), RELU], [3, 4, 5])
case([conv(4), residual(residual(residual(conv(4)), RELU, conv(4)), concat([conv(2)], [conv(2, 1)])), conv(2)])
case([concat([], [conv(2)]), concat([], [BATCH, RELU, conv(2)]), concat([], [BATCH, RELU, conv(2)]), conv(3, 1)])
case([concat([concat([conv(1)], [])], [residual(conv(3), shortcut=[concat([conv(2)], [conv(1)])])]), RELU, conv(2)])
case([layer("dropout", p=0.2), residual(layer("dropout", p=0.4), conv(3), layer("dropout2d", p=0.3), shortcut=[
      layer("dropout", p=0.5), conv(3, 1)]), concat([layer("dropout", p=0.1)], [layer("alpha_dropout", p=0.3)]), layer("dropout")],
     [3, 4, 3])
case([layer("residual", layers=[conv(3), BATCH], trainable=False), conv(2), residual(conv(2, trainable=False))])
case([residual(conv(3, init={"weight": "kaiming_normal", "bias": "zeros"}), RELU, shortcut=[
      conv(3, 1, init={"weight": "trunc_normal"})]), conv(2, init={"weight": "xavier_uniform"})])
case([conv(3, padding_mode="reflect"), concat([conv(2, padding_mode="replicate")], [conv(2, padding_mode="replicate")],
      [conv(2, 5, padding_mode="reflect")])], [2, 5, 6])
case([layer("linear", out_features=12), layer("unflatten", unflattened_size=[3, 2, 2]), residual(conv(3), RELU)], [5])
case([residual(conv(3), layer("upsample", scale_factor=2), shortcut=[layer("conv_transpose2d", out_channels=3, kernel_size=2,
      stride=2)]), layer("log_softmax")], [3, 3, 2])


def main():
    tensors, data = {}, torch.Generator().manual_seed(2026)
    for index, entry in enumerate(CASES):
        entry["seed"] = index + 1
        torch.manual_seed(entry["seed"])
        model = build(entry["shape"], entry["layers"])
        for name, value in model.state_dict().items():
            tensors[f"{index}/state/{name}"] = value.clone()
        inputs = torch.randn(entry["batch"], *entry["shape"], generator=data).requires_grad_()
        output = model(inputs)
        direction = torch.randn(output.shape, generator=data)
        (output * direction).sum().backward()
        tensors[f"{index}/input"], tensors[f"{index}/direction"] = inputs.detach(), direction
        tensors[f"{index}/output"], tensors[f"{index}/grad_input"] = output.detach().clone(), inputs.grad
        for name, parameter in model.named_parameters():
            if parameter.requires_grad:
                tensors[f"{index}/gradient/{name}"] = parameter.grad
        for name, value in model.named_buffers():
            tensors[f"{index}/after/{name}"] = value.clone()
        model.eval()
        with torch.no_grad():
            tensors[f"{index}/evaluated"] = model(inputs).clone()
    save_file({name: value.contiguous() for name, value in tensors.items()}, "layers.safetensors")
    with open("layers.json", "w") as file:
        file.write('{"torch": %s, "cases": [\n' % json.dumps(torch.__version__))
        file.write(",\n".join(json.dumps(entry) for entry in CASES) + "\n]}\n")


if __name__ == "__main__":
    main()
