"""Optimizers by the names of grids: those of torch.optim, and those that it has not."""
import torch


class Lion(torch.optim.Optimizer):
    """Chen et al. 2023, arXiv:2302.06675, algorithm 2."""

    def __init__(self, params, lr=1e-4, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for parameter in group["params"]:
                if parameter.grad is None:
                    continue
                mean = self.state[parameter].setdefault("mean", torch.zeros_like(parameter))
                (first, second), gradient = group["betas"], parameter.grad
                parameter.mul_(1 - group["lr"] * group["weight_decay"])
                direction = mean.mul(first).add_(gradient, alpha=1 - first).sign_()
                parameter.add_(direction, alpha=-group["lr"])
                mean.mul_(second).add_(gradient, alpha=1 - second)


# The class's name in lower case.
OPTIMIZERS = {name.lower(): kind for name, kind in vars(torch.optim).items() if isinstance(kind, type)} | {"lion": Lion}
