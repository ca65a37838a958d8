"""PyTorch modules from descriptions in the words of their own arguments, shared by the scripts in this folder."""
import torch
from torch import nn

# By the names of grids: the module's name in snake_case.
TYPES = {name.lower(): kind for name, kind in vars(nn).items() if isinstance(kind, type)}


class Residual(nn.Module):
    """What its layers give plus what its shortcut gives, without a shortcut the input."""

    def __init__(self, layers, shortcut=()):
        super().__init__()
        self.layers, self.shortcut = nn.Sequential(*layers), nn.Sequential(*shortcut)

    def forward(self, x):
        output, other = self.layers(x), self.shortcut(x)
        if output.shape != other.shape:  # PyTorch would repeat the smaller one
            raise ValueError(f"{list(output.shape)} and {list(other.shape)} are not added")
        return output + other


class Concat(nn.Module):
    """What its branches give, behind one another along the channels."""

    def __init__(self, *branches):
        super().__init__()
        self.branches = nn.ModuleList(nn.Sequential(*layers) for layers in branches)

    def forward(self, x):
        return torch.cat([branch(x) for branch in self.branches], 1)


class Subsample(nn.Module):
    """Every so many rows and columns, with channels of zeros around: He et al.'s shortcut A."""

    def __init__(self, stride, channels):
        super().__init__()
        self.stride, self.channels = stride, channels

    def forward(self, x):
        steps = self.stride if isinstance(self.stride, (tuple, list)) else (self.stride,) * (x.dim() - 2)
        added = (self.channels or x.shape[1]) - x.shape[1]
        if added < 0 or x.dim() != 2 + len(steps):
            raise ValueError(f"{list(x.shape)} has no {self.channels} channels, or no {len(steps)} sides")
        picked = x[(slice(None), slice(None), *(slice(None, None, step) for step in steps))]
        return nn.functional.pad(picked, (0, 0) * len(steps) + (added // 2, added - added // 2))


def inside(layer, module):
    """The chains of a nested layer: their layers and their modules."""
    if layer["type"] == "residual":
        return [(layer["layers"], module.layers), (layer.get("shortcut", []), module.shortcut)]
    if layer["type"] == "concat":
        return list(zip(layer["branches"], module.branches))
    return []


def every(layers, modules):
    """All layers with their modules, those inside a nested one before it."""
    for layer, module in zip(layers, modules):
        for chain in inside(layer, module):
            yield from every(*chain)
        yield layer, module


def build(input_shape, layers):
    """An nn.Sequential for examples of this shape; input sizes are inferred as a reader of the grid would."""
    model = nn.Sequential(*chain(torch.zeros(2, *input_shape), layers))
    for layer, module in every(layers, model):  # as model.apply does
        for name in ("weight", "bias"):
            initialise(getattr(module, name, None), layer.get("init", {}).get(name))
    return model


def chain(example, layers):
    """The modules of some layers, the first of which takes the example."""
    modules = []
    for layer in layers:
        # Input sizes are inferred here, and a layer's name is a matter of weight files alone.
        said = ("type", "trainable", "name", "in_channels", "in_features", "num_features", "num_channels", "lr", "weight_decay", "init")
        options = {key: value for key, value in layer.items() if key not in said}
        options = {key: tuple(value) if isinstance(value, list) else value for key, value in options.items()}
        kind = TYPES.get(layer["type"].replace("_", ""))
        if layer["type"] == "residual":
            module = Residual(chain(example, layer["layers"]), chain(example, layer.get("shortcut", [])))
        elif layer["type"] == "concat":
            module = Concat(*[chain(example, branch) for branch in layer["branches"]])
        elif layer["type"].startswith("subsample"):
            module = Subsample(options.get("stride", 2), options.get("out_channels"))
            rank = int(layer["type"][-2])
            if example.dim() != 2 + rank:
                raise ValueError(f"{list(example.shape)} has no {rank} sides")
        elif layer["type"].startswith(("linear", "conv", "batch_norm", "instance_norm")):
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
        if not layer.get("trainable", True):
            module.requires_grad_(False)
        modules.append(module)
    return modules


def initialise(tensor, initialiser):
    """Draws a tensor by a function of torch.nn.init: its name, or an object with arguments."""
    if initialiser is not None:
        options = {"name": initialiser} if isinstance(initialiser, str) else dict(initialiser)
        getattr(nn.init, options.pop("name") + "_")(tensor, **options)


def parameter_groups(layers, modules):
    """The parameters that are trained, in groups for torch.optim: each layer's with the settings of its own."""
    groups = []
    for layer, module in every(layers, modules):
        if inside(layer, module):
            continue
        parameters = [parameter for parameter in module.parameters() if parameter.requires_grad]
        if parameters:
            groups.append({"params": parameters, **{key: layer[key] for key in ("lr", "weight_decay") if key in layer}})
    return groups
