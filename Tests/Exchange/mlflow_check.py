#!/usr/bin/env python3
"""Brings a study to a real MLflow server, twice, and compares what the server then has with the store.

    mlflow_check.py --bench PROGRAM [--short]

Starts `mlflow server` on a free port over SQLite (without --short over plain files too) and stops it at the end. Trains a
study of which one configuration diverges and whose names are hostile, exports it when one configuration is trained and
when all are, and once more: the third export must send nothing, and runs and values must be as many as after the second.
Then one configuration is trained again with another loss interval, which must get runs of its own. Every value, step, time,
parameter, tag and status is compared; the server's counts are those of the store; a wrong password never shows in `ps`; an
address without a server, with a password in it or of another kind is refused. Needs mlflow.
"""
import argparse
import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

# MLflow's file store can't create an experiment with an apostrophe in its name: it looks for `name = '…'` first.
STUDIES = {"sqlite": "=cmd|' <b>A</b>'!A0", "files": "=cmd| <b>A</b> \"!A0"}
GRID = {
    "dataset": {"name": "digits", "train": 200, "test": 50, "validation": 50},
    "model": {"family": "mlp", "hidden": [8]},
    "optimizer": {"name": "sgd", "lr": 0.05},
    "training": {"batch_size": 20, "iterations": 1300, "evaluate_every": 130},
    "seeds": [0, 2**64 - 1],
    "variants": {
        "plain": {},
        "../up \"and\" 名前\nline": {"model.hidden": [9], "optimizer.scheduler": {"name": "step_lr", "step_size": 3}},
        "diverges": {"optimizer.lr": 1e6, "optimizer.weight_decay": 1000},
    },
}
TRIALS, METRICS = 6, 1000

problems = []
checked = 0


def expect(found, wanted, place):
    global checked
    checked += 1
    if found != wanted:
        problems.append(f"{place}: found {found!r}, expected {wanted!r}")


class Bench:
    def __init__(self, program, folder, study):
        self.program, self.folder, self.study = program, folder, study
        folder.mkdir()
        (folder / "grid.json").write_text(json.dumps({"name": study, **GRID}))
        self.run("run", "grid.json", "-q", "--no-weights", "--only", "variant=plain")

    def run(self, *arguments, code=0, **settings):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("MLFLOW_")} | settings
        run = subprocess.run([self.program, *arguments], cwd=self.folder, capture_output=True, text=True, env=environment)
        if run.returncode != code:
            problems.append(f"bench {' '.join(arguments)}: ended with {run.returncode}, expected {code}:\n"
                            f"{run.stdout}{run.stderr}")
        return run.stdout if code == 0 else run.stderr

    def export(self, url):
        found = self.run("export", "mlflow", self.study, "--to", url, "--format", "json")
        if not found:
            sys.exit("\n".join(problems))
        return json.loads(found)

    def query(self, text):
        database = sqlite3.connect(self.folder / ".bench/bench.db")
        database.row_factory = sqlite3.Row
        rows = [dict(row) for row in database.execute(text)]
        database.close()
        return rows


class Server:
    """A real `mlflow server` in a process group of its own."""

    def __init__(self, folder, backend, study):
        self.study = study
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        self.url = f"http://127.0.0.1:{port}"
        store = f"sqlite:///{folder}/mlflow.db" if backend == "sqlite" else (folder / "mlruns").as_uri()
        self.log = (folder / f"mlflow-{backend}.log").open("w")
        self.process = subprocess.Popen(
            [sys.executable, "-m", "mlflow", "server", "--host", "127.0.0.1", "--port", str(port), "--workers", "1",
             "--backend-store-uri", store, "--default-artifact-root", (folder / "artifacts").as_uri()],
            stdout=self.log, stderr=self.log, start_new_session=True,
            env=os.environ | {"MLFLOW_ALLOW_FILE_STORE": "true", "MLFLOW_DISABLE_TELEMETRY": "true"})
        for _ in range(600):
            try:
                urllib.request.urlopen(f"{self.url}/health", timeout=2).read()
                return
            except (urllib.error.URLError, ConnectionError, TimeoutError):
                if self.process.poll() is not None:
                    break
                time.sleep(0.5)
        self.stop()
        sys.exit("mlflow server did not start:\n" + Path(self.log.name).read_text()[-3000:])

    def stop(self):
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGTERM)
            try:
                self.process.wait(20)
            except subprocess.TimeoutExpired:
                os.killpg(self.process.pid, signal.SIGKILL)
                self.process.wait()
        self.log.close()

    def call(self, method, query=None, **body):
        address = f"{self.url}/api/2.0/mlflow/{method}" + (f"?{query}" if query else "")
        data = None if query else json.dumps(body).encode()
        request = urllib.request.Request(address, data, {"Content-Type": "application/json"})
        return json.load(urllib.request.urlopen(request, timeout=60))

    def runs(self):
        experiments = self.call("experiments/search", max_results=100)["experiments"]
        found = [one["experiment_id"] for one in experiments if one["name"] == self.study]
        expect(len(found), 1, "experiments of the study's name")
        return self.call("runs/search", experiment_ids=found, max_results=1000).get("runs", [])

    def history(self, run, name):
        points, token = [], ""
        while True:
            page = self.call("metrics/get-history", f"run_id={run}&metric_key={name}&max_results=20000"
                             + (f"&page_token={token}" if token else ""))
            points += page.get("metrics", [])
            token = page.get("next_page_token")
            if not token:
                return [(int(point.get("step", 0)), point["value"], int(point["timestamp"])) for point in points]


