"""A grid's `optimizer.scheduler` and `training.clip_grad_*` as a PyTorch script has them."""
import torch
from torch.optim import lr_scheduler

NAMES = {"step_lr": "StepLR", "multi_step_lr": "MultiStepLR", "exponential_lr": "ExponentialLR",
         "polynomial_lr": "PolynomialLR", "cosine_annealing_lr": "CosineAnnealingLR",
         "cosine_annealing_warm_restarts": "CosineAnnealingWarmRestarts", "linear_lr": "LinearLR",
         "constant_lr": "ConstantLR", "cyclic_lr": "CyclicLR", "one_cycle_lr": "OneCycleLR",
         "reduce_lr_on_plateau": "ReduceLROnPlateau", "sequential_lr": "SequentialLR"}
BY_ITERATION = ["cyclic_lr", "one_cycle_lr"]


def build(options, optimizer, steps=None):
    options = dict(options)
    name = options.pop("name")
    for own in ("interval", "monitor"):
        options.pop(own, None)
    if name == "sequential_lr":
        options["schedulers"] = [build(member, optimizer) for member in options["schedulers"]]
    if name == "one_cycle_lr" and not options.get("total_steps") and not options.get("epochs"):
        options["total_steps"] = steps
    return getattr(lr_scheduler, NAMES[name])(optimizer, **options)


class Schedule:
    """The scheduler of a grid's optimizer, stepped where a script would step it; nothing where there is none."""

    def __init__(self, options, optimizer, iterations, per_epoch):
        self.optimizer, self.iterations, self.per_epoch, self.done, self.rates = optimizer, iterations, per_epoch, 0, []
        self.scheduler, self.options = None, options
        if options:
            by_iteration = options.get("interval", "iteration" if options["name"] in BY_ITERATION else "epoch")
            self.interval = 1 if by_iteration == "iteration" else per_epoch
            self.scheduler = build(options, optimizer, -(-iterations // self.interval))
            self.on_plateau = options["name"] == "reduce_lr_on_plateau"

    def note(self):
        """Before the optimizer's step."""
        self.rates.append(self.optimizer.param_groups[0]["lr"])

    def trained(self):
        """After the optimizer's step."""
        self.done += 1
        if self.scheduler and not self.on_plateau and self.done % self.interval == 0 and self.done < self.iterations:
            self.scheduler.step()

    def evaluated(self, loss, accuracy):
        """After an evaluation on the validation examples."""
        if self.scheduler and self.on_plateau:
            self.scheduler.step(loss if self.options.get("monitor", "validation_loss") == "validation_loss" else accuracy)


def clip(training, parameters):
    """Between the backward pass and the optimizer's step."""
    if training.get("clip_grad_norm"):
        torch.nn.utils.clip_grad_norm_(parameters, training["clip_grad_norm"])
    if training.get("clip_grad_value"):
        torch.nn.utils.clip_grad_value_(parameters, training["clip_grad_value"])
