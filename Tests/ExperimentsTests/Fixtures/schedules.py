#!/usr/bin/env python3
"""Writes schedules.json: the learning rates, and where a schedule changes it the momentum, of 200 training steps.

    schedules.py    (in this folder)

A rate stands at the iteration from which it holds, with all digits of the Double.
"""
import json
import math
import os
import sys
import warnings

import torch

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../../PyTorch"))
from torch_schedule import Schedule  # noqa: E402

ITERATIONS, SGD, ADAM = 200, {"name": "sgd", "lr": 0.1, "momentum": 0.9}, {"name": "adamw", "lr": 0.003}
STEP = {"name": "step_lr", "step_size": 7}
COSINE = {"name": "cosine_annealing_lr", "T_max": 40}
WARM_UP = {"name": "linear_lr", "start_factor": 0.01, "total_iters": 10}
BY = {"interval": "iteration"}

# The optimizer, the scheduler, iterations in an epoch.
CASES = [
    (SGD, STEP, 3), (SGD, {"name": "step_lr", "step_size": 1, "gamma": 0.7}, 14),
    (ADAM, {"name": "step_lr", "step_size": 1, "gamma": 1}, 1),
    (SGD, {"name": "step_lr", "step_size": 300, **BY}, 3), (SGD, {**STEP, "gamma": 0.93, **BY}, 9),
    (SGD, {"name": "multi_step_lr", "milestones": [30, 80]}, 2),
    (SGD, {"name": "multi_step_lr", "milestones": [90, 20, 20, 150, 21], "gamma": 0.3, **BY}, 5),
    (ADAM, {"name": "exponential_lr", "gamma": 0.95}, 4), (ADAM, {"name": "exponential_lr", "gamma": 1.02, **BY}, 4),
    (SGD, {"name": "polynomial_lr"}, 10), (SGD, {"name": "polynomial_lr", "total_iters": 150, "power": 0.9, **BY}, 10),
    (SGD, {"name": "polynomial_lr", "total_iters": 1, "power": 2}, 50),
    (SGD, {"name": "polynomial_lr", "total_iters": 33, "power": 0, **BY}, 50),
    (SGD, {**COSINE}, 5), (SGD, {**COSINE, "T_max": 13, "eta_min": 0.002, **BY}, 5),
    (SGD, {**COSINE, "T_max": 1, **BY}, 5), (SGD, {**COSINE, "T_max": 2, "eta_min": 0.5, **BY}, 5),
    (ADAM, {**COSINE, "T_max": 1000, **BY}, 5),
    (SGD, {"name": "cosine_annealing_warm_restarts", "T_0": 10}, 3),
    (SGD, {"name": "cosine_annealing_warm_restarts", "T_0": 3, "T_mult": 2, "eta_min": 0.001, **BY}, 3),
    (SGD, {"name": "cosine_annealing_warm_restarts", "T_0": 1, **BY}, 3),
    (SGD, {"name": "linear_lr"}, 20), (SGD, {**WARM_UP, **BY}, 20),
    (SGD, {"name": "linear_lr", "start_factor": 1, "end_factor": 0, "total_iters": 90, **BY}, 20),
    (SGD, {"name": "linear_lr", "start_factor": 0.5, "end_factor": 0.1, "total_iters": 1, **BY}, 20),
    (SGD, {"name": "constant_lr"}, 20), (ADAM, {"name": "constant_lr", "factor": 0.3, "total_iters": 77, **BY}, 20),
    (SGD, {"name": "cyclic_lr", "base_lr": 0.001, "max_lr": 0.1, "step_size_up": 17}, 20),
    (SGD, {"name": "cyclic_lr", "base_lr": 0.001, "max_lr": 0.1, "step_size_up": 9, "step_size_down": 14,
           "mode": "triangular2", "base_momentum": 0.7, "max_momentum": 0.99}, 20),
    (ADAM, {"name": "cyclic_lr", "base_lr": 0.0001, "max_lr": 0.01, "step_size_up": 1, "mode": "exp_range",
            "gamma": 0.994}, 20),
    (SGD, {"name": "cyclic_lr", "base_lr": 0, "max_lr": 1, "step_size_up": 5, "cycle_momentum": False,
           "interval": "epoch"}, 4),
    (SGD, {"name": "one_cycle_lr", "max_lr": 0.1}, 20), (ADAM, {"name": "one_cycle_lr", "max_lr": 0.01}, 20),
    (SGD, {"name": "one_cycle_lr", "max_lr": 0.1, "total_steps": 250, "anneal_strategy": "linear", "pct_start": 0.4,
           "base_momentum": 0.5, "max_momentum": 0.8, "div_factor": 10, "final_div_factor": 100.0}, 20),
    (SGD, {"name": "one_cycle_lr", "max_lr": 0.1, "epochs": 10, "steps_per_epoch": 20, "three_phase": True}, 20),
    (SGD, {"name": "one_cycle_lr", "max_lr": 0.1, "interval": "epoch", "three_phase": True, "pct_start": 0.5,
           "anneal_strategy": "linear"}, 7),
    (ADAM, {"name": "one_cycle_lr", "max_lr": 0.02, "cycle_momentum": False, "pct_start": 1.0}, 20),
    (SGD, {"name": "one_cycle_lr", "max_lr": 0.02, "pct_start": 0.0}, 20),
    (SGD, {"name": "reduce_lr_on_plateau", "patience": 1}, 5),
    (SGD, {"name": "reduce_lr_on_plateau", "factor": 0.5, "patience": 0, "cooldown": 3, "min_lr": 0.004}, 5),
    (SGD, {"name": "reduce_lr_on_plateau", "patience": 2, "threshold_mode": "abs", "threshold": 0.02, "factor": 0.7}, 5),
    (SGD, {"name": "reduce_lr_on_plateau", "monitor": "validation_accuracy", "mode": "max", "patience": 2,
           "factor": 0.8}, 5),
    (SGD, {"name": "reduce_lr_on_plateau", "monitor": "validation_accuracy", "mode": "max", "threshold_mode": "abs",
           "patience": 1, "factor": 0.3, "eps": 0.001}, 5),
    (SGD, {"name": "sequential_lr", "schedulers": [WARM_UP, COSINE], "milestones": [10]}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [WARM_UP, {**COSINE, "T_max": 190}], "milestones": [10], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [{"name": "constant_lr"}, {"name": "exponential_lr", "gamma": 0.9}, STEP],
           "milestones": [20, 60], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [WARM_UP, {"name": "polynomial_lr", "total_iters": 100}, STEP],
           "milestones": [30, 30], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [WARM_UP, {"name": "multi_step_lr", "milestones": [50, 20]}],
           "milestones": [0], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [WARM_UP, {"name": "cosine_annealing_warm_restarts", "T_0": 12}],
           "milestones": [15], **BY}, 4),
    (ADAM, {"name": "sequential_lr", "schedulers": [
        {"name": "constant_lr", "factor": 0.1, "total_iters": 5}, {"name": "one_cycle_lr", "max_lr": 0.1, "total_steps": 190}],
        "milestones": [10], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [
        {"name": "cyclic_lr", "base_lr": 0.01, "max_lr": 0.2, "step_size_up": 8}, WARM_UP, {"name": "constant_lr"}],
        "milestones": [40, 90], **BY}, 4),
    (SGD, {"name": "sequential_lr", "schedulers": [STEP], "milestones": [], **BY}, 4),
]


