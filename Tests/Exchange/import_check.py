#!/usr/bin/env python3
"""Imports a PyTorch script's curves next to those of `bench run` of the same seeds, and lets `bench compare` judge them.

    import_check.py --bench PROGRAM [--short]
    import_check.py --write          trains in PyTorch and writes pytorch.csv anew

Draws a data set of noisy patterns, trains two networks with six seeds here and in PyTorch, and imports PyTorch's curves as
CSV and as JSON lines. Then: every number of the view `curves` is the file's to the last bit; `report` and `show` say where
they come from; `compare`, in both directions and with a saved baseline, says "within tolerance" of every row; importing
again changes nothing; `verify`, `export weights` and `run` into the study are refused; an edit of the store is found by
`doctor`. Where torch is missing, pytorch.csv stands for its run, and that is said. Without --short a file of a million
lines is timed too.
"""
import argparse
import csv
import json
import random
import sqlite3
import struct
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
FIXTURE = HERE / "pytorch.csv"
SIDE, CLASSES, TRAIN, TEST, THIN = 8, 4, 400, 400, 10
SIGNAL = 0.3  # the share of pixels that tell the class
VARIANTS = {"MLP 8": [8], "MLP, 2 × 16": [16, 16]}
GRID = {
    "name": "ours",
    "dataset": {"name": "idx", **{f"{part}_{what}": f"{part}-{what}.idx"
                                  for part in ("train", "test") for what in ("images", "labels")}},
    "model": {"family": "mlp"},
    "optimizer": {"name": "sgd", "lr": 0.1},
    "training": {"batch_size": 20, "iterations": 200, "evaluate_every": 50},
    "seeds": [0, 1, 2, 3, 4, 5],
    "variants": {label: {"model.hidden": hidden} for label, hidden in VARIANTS.items()},
}
HEADER = ["label", "seed", "iteration", "split", "metric", "value"]

problems = []


def expect(condition, text):
    if not condition:
        problems.append(text)


# MARK: Data and PyTorch


def examples(draw, patterns, count):
    """Bytes of noisy pictures, and their classes; the same in every version of Python."""
    labels = [draw.randrange(CLASSES) for _ in range(count)]
    pixels = bytearray()
    for label in labels:
        pixels += bytes(pixel if draw.random() < SIGNAL else draw.randrange(256) for pixel in patterns[label])
    return bytes(pixels), bytes(labels)


def write_data(folder):
    draw = random.Random(7)
    patterns = [[draw.randrange(256) for _ in range(SIDE * SIDE)] for _ in range(CLASSES)]
    data = {}
    for part, count in (("train", TRAIN), ("test", TEST)):
        data[part] = pixels, labels = examples(draw, patterns, count)
        (folder / f"{part}-images.idx").write_bytes(struct.pack(">iiii", 0x803, count, SIDE, SIDE) + pixels)
        (folder / f"{part}-labels.idx").write_bytes(struct.pack(">ii", 0x801, count) + labels)
    return data


def pytorch_rows(data):
    """PyTorch's curves, a row for each number; every tenth training loss."""
    sys.path.insert(0, str(HERE.parent / "PyTorch"))
    import numpy as np
    from torch_trial import TorchTrial

    class Data:
        classes, shape, source = CLASSES, [1, SIDE, SIDE], [1, SIDE, SIDE]
        selection, counts = GRID["dataset"], {"train": TRAIN, "test": TEST}

    for part, (pixels, labels) in data.items():
        images = np.frombuffer(pixels, np.uint8).reshape(-1, SIDE, SIDE)
        setattr(Data, part, (images, np.frombuffer(labels, np.uint8).astype(np.int64)))
    rows = []
    for label, hidden in VARIANTS.items():
        for seed in GRID["seeds"]:
            grid = GRID | {"model": GRID["model"] | {"hidden": hidden}, "seeds": [seed]}
            _, losses, scores, _ = TorchTrial(grid, Data).train()
            rows += [(label, seed, place + 1, "train", "loss", float(loss)) for place, loss in enumerate(losses)
                     if (place + 1) % THIN == 0]
            for iteration, score in scores.items():
                rows += [(label, seed, iteration, "test", metric, value)
                         for metric, value in zip(("loss", "accuracy"), score["test"])]
    return rows


def read_fixture():
    with FIXTURE.open(newline="") as file:
        return [(row["label"], int(row["seed"]), int(row["iteration"]), row["split"], row["metric"], float(row["value"]))
                for row in csv.DictReader(file)]


def write_csv(path, rows, header=HEADER):
    order = [HEADER.index(name) for name in header]
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows([row[place] if HEADER[place] != "value" else repr(row[place]) for place in order]
                         for row in rows)


# MARK: The program


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *arguments, code=0, input=None, is_data=False):
        run = subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True, input=input)
        expect(run.returncode == code,
               f"bench {' '.join(arguments)}: ended with {run.returncode}, expected {code}:\n{run.stdout}{run.stderr}")
        return run.stdout if is_data else run.stdout + run.stderr

    def query(self, text):
        database = sqlite3.connect(self.folder / ".bench/bench.db")
        rows = database.execute(text).fetchall()
        database.commit()
        database.close()
        return rows


def check_values(bench, rows, study):
    stored = bench.query(f"select label, seed, iteration, split, metric, value from curves where study = '{study}'")
    expect(sorted(stored) == sorted(rows), f"{study}: the view curves has other numbers than the file")
    return len(stored)


