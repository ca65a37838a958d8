#!/usr/bin/env python3
"""Reads what the commands print for programs back with pandas and json: read_back.py --bench PROGRAM

Trains a tiny study whose names look like formulas, quotes, lines, numbers and markup, and of which one configuration
diverges; then prints `list`, `status`, `plan`, `summary`, `speed`, `show`, `verify`, `compare`, `report`, `history`,
`baseline list`, `data list`, `data show`, `doctor`, `annotate`, `diff`, `rm` and `gc` as CSV and as JSON, and compares every value with the store's,
which sqlite3 reads: numbers to the last bit, NaN as NaN, names letter by letter. The exit code is 1 where anything
differs. Needs pandas.
"""

import argparse
import io
import json
import math
import re
import shutil
import sqlite3
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import pandas

STUDY = "=cmd|' /C calc'!A0"
TITLE = 'quotes " , commas\tand\nlines'
BASELINE = '=base, "1"'
SEEDS = [0, 1, 2**64 - 1]
RECONSTRUCTION = {"loss": "mse", "model": {"layers": [{"type": "flatten"}, {"type": "linear", "out_features": 784},
                                                     {"type": "unflatten", "unflattened_size": [1, 28, 28]}]}}
VARIANTS = {
    "=1+1": {"optimizer.lr": 0.05},
    "@x": {"optimizer.lr": 0.02},
    "+3,5": {"model.hidden": [9]},
    "-x": {"model.hidden": [11]},
    "-1e3": {"model.hidden": [7]},
    'say "hi", you': {"optimizer.lr": 0.01},
    "line\nbreak\tand tab": {"optimizer.lr": 0.03},
    "\"|<b>`x`$(y)</b>": {"optimizer.lr": 0.04},
    "'=quoted": {"optimizer.lr": 0.045},
    "NaN": {"optimizer.lr": 0.06},
    "12": {"optimizer.lr": 0.07},
    "名前 🎉": {"optimizer.lr": 0.08},
    "diverges": {"optimizer.lr": 1e6, "optimizer.weight_decay": 1000},
    # Without accuracies.
    "reconstructs": RECONSTRUCTION,
    "reconstructs, diverges": RECONSTRUCTION | {"optimizer.lr": 1e6, "optimizer.weight_decay": 1000},
}
TAGS, NOTES = ["=1+1", "<b>"], "-1,\"two\"\n@three"
GRID = {
    "name": STUDY,
    "title": TITLE,
    "dataset": {"name": "digits", "train": 200, "test": 50, "validation": 50},
    "model": {"family": "mlp", "hidden": [8]},
    "optimizer": {"name": "sgd", "lr": 0.05},
    "training": {"batch_size": 20, "iterations": 20, "evaluate_every": 5},
    "seeds": SEEDS,
    "variants": VARIANTS,
    "tags": TAGS,
    "notes": NOTES,
}
# Columns of text; all others hold numbers, or nothing.
TEXTS = {
    "hash", "blas", "study", "title", "trial", "label", "configuration", "state", "error", "network", "data", "compared_with", "metric",
    "family", "verdict", "reason", "seeds", "differences", "collapsed_seeds", "date", "commit", "host", "cpu",
    "program", "baseline", "saved", "anchor_saved", "variant", "model.hidden", "model", "model.layers", "loss",
    "equal_traces", "part", "plan", "dataset", "class", "shape", "folder", "problem", "check", "name", "found", "pair",
    "first", "second", "unit", "type", "output", "options", "trainable", "same", "stored_digest", "digest",
    "first_difference", "same_numerics", "changes", "tags", "notes", "what",
}
# Of `diff`, whose rows are of two kinds, all but the numbers of results.
KINDS = {"change", "before", "after"}

problems = []
checked = 0


def expect(found, wanted, place):
    """Compares one value: numbers to the last bit."""
    global checked
    checked += 1
    same = found == wanted or (
        isinstance(found, float) and isinstance(wanted, float) and math.isnan(found) and math.isnan(wanted))
    if not same:
        problems.append(f"{place}: found {found!r}, the store has {wanted!r}")


# MARK: Reading


