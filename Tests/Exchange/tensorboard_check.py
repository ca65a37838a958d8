#!/usr/bin/env python3
"""Reads what bench writes for TensorBoard with TensorBoard: tensorboard_check.py --bench PROGRAM [--short]

Trains a study whose names look like paths, lines and markup, of which one configuration diverges, and reads its event files
three ways: by EventAccumulator, by the code behind the page HParams, and by the program itself over HTTP, with its fast
reader. Every value of every curve is compared with the store's, to the last bit of 32; means and standard deviations with
NumPy's. Then the same of `bench run --tensorboard`, whole and killed in the middle; and that a second export gives the same
bytes, touches nothing else and refuses a folder of somebody else's. The exit code is 1 where anything differs. Needs
tensorboard and numpy.
"""
import argparse
import json
import logging
import math
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import time
import urllib.parse
import urllib.request
from pathlib import Path

import numpy as np
from tensorboard.backend.event_processing.data_provider import MultiplexerDataProvider
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.backend.event_processing.plugin_event_multiplexer import EventMultiplexer
from tensorboard.context import RequestContext
from tensorboard.plugins.base_plugin import TBContext
from tensorboard.plugins.hparams import api_pb2, backend_context, list_session_groups

SEEDS = [0, 1, 2**64 - 1]
VARIANTS = {
    "../../x": {"optimizer.lr": 0.05}, "a/b": {"optimizer.lr": 0.02}, "a": {"model.hidden": [9]},
    "line\nbreak\tand tab": {"optimizer.lr": 0.03}, "Model A": {"optimizer.lr": 0.04}, "model a": {"optimizer.lr": 0.041},
    ".hidden": {"optimizer.lr": 0.042}, "con": {"optimizer.lr": 0.043}, "<b>&'\"|": {"optimizer.lr": 0.044},
    "名前 🎉": {"optimizer.lr": 0.045}, "x" * 90: {"optimizer.lr": 0.046}, "mean": {"optimizer.lr": 0.047},
    "diverges": {"optimizer.lr": 1e6, "optimizer.weight_decay": 1000},
}
GRID = {
    "name": "=a/../b\n'", "title": "names & paths",
    "dataset": {"name": "digits", "train": 200, "test": 50, "validation": 50},
    "model": {"family": "mlp", "hidden": [8]},
    "optimizer": {"name": "sgd", "lr": 0.05, "scheduler": {"name": "step_lr", "step_size": 1, "gamma": 0.7}},
    "training": {"batch_size": 20, "iterations": 40, "evaluate_every": 10}, "seeds": SEEDS,
    "axes": {"training.batch_size": [20, 30]}, "variants": VARIANTS,
}

SETTINGS = {"training.batch_size", "variant", "model.hidden", "optimizer.lr", "optimizer.weight_decay"}

problems = []
checked = 0


def expect(found, wanted, place):
    global checked
    checked += 1
    if found != wanted and not (found != found and wanted != wanted):
        problems.append(f"{place}: found {found!r}, expected {wanted!r}")


class Bench:
    """The program in a folder, with a store."""

    def __init__(self, program, folder, store="bench.db"):
        self.program, self.folder, self.store = program, folder, store
        self.environment = {**os.environ, "BENCH_DB": store}

    def __call__(self, *arguments, code=0):
        outcome = subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True, env=self.environment)
        expect(outcome.returncode, code, f"bench {' '.join(arguments)[:60]}: {outcome.stderr.strip()[-300:]}; exit code")
        return outcome

    def query(self, text):
        connection = sqlite3.connect(f"file:{self.folder}/{self.store}?mode=ro", uri=True)
        connection.row_factory = sqlite3.Row
        try:
            return [dict(row) for row in connection.execute(text)]
        finally:
            connection.close()

    def trials(self):
        """Trials by label and seed, each with its curves: (iteration, 32-bit value) by tag."""
        trials = {row["trial"]: row | {"curves": {}} for row in self.query("SELECT * FROM trials")}
        # A seed of 64 bits is a negative number in the store.
        for row in self.query("SELECT trial, split, metric, iteration, value, kind FROM curves ORDER BY iteration"):
            value = row["value"] if row["kind"] == "finite" else float(row["kind"])
            tag = "lr" if row["metric"] == "lr" else f"{row['metric']}/{row['split']}"
            with np.errstate(over="ignore"):
                trials[row["trial"]]["curves"].setdefault(tag, []).append((row["iteration"], np.float32(value), value))
        for row in self.query("SELECT trial.key, min(claimed_at) AS begin, max(ended_at) AS end FROM attempt "
                              "JOIN trial ON trial.id = attempt.trial_id GROUP BY trial.id"):
            trials[row["key"]] |= {"begin": row["begin"], "end": row["end"]}
        return {(row["label"], int(row["seed"]) % 2**64): row for row in trials.values()}


