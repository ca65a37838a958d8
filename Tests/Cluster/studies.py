"""One study trained on one machine, and what is compared with it, to the last bit."""
import csv
import io
import json
import os
import re
import shlex
import shutil
import signal
import sqlite3
import subprocess
from pathlib import Path

GRID = {
    "name": "cluster",
    "title": "Four networks on many machines",
    "dataset": {"name": "digits", "train": 2000, "test": 500, "validation": 500},
    "model": {"family": "mlp", "hidden": [256, 128]},
    "optimizer": {"name": "adam", "lr": 0.002},
    "training": {"batch_size": 50, "iterations": 100, "evaluate_every": 20},
    "seeds": [0, 1, 2, 2**64 - 1],
    "variants": {
        "MLP": {},
        "MLP, \"dropout\" 50 %": {"model.dropout": 0.5},
        "CNN | max": {"model": {"family": "cnn", "channels": [8, 16], "pooling": "max"}},
        "CNN, average": {"model": {"family": "cnn", "channels": [8, 16], "pooling": "average"}},
    },
}
TRIALS = len(GRID["seeds"]) * len(GRID["variants"])
SHARDS = 8

# What may differ between two machines: times, hosts, and when and by which process it was done.
TIMES = {"wall_seconds", "cpu_seconds", "images_per_second", "environment", "source", "hosts"}
TIMED_ROWS = ("| time of a trial |", "| images/s |")
LAST_SECTION = "## How to read this"
TIMED_COLUMNS = ("Time", "Images/s")
TIMED_CHARTS = ("time", "speed")
TIMED_CAVEATS = ("times and speeds",)
FACTS = {
    "trials": "SELECT study, trial, label, configuration, seed, state, parameters, iterations, train_loss,"
              " validation_loss, validation_accuracy, test_loss, test_accuracy, best_test_accuracy,"
              " best_iteration, error FROM trials",
    "curves": "SELECT trial, split, metric, iteration, epoch, value, kind FROM curves",
    "batch losses": "SELECT key, iteration, value FROM batch_loss JOIN trial ON trial.id = trial_id",
    "digests": "SELECT key, numerics, dataset.digest, seed, attempt.state, trace_digest, weights_digest,"
               " attempt.iterations, recorded FROM trial JOIN dataset ON dataset.id = dataset_id"
               " LEFT JOIN attempt ON attempt.id = attempt_id",
    "summaries": "SELECT key, summary.* FROM summary JOIN trial ON trial.id = trial_id",
    "confusions": "SELECT key, counts FROM confusion JOIN attempt ON attempt.id = confusion.attempt_id"
                  " JOIN trial ON trial.attempt_id = attempt.id",
    "hits": "SELECT key, images, mask FROM hits JOIN attempt ON attempt.id = hits.attempt_id"
            " JOIN trial ON trial.attempt_id = attempt.id",
    "order": "SELECT name, number, title, axes, revision_trial.position, place, key, label, canonical FROM study"
             " JOIN revision ON study_id = study.id JOIN revision_trial ON revision_trial.revision_id = revision.id"
             " JOIN revision_configuration ON revision_configuration.revision_id = revision.id"
             " AND revision_configuration.position = revision_trial.position"
             " JOIN named_configuration ON named_configuration.id = named_configuration_id"
             " JOIN configuration ON configuration.id = named_configuration.configuration_id"
             " JOIN trial ON trial.id = trial_id",
}


class Failed(Exception):
    """What a check saw that must not be."""