# MARK: Comparison


def tags_of(run):
    return {tag["key"]: tag["value"] for tag in run["data"].get("tags", [])}


def counts(server):
    """Runs and values that the server has."""
    runs = server.runs()
    values = sum(len(server.history(run["info"]["run_id"], metric["key"]))
                 for run in runs for metric in run["data"].get("metrics", []))
    return len(runs), values


def check_runs(bench, server):
    runs = {tags_of(run).get("bench.trial"): run for run in server.runs() if "bench.trial" in tags_of(run)}
    parents = {tags_of(run)["bench.parent"]: run for run in server.runs() if "bench.parent" in tags_of(run)}
    trials = bench.query("select * from trials")
    expect(set(runs), {trial["trial"] for trial in trials}, "trials of the server")
    expect(set(parents), {trial["configuration"] for trial in trials}, "configurations of the server")
    attempts = {row["key"]: row for row in bench.query(
        "select trial.key, min(claimed_at) as start, max(ended_at) as end from attempt join trial on trial.id = trial_id "
        "group by trial.id")}
    for trial in trials:
        place = f"{trial['label']!r} seed {trial['seed']}"
        run = runs[trial["trial"]]
        info, tags = run["info"], tags_of(run)
        expect(info["run_name"], f"{trial['label']}, seed {trial['seed']}".replace("\n", " "), f"{place}, name")
        expect(info["status"], {"done": "FINISHED", "diverged": "FAILED"}[trial["state"]], f"{place}, status")
        times = attempts[trial["trial"]]
        expect(int(info["start_time"]), round(times["start"] * 1000), f"{place}, start")
        expect(int(info["end_time"]), round(times["end"] * 1000), f"{place}, end")
        parent = parents[trial["configuration"]]
        expect(tags["mlflow.parentRunId"], parent["info"]["run_id"], f"{place}, parent")
        expect(parent["info"]["status"], "FINISHED", f"{place}, parent's status")
        expect((tags["bench.configuration"], tags["bench.label"], tags["bench.study"]),
               (trial["configuration"], trial["label"], bench.study), f"{place}, tags")
        parameters = {one["key"]: one["value"] for one in run["data"]["params"]}
        expect((parameters["seed"], parameters["variant"]), (str(trial["seed"]), trial["label"]), f"{place}, parameters")
        stored = {}
        for row in bench.query(f"select * from curves where trial = '{trial['trial']}' and kind = 'finite'"):
            stored.setdefault(f"{row['split']}_{row['metric']}", []).append((row["iteration"], row["value"]))
        expect({one["key"] for one in run["data"].get("metrics", [])}, set(stored), f"{place}, metrics")
        for name, points in stored.items():
            found = server.history(info["run_id"], name)
            expect(sorted(point[:2] for point in found), sorted(points), f"{place}, {name}")
            stamps = [point[2] for point in sorted(found)]
            in_order = stamps == sorted(stamps) and all(
                int(info["start_time"]) <= stamp <= int(info["end_time"]) + 1 for stamp in stamps)
            expect(in_order, True, f"{place}, {name}, times between start and end")
    return sum(trial["iterations"] for trial in trials)


def check_refusals(bench):
    for url, text in [("ftp://localhost", "is not one of a server"), ("localhost:5000", "is not one of a server"),
                      ("http://me:secret@localhost:5000", "MLFLOW_TRACKING_USERNAME"),
                      ("http://localhost:5000/?a=b", "something behind ? or #")]:
        message = bench.run("export", "mlflow", bench.study, "--to", url, code=64)
        expect(text in message and "secret" not in message, True, f"--to {url}: {message}")
    message = bench.run("export", "mlflow", bench.study, "--to", "http://127.0.0.1:1", code=1)
    expect("127.0.0.1:1" in message, True, f"no server: {message}")