def check_verdicts(bench, baseline, candidate):
    result = json.loads(bench.run("compare", baseline, candidate, "--format", "json", is_data=True))
    verdicts = {row["label"]: row["verdict"] for row in result["results"]}
    allowed = {label: "within_tolerance" for label in VARIANTS}
    expect(verdicts == allowed, f"compare {baseline} {candidate}: {verdicts}, expected within_tolerance of every row")
    expect(not result["lost"] and not result["new"], f"compare {baseline} {candidate}: lost or new trials")
    expect(all(row["seeds"] == GRID["seeds"] for row in result["results"]), f"compare {baseline} {candidate}: seeds")
    text = bench.run("compare", baseline, candidate)
    expect("within tolerance" in text, f"compare {baseline} {candidate} does not say within tolerance")
    return max(abs(value) for row in result["results"] for value in row["differences"])


def check_study(bench, study):
    origin = "imported from pytorch.csv, trained elsewhere"
    for name, text in [("report", bench.run("report", study, "--format", "text")), ("list", bench.run("list"))]:
        expect(origin in text.replace("\n", " "), f"{name} of {study} does not say \"{origin}\"")
    report = json.loads(bench.run("report", study, "--format", "json", is_data=True))
    expect(report["imported_from"] == "pytorch.csv", "report json, imported_from")
    expect(report["environment"] is None and report["source"] is None, "report json names a machine or a commit")
    expect(all(one["parameters"] is None and one["wall_seconds"] is None for one in report["configurations"]),
           "report json has parameters or times that nobody knows")
    key = bench.query(f"select trial from trials where study = '{study}'")[0][0]
    expect(origin in bench.run("show", key), "show does not say where the trial comes from")
    for command in (["verify", key], ["export", "weights", key], ["show", key, "--kernels"]):
        expect("trained elsewhere: nobody here knows" in bench.run(*command, code=1), f"{command[0]} gives no reason")
    grid = bench.folder / "same-name.json"
    grid.write_text(json.dumps(GRID | {"name": study}))
    expect("was imported" in bench.run("run", grid.name, code=1), "run into an imported study gives no reason")
    for kind in (["csv"], ["csv", "--curves"], ["json"], ["npz"]):
        bench.run("export", *kind, study, "-o", "export.out")


def check_edit(bench, study):
    """An edit of an imported number is found."""
    expect("fit their digests" in bench.run("doctor"), "doctor of the sound store")
    where = f"trial_id = (select id from trial where key = (select trial from trials where study = '{study}'))"
    for table in ("batch_loss", "metric"):
        kept = bench.query(f"select rowid, value from (select 1 as rowid, value from {table} where {where} limit 1)")[0][1]
        change = f"update {table} set value = {{}} where {where} and value = {{}}"
        bench.query(change.format(repr(kept + 0.001), repr(kept)))
        expect("not those that its digest was made of" in bench.run("doctor", code=1), f"doctor misses an edit of {table}")
        bench.query(change.format(repr(kept), repr(kept + 0.001)))
    expect("fit their digests" in bench.run("doctor"), "doctor of the mended store")


def time_large_file(bench):
    lines = 1_000_000
    draw = random.Random(1)
    with (bench.folder / "large.csv").open("w") as file:
        file.write("label,seed,iteration,split,metric,value\n")
        for number in range(lines):
            trial, iteration = divmod(number, 10_000)
            file.write(f"A,{trial},{iteration + 1},train,loss,{draw.random()!r}\n")
    start = time.perf_counter()
    bench.run("import", "large.csv", "--study", "large", "--db", "large.db")
    return lines, time.perf_counter() - start


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, help="the program")
    parser.add_argument("--short", action="store_true", help="without the large file")
    parser.add_argument("--write", action="store_true", help="write pytorch.csv anew")
    arguments = parser.parse_args()
    if not arguments.write and not arguments.bench:
        parser.error("--bench is missing")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        data = write_data(folder)
        try:
            rows = pytorch_rows(data)
        except ImportError as missing:
            if arguments.write:
                sys.exit(f"{missing}; pip install torch numpy")
            print(f"SKIPPED: training in PyTorch ({missing}); {FIXTURE.name} stands for it")
            rows = read_fixture()
        if arguments.write:
            return write_csv(FIXTURE, rows)
        bench = Bench(arguments.bench.resolve(), folder)
        (folder / "grid.json").write_text(json.dumps(GRID))
        write_csv(folder / "pytorch.csv", rows)
        with (folder / "pytorch.jsonl").open("w") as file:
            file.writelines(json.dumps(dict(zip(HEADER, row))) + "\n" for row in rows)
        write_csv(folder / "reversed.csv", rows, HEADER[::-1])
        bench.run("run", "grid.json", "-q", "--no-weights")
        bench.run("import", "pytorch.csv", "--study", "pytorch")
        for again in ("pytorch.csv", "pytorch.jsonl", "reversed.csv"):
            text = bench.run("import", again, "--study", "pytorch")
            expect("nothing was changed" in text, f"importing {again} once more: {text}")
        bench.run("import", "-", "--study", "pytorch, piped", input=(folder / "pytorch.csv").read_text())
        count = sum(check_values(bench, rows, study) for study in ("pytorch", "pytorch, piped"))
        bench.run("baseline", "save", "theirs", "pytorch")
        largest = max(check_verdicts(bench, *sides) for sides in (("ours", "pytorch"), ("pytorch", "ours"), ("theirs", "ours")))
        check_study(bench, "pytorch")
        check_edit(bench, "pytorch")
        write_csv(folder / "pytorch.csv", [row for row in rows if row[1] != 5])
        text = bench.run("import", "pytorch.csv", "--study", "pytorch")
        expect("revision 2" in text, f"importing other curves makes no new revision: {text}")
        for problem in problems:
            print(problem)
        print(f"{count} imported values are the file's; largest difference to bench's own test accuracy "
              f"{100 * largest:.2f} points; {len(problems)} problems")
        if not arguments.short:
            lines, seconds = time_large_file(bench)
            print(f"{lines} lines imported in {seconds:.1f} s")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
