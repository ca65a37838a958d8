"""What a Slurm cluster does to a job, and what must come of it."""
import os
import shlex
import signal
import time
from pathlib import Path

import processes
import slurm
from jobs import Job
from studies import GRID, SHARDS, Failed

ONE_CPU = "--cpus-per-task=1"


def array(bed):
    """An array of 8 shards, merged while it runs, after it and by a job of its own"""
    job = Job(bed)
    by_itself = bed.folder / "by itself.db"
    begun = time.monotonic()
    job.submit("--merge", by_itself)
    if (seconds := time.monotonic() - begun) > 20:
        raise Failed(f"submit took {seconds:.0f} s")
    bed.in_training(2)
    job.merge(codes=(3,))
    job.status()
    job.wait()
    job.must_be_whole()
    job.must_be_whole()
    bed.study.must_equal(by_itself)
    status = job.status()
    hosts = {shard["host"] for shard in status["shards"]}
    if not status["complete"] or bed.cluster.is_privileged and not hosts <= set(slurm.NODES):
        raise Failed(f"bench status: complete is {status['complete']}, the hosts are {hosts}")
    page = (bed.folder / "report" / GRID["name"] / "README.md").read_text()
    if missing := sorted(host for host in hosts if host not in page):
        raise Failed(f"the report does not name the hosts {', '.join(missing)}")
    if "can't" in job.logs():
        raise Failed("the shards of an undisturbed array complain")
    if "2 workers" in job.logs() or "2 threads" in job.logs():
        raise Failed(f"a task with {ONE_CPU} has two workers")


def requeue(bed):
    """scontrol requeue in the middle of trials"""
    job = Job(bed)
    job.submit()
    for each in bed.in_training(3):
        bed.cluster.command("scontrol", "requeue", each.job)
    job.wait()
    job.must_be_whole()
    job.must_go_on()


def stop_signal(bed):
    """USR1, as before a time limit: a shard asks to be started again, but not more often than --max-requeues"""
    job = Job(bed)
    job.submit()
    job.submit_missing()
    if (queued := len(bed.cluster.queue())) > SHARDS:
        raise Failed(f"--missing started shards that are in the queue: {queued} instead of {SHARDS}")
    for victim in bed.in_training(2):
        bed.cluster.command("scancel", "--signal=USR1", victim.job)
    job.wait()
    job.must_be_whole()
    job.must_go_on()
    bounded = Job(bed, "bounded")
    # A store of its own: in the other all trials are there.
    bounded.store = bed.folder / "bounded.db"
    bounded.submit("--max-requeues", 0)
    victim = bed.in_training(1)[0]
    bed.cluster.command("scancel", "--signal=USR1", victim.job)
    bounded.wait()
    bounded.must_say(bounded.logs(), "was started again 0 times")
    bounded.must_say(bounded.merge(codes=(3,)), f"shard {victim.task}", f"shards {victim.task}")
    bounded.submit_missing()
    bounded.wait()
    bounded.must_be_whole()


def time_limit(bed):
    """A time limit shorter than the shard, until it is done"""
    # A minute is Slurm's shortest, so that the signal 120 seconds before it is due at once; Slurm looks every 30 seconds.
    # Until then the task is held, as on a machine that stalls.
    job = Job(bed, shards=1)
    job.submit(sbatch=(ONE_CPU, "--time=1"))
    held = bed.in_training(1)[0]
    held.kill(signal.SIGSTOP)
    time.sleep(32)
    held.kill(signal.SIGCONT)
    job.wait()
    job.must_be_whole()
    job.must_go_on()
    rounds = job.logs().count("srun: error") or 1
    bed.say(f"{rounds + 1} rounds")


def killed_task(bed):
    """kill -9 of a step's task; then submit --missing"""
    job = Job(bed)
    job.submit()
    for each in bed.in_training(2):
        each.kill()
    job.wait()
    job.must_say(job.merge(codes=(3,)), "shard")
    job.submit_missing()
    job.wait()
    job.must_be_whole()


