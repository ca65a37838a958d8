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
        said = ("type", "trainable", "name", "in_channels", "in_features", "num_features", "num_channels", "lr", "weight_decay", "init")
        options = {key: value for key, value in layer.items() if key not in said}
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        kind = TYPES[layer["type"].replace("_", "")]
        if layer["type"].startswith(("linear", "conv", "batch_norm", "instance_norm")):
            module = kind(example.shape[1], **options)
        elif layer["type"] == "group_norm":
            module = kind(num_channels=example.shape[1], **options)
        elif layer["type"] in ("log_softmax", "softmax"):
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
    for layer, module in zip(layers, modules):  # as model.apply does
        for name in ("weight", "bias"):
            initialise(getattr(module, name, None), layer.get("init", {}).get(name))
    return nn.Sequential(*modules)


def initialise(tensor, initialiser):
    """Draws a tensor by a function of torch.nn.init: its name, or an object with arguments."""
    if initialiser is not None:
        options = {"name": initialiser} if isinstance(initialiser, str) else dict(initialiser)
        getattr(nn.init, options.pop("name") + "_")(tensor, **options)


def parameter_groups(layers, modules):
    """The parameters that are trained, in groups for torch.optim: each layer's with the settings of its own."""
    groups = []
    for layer, module in zip(layers, modules):
        parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
        if parameters:
            groups.append({"params": parameters, **{key: layer[key] for key in ("lr", "weight_decay") if key in layer}})
    return groups
