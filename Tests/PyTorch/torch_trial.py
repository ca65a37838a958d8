"""A configuration of a grid, trained as a PyTorch script would train it."""
import copy
import math

import numpy as np
import torch
from torch import nn

from random_grids import VALUE_LOSSES, build, every, everywhere, lowered, parameter_groups
from torch_samplers import sampler
from torch_schedule import Schedule, clip
from torch_transforms import Augmented, composed, mixed

# By the names of grids: the class's name in lower case.
OPTIMIZERS = {name.lower(): kind for name, kind in vars(torch.optim).items() if isinstance(kind, type)}


LOSSES = {"cross_entropy": nn.functional.cross_entropy, "nll": nn.functional.nll_loss, "mse": nn.functional.mse_loss,
          "l1": nn.functional.l1_loss, "smooth_l1": nn.functional.smooth_l1_loss,
          "bce_with_logits": nn.functional.binary_cross_entropy_with_logits}


class EarlyStopping:
    """Ends a training whose score gets no better, as Keras's callback does; the best weights are kept."""

    def __init__(self, options):
        self.accuracy = options.get("monitor") == "validation_accuracy"
        self.patience, self.gain = options.get("patience", 3), options.get("min_delta", 0)
        self.restores = options.get("restore_best_weights", True)
        self.best, self.state, self.waited = None, None, 0

    def take(self, loss, accuracy, model):
        score = accuracy if self.accuracy else -loss
        if not math.isnan(score) and (self.best is None or score > self.best + self.gain):
            self.best, self.waited, self.state = score, 0, copy.deepcopy(model.state_dict())
        else:
            self.waited += 1

    @property
    def is_over(self):
        return self.waited >= self.patience

    def restore(self, model):
        """Whether the model got other weights than it has."""
        if not self.restores or self.waited == 0 or self.state is None:
            return False
        model.load_state_dict(self.state)
        return True