def guarded(text):
    """A text as CSV has it: with an apostrophe in front of what a spreadsheet would take for a formula."""
    is_number = re.fullmatch(r"[-+]?[0-9]+(\.[0-9]+)?([eE][-+]?[0-9]+)?|-Infinity", text)
    return "'" + text if text[:1] in tuple("=+-@\t\r") and not is_number else text


def read_csv(text, place):
    """Rows by pandas: texts as they are, numbers as numbers; the raw table tells NaN from nothing."""
    raw = pandas.read_csv(io.StringIO(text), dtype=str, keep_default_na=False)
    texts = TEXTS | KINDS if place.startswith("diff ") else TEXTS
    numbers = [name for name in raw.columns if name not in texts]
    # From version 3 on, pandas reads every digit by itself.
    exactly = {"float_precision": "round_trip"} if int(pandas.__version__.split(".")[0]) < 3 else {}
    table = pandas.read_csv(
        io.StringIO(text), dtype={name: str for name in raw.columns if name in texts}, keep_default_na=False,
        na_values={name: ["", "NaN"] for name in numbers}, **exactly)
    rows = []
    for index in range(len(raw)):
        row = {}
        for name in raw.columns:
            written = raw[name][index]
            if name in texts:
                row[name] = written
            elif written == "":
                row[name] = None
            else:
                # A column with a gap is one of floats, which can't hold the largest seeds; the text can.
                row[name] = int(written) if re.fullmatch(r"-?[0-9]+", written) else float(written)
                expect(float(table[name][index]), float(row[name]), f"{place}, {name} of row {index} by pandas")
        rows.append(row)
    return rows


def read_json(text):
    def refuse(word):
        raise ValueError(f"{word} is not JSON")

    return json.loads(text, parse_constant=refuse)


def number(value):
    """A number of the JSON: what is not finite is a text."""
    return float(value) if value in ("NaN", "Infinity", "-Infinity") else value


class Bench:
    def __init__(self, program, folder):
        self.program, self.folder = program, folder

    def run(self, *arguments, codes=(0,)):
        done = subprocess.run([self.program, *map(str, arguments)], cwd=self.folder, capture_output=True, check=False)
        if done.returncode not in codes:
            sys.exit(f"bench {' '.join(map(str, arguments))}: exit code {done.returncode}\n{done.stderr.decode()}")
        return done.stdout.decode()

    def both(self, *arguments, codes=(0,)):
        """The rows of the CSV, and the JSON."""
        place = " ".join(map(str, arguments))
        csv = read_csv(self.run(*arguments, "--format", "csv", codes=codes), place)
        return csv, read_json(self.run(*arguments, "--format", "json", codes=codes))


class Store:
    """What sqlite3 reads from the two public views."""

    def __init__(self, path):
        connection = sqlite3.connect(path)
        connection.row_factory = sqlite3.Row
        self.trials = [dict(row) for row in connection.execute("SELECT * FROM trials WHERE study = ?", [STUDY])]
        for trial in self.trials:
            trial["seed"] = int(trial["seed"])
        self.by_key = {trial["trial"]: trial for trial in self.trials}
        self.curves = {}
        for row in connection.execute("SELECT * FROM curves WHERE study = ?", [STUDY]):
            kinds = {"nan": math.nan, "inf": math.inf, "-inf": -math.inf}
            value = row["value"] if row["kind"] == "finite" else kinds[row["kind"]]
            curve = self.curves.setdefault((row["trial"], f"{row['split']}_{row['metric']}"), {})
            curve[row["iteration"]] = value

    def evaluation(self, key, name, iteration):
        return self.curves.get((key, name), {}).get(iteration)

    def last(self, key, name):
        """The value at the last evaluation, NaN where it was."""
        trial = self.by_key[key]
        value = trial[name]
        if value is not None or trial["state"] == "planned":
            return value
        curve = self.curves.get((key, name))
        return curve[max(curve)] if curve else None


# MARK: Commands


