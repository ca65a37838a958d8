#!/usr/bin/env python3
"""Trains random networks with narrow and with wide vectors, and compares every stored value to the bit.

    same_on_all_levels.py --bench .build/release/bench [--count 200] [--seed 0]

The networks are those of random_chains.py. Ends with code 1 where a value differs, and says so where the processor has one
level of the kernels only, so that nothing was compared. Needs what random_chains.py needs.
"""
import argparse
import json
import os
import sqlite3
import subprocess
import sys
import tempfile

from random_grids import Draw, draw_grid

LEVELS = ("v3", "v4")


def values(program, folder, level):
    """All curves after a run at a level; `None` where the grid is refused."""
    store = f"{folder}/{level}.db"
    run = subprocess.run(
        [program, "run", "grid.json", "-q", "-j", "1", "--db", store], cwd=folder, capture_output=True, text=True,
        env={**os.environ, "BENCH_KERNELS": level})
    if run.returncode == 64:
        return None
    if run.returncode not in (0, 3):
        sys.exit(f"bench run ended with {run.returncode} at {level}: {run.stderr.strip()}")
    connection = sqlite3.connect(f"file:{store}?mode=ro", uri=True)
    return connection.execute(
        "SELECT trial, split, metric, iteration, value, kind FROM curves ORDER BY 1, 2, 3, 4").fetchall()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--count", type=int, default=200)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    program = os.path.abspath(arguments.bench)
    refused = subprocess.run([program, "list"], capture_output=True, text=True, env={**os.environ, "BENCH_KERNELS": "v4"})
    if "which this processor can't run" in refused.stderr:
        print("this processor has no x86-64-v4: nothing to compare")
        return
    compared = differing = points = 0
    for number in range(arguments.seed, arguments.seed + arguments.count):
        with tempfile.TemporaryDirectory() as folder:
            grid, _, _ = draw_grid(Draw(number), folder)
            with open(f"{folder}/grid.json", "w") as file:
                json.dump(grid, file)
            narrow, wide = (values(program, folder, level) for level in LEVELS)
        if narrow is None:
            continue
        compared += 1
        points += len(narrow)
        if narrow != wide:
            differing += 1
            print(f"chain {number} differs: {json.dumps(grid)}")
    print(f"{compared} chains, {points} values at {' and '.join(LEVELS)}: {differing} chains differ")
    sys.exit(1 if differing else 0)


if __name__ == "__main__":
    main()