class Program:
    """The program that is checked."""

    def __init__(self, path, folder):
        self.path, self.folder = str(path), folder

    def copied(self, path):
        """The same program in another place."""
        try:
            os.link(self.path, path)
        except OSError:
            shutil.copy2(self.path, path)
        return Program(path, self.folder)

    def start(self, *arguments, **options):
        return subprocess.Popen(
            [self.path, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, errors="replace", **options)

    def run(self, *arguments, codes=(0,), environment=None, seconds=900):
        """What it prints on stdout and then on stderr; any other exit code is a failure."""
        command = shlex.join(["bench", *map(str, arguments)])
        try:
            done = subprocess.run(
                [self.path, *map(str, arguments)], cwd=self.folder, stdin=subprocess.DEVNULL, capture_output=True,
                text=True, errors="replace", check=False, timeout=seconds, env=environment)
        except subprocess.TimeoutExpired:
            raise Failed(f"{command}: did not end within {seconds} s") from None
        if done.returncode not in codes:
            wanted = " or ".join(map(str, codes))
            raise Failed(f"{command}: exit code {name_of(done.returncode)} instead of {wanted}\n"
                         + tail(done.stdout + done.stderr))
        self.code = done.returncode
        return done.stdout, done.stderr


def name_of(code):
    return f"signal {signal.Signals(-code).name}" if code < 0 else str(code)


def tail(text, lines=15):
    return "\n".join(text.strip().splitlines()[-lines:])


def rows_of(path, query):
    with sqlite3.connect(f"file:{Path(path).resolve().as_posix().replace('%', '%25').replace('?', '%3f')}?mode=ro",
                         uri=True) as connection:
        return connection.execute(query).fetchall()


def facts_of(path):
    """All that a store says but for times and hosts, in an order of its own. `repr` tells every bit of a float."""
    facts = {name: sorted(map(repr, rows_of(path, query))) for name, query in FACTS.items()}
    # `trial_id` counts as the trials came.
    facts["summaries"] = sorted(repr((row[0], *row[2:])) for row in rows_of(path, FACTS["summaries"]))
    return facts


def weights_of(store):
    """The files of the trained networks, each named by its digest."""
    folder = Path(store).parent / "weights" / Path(store).name
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def without_times(value):
    if isinstance(value, dict):
        return {name: without_times(each) for name, each in value.items() if name not in TIMES}
    if isinstance(value, list):
        return [without_times(each) for each in value if not is_about_time(each)]
    return value


def is_about_time(text):
    """A caveat of a report, as in "Trials waited for the processor …, so the times and speeds say little"."""
    return isinstance(text, str) and any(words in text for words in TIMED_CAVEATS)


def page_without_times(text):
    """The README.md of a report up to the tables of the machines, without the cells that hold times."""
    lines, dropped, is_last = [], [], False
    for line in text.splitlines():
        is_last = is_last or line == LAST_SECTION
        if is_last and line.startswith("|"):
            break
        if not line.startswith("|"):
            dropped = []
        elif not dropped:
            dropped = [index for index, cell in enumerate(cells_of(line)) if cell.strip() in TIMED_COLUMNS]
        if not line.startswith(TIMED_ROWS) and not is_about_time(line):
            lines.append("|".join(cell for index, cell in enumerate(cells_of(line)) if index not in dropped))
    return lines


def cells_of(line):
    """A label's own strokes are escaped."""
    return re.split(r"(?<!\\)\|", line)


class Study:
    """The grid, and its results on one machine."""

    def __init__(self, program, folder, trial_seconds):
        self.program, self.folder = program, Path(folder)
        self.grid = self.folder / "grid.json"
        self.reference = self.folder / "one machine.db"
        self.iterations = self.calibrated(trial_seconds)
        self.write(self.iterations)
        program.run("run", self.grid, "--db", self.reference, "-j", "2", "-q")
        self.facts = facts_of(self.reference)
        self.weights = weights_of(self.reference)
        self.listed = self.list(self.reference)
        self.report = self.write_report(self.reference, self.folder / "one machine")

    def write(self, iterations):
        training = GRID["training"] | {"iterations": iterations, "evaluate_every": max(1, iterations // 5)}
        self.grid.write_text(json.dumps(GRID | {"training": training}, indent=2))

    def calibrated(self, trial_seconds):
        """As many iterations as take so long in the mean, so that each trial can be interrupted."""
        self.write(GRID["training"]["iterations"])
        store = self.folder / "calibration.db"
        self.program.run("run", self.grid, "--db", store, "-j", "1", "-q", "--only", "seed=0")
        seconds, = rows_of(store, "SELECT avg(cpu_seconds) FROM trials WHERE state = 'done'")[0]
        return max(50, min(20_000, round(GRID["training"]["iterations"] * trial_seconds / seconds / 10) * 10))

    def list(self, store):
        return without_times(json.loads(
            self.program.run("list", GRID["name"], "--db", store, "--format", "json")[0]))

    def write_report(self, store, folder):
        """Every file of a report that is not about time, with what it holds."""
        self.program.run("report", GRID["name"], "--db", store, "--out", folder)
        folder = folder / GRID["name"]
        files = {"README.md": page_without_times((folder / "README.md").read_text())}
        files["results.json"] = without_times(json.loads((folder / "results.json").read_text()))
        table = csv.DictReader(io.StringIO((folder / "results.csv").read_text()))
        files["results.csv"] = [without_times(row) for row in table]
        for chart in (folder / "charts").iterdir():
            if chart.suffix in (".tsv", ".svg") and chart.stem not in TIMED_CHARTS:
                files[f"charts/{chart.name}"] = chart.read_text()
        return files

    def differences(self, store):
        """Between a store and that of one machine: nothing lost, nothing twice, the same bits."""
        found = []
        facts = facts_of(store)
        for name, wanted in self.facts.items():
            if facts[name] == wanted:
                continue
            missing, more = [
                [row for row in ones if row not in set(others)] for ones, others in
                ((wanted, facts[name]), (facts[name], wanted))]
            found.append(f"{name}: {len(facts[name])} rows instead of {len(wanted)}; missing {missing[:1]}, "
                         f"more {more[:1]}")
        for key, count in rows_of(store, "SELECT key, count(*) FROM attempt JOIN trial ON trial.id = trial_id"
                                         " WHERE state NOT IN ('stale', 'cancelled') GROUP BY key HAVING count(*) > 1"):
            found.append(f"trial {key[:10]} has {count} results")
        for problem, in rows_of(store, "PRAGMA integrity_check"):
            if problem != "ok":
                found.append(f"integrity_check: {problem}")
        found += [f"foreign_key_check: {row}" for row in rows_of(store, "PRAGMA foreign_key_check")]
        if (weights := weights_of(store)) != self.weights:
            found.append(f"weights: {len(weights)} files instead of {len(self.weights)}, or others")
        if (listed := self.list(store)) != self.listed:
            found.append(f"bench list: {first_difference(self.listed, listed)}")
        report = self.write_report(store, store.parent / "report")
        for name in sorted(self.report.keys() | report.keys()):
            if report.get(name) != self.report.get(name):
                found.append(f"report, {name}: {first_difference(self.report.get(name), report.get(name))}")
        return found

    def must_equal(self, store):
        if found := self.differences(store):
            raise Failed("the merged store differs from one machine's:\n" + "\n".join(found[:8]))


def first_difference(wanted, found, place=""):
    """The place and the two values."""
    if isinstance(wanted, str) and isinstance(found, str) and "\n" in wanted:
        wanted, found = wanted.splitlines(), found.splitlines()
    if isinstance(wanted, dict) and isinstance(found, dict):
        for name in wanted.keys() | found.keys():
            if wanted.get(name) != found.get(name):
                return first_difference(wanted.get(name), found.get(name), f"{place}.{name}")
    if isinstance(wanted, list) and isinstance(found, list):
        for index, (one, other) in enumerate(zip(wanted, found)):
            if one != other:
                return first_difference(one, other, f"{place}[{index}]")
        return f"{place}: {len(found)} entries instead of {len(wanted)}"
    return f"{place}: {found!r} instead of {wanted!r}"[:500]


def clean_environment(**more):
    """Without what an engine would say."""
    engines = ("SLURM_", "JOB_COMPLETION_INDEX", "PBS_", "SGE_", "LSB_", "BENCH_")
    return {name: value for name, value in os.environ.items() if not name.startswith(engines)} | more
