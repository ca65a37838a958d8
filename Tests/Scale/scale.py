#!/usr/bin/env python3
"""Holds the program against its promises at scale, through the commands that people type.

Trains 10,000 trials of 3,000 iterations of the smallest network there is, so that the store holds 30 million
losses, then times list, status, show, report and plan on it, plans of 100,000 trials and of 100,000
configurations, and --help. Prints medians beside their limits; the exit code is 1 where one is passed. On a
machine that is busy elsewhere, the processor time tells more. `--store` keeps the store, or takes one that is
there.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

MEGABYTE = 1e6


def grid(name, rates, momenta, seeds):
    return {
        "name": name,
        "dataset": {"name": "digits", "train": 60, "test": 20},
        "model": {"family": "mlp", "hidden": []},
        "optimizer": {"name": "sgd", "lr": 0.01},
        "training": {"batch_size": 1, "iterations": 3000, "evaluate_every": 500},
        "axes": {
            "optimizer.lr": [round(1e-5 * (n + 1), 5) for n in range(rates)],
            "optimizer.momentum": [round(0.9 * n / momenta, 6) for n in range(momenta)],
        },
        "seeds": list(range(seeds)),
    }


class Measured:
    """A command's wall and processor seconds, a run each, and the most memory that one of them held."""

    def __init__(self, command, folder, runs):
        self.seconds, self.processor_seconds, self.peak_bytes = [], [], 0
        for _ in range(runs):
            start = time.perf_counter()
            process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
            complaint = process.stderr.read().decode(errors="replace")
            _, status, usage = os.wait4(process.pid, 0)
            self.seconds.append(time.perf_counter() - start)
            self.processor_seconds.append(usage.ru_utime + usage.ru_stime)
            process.returncode = os.waitstatus_to_exitcode(status)
            if process.returncode:
                sys.exit(f"{' '.join(map(str, command))}: exit code {process.returncode}\n{complaint}")
            self.peak_bytes = max(self.peak_bytes, usage.ru_maxrss * 1024)


class Table:
    """Prints measurements beside their limits as they come, and remembers whether one was passed."""

    def __init__(self):
        self.passed = False
        print(f"{'what':<40}{'median':>11}{'least':>11}{'limit':>10}  processor time, the least")

    def add(self, what, values, limit, unit, processor=None):
        median, least = statistics.median(values), min(values)
        is_over = limit is not None and median > limit
        self.passed |= is_over
        bound = "" if limit is None else f"{limit:g} {unit}"
        cost = "" if processor is None else f"{min(processor):7.3f} s"
        row = f"{what:<40}{median:>8.3f} {unit:<2}{least:>8.3f} {unit:<2}{bound:>10}  {cost}"
        print(row + ("  over" if is_over else ""), flush=True)


def make_store(bench, store, folder, trials):
    """Trains the study whose store is looked at; goes on where an earlier run was interrupted."""
    rates = max(1, round((trials / 6) ** 0.5))
    momenta = -(-trials // (6 * rates))
    path = folder / "many.json"
    path.write_text(json.dumps(grid("many", rates, momenta, 6)))
    start = time.perf_counter()
    command = [bench, "run", path, "--db", store, "--no-weights", "--quiet"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    print(f"{rates * momenta * 6:,} trials in {store}: {time.perf_counter() - start:.0f} s\n", flush=True)
    return path, rates * momenta * 6


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", default=".build/release/bench", help="the program")
    parser.add_argument("--store", help="keep the store here, or take the one that is here")
    parser.add_argument("--trials", type=int, default=10_000, help="trials in the store")
    parser.add_argument("--runs", type=int, default=7, help="runs of each command")
    arguments = parser.parse_args()
    bench = Path(arguments.bench).resolve()
    with tempfile.TemporaryDirectory(prefix="bench-scale-") as name:
        folder = Path(name)
        store = Path(arguments.store or folder / "many.db").resolve()
        many, trials = make_store(bench, store, folder, arguments.trials)
        listed = subprocess.run(
            [bench, "list", "many", "--db", store, "--format", "json"], check=True, capture_output=True
        )
        key = json.loads(listed.stdout)[trials // 2]["trial"]
        plans = {"100,000 trials": (100, 100, 10), "100,000 configurations": (250, 400, 1)}
        for title, sizes in plans.items():
            (folder / f"{title}.json").write_text(json.dumps(grid("wide", *sizes)))

        table = Table()
        losses = trials * 3000
        size = store.stat().st_size * 30e6 / losses
        table.add("store, per 30 million losses", [size / MEGABYTE], 1000, "MB")
        look = [
            ("list", ["list"], 0.3),
            ("list STUDY", ["list", "many"], 0.3),
            ("list --where", ["list", "many", "--where", "optimizer.lr<0.0001 and seed=3"], 0.3),
            ("status", ["status"], 0.3),
            ("show", ["show", key], 0.3),
            ("plan of the same grid", ["plan", many], None),
            ("report", ["report", "many", "--out", folder / "reports"], 3),
        ]
        for title, words, limit in look:
            measured = Measured([bench, *words, "--db", store], folder, arguments.runs)
            table.add(title, measured.seconds, limit, "s", measured.processor_seconds)
        for title in plans:
            measured = Measured([bench, "plan", f"{title}.json"], folder, arguments.runs)
            table.add(f"plan of {title}", measured.seconds, 2, "s", measured.processor_seconds)
            table.add(f"plan of {title}: memory", [measured.peak_bytes / MEGABYTE], 500, "MB")
        measured = Measured([bench, "--help"], folder, 5 * arguments.runs)
        milliseconds = [1000 * seconds for seconds in measured.seconds]
        table.add("--help", milliseconds, 30, "ms", measured.processor_seconds)
    sys.exit(1 if table.passed else 0)


if __name__ == "__main__":
    main()
