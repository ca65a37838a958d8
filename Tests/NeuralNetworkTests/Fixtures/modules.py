"""PyTorch modules from descriptions in the words of their own arguments, shared by the scripts in this folder."""
import torch
from torch import nn

TYPES = {
    "linear": nn.Linear, "conv1d": nn.Conv1d, "conv2d": nn.Conv2d, "conv_transpose1d": nn.ConvTranspose1d,
    "conv_transpose2d": nn.ConvTranspose2d, "max_pool1d": nn.MaxPool1d, "max_pool2d": nn.MaxPool2d,
    "avg_pool1d": nn.AvgPool1d, "avg_pool2d": nn.AvgPool2d, "adaptive_avg_pool1d": nn.AdaptiveAvgPool1d,
    "adaptive_avg_pool2d": nn.AdaptiveAvgPool2d, "batch_norm1d": nn.BatchNorm1d, "batch_norm2d": nn.BatchNorm2d,
    "dropout": nn.Dropout, "relu": nn.ReLU, "leaky_relu": nn.LeakyReLU, "elu": nn.ELU, "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh, "log_softmax": nn.LogSoftmax, "flatten": nn.Flatten, "unflatten": nn.Unflatten,
}


def build(input_shape, layers):
    """An nn.Sequential for examples of this shape; input sizes are inferred as a reader of the grid would."""
    modules, example = [], torch.zeros(2, *input_shape)
    for layer in layers:
        # Input sizes are inferred here, and a layer's name is a matter of weight files alone.
        said = ("type", "trainable", "name", "in_channels", "in_features", "num_features")
        options = {key: value for key, value in layer.items() if key not in said}
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        kind = TYPES[layer["type"]]
        if layer["type"].startswith(("linear", "conv", "batch_norm")):
            module = kind(example.shape[1], **options)
        elif layer["type"] == "log_softmax":
            module = kind(dim=1)
        elif layer["type"] == "unflatten":
            module = kind(1, options.get("unflattened_size") or options["shape"])
        else:
            module = kind(**options)
        state = torch.get_rng_state()
        with torch.no_grad():
            was_training = module.training
            module.eval()
            example = module(example)
            module.train(was_training)
        torch.set_rng_state(state)
        if layer["type"].startswith("batch_norm"):
            module.reset_running_stats()
        for parameter in module.parameters():
            parameter.requires_grad_(layer.get("trainable", True))
        modules.append(module)
    return nn.Sequential(*modules)