def check_list(bench, store, folder):
    csv, listed = bench.both("list")
    states = {state: sum(trial["state"] == state for trial in store.trials) for state in ("done", "diverged")}
    for row, study in zip(csv, listed, strict=True):
        expect(row["study"], guarded(STUDY), "list csv")
        expect(study["study"], STUDY, "list json")
        expect(row["title"], TITLE, "list csv")
        expect(study["title"], TITLE, "list json")
        expect(row["trials"], len(store.trials), "list csv")
        expect(study["states"], states, "list json")
        expect({name: row[name] for name in states}, states, "list csv")
        expect(row["last_activity"], study["last_activity"], "list, last_activity")
        expect((json.loads(row["tags"]), study["tags"]), (TAGS, TAGS), "list, tags")
    everywhere = bench.both("list", "--where", "iterations>0")
    csv, listed = bench.both("list", STUDY)
    expect((repr(csv), listed), (repr(everywhere[0]), everywhere[1]), "list STUDY and list of all trials")
    expect(len(csv), len(store.trials), "list STUDY csv, rows")
    for row, trial in zip(csv, listed, strict=True):
        key = trial["trial"]
        stored = store.by_key[key]
        place = f"list STUDY, {stored['label']!r} seed {stored['seed']}"
        expect(row["trial"], key, place)
        expect(row["label"], guarded(stored["label"]), place)
        expect(trial["label"], stored["label"], place)
        expect(list(row), list(trial), f"{place}, columns")
        expect(set(stored) - set(row), set(), f"{place}, columns of the view that are not there")
        expect((row["study"], trial["study"]), (guarded(STUDY), STUDY), place)
        for found in (row, trial):
            expect(found["error"] or None, stored["error"], f"{place}, error")
            expect(found["planned_iterations"], 20, f"{place}, planned_iterations")
            for name in ("configuration", "seed", "state", "parameters", "iterations", "wall_seconds", "cpu_seconds",
                         "images_per_second", "best_test_accuracy", "best_iteration"):
                expect(found[name], stored[name], f"{place}, {name}")
            for name in ("train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"):
                expect(number(found[name]), store.last(key, name), f"{place}, {name}")
    if not any(isinstance(row["test_loss"], float) and math.isnan(row["test_loss"]) for row in csv):
        problems.append("list STUDY: no loss is NaN, so nothing was diverging")


def check_status(bench, store, folder):
    csv, status = bench.both("status")
    for row, study in zip(csv, status["studies"], strict=True):
        expect(row["study"], guarded(STUDY), "status csv")
        expect(study["study"], STUDY, "status json")
        expect(row["trials"], len(store.trials), "status csv")
        for state in ("planned", "running", "stale", "cancelled", "failed", "diverged", "done"):
            count = sum(trial["state"] == state for trial in store.trials)
            expect(row[state], count, f"status csv, {state}")
            expect(study["states"].get(state, 0), count, f"status json, {state}")
        expect(row["last_activity"], study["last_activity"], "status, last_activity")
    expect(status["running"], [], "status json, running")


def check_plan(bench, store, folder):
    csv, plan = bench.both("plan", "grid.json", "--no-timing")
    expect((plan["study"], plan["title"], plan["seeds"]), (STUDY, TITLE, SEEDS), "plan json")
    expect(plan["axes"], [{"path": "variant", "values": list(VARIANTS)}], "plan json, axes")
    for row, configuration, label in zip(csv, plan["configurations"], VARIANTS, strict=True):
        trials = [trial for trial in store.trials if trial["label"] == label]
        place = f"plan, {label!r}"
        expect(row["label"], guarded(label), place)
        expect(configuration["label"], label, place)
        expect({configuration["hash"], row["hash"]}, {trial["configuration"] for trial in trials}, place)
        counts = {state: sum(trial["state"] == state for trial in trials) for state in ("done", "diverged", "failed")}
        known = {"parameters": trials[0]["parameters"], "batch_size": 20, "iterations": 20, "epochs": 2.5,
                 "trials": len(SEEDS), "running": 0, "missing": 0, **counts}
        for name, value in known.items():
            expect(row[name], value, f"{place}, {name} in csv")
            expect(configuration[name], value, f"{place}, {name} in json")
        expect(row["multiply_adds"], configuration["multiply_adds"], f"{place}, multiply_adds")