class TorchTrial:
    """What a grid's only configuration gives in PyTorch."""

    def __init__(self, grid, data):
        loss = grid.get("loss", "cross_entropy")
        self.loss_options = {"name": loss} if isinstance(loss, str) else dict(loss)
        self.grid, self.loss, self.classes = grid, self.loss_options.pop("name"), data.classes
        self.training, self.seed = grid["training"], grid["seeds"][0]
        self.layers, self.shape = lowered(grid["model"], data.shape, data.classes, self.loss)
        self.sets, self.data = {}, data
        fixed = composed(data.selection.get("transform", []))
        for part in ("train", "test"):
            images, labels = getattr(data, part)
            images, labels = self.tensor(images)[:data.counts[part]], torch.from_numpy(labels[:data.counts[part]])
            if data.selection.get("transform"):
                images = torch.stack([fixed(image) for image in images])
            if part == "train":
                train, validation = self.split(len(labels))
                self.sets["validation"] = (self.prepared(images[validation]), labels[validation])
                self.raw, images, labels = images[train], images[train], labels[train]
            self.sets[part] = (self.prepared(images), labels)
        drawn = (data.selection.get("sampler") or {}).get("num_samples") or len(self.sets["train"][1])
        whole, rest = divmod(drawn, self.training["batch_size"])
        self.per_epoch = whole + (rest > 0 and not data.selection.get("drop_last", False))
        self.iterations = self.training.get("iterations") or self.training["epochs"] * self.per_epoch

    def split(self, count):
        """The training examples and the validation examples among so many, as indices."""
        selection = self.data.selection
        validation, seed = selection.get("validation", 0), selection.get("split_seed")
        if isinstance(validation, dict):
            folds = validation["of"]
            sizes, fold = [count // folds + (index < count % folds) for index in range(folds)], validation["fold"]
        else:
            sizes, fold = [count - validation, validation], 1
        order = torch.arange(count) if seed is None else torch.randperm(
            count, generator=torch.Generator().manual_seed(seed))
        parts = list(torch.split(order, sizes))
        chosen = parts.pop(fold)
        return torch.cat(parts), chosen

    def tensor(self, images):
        """Images as ToTensor gives them; floats are taken as they are."""
        values = torch.from_numpy(np.ascontiguousarray(images).reshape(-1, *self.data.source).astype(
            np.float32 if images.dtype != np.uint8 else np.uint8))
        return values.float().div(255) if images.dtype == np.uint8 else values

    def prepared(self, values):
        """What the network reads of images."""
        data = self.data
        if "normalize" in data.selection:
            for name, operation in [("mean", torch.Tensor.sub), ("std", torch.Tensor.div)]:
                numbers = torch.tensor(data.selection["normalize"][name])
                shape = (1, -1, 1, 1) if len(data.shape) == 3 else (1, -1)
                values = operation(values, numbers.view(shape))
        if list(values.shape[1:]) != self.shape:  # a sequence: the rows of an image, or one channel
            values = values.permute(0, 3, 1, 2) if len(data.shape) == 3 else values
            values = values.reshape(-1, *self.shape)
        return values

    @property
    def reconstructs(self):
        return self.is_reconstruction(list(self.model()(self.sets["train"][0][:2]).shape[1:]))

    def is_reconstruction(self, output):
        return self.loss in VALUE_LOSSES and output == self.shape and output != [self.classes]

    def model(self):
        return build(self.shape, self.layers)

    def renamed(self, state):
        """A state_dict under the names of the grid's layers."""
        return {self.name_of(key): value for key, value in state.items()}

    def name_of(self, key):
        """The name of a tensor with the names of the layers in place of their numbers."""
        parts, layers, named = key.split("."), self.layers, []
        while True:
            layer = layers[int(parts[0])]
            named.append(layer.get("name", parts[0]))
            if layer["type"] not in ("residual", "concat"):
                return ".".join(named + parts[1:])
            step = 3 if layer["type"] == "concat" else 2
            layers = layer["branches"][int(parts[2])] if step == 3 else layer[parts[1]]
            named, parts = named + parts[1:step], parts[step:]

    def plain(self, state):
        """A state_dict of the grid's names under PyTorch's own."""
        return {key: state[self.name_of(key)] for key in self.model().state_dict()}

    def error(self, output, images, labels):
        options = dict(self.loss_options)
        if options.get("weight") is not None:
            options["weight"] = torch.tensor(options["weight"], dtype=output.dtype)
        if self.is_reconstruction(list(output.shape[1:])):
            labels = images
        elif self.loss in VALUE_LOSSES and not labels.is_floating_point():
            labels = nn.functional.one_hot(labels, self.classes).to(output.dtype)
        elif labels.is_floating_point():
            labels = labels.to(output.dtype)
        return LOSSES[self.loss](output, labels, **options)

    def train(self, state=None, dtype=torch.float32, channels_last=False, jitters=False, iterations=None):
        """The first weights, the losses, the evaluations by iteration and the model."""
        iterations = iterations or self.iterations
        torch.manual_seed(self.seed)
        images, labels = self.sets["train"]
        noise = 1
        if jitters:
            noise += 1e-7 * torch.randn(len(images), *[1] * (self.raw.dim() - 1), generator=torch.Generator().manual_seed(1))
            images = images * (1 + 1e-7 * torch.randn(images.shape, generator=torch.Generator().manual_seed(1)))
        data = torch.utils.data.TensorDataset(images, labels)
        if self.data.selection.get("augment"):
            change = composed(self.data.selection["augment"])
            data = Augmented(self.raw * noise, labels, lambda image: self.prepared(change(image)[None])[0])
        chosen = sampler(self.grid["dataset"].get("sampler"), labels, self.classes)
        loader = torch.utils.data.DataLoader(
            data, batch_size=self.training["batch_size"], sampler=chosen,
            shuffle=chosen is None and self.grid["dataset"].get("shuffle", True), drop_last=self.grid["dataset"].get("drop_last", False))
        model = self.model()
        if state:
            model.load_state_dict(state)
        first = {name: value.clone() for name, value in model.state_dict().items()}
        model = model.to(dtype)
        is_last = channels_last and images.dim() == 4
        if is_last:
            model = model.to(memory_format=torch.channels_last)
        options = dict(self.grid["optimizer"])
        scheduler = options.pop("scheduler", None)
        learnt = [p for p in model.parameters() if p.requires_grad]
        step = OPTIMIZERS[options.pop("name")](
            [{"params": []}, *parameter_groups(self.layers, model)], **options)  # the first one has the optimizer's rate
        self.schedule = schedule = Schedule(scheduler, step, self.iterations, self.per_epoch)
        interval = self.training.get("evaluate_every") or self.per_epoch
        mix = mixed(self.data.selection.get("mix"), self.classes)
        decay = self.training.get("ema_decay")
        average = decay is not None and torch.optim.swa_utils.AveragedModel(
            model, multi_avg_fn=torch.optim.swa_utils.get_ema_multi_avg_fn(decay))
        scored = average.module if average else model
        stopping = self.training.get("early_stopping")
        stopping = None if stopping is None else EarlyStopping(stopping)
        losses, scores = [], {}
        while True:
            for x, y in loader:
                x, y = mix(x, y)
                x = x.to(dtype)
                output = model(x.contiguous(memory_format=torch.channels_last) if is_last else x)
                error = self.error(output, x, y)
                step.zero_grad()
                error.backward()
                clip(self.training, learnt)
                schedule.note()
                step.step()
                if average:
                    average.update_parameters(model)
                schedule.trained()
                losses.append(error.item())
                ends = len(losses) == iterations or not math.isfinite(losses[-1])
                if ends or len(losses) % interval == 0:
                    scores[len(losses)] = self.evaluation(scored, dtype)
                    validation = scores[len(losses)].get("validation", (math.nan, None))
                    schedule.evaluated(*validation)
                    if stopping and math.isfinite(losses[-1]):
                        stopping.take(*validation, scored)
                        ends |= stopping.is_over
                        if ends and stopping.restore(scored):
                            scores[len(losses)] = self.evaluation(scored, dtype)
                if ends:
                    return first, np.array(losses), scores, scored

    def evaluation(self, model, dtype):
        """Loss and accuracy of each part that has examples."""
        return {part: self.score(model, part, dtype) for part in ("validation", "test") if len(self.sets[part][1])}

    def score(self, model, part, dtype=torch.float32):
        """Loss and accuracy in evaluation mode, and the draws of whoever iterates a DataLoader."""
        images, labels = self.sets[part]
        draws = self.training.get("evaluation_draws", "none")
        if draws != "none":
            data = torch.utils.data.TensorDataset(images, labels)
            list(torch.utils.data.DataLoader(data, batch_size=16, shuffle=draws == "shuffled_loader"))
        model.eval()
        with torch.no_grad():
            x = images.to(dtype)
            output = model(x)
            loss = self.error(output, x, labels).item()
            accuracy = None
            if not self.is_reconstruction(list(output.shape[1:])):
                accuracy = (output.argmax(1) == labels).double().mean().item()
        model.train()
        return loss, accuracy

    def others(self, **options):
        """The same run in PyTorch's other ways: in Double, with inputs a bit off, channels-last, without oneDNN."""
        yield self.train(dtype=torch.float64, **options)
        yield self.train(jitters=True, **options)
        if not any("dropout" in layer["type"] for layer in everywhere(self.layers)):  # its masks follow the memory's order
            yield self.train(channels_last=True, **options)
        with torch.backends.mkldnn.flags(enabled=False):
            yield self.train(**options)

    @property
    def minimum_batch(self):
        """2 where a batch normalisation has one value a channel and example, or a group normalisation one a group."""
        pairs, model = [], self.model().eval()
        for layer, module in every(self.layers, model):
            def look(_, inputs, layer=layer):
                values = {"batch_norm": inputs[0].shape[1], "group_norm": layer.get("num_groups")}.get(
                    layer["type"].rstrip("12d"))
                pairs.append(values == inputs[0][0].numel())
            module.register_forward_pre_hook(look)
        model(torch.zeros(2, *self.shape))
        return 2 if any(pairs) else 1