def runs(folder):
    """The runs of a folder, read by EventAccumulator."""
    found = {}
    for place in sorted({file.parent for file in Path(folder).rglob("*tfevents*")}):
        accumulator = EventAccumulator(str(place), size_guidance={"scalars": 0, "tensors": 0})
        accumulator.Reload()
        found[str(place.relative_to(folder))] = accumulator
    return found


def session_groups(folder):
    """What the page HParams shows."""
    multiplexer = EventMultiplexer(tensor_size_guidance={"scalars": 0, "hparams": 0})
    multiplexer.AddRunsFromDirectory(str(folder))
    multiplexer.Reload()
    context = backend_context.Context(TBContext(
        logdir=str(folder), multiplexer=multiplexer, data_provider=MultiplexerDataProvider(multiplexer, str(folder))))
    request = api_pb2.ListSessionGroupsRequest(
        start_index=0, slice_size=1000, aggregation_type=api_pb2.AGGREGATION_AVG,
        allowed_statuses=list(api_pb2.Status.values()))
    listed = list_session_groups.Handler(RequestContext(), context, "", request).run()
    metadata = context.hparams_metadata(RequestContext(), "")
    return listed.session_groups, context.experiment_from_metadata(RequestContext(), "", True, metadata, None)


def check_curves(bench, folder, place, exact_times):
    """Every value of every run; returns the label of each configuration's folder."""
    trials, labels, seen = bench.trials(), {}, set()
    groups, experiment = session_groups(folder)
    for group in groups:
        labels[group.name] = next(
            (label for label, _ in trials if is_of(label, group.hparams)), None)
    expect(len(set(labels.values()) - {None}), len({label for label, _ in trials}), f"{place}, configurations in HParams")
    found = runs(folder)
    for run, accumulator in found.items():
        if run == ".":
            continue
        group, _, name = run.rpartition("/")
        if not name.startswith("seed "):
            continue
        trial = trials[labels[group], int(name.removeprefix("seed "))]
        seen.add(trial["trial"])
        expect(set(accumulator.Tags()["scalars"]), set(trial["curves"]), f"{place}, {run}, tags")
        for tag, points in trial["curves"].items():
            events = accumulator.Scalars(tag) if tag in accumulator.Tags()["scalars"] else []
            expect([event.step for event in events], [point[0] for point in points], f"{place}, {run} {tag}, steps")
            for event, point in zip(events, points):
                expect(np.float32(event.value), point[1], f"{place}, {run} {tag} at {point[0]}")
            times = [event.wall_time for event in events]
            expect(times, sorted(times), f"{place}, {run} {tag}, times in order")
            slack = 1e-6 if exact_times else 5
            expect(bool(times) and trial["begin"] - slack <= times[0] and times[-1] <= trial["end"] + slack, True, f"{place}, {run} {tag}, times")
    expect(seen, {trial["trial"] for trial in trials.values()}, f"{place}, trials")
    check_bands(found, trials, labels, place)
    check_hparams(groups, experiment, trials, labels, place)
    return labels


def is_of(label, hparams):
    """Whether a label is that of the settings: the batch size, then the variant's name."""
    size = hparams["training.batch_size"].number_value
    return label == f"batch_size {size:g}, {hparams['variant'].string_value}"