def check_job(bench, store, folder):
    """The shards of a job, one of them trained."""
    csv, plan = bench.both("plan", "grid.json", "--shards", "3", "--no-timing")
    expect(sum(row["trials"] for row in csv), len(store.trials), "plan --shards, trials")
    expect([row["multiply_adds"] for row in csv], plan["loads"], "plan --shards, loads")
    job = "job; =1+1"
    bench.run("submit", "script", "grid.json", "--shards", "3", "--job", job, "--no-timing")
    bench.run("run", "--job", job, "--shard", "1", "--no-progress", "-q", codes=(0, 3))
    csv, status = bench.both("status", job)
    for row, shard in zip(csv, status["shards"], strict=True):
        for name, value in shard.items():
            wanted = guarded(value) if isinstance(value, str) else "" if value is None and name in TEXTS else value
            expect(row[name], wanted, f"status, {name} of shard {shard['shard']}")
    expect([shard["host"] is None for shard in status["shards"]], [True, False, True], "status, hosts")


def check_detection(bench, store, folder):
    """With the configurations that have accuracies."""
    known = [name for name, settings in VARIANTS.items() if settings is not RECONSTRUCTION and "diverges" not in name]
    (folder / "known.json").write_text(json.dumps(GRID | {"variants": {name: VARIANTS[name] for name in known}}))
    csv, plan = bench.both("plan", "known.json", "--no-timing", "--detect", "2")
    detect = plan["detect"]
    expect([row["pair"] for row in csv], ["widest", "median"], "plan --detect, pairs")
    trials = {name: [trial["test_accuracy"] * 100 for trial in store.trials if trial["label"] == name]
              for name in known}
    for row in csv:
        place = f"plan --detect, {row['pair']}"
        pair = detect[row["pair"]]
        expect((row["first"], row["second"]), (guarded(pair["first"]), guarded(pair["second"])), place)
        expect([row["first_deviation"], row["second_deviation"]], pair["deviations"], f"{place}, deviations")
        for name in ("seeds_needed", "smallest_difference"):
            expect(row[name], pair[name], f"{place}, {name}")
        for name in ("difference", "unit", "metric", "power", "alpha", "pairs", "seeds", "pilot_trials"):
            # Other commands have texts under the name `seeds`.
            expect(int(row[name]) if name == "seeds" else row[name], detect[name], f"{place}, {name}")
        for side, deviation in zip(("first", "second"), pair["deviations"]):
            # One test image, 2 points of 50, is the least.
            wanted = max(2, statistics.stdev(trials[pair[side]]))
            expect(math.isclose(deviation, wanted, rel_tol=1e-9), True, f"{place}, deviation of the {side}")
    expect(detect["pilot_trials"], len(known) * len(SEEDS), "plan --detect, pilot_trials")


def check_summary(bench, store, folder):
    csv, summary = bench.both("summary", "grid.json", "--label", "+3,5")
    expect((summary["input"], summary["frozen"]), ([1, 28, 28], 0), "summary")
    for row, layer in zip(csv, summary["layers"], strict=True):
        place = f"summary, {layer['title']}"
        expect(read_json(row["output"]), layer["output"], f"{place}, output")
        expect(row["trainable"], str(layer["trainable"]).lower(), f"{place}, trainable")
        expect(row["name"] or None, layer["name"], f"{place}, name")
        for name in ("title", "type", "parameters", "multiply_adds", "options"):
            expect(row[name], layer[name], f"{place}, {name}")
    stored = next(trial["parameters"] for trial in store.trials if trial["label"] == "+3,5")
    expect(sum(row["parameters"] for row in csv), stored, "summary, parameters of the layers")
    expect(summary["parameters"], stored, "summary, parameters")
    expect(sum(tensor["values"] for tensor in summary["tensors"]), stored, "summary, values of the tensors")


