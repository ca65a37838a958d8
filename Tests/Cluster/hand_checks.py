"""Shards started by hand, as pods of an Indexed Job, and with what does not fit their job."""
import contextlib
import json
import shutil
import signal
import time

import processes
from jobs import GRACE, Job, ShardProcess, ended
from studies import SHARDS, Failed, rows_of

FINISHED = "SELECT key, trace_digest FROM trial JOIN attempt ON attempt.id = attempt_id WHERE state = 'done'"
SIGNALS = [signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGUSR1, signal.SIGUSR2]


def prepared(bed, name="job"):
    """A job folder, and nothing started."""
    job = Job(bed, name)
    job.must_say(job.submit(engine="script"), "--shard")
    return job


def run_rest(job, *done):
    """The other shards, two at a time."""
    left = [index for index in range(job.shards) if index not in done]
    for pair in zip(left[::2], [*left[1::2], None]):
        started = [(index, job.shard(index, "-j", 1)) for index in pair if index is not None]
        for index, process in started:
            job.output += ended(process, [0], f"shard {index}", 300)[0]


def until_training(bed, process):
    shard = ShardProcess(process.pid, [])
    processes.wait_until(lambda: process.poll() is not None
                     or shard.cpu_seconds() > 0.5 + 0.4 * bed.trial_seconds, "a shard trains", 120)
    if process.poll() is not None:
        raise Failed(f"a shard ended before it could be stopped, with exit code {process.returncode}\n"
                     + process.stdout.read())


def twice(bed):
    """The same shard three times at the same time, on two disks"""
    job = prepared(bed)
    for name in ("disk", "other disk"):
        (bed.folder / name).mkdir()
    disks = [bed.folder / "disk", bed.folder / "disk", bed.folder / "other disk"]
    started = [job.shard(3, "-j", 1, TMPDIR=str(disk)) for disk in disks]
    for process in started:
        job.output += ended(process, [0], "shard 3", 300)[0]
    run_rest(job, 3)
    job.must_be_whole()


def signals(bed):
    """TERM, INT, HUP, USR1 and USR2 stop a shard within 20 seconds with exit code 130"""
    job = prepared(bed)
    slowest = 0
    for index, number in enumerate(SIGNALS):
        process = job.shard(index, "-j", 1)
        until_training(bed, process)
        process.send_signal(number)
        output, seconds = ended(process, [130], f"shard {index} after {number.name}", 60)
        job.output += output
        slowest = max(slowest, seconds)
        if seconds > GRACE:
            raise Failed(f"{number.name}: {seconds:.1f} s until the end")
    bed.say(f"the slowest took {slowest:.1f} s")
    run_rest(job)
    job.must_be_whole()
    job.must_go_on(len(SIGNALS) - 1)


class Pod:
    """A pod of an Indexed Job: a process, and a disk that is gone when the pod is."""

    def __init__(self, job, index, number):
        self.job, self.index = job, index
        self.disk = job.bed.folder / f"pod {index}-{number}"
        self.disk.mkdir()
        self.process = job.shard("auto", "-j", 1, JOB_COMPLETION_INDEX=str(index), TMPDIR=str(self.disk))

    def is_training(self):
        return ShardProcess(self.process.pid, []).cpu_seconds() > 0.5 + 0.4 * self.job.bed.trial_seconds

    def end(self, codes, what):
        output, seconds = ended(self.process, codes, f"pod {self.index}, {what}", 300)
        self.job.output += output
        shutil.rmtree(self.disk)
        return seconds