def scores(count):
    """Made-up validation losses and accuracies: better for a while, then not."""
    return [(1 / (1 + at) + 0.1 * math.sin(at), 1 - 1 / (1.5 + at) + 0.05 * math.cos(at)) for at in range(count)]


def main():
    warnings.simplefilter("ignore")
    lines = []
    for options, scheduler, per_epoch in CASES:
        arguments = {key: value for key, value in options.items() if key != "name"}
        kind = {"sgd": torch.optim.SGD, "adamw": torch.optim.AdamW}[options["name"]]
        optimizer = kind([torch.zeros(1, requires_grad=True)], **arguments)
        schedule, rates, momenta = Schedule(scheduler, optimizer, ITERATIONS, per_epoch), [], []
        watched = iter(scores(ITERATIONS))
        for iteration in range(1, ITERATIONS + 1):
            group = optimizer.param_groups[0]
            for series, value in [(rates, group["lr"]), (momenta, group.get("momentum", group.get("betas", [0])[0]))]:
                if not series or series[-1][1] != value:
                    series.append([iteration, float(value)])
            optimizer.step()
            schedule.trained()
            if iteration % per_epoch == 0:
                schedule.evaluated(*next(watched))
        lines.append(json.dumps({"optimizer": {**options, "scheduler": scheduler}, "per_epoch": per_epoch, "rates": rates,
                                 "momenta": momenta}))
    with open("schedules.json", "w") as file:
        head = {"torch": torch.__version__, "scores": scores(ITERATIONS)}
        file.write(json.dumps(head)[:-1] + ', "cases": [\n' + ",\n".join(lines) + "\n]}\n")


if __name__ == "__main__":
    main()