def check_verify(bench, store, folder):
    for label in ("=1+1", "diverges"):
        trial = next(trial for trial in store.trials if trial["label"] == label)
        csv, verified = bench.both("verify", trial["trial"], "-q")
        shown = read_json(bench.run("show", trial["trial"], "--format", "json"))
        place = f"verify, {label!r}"
        expect(len(csv), 1, place)
        for found in (csv[0], verified):
            expect((found["trial"], found["evaluations"]), (trial["trial"], len(shown["evaluations"])), place)
            expect(found["losses"], len(store.curves[trial["trial"], "train_loss"]), f"{place}, losses")
            for name in ("stored_digest", "digest"):
                expect(found[name], shown["result"]["trace_digest"], f"{place}, {name}")
        expect((csv[0]["same"], verified["same"]), ("true", True), place)
        expect((csv[0]["first_difference"], verified["first_difference"]), ("", None), place)
        expect(read_json(csv[0]["changes"]), verified["changes"], f"{place}, changes")


def check_data(bench, store, folder):
    csv, known = bench.both("data", "list", "--data", "data")
    expect(known["folder"].split("/")[-1], "data", "data list, folder")
    for row, dataset in zip(csv, known["datasets"], strict=True):
        place = f"data list, {dataset['dataset']}"
        expect(list(row), list(dataset), f"{place}, columns")
        expect(read_json(row["shape"]), dataset["shape"], f"{place}, shape")
        for name in set(row) - {"shape"}:
            expect(row[name] if row[name] != "" else None, dataset[name], f"{place}, {name}")
    mnist = next(dataset for dataset in known["datasets"] if dataset["dataset"] == "mnist")
    expect((mnist["train"], mnist["test"], mnist["state"]), (60_000, 10_000, "missing"), "data list, mnist")
    csv, digits = bench.both("data", "show", "digits", "-o", "=x.png")
    expect((digits["picture"], (folder / "=x.png").exists()), ("=x.png", True), "data show, picture")
    for row, one in zip(csv, digits["classes"], strict=True):
        expect(row["dataset"], digits["dataset"], "data show, dataset")
        for name in ("index", "class", "train", "test"):
            expect(row[name], one[name], f"data show, {name}")
    for name in ("train", "test"):
        expect(sum(row[name] for row in csv), digits[name], f"data show, {name}")


def check_doctor(bench, store, folder):
    csv, checks = bench.both("doctor", "--data", "data")
    for row, check in zip(csv, checks, strict=True):
        place = f"doctor, {check['check']} {check['name'] or ''}"
        # The disk's free space is another one a moment later.
        for name in ("check", "state") + (("found",) if check["check"] != "disk" else ()):
            expect(row[name], check[name], f"{place}, {name}")
        expect(row["name"] or None, check["name"], f"{place}, name")
        values = {name: row[name] for name in set(row) - {"check", "name", "state", "found"} if row[name] is not None}
        expect(set(values), set(check["values"]), f"{place}, values")
        for name in set(values) - {"free_bytes"}:
            expect(values[name], check["values"][name], f"{place}, {name}")
    found = {check["check"]: check["values"] for check in checks}
    expect((found["store"]["studies"], found["store"]["trials"], found["store"]["bad_trials"]),
           (1, len(store.trials), 0), "doctor, store")
    expect(found["weights"]["trials"], len(store.trials), "doctor, weights")
    free = shutil.disk_usage(folder).free
    expect(abs(found["disk"]["free_bytes"] - free) < 2**30, True, "doctor, free bytes of the disk")


def check_speed(bench, store, folder):
    csv, speed = bench.both("speed", "mlp", "--seconds", "0.02")
    for row in csv + speed["networks"]:
        expect((row["study"] or None, row["network"]), (None, "mlp"), "speed")
        expect((row["batch_size"], row["threads"]), (100, 1), "speed")
        rate = row["batch_size"] / row["step_ms"] * 1e3
        expect(abs(row["images_per_second"] / rate - 1) < 1e-9, True, "speed: images_per_second by step_ms")
        expect(row["gflops"] > 0 and 0 < row["sgemm_peak_share"] < 100, True, "speed: gflops and share")
    expect(set(csv[0]) - set(speed["networks"][0]), set(), "speed: columns that json lacks")
    csv, speed = bench.both("speed", "mlp", "--seconds", "0.02", "--layers")
    titles = [part["title"] for part in speed["networks"][0]["parts"]]
    expect([row["part"] for row in csv], titles, "speed --layers: one row per part")
    expect({row["network"] for row in csv}, {"mlp"}, "speed --layers")
    for row in csv:
        times = (row["forward_ms"], row["backward_ms"])
        expect(min(times) >= 0 and sum(times) > 0, True, f"speed --layers, times of {row['part']}")