def check_credentials(bench):
    """A server that asks for a password sees it, and the list of processes does not; what it refuses is told."""
    seen, arguments = [], []

    class Stub(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.headers.get("Authorization"))
            arguments.extend(subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True).stdout.splitlines())
            self.rfile.read(int(self.headers["Content-Length"]))
            body = json.dumps({"error_code": "PERMISSION_DENIED", "message": "not\nyou"}).encode()
            self.send_response(403)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    stub = HTTPServer(("127.0.0.1", 0), Stub)
    threading.Thread(target=stub.serve_forever, daemon=True).start()
    url = f"http://127.0.0.1:{stub.server_port}"
    secret = "sec\"ret\\-17"
    message = bench.run("export", "mlflow", bench.study, "--to", url, code=1, MLFLOW_TRACKING_USERNAME="me",
                        MLFLOW_TRACKING_PASSWORD=secret)
    expect("status 403 PERMISSION_DENIED: not you" in message, True, f"a refusal: {message}")
    bench.run("export", "mlflow", bench.study, "--to", url, code=1, MLFLOW_TRACKING_TOKEN="sec-token-17")
    stub.shutdown()
    import base64
    expect(seen, ["Basic " + base64.b64encode(f"me:{secret}".encode()).decode(), "Bearer sec-token-17"], "credentials")
    expect([line for line in arguments if "sec-token-17" in line or "ret\\-17" in line], [], "credentials in arguments")
    expect(any("curl -q --config -" in line for line in arguments), True, "curl was seen at work")


def check_backend(bench, backend):
    server = Server(bench.folder, backend, bench.study)
    try:
        start = time.perf_counter()
        first = bench.export(server.url)
        # The store had the trials of one configuration alone; now it has all.
        expect((first["created"], first["planned"]), (2, TRIALS - 2), f"{backend}, first export")
        bench.run("run", "grid.json", "-q", "--no-weights")
        second = bench.export(server.url)
        seconds = time.perf_counter() - start
        expect((first["created"] + second["created"], second["planned"]), (TRIALS, 0), f"{backend}, second export")
        check_runs(bench, server)
        before = counts(server)
        third = bench.export(server.url)
        expect({name: third[name] for name in ("created", "continued", "complete", "values")},
               {"created": 0, "continued": 0, "complete": TRIALS, "values": 0}, f"{backend}, third export")
        expect(counts(server), before, f"{backend}, counts after the third export")
        finite = bench.query("select count(*) as n, sum(kind = 'finite') as finite from curves")[0]
        expect(before, (TRIALS + len(GRID["variants"]), finite["finite"]), f"{backend}, runs and values")
        expect(third["not_finite"], finite["n"] - finite["finite"], f"{backend}, values left out")
        # A run that was cut off goes on where it stood.
        run = next(run for run in server.runs() if tags_of(run).get("bench.values") and tags_of(run).get("bench.trial"))
        server.call("runs/update", run_id=run["info"]["run_id"], status="RUNNING")
        fourth = bench.export(server.url)
        expect((fourth["continued"], fourth["values"]), (1, 0), f"{backend}, a run that was not ended")
        check_runs(bench, server)
        expect(counts(server), before, f"{backend}, counts at the end")
        # Trained again with other losses: new runs beside the earlier ones, which stay as they are.
        bench.run("run", "grid.json", "-q", "--no-weights", "--only", "variant=plain", "--rerun", "--keep-loss-every", "7")
        fifth = bench.export(server.url)
        expect((fifth["created"], fifth["replaced"], fifth["complete"]), (2, 2, TRIALS - 2),
               f"{backend}, other values under the same keys")
        expect(counts(server), (before[0] + 2, before[1] + fifth["values"]), f"{backend}, counts with new runs")
        sixth = bench.export(server.url)
        expect((sixth["complete"], sixth["values"]), (TRIALS, 0), f"{backend}, the same once more")
        print(f"mlflow over {backend}: {before[0]} runs, {before[1]} values, {finite['n'] - finite['finite']} left out; "
              f"two exports {seconds:.1f} s")
    finally:
        server.stop()


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", type=Path, required=True, help="the program")
    parser.add_argument("--short", action="store_true", help="over SQLite alone")
    arguments = parser.parse_args()
    try:
        import mlflow  # noqa: F401
    except ImportError as missing:
        sys.exit(f"{missing}; pip install mlflow")
    if not shutil.which("curl"):
        sys.exit("curl is missing; apt-get install curl")
    with tempfile.TemporaryDirectory() as name:
        for backend in ("sqlite",) if arguments.short else ("sqlite", "files"):
            bench = Bench(arguments.bench.resolve(), Path(name) / backend, STUDIES[backend])
            if backend == "sqlite":
                check_refusals(bench)
                check_credentials(bench)
            check_backend(bench, backend)
    for problem in problems[:50]:
        print(problem)
    print(f"{checked} things compared, {len(problems)} differ")
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