def killed_step(bed):
    """kill -9 of a step's slurmstepd, so that its task goes on alone; then submit --missing"""
    job = Job(bed)
    job.submit()
    victim = bed.in_training(1)[0]
    above = processes.parents()[victim.process]
    if not any("slurmstepd" in argument for argument in processes.arguments_of(above)):
        raise processes.ClusterError(f"above a task is {processes.arguments_of(above)}")
    processes.send(above, signal.SIGKILL)
    processes.wait_until(lambda: not bed.cluster.queue().keys() - {victim.job}, "the other shards end", 300, 0.5)
    # srun waits for a step that is no more.
    try:
        job.wait(15)
    except processes.ClusterError:
        bed.say("srun did not notice; cancelled")
        bed.cluster.cancel_all()
    job.merge(codes=(0, 3))
    job.submit_missing()
    job.wait()
    job.must_be_whole()


def killed_slurmd(bed):
    """kill -9 of a slurmd: its shards are started elsewhere while they still run"""
    job = Job(bed)
    job.submit()
    bed.in_training(SHARDS // 2)
    node = bed.in_training(1, lambda process: process.node)[0].node
    lost = [each for each in bed.shard_processes() if each.node == node]
    bed.cluster.end_daemon(node, signal.SIGKILL)
    bed.cluster.command("scontrol", "update", f"NodeName={node}", "State=DOWN", "Reason=killed")
    processes.wait_until(lambda: not any(node == where for _, where, _ in bed.cluster.queue().values()),
                         f"{node}'s jobs are queued again", 60)
    bed.cluster.start_node(node)
    bed.cluster.command("scontrol", "update", f"NodeName={node}", "State=RESUME")
    bed.say(f"{len(lost)} shards were on {node}")
    job.wait()
    bed.cluster.wait_for_nodes()
    job.must_be_whole()


def killed_slurmctld(bed):
    """kill -9 of slurmctld, and its restart"""
    job = Job(bed)
    job.submit()
    bed.in_training(2)
    bed.cluster.end_daemon("slurmctld", signal.SIGKILL)
    time.sleep(3)
    bed.cluster.start_controller()
    job.wait()
    if "missing" in job.merge(codes=(0, 3)):
        job.submit_missing()
        job.wait()
    job.must_be_whole()


def preempt(bed, partition):
    job = Job(bed)
    job.submit(sbatch=(ONE_CPU, f"--partition={partition}"))
    bed.in_training(4)
    bed.cluster.command("sbatch", "--partition=urgent", "--nodes=4", "--exclusive", "--output=/dev/null",
                        "--wrap", "sleep 1")
    return job


def preempted_with_requeue(bed):
    """Preemption with REQUEUE"""
    job = preempt(bed, "requeued")
    job.wait()
    job.must_be_whole()
    job.must_go_on()


def preempted_with_cancel(bed):
    """Preemption with CANCEL; then submit --missing"""
    job = preempt(bed, "cancelled")
    job.wait()
    job.must_say(job.merge(codes=(3,)), "shard")
    job.submit_missing()
    job.wait()
    job.must_be_whole()
    job.must_go_on()


def small_arrays(bed):
    """MaxArraySize=5 with 8 shards, read from scontrol; given by hand where scontrol fails"""
    bed.cluster.restart(max_array_size=5)
    job = Job(bed)
    job.submit()
    tasks = {each for each in bed.cluster.queue()}
    if arrays := {task.partition("_")[0] for task in tasks}:
        bed.say(f"{len(arrays)} arrays")
    job.wait()
    job.must_be_whole()
    broken = bed.folder / "bin"
    broken.mkdir()
    (broken / "scontrol").write_text("#!/bin/sh\necho 'scontrol: no answer' >&2\nexit 1\n")
    (broken / "scontrol").chmod(0o755)
    by_hand = Job(bed, "by hand")
    environment = os.environ | {"PATH": f"{broken}:{os.environ['PATH']}"}
    by_hand.bench("submit", "slurm", bed.study.grid, "--shards", SHARDS, "--job", by_hand.folder, "--max-array-size", 5,
                  "--", ONE_CPU, environment=environment)
    by_hand.wait()
    by_hand.must_be_whole()


def no_accounting(bed):
    """No accounting, and the queue has forgotten the jobs: the folder alone says which shards are missing"""
    if "disabled" not in bed.cluster.ask("sacct") or not bed.cluster.ask("sacct"):
        raise processes.ClusterError("sacct works")
    job = Job(bed)
    job.submit()
    victims = {each.job for each in bed.in_training(2)}
    bed.cluster.command("scancel", *victims)
    job.wait()
    some = next(iter(victims))
    processes.wait_until(lambda: "Invalid job id" in bed.cluster.ask("scontrol", "show", "job", some),
                     "slurmctld has forgotten the jobs", 120, 1)
    job.status()
    job.must_say(job.merge(codes=(3,)), *(victim.partition("_")[2] for victim in victims))
    job.submit_missing()
    if (started := len(bed.cluster.queue())) > len(victims):
        raise Failed(f"--missing started {started} shards instead of {len(victims)}")
    job.wait()
    job.must_be_whole()
    job.submit_missing(codes=(0,))
    if queue := bed.cluster.queue():
        raise Failed(f"--missing started {queue} though nothing is missing")


def full_disk(bed):
    """A disk that is full on one node, and one that fills up on another; then submit --missing"""
    sizes = {"n2": "300k", "n3": "1500k"}
    for node, size in sizes.items():
        disk = shlex.quote(str(bed.cluster.disk(node)))
        bed.cluster.restart_node(node, mounts=[f"mount -t tmpfs -o size={size} tmpfs {disk}"])
    job = Job(bed)
    job.submit()
    job.wait()
    job.must_say(job.logs(), "no space left", "disk is full", "disk full")
    job.must_say(job.merge(codes=(3,)), "shard")
    for node in sizes:
        bed.cluster.restart_node(node)
    job.submit_missing()
    job.wait()
    job.must_be_whole()


def read_only_folder(bed):
    """A job folder that one node can't write in: what it trained is kept on its disk, and merged from there"""
    job = Job(bed)
    job.submit(engine="script")
    folder = shlex.quote(str(job.folder))
    bed.cluster.restart_node("n3", mounts=[f"mount --bind {folder} {folder}", f"mount -o remount,bind,ro {folder}"])
    logs = bed.folder / "logs elsewhere"
    logs.mkdir()
    job.submit_missing(sbatch=(ONE_CPU, f"--output={logs}/%A_%a.log"))
    job.wait()
    texts = "\n".join(path.read_text(errors="replace") for path in sorted(logs.iterdir()))
    job.output += texts
    job.must_say(texts, "read-only")
    job.must_say(job.merge(codes=(3,)), "shard")
    kept = sorted(path for path in bed.cluster.disk("n3").rglob("bench.db") if path.is_file())
    if not kept:
        raise Failed("no store was kept on the node's disk")
    for path in kept:
        job.must_say(texts, str(path))
    job.merge(*kept)
    bed.study.must_equal(job.store)
    bed.cluster.restart_node("n3")
    job.submit_missing()
    job.wait()
    job.must_be_whole()


def odd_path(bed):
    """A job folder, a program and a store with spaces, quotes, percent signs and a backslash in their paths"""
    parent = bed.folder / "it's 100%A \"of\" my $HOME; & `work`"
    parent.mkdir()
    bed.program = bed.program.copied(parent / "a 'bench' %j")
    job = Job(bed, str(Path(parent.name) / "the 'job' %j"))
    by_itself = parent / "100% 'merged'.db"
    job.submit("--merge", by_itself)
    bed.cluster.command("scontrol", "requeue", bed.in_training(1)[0].job)
    job.wait()
    job.must_be_whole()
    job.status()
    if not job.logs():
        raise Failed("no log is in the job folder")
    if not by_itself.exists():
        raise Failed("the job that merges left no store")
    bed.study.must_equal(by_itself)
    # In Slurm's patterns of file names a backslash switches the numbers off.
    odder = Job(bed, "a \\ backslash")
    if "backslash" not in odder.submit(codes=(0, 1, 64)):
        odder.wait()
        odder.must_be_whole()


def other_kernels(bed):
    """A node whose processor has narrow vectors: the bits of one machine"""
    bed.cluster.restart_node("n4", environment={"BENCH_KERNELS": "v3"})
    job = Job(bed)
    job.submit()
    job.wait()
    job.must_be_whole()