def check_show(bench, store, folder):
    labels = ("=1+1", "diverges", "reconstructs", "reconstructs, diverges")
    keys = [trial["trial"] for trial in store.trials if trial["label"] in labels]
    splits = ("validation", "test")
    for key in keys:
        csv, shown = bench.both("show", key)
        stored = store.by_key[key]
        place = f"show, {stored['label']!r} seed {stored['seed']}"
        expect(shown["trial"], key, place)
        expect(shown["studies"], [{"study": STUDY, "label": stored["label"], "tags": TAGS, "notes": NOTES}], place)
        for name in ("configuration", "seed", "state", "error", "parameters"):
            expect(shown[name], stored[name], f"{place}, {name} in json")
        digest = shown["result"]["weights_digest"]
        expect((folder / f".bench/weights/bench.db/{digest}.safetensors").exists(), True, f"{place}, weights_digest")
        for name in ("iterations", "wall_seconds", "cpu_seconds", "images_per_second"):
            expect(shown["result"][name], stored[name], f"{place}, {name} in json")
        iterations = sorted(store.curves[key, "test_loss"])
        expect([row["iteration"] for row in csv], iterations, f"{place}, iterations in csv")
        for row, evaluation in zip(csv, shown["evaluations"], strict=True):
            expect((row["trial"], row["configuration"]), (key, stored["configuration"]), f"{place} in csv")
            expect((row["seed"], row["state"]), (stored["seed"], stored["state"]), f"{place} in csv")
            expect(row["train_loss"], number(evaluation["train_loss"]), f"{place}, train_loss")
            expect(row["epoch"], evaluation["epoch"], f"{place}, epoch")
            for split in splits:
                for metric in ("loss", "accuracy"):
                    value = store.evaluation(key, f"{split}_{metric}", row["iteration"])
                    expect(row[f"{split}_{metric}"], value, f"{place}, {split} {metric} in csv")
                    expect(number(evaluation[split][metric]), value, f"{place}, {split} {metric} in json")
        expect(csv[-1]["train_loss"], store.last(key, "train_loss"), f"{place}, last train_loss")


def check_compare(bench, store, folder):
    """Against a store that lacks the last seed of each configuration."""
    (folder / "fewer.json").write_text(json.dumps(GRID | {"seeds": SEEDS[:2]}))
    bench.run("run", "fewer.json", "--db", "candidate.db", "-q")
    other = Store(folder / "candidate.db")
    csv, compared = bench.both(
        "compare", ".bench/bench.db", "candidate.db", "--tolerance", "test_accuracy=0.005,cpu_seconds=10%",
        codes=(0, 2, 3, 4))
    rows = [row for row in csv if row["verdict"] != "lost"]
    for row, result in zip(rows, compared["results"], strict=True):
        label, metric = result["label"], result["metric"]
        place = f"compare, {label!r} {metric}"
        expect(row["label"], guarded(label), place)
        for name in ("configuration", "metric", "verdict", "family"):
            expect(row[name], result[name], f"{place}, {name}")
        expect(row["reason"], result["reason"] or "", f"{place}, reason")
        expect(row["equal_traces"], str(result["equal_traces"]).lower(), f"{place}, equal_traces")
        for name in ("seeds", "differences", "collapsed_seeds"):
            expect(read_json(row[name]), result[name], f"{place}, {name}")
        for name in ("baseline_mean", "candidate_mean", "difference", "tolerance", "baseline_seeds", "excluded_seeds",
                     "collapse_limit"):
            expect(row[name], result[name], f"{place}, {name}")
        interval = result["interval"] or [None, None]
        expect([row["interval_lower"], row["interval_upper"]], interval, f"{place}, interval")
        sides = []
        for side in (store, other):
            trials = {trial["seed"]: trial[metric] for trial in side.trials if trial["label"] == label}
            sides.append([trials[seed] for seed in result["seeds"]])
        expect(result["differences"], [now - before for before, now in zip(*sides)], f"{place}, differences")
        for name, values in zip(("baseline_mean", "candidate_mean"), sides):
            wanted = sum(values) / len(values) if values else None
            is_near = wanted is None or math.isclose(result[name], wanted, rel_tol=1e-14)
            expect(is_near and (wanted is None) == (result[name] is None), True, f"{place}, {name}")
    lost = [(row["label"], row["reason"]) for row in csv if row["verdict"] == "lost"]
    wanted = [(trial["label"], f"seed {trial['seed']}: {trial['problem']}") for trial in compared["lost"]]
    expect(lost, [(guarded(label), reason) for label, reason in wanted], "compare, lost")
    expect(len(lost), len(VARIANTS), "compare, lost trials")