def check_bands(found, trials, labels, place):
    for group, label in labels.items():
        seeds = [trial for (other, _), trial in trials.items() if other == label and trial["state"] == "done"]
        bands = {name: found.get(f"{group}/{name}") for name in ("mean", "mean - sd", "mean + sd")}
        if len(seeds) < 2:
            expect([name for name, run in bands.items() if run], [], f"{place}, bands of {label!r}")
            continue
        for tag in seeds[0]["curves"]:
            curves = [{step: value for step, _, value in trial["curves"].get(tag, [])} for trial in seeds]
            steps = sorted(set.intersection(*map(set, curves)))
            values = np.array([[curve[step] for step in steps] for curve in curves])
            mean, deviation = values.mean(0), values.std(0, ddof=1)
            for name, wanted in (("mean", mean), ("mean - sd", mean - deviation), ("mean + sd", mean + deviation)):
                events = bands[name].Scalars(tag) if bands[name] else []
                expect([event.step for event in events], steps, f"{place}, {group} {name} {tag}, steps")
                for event, value in zip(events, wanted):
                    expect(math.isclose(event.value, value, rel_tol=1e-6, abs_tol=1e-7), True, f"{place}, {group} {name} {tag}")


def check_hparams(groups, experiment, trials, labels, place):
    # No setting of a variant that the study lacks.
    left_out = set() if any(label.endswith(", a") for label in labels.values()) else {"model.hidden"}
    expect(experiment.name, GRID["name"], f"{place}, experiment")
    expect({info.name for info in experiment.hparam_infos}, SETTINGS - left_out, f"{place}, settings in HParams")
    tags = {"accuracy/test", "loss/test", "accuracy/validation", "loss/validation"}
    expect({metric.name.tag for metric in experiment.metric_infos}, tags, f"{place}, metrics in HParams")
    for group in groups:
        expect(len(group.sessions), len({seed for _, seed in trials}), f"{place}, sessions of {group.name}")
        for session in group.sessions:
            trial = trials[labels[group.name], int(session.name.rpartition("seed ")[2])]
            wanted = api_pb2.STATUS_SUCCESS if trial["state"] == "done" else api_pb2.STATUS_FAILURE
            expect(session.status, wanted, f"{place}, status of {session.name}")
            expect(abs(session.start_time_secs - trial["begin"]) < 5 and abs(session.end_time_secs - trial["end"]) < 5, True,
                   f"{place}, times of {session.name}")
            for metric in session.metric_values:
                expect(np.float32(metric.value), trial["curves"][metric.name.tag][-1][1], f"{place}, {session.name}")
            expect({metric.name.tag for metric in session.metric_values}, tags & set(trial["curves"]), f"{place}, metrics")


