"""A job folder, what is submitted from it, and the processes that work at it."""
import contextlib
import json
import signal
import subprocess
import time
from pathlib import Path

import processes
from studies import SHARDS, Failed, clean_environment, name_of, rows_of, tail

GRACE = 20


class ShardProcess:
    """A running `bench run --job`, of a task of the cluster or started by hand."""

    def __init__(self, process, arguments):
        self.process = process
        self.arguments = arguments
        try:
            entries = Path(f"/proc/{process}/environ").read_bytes().decode(errors="replace").split("\0")
        except OSError:
            entries = []
        self.environment = dict(entry.split("=", 1) for entry in entries if "=" in entry)
        self.node = self.environment.get("SLURMD_NODENAME")
        self.task = self.environment.get("SLURM_ARRAY_TASK_ID")
        # `squeue` gives array tasks this name.
        self.job = f"{self.environment.get('SLURM_ARRAY_JOB_ID')}_{self.task}"

    def cpu_seconds(self):
        try:
            fields = Path(f"/proc/{self.process}/stat").read_text().rpartition(")")[2].split()
        except OSError:
            return 0
        return (int(fields[11]) + int(fields[12])) / 100

    def kill(self, number=signal.SIGKILL):
        processes.send(self.process, number)


class Bed:
    """What the checks share: the cluster, the study, a folder and the time of a trial."""

    def __init__(self, cluster, study, folder, trial_seconds):
        self.cluster, self.study, self.folder = cluster, study, Path(folder)
        self.program = study.program
        self.trial_seconds = trial_seconds
        self.note = ""
        self.jobs = []

    def say(self, text):
        """What is printed behind the check's name."""
        self.note = f"{self.note}; {text}" if self.note else text

    def shard_processes(self):
        found = []
        for process in processes.descendants():
            arguments = processes.arguments_of(process)
            if self.program.path in arguments[:2] and "run" in arguments and "--job" in arguments:
                found.append(ShardProcess(process, arguments))
        return sorted(found, key=lambda each: each.process)

    def in_training(self, count=1, where=lambda process: True):
        """So many of the shards' processes, as soon as each is in the middle of its trials."""
        def busy():
            found = [each for each in self.shard_processes() if where(each)
                     and each.cpu_seconds() > 0.5 + 0.4 * self.trial_seconds]
            return found if len(found) >= count else None
        try:
            return processes.wait_until(busy, "", 120)[:count]
        except processes.ClusterError:
            raise Failed(f"never were {count} shards in training at the same time; {len(self.shard_processes())} run\n"
                         + self.cluster.ask("squeue", "-r")) from None

    def end_shards(self):
        for each in self.shard_processes():
            each.kill()


class Job:
    """A job folder with the study cut into shards."""

    def __init__(self, bed, name="job", shards=SHARDS):
        self.bed, self.shards = bed, shards
        self.folder = bed.folder / name
        self.store = bed.folder / "merged.db"
        self.output = ""
        bed.jobs.append(self)

    # MARK: Commands

    def bench(self, *arguments, codes=(0,), environment=None, seconds=900):
        output, errors = self.bed.program.run(*arguments, codes=codes, environment=environment, seconds=seconds)
        self.output += f"$ bench {' '.join(map(str, arguments))}\n{output}{errors}"
        return output + errors

    def submit(self, *options, sbatch=("--cpus-per-task=1",), engine="slurm", codes=(0,)):
        behind = ["--", *sbatch] if sbatch and engine == "slurm" else []
        return self.bench("submit", engine, self.bed.study.grid, "--shards", self.shards, "--job", self.folder,
                          *options, *behind, codes=codes, seconds=60)

    def submit_missing(self, sbatch=("--cpus-per-task=1",), codes=(0,)):
        return self.bench("submit", "slurm", "--job", self.folder, "--missing", "--", *sbatch, codes=codes, seconds=60)

    def merge(self, *more, codes=(0,)):
        return self.bench("merge", self.folder, *more, "--db", self.store, codes=codes)

    def status(self):
        return json.loads(self.bench("status", self.folder, "--format", "json"))

    def shard(self, index, *options, **environment):
        """A shard's process, started by hand."""
        return self.bed.program.start("run", "--job", self.folder, "--shard", index, "--no-progress", *options,
                                      env=clean_environment(**environment))

    def run_by_hand(self, index, *options, codes=(0,), **environment):
        return self.bench("run", "--job", self.folder, "--shard", index, "--no-progress", *options, codes=codes,
                          environment=clean_environment(**environment))

    # MARK: Results

    def must_be_whole(self):
        """After everything, one merge gives what one machine gave."""
        self.merge()
        self.bed.study.must_equal(self.store)

    def must_go_on(self, at_least=1):
        """So many trials went on from a checkpoint, so that an interruption was one."""
        rows = rows_of(self.store, "SELECT max(resumed_from) FROM attempt GROUP BY trial_id")
        resumed = sum(row[0] > 0 for row in rows)
        if resumed < at_least:
            raise Failed(f"{resumed} trials went on from a checkpoint; at least {at_least} should have")
        self.bed.say(f"{resumed} {'trial' if resumed == 1 else 'trials'} went on from a checkpoint")

    def wait(self, seconds=600):
        self.bed.cluster.wait_until_empty(seconds)

    def logs(self):
        texts = []
        for path in sorted(self.folder.glob("logs/*")):
            with contextlib.suppress(OSError):
                texts.append(f"== {path.name}\n{path.read_text(errors='replace')}")
        return "\n".join(texts)

    def must_say(self, text, *words):
        """One of the words, in small or large letters."""
        if not any(word.lower() in text.lower() for word in words):
            raise Failed(f"nothing says {' or '.join(map(repr, words))}:\n{tail(text)}")

    def evidence(self):
        return tail(self.output, 25) + "\n" + tail(self.logs(), 40)


def ended(process, codes, what, seconds=120):
    """What a process started by hand printed, and how many seconds it took from now on to its end."""
    begun = time.monotonic()
    try:
        output, _ = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        output, _ = process.communicate()
        raise Failed(f"{what}: did not end within {seconds} s\n{tail(output)}") from None
    if process.returncode not in codes:
        raise Failed(f"{what}: exit code {name_of(process.returncode)} instead of {' or '.join(map(str, codes))}\n"
                     + tail(output))
    return output, time.monotonic() - begun