def check_report(bench, store, folder):
    csv, report = bench.both("report", STUDY)
    expect((report["study"], report["title"]), (STUDY, TITLE), "report json")
    trials = [(configuration, trial) for configuration in report["configurations"]
              for trial in configuration["trials"]]
    expect({trial["trial"] for _, trial in trials}, set(store.by_key), "report json, trials")
    for configuration, trial in trials:
        stored = store.by_key[trial["trial"]]
        place = f"report json, {stored['label']!r} seed {stored['seed']}"
        expect(configuration["label"], stored["label"], place)
        for name in ("seed", "state", "error", "wall_seconds", "cpu_seconds", "images_per_second"):
            expect(trial[name], stored[name], f"{place}, {name}")
        for evaluation in trial["evaluations"]:
            for name in ("validation_loss", "validation_accuracy", "test_loss", "test_accuracy"):
                value = store.evaluation(trial["trial"], name, evaluation["iteration"])
                expect(number(evaluation[name]), value, f"{place}, {name}")
        expect(trial["score"], stored["test_accuracy"] if stored["state"] == "done" else None, f"{place}, score")
    expect(len(csv), len(store.trials), "report csv, rows")
    for row in csv:
        stored = store.by_key[row["trial"]]
        place = f"report csv, {stored['label']!r} seed {stored['seed']}"
        expect((row["study"], row["label"], row["variant"]),
               (guarded(STUDY), guarded(stored["label"]), guarded(stored["label"])), place)
        for name in ("configuration", "seed", "state", "parameters", "iterations", "best_test_accuracy",
                     "wall_seconds", "cpu_seconds", "images_per_second"):
            expect(row[name], stored[name], f"{place}, {name}")
        # The report's best is by the study's metric, accuracy here, which a reconstruction lacks.
        best = stored["best_iteration"] if stored["best_test_accuracy"] is not None else None
        expect(row["best_iteration"], best, f"{place}, best_iteration")
        expect(row["error"], stored["error"] or "", f"{place}, error")
        for name in ("train_loss", "validation_loss", "validation_accuracy", "test_loss", "test_accuracy"):
            expect(row[name], store.last(row["trial"], name), f"{place}, {name}")


def check_baselines(bench, store, folder):
    bench.run("baseline", "save", BASELINE, STUDY, "-q")
    csv, listed = bench.both("baseline", "list")
    for row, baseline in zip(csv, listed, strict=True):
        expect((row["baseline"], row["study"]), (guarded(BASELINE), guarded(STUDY)), "baseline list csv")
        expect((baseline["baseline"], baseline["study"]), (BASELINE, STUDY), "baseline list json")
        done = sum(trial["state"] == "done" for trial in store.trials)
        for found in (row, baseline):
            expect((found["revision"], found["trials"], found["done"]), (1, len(store.trials), done), "baseline list")
        expect(row["saved"], baseline["saved"], "baseline list, saved")
    # The night of the store that lacks a seed.
    bench.run("compare", BASELINE, "candidate.db", "--record", "-q", codes=(3,))
    csv, history = bench.both("history")
    other = Store(folder / "candidate.db")
    series = {(one["configuration"], one["metric"]): one for one in history["series"]}
    for row in csv:
        one = series[row["configuration"], row["metric"]]
        place = f"history, {one['label']!r} {row['metric']}"
        expect(row["label"], guarded(one["label"]), place)
        value = one["values"][0]
        expect((row["mean"], row["sd"], row["n"]), (value["mean"], value["sd"], value["n"]), place)
        values = [trial[row["metric"]] for trial in other.trials
                  if trial["configuration"] == row["configuration"] and trial["state"] == "done"]
        expect(row["n"], len(values), f"{place}, n")
        expect(math.isclose(row["mean"], sum(values) / len(values), rel_tol=1e-14), True, f"{place}, mean")
        expect((row["study"], row["baseline"]), (guarded(STUDY), guarded(BASELINE)), place)
        expect(row["recorded_at"], history["nights"][0]["recorded_at"], f"{place}, recorded_at")