def run_pods(bed, evictions, parallelism=3):
    """Each index is started until it succeeds; evicted are the first pods of the given indices."""
    job = prepared(bed)
    waiting, running, started = list(range(SHARDS)), [], 0
    while waiting or running:
        while waiting and len(running) < parallelism:
            running.append(Pod(job, waiting.pop(0), started))
            started += 1
        for pod in list(running):
            if pod.process.poll() is not None:
                pod.end([0], "not evicted")
                running.remove(pod)
            elif pod.index in evictions and pod.is_training():
                number = evictions.pop(pod.index)
                pod.process.send_signal(number)
                if number == signal.SIGKILL:
                    pod.end([-9], "killed")
                elif pod.end([130], "evicted") > GRACE:
                    raise Failed(f"pod {pod.index} took longer than {GRACE} s to end")
                running.remove(pod)
                waiting.insert(0, pod.index)
        time.sleep(0.1)
    if evictions:
        raise Failed(f"the pods {sorted(evictions)} ended before they could be evicted")
    bed.say(f"{started} pods")
    job.must_be_whole()
    job.must_go_on()


def one_eviction(bed):
    """An Indexed Job's pods, one of them evicted"""
    run_pods(bed, {2: signal.SIGTERM})


def evictions(bed):
    """An Indexed Job's pods, five evicted, two of these without notice"""
    run_pods(bed, {0: signal.SIGTERM, 2: signal.SIGKILL, 3: signal.SIGTERM, 5: signal.SIGKILL, 7: signal.SIGTERM})


def edited(job, change):
    """The manifest with other contents while this runs."""
    @contextlib.contextmanager
    def context():
        path = job.folder / "manifest.json"
        before = path.read_bytes()
        manifest = json.loads(before)
        change(manifest)
        path.write_text(json.dumps(manifest))
        yield
        path.write_bytes(before)
    return context()


def refused(job, *words):
    """The shard says the word and trains nothing."""
    text = job.run_by_hand(0, codes=(1, 64))
    job.must_say(text, *words)
    if stores := list(job.folder.glob("shards/*/*.db")):
        raise Failed(f"{stores[0].name} was published")


def other_program(bed):
    """A shard of a program with another version of the numbers is refused; of another program only, told"""
    job = prepared(bed)
    with edited(job, lambda manifest: manifest.update(numerics=manifest["numerics"] + 1)):
        refused(job, "numerics", "version")
    with edited(job, lambda manifest: manifest.update(program="0.0.1")):
        job.must_say(job.run_by_hand(0, codes=(0, 1, 64)), "0.0.1")
    run_rest(job)
    job.must_be_whole()


def other_data(bed):
    """A shard that has another data set, or another grid, than its job is refused"""
    def change(manifest):
        for entry in manifest["data"]:
            entry["digest"] = "0" * len(entry["digest"])
    job = prepared(bed)
    with edited(job, change):
        refused(job, "digits")
    grid = job.folder / "grid.json"
    before = grid.read_bytes()
    grid.write_bytes(before.replace(b"0.002", b"0.003"))
    refused(job, "grid.json")
    grid.write_bytes(before)
    run_rest(job)
    job.must_be_whole()


def moved(bed):
    """A shard that goes on with other vectors has the same bits"""
    job = prepared(bed)
    process = job.shard(0, "-j", 1, BENCH_KERNELS="v3")
    until_training(bed, process)
    process.terminate()
    ended(process, [130], "shard 0 with narrow vectors")
    text, _ = ended(job.shard(0, "-j", 1), [0], "shard 0")
    job.output += text
    if "begins anew" in text:
        raise Failed(f"the trial began anew:\n{text}")
    run_rest(job, 0)
    job.must_be_whole()


def disagreeing_variables(bed):
    """--shard auto with two variables that disagree, with none, and with one that is too large: exit code 64"""
    job = prepared(bed)
    two = {"SLURM_ARRAY_TASK_ID": "2", "JOB_COMPLETION_INDEX": "1"}
    for variables in (two, {}, {"JOB_COMPLETION_INDEX": str(SHARDS)}):
        job.must_say(job.run_by_hand("auto", codes=(64,), **variables), "JOB_COMPLETION_INDEX")
    job.run_by_hand(SHARDS, codes=(64,))
    # An array of a part of the shards has another task count; the manifest alone says how many there are.
    process = job.shard("auto", SLURM_ARRAY_TASK_ID="5", SLURM_ARRAY_TASK_COUNT="2")
    job.output += ended(process, [0], "shard auto")[0]
    run_rest(job, 5)
    job.must_be_whole()
