"""PyTorch modules from descriptions in the words of their own arguments, shared by the scripts in this folder."""
import torch
from torch import nn

# By the names of grids: the module's name in snake_case.
TYPES = {name.lower(): kind for name, kind in vars(nn).items() if isinstance(kind, type)}



def build(input_shape, layers):
    """An nn.Sequential for examples of this shape; input sizes are inferred as a reader of the grid would."""
    modules, example = [], torch.zeros(2, *input_shape)
    for layer in layers:
        # Input sizes are inferred here, and a layer's name is a matter of weight files alone.
        said = ("type", "trainable", "name", "in_channels", "in_features", "num_features")
        options = {key: value for key, value in layer.items() if key not in said}
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        kind = TYPES[layer["type"].replace("_", "")]
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