def check_housekeeping(bench, store, folder):
    key = store.trials[0]["trial"]
    bench.run("annotate", key, "--tag", "+1,2", "--note", NOTES)
    csv, listed = bench.both("list", STUDY)
    for row, trial in zip(csv, listed, strict=True):
        tags, notes = (["+1,2"], NOTES) if trial["trial"] == key else ([], "")
        expect((json.loads(row["tags"]), trial["tags"]), (tags, tags), "list, tags of a trial")
        expect((row["notes"], trial["notes"]), (guarded(notes) if notes else "", notes), "list, notes of a trial")
    csv, annotated = bench.both("annotate", STUDY)
    expect((json.loads(csv[0]["tags"]), annotated["tags"]), (TAGS, TAGS), "annotate, tags")
    expect((csv[0]["notes"], annotated["notes"]), (guarded(NOTES), NOTES), "annotate, notes")
    csv, removed = bench.both("rm", STUDY, "--dry-run", "--force")
    part = removed["parts"][0]
    expect({name: csv[0][name] for name in part if name not in ("study", "trial", "label")},
           {name: part[name] for name in part if name not in ("study", "trial", "label")}, "rm, csv and json")
    values = sum(len(curve) for (trial, _), curve in store.curves.items())
    means = sum(len(store.curves[trial["trial"], "validation_loss"]) for trial in store.trials)
    expect(part["curve_values"], values + means, "rm, curve values")
    expect(part["trials"], len(store.trials), "rm, trials")
    csv, swept = bench.both("gc", "--dry-run")
    expect(csv, swept["swept"], "gc, csv and json")
    (folder / "revised.json").write_text(json.dumps(GRID | {"seeds": SEEDS[:2], "title": "other"}))
    bench.run("run", "revised.json", "-q", codes=(0, 3))
    csv, changed = bench.both("diff", STUDY)
    expect([change["path"] for change in changed["grid"]], ["title", "seeds"], "diff, grid")
    expect(json.loads(changed["grid"][0]["before"]), TITLE, "diff, title")
    results = [row for row in csv if row["part"] == "results"]
    for row, found in zip(results, changed["results"], strict=True):
        expect(row["name"], guarded(found["label"]), "diff, label")
        expect((row["difference"], found["same_runs"]), (found["difference"], len(found["seeds"])), "diff, same runs")
        scores = [trial["test_accuracy"] for trial in store.trials
                  if trial["label"] == found["label"] and trial["seed"] in found["seeds"]]
        if scores:
            expect(math.isclose(found["after_mean"], sum(scores) / len(scores), rel_tol=1e-14), True, "diff, mean")
            expect(float(row["after"]), found["after_mean"], "diff, mean in csv")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="the program")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "grid.json").write_text(json.dumps(GRID))
        bench = Bench(arguments.bench.resolve(), folder)
        bench.run("run", "grid.json", "-q")
        store = Store(folder / ".bench/bench.db")
        for check in (check_list, check_status, check_plan, check_job, check_detection, check_summary, check_speed,
                      check_show, check_verify, check_data, check_doctor, check_compare, check_report, check_baselines,
                      check_housekeeping):
            check(bench, store, folder)
    for problem in problems[:50]:
        print(problem)
    print(f"{checked} values read back, {len(problems)} differ")
    sys.exit(1 if problems or checked < 1000 else 0)


if __name__ == "__main__":
    main()