def check_server(bench, folder, labels):
    """The program itself, with its fast reader, over HTTP."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-m", "tensorboard.main", "--logdir", str(folder), "--port", str(port), "--host", "127.0.0.1",
         "--load_fast", "auto", "--samples_per_plugin", "scalars=100000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def get(path, body=None, **query):
        url = f"http://127.0.0.1:{port}/data/{path}" + ("?" + urllib.parse.urlencode(query) if query else "")
        request = urllib.request.Request(url, json.dumps(body).encode() if body else None, {"Content-Type": "application/json"})
        with urllib.request.urlopen(request, timeout=20) as answer:
            return json.loads(answer.read())

    try:
        trials, names = bench.trials(), {str(file.parent.relative_to(folder)) for file in Path(folder).rglob("*tfevents*")}
        deadline = time.monotonic() + 60
        while True:
            try:
                tags = get("plugin/scalars/tags")
                if set(tags) >= names - {"."}:
                    break
            except OSError:
                pass
            if time.monotonic() > deadline:
                problems.append("TensorBoard did not show all runs within a minute")
                return
            time.sleep(0.3)
        for group, label in list(labels.items())[::3]:
            for seed in SEEDS:
                run = f"{group}/seed {seed}"
                for tag, points in trials[label, seed]["curves"].items():
                    shown = get("plugin/scalars/scalars", run=run, tag=tag)
                    expect([point[1] for point in shown], [point[0] for point in points], f"HTTP, {run} {tag}, steps")
                    for point, stored in zip(shown, points):
                        expect(np.float32(point[2]), stored[1], f"HTTP, {run} {tag} at {stored[0]}")
        answer = get("plugin/hparams/session_groups", {
            "startIndex": 0, "sliceSize": 1000, "aggregationType": "AGGREGATION_AVG",
            "allowedStatuses": ["STATUS_UNKNOWN", "STATUS_SUCCESS", "STATUS_FAILURE", "STATUS_RUNNING"]})
        expect(len(answer["sessionGroups"]), len(labels), "HTTP, session groups")
        expect(sum(len(group["sessions"]) for group in answer["sessionGroups"]), len(trials), "HTTP, sessions")
    finally:
        server.terminate()
        server.wait()


def contents(folder):
    return {str(file.relative_to(folder)): file.read_bytes() for file in sorted(Path(folder).rglob("*")) if file.is_file()}


def check_export(bench, folder):
    bench("run", "grid.json", "-q")
    (folder / "beside").mkdir()
    (folder / "beside/mine.txt").write_text("mine")
    bench("export", "tensorboard", "-o", "beside/board")
    labels = check_curves(bench, folder / "beside/board", "export", True)
    first = contents(folder / "beside")
    bench("export", "tensorboard", "-o", "beside/board")
    expect(contents(folder / "beside"), first, "a second export")
    expect(sorted(os.listdir(folder / "beside")), ["board", "mine.txt"], "what lies beside")
    (folder / "beside/board/notes.txt").write_text("mine")
    refused = bench("export", "tensorboard", "-o", "beside/board", code=1)
    expect("notes.txt" in refused.stderr, True, f"the message {refused.stderr!r}")
    expect(contents(folder / "beside"), first | {"board/notes.txt": b"mine"}, "a refused export")
    (folder / "beside/board/notes.txt").unlink()
    check_server(bench, folder / "beside/board", labels)


def check_live(bench, folder):
    """While it trains, from the beginning to the end, and again with nothing left to train."""
    live = Bench(bench.program, folder, "live.db")
    live("run", "grid.json", "-q", "--tensorboard", "live")
    traces = "SELECT trial.key, trace_digest FROM attempt JOIN trial ON trial.attempt_id = attempt.id ORDER BY trial.key"
    expect(live.query(traces), bench.query(traces), "traces with and without --tensorboard")
    check_curves(live, folder / "live", "live", False)
    live("run", "grid.json", "-q", "--tensorboard", "live")
    check_curves(live, folder / "live", "live, nothing left to train", False)
    shutil.rmtree(folder / "live")
    live("run", "grid.json", "-q", "--tensorboard", "live")
    check_curves(live, folder / "live", "live, trained before", False)
    refused = live("run", "grid.json", "-q", "--tensorboard", "grid.json", code=1)
    expect("is not a folder" in refused.stderr, True, f"the message {refused.stderr!r}")


def check_killed(program, folder, kills):
    """A study that is killed and goes on has every point once."""
    killed = Bench(program, folder, "killed.db")
    grid = GRID | {"training": {"batch_size": 20, "iterations": 1500, "evaluate_every": 250}, "seeds": SEEDS[:2],
                   "model": {"family": "mlp", "hidden": [400]}, "variants": {
        name: VARIANTS[name] for name in ("Model A", "../../x", "diverges")}}
    (folder / "killed.json").write_text(json.dumps(grid))
    command = [program, "run", "killed.json", "-q", "--tensorboard", "killed", "--checkpoint-every", "100"]
    for _ in range(kills):
        process = subprocess.Popen(command, cwd=folder, env=killed.environment, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + 60
        while process.poll() is None and time.monotonic() < deadline:  # until there is something to go on from
            if list((folder / "checkpoints").rglob("*.checkpoint")):
                break
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.wait()
    resumed = killed("run", "killed.json", "-q", "--tensorboard", "killed")
    attempts = killed.query("SELECT count(*) AS count FROM attempt WHERE resumed_from > 0")[0]["count"]
    expect(attempts > 0, True, f"trials that went on from a checkpoint, after {kills} kills: {resumed.stderr[-200:]}")
    check_curves(killed, folder / "killed", "killed", False)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="the program")
    parser.add_argument("--short", action="store_true", help="one kill instead of three")
    arguments = parser.parse_args()
    logging.disable(logging.WARNING)
    begin, program = time.monotonic(), str(arguments.bench.resolve())
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        if arguments.short:
            for name in ("a/b", ".hidden", "con", "mean", "x" * 90):
                VARIANTS.pop(name)
        (folder / "grid.json").write_text(json.dumps(GRID))
        bench = Bench(program, folder)
        check_export(bench, folder)
        check_live(bench, folder)
        check_killed(program, folder, 1 if arguments.short else 3)
    for problem in problems[:50]:
        print(problem)
    print(f"{checked} values read by TensorBoard, {len(problems)} differ; {time.monotonic() - begin:.0f} s")
    sys.exit(1 if problems or checked < 1000 else 0)


if __name__ == "__main__":
    main()
