#!/usr/bin/env python3
"""Runs one study on a Slurm cluster of four nodes on this machine, and disturbs it: cluster.py --bench PROGRAM

    cluster.py --bench .build/release/bench [--short] [--only NAME …] [--seconds 3] [--keep DIR] [--list]

The reference is one run of `bench run` on this machine. Each check submits the same study in shards, does to it what
clusters do, and then compares the merged store with the reference: every loss, score, digest, table and report, to the
last bit. One line per check; the exit code is 1 where one failed. Needs slurm-wlm and munge, whose daemons it starts
in a folder of its own and ends in every case; what only root may do (mounts, other host names) is left out, and named,
where it is not allowed.
"""
import argparse
import shutil
import signal
import sys
import tempfile
import time
import traceback
from pathlib import Path

import hand_checks
import kubernetes_checks
import page_checks
import processes
import slurm
import slurm_checks
from jobs import Bed
from studies import TRIALS, Failed, Program, Study

# In the order of their running; with an asterisk those of the short form.
CHECKS = {
    "array*": slurm_checks.array,
    "requeue*": slurm_checks.requeue,
    "odd-path*": slurm_checks.odd_path,
    "small-arrays*": slurm_checks.small_arrays,
    "twice*": hand_checks.twice,
    "one-eviction*": hand_checks.one_eviction,
    "page": page_checks.word_for_word,
    "stop-signal": slurm_checks.stop_signal,
    "time-limit": slurm_checks.time_limit,
    "killed-task": slurm_checks.killed_task,
    "killed-step": slurm_checks.killed_step,
    "killed-slurmd": slurm_checks.killed_slurmd,
    "killed-slurmctld": slurm_checks.killed_slurmctld,
    "preempted-requeue": slurm_checks.preempted_with_requeue,
    "preempted-cancel": slurm_checks.preempted_with_cancel,
    "no-accounting": slurm_checks.no_accounting,
    "full-disk": slurm_checks.full_disk,
    "read-only": slurm_checks.read_only_folder,
    "other-kernels": slurm_checks.other_kernels,
    "moved": hand_checks.moved,
    "other-program": hand_checks.other_program,
    "other-data": hand_checks.other_data,
    "variables": hand_checks.disagreeing_variables,
    "signals": hand_checks.signals,
    "evictions": hand_checks.evictions,
    "kubernetes": kubernetes_checks.indexed_job,
}
NEED_MOUNTS = {"full-disk", "read-only"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--bench", required=True, help="the built program")
    parser.add_argument("--short", action="store_true", help="only the checks with an asterisk, with shorter trials")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="only these checks")
    parser.add_argument("--seconds", type=float, help="what a trial takes in the mean; 3, or 1.5 in the short form")
    parser.add_argument("--keep", metavar="DIR", help="copy the folders of failed checks here")
    parser.add_argument("--list", action="store_true", help="list the checks and end")
    given = parser.parse_args()
    names = {name.rstrip("*"): name.endswith("*") for name in CHECKS}
    if unknown := set(given.only or []) - names.keys():
        parser.error(f"no check is called {', '.join(sorted(unknown))}; expected {', '.join(names)}")
    given.checks = {name: CHECKS[name + "*" * short] for name, short in names.items()
                    if (not given.only or name in given.only) and (short or not given.short)}
    return given


def end_by_exception(number, _):
    raise SystemExit(128 + number)


def run_check(name, check, cluster, study, folder, given):
    """One line. Whatever the check leaves is ended."""
    folder = folder / name
    folder.mkdir()
    bed = Bed(cluster, study, folder, given.seconds)
    begun = time.monotonic()
    problem = None
    try:
        check(bed)
    except Failed as error:
        problem = str(error)
    except processes.ClusterError as error:
        problem = f"the cluster: {error}"
    except Exception:  # A check that breaks is one that failed; the others are still worth running.
        problem = traceback.format_exc()
    seconds = time.monotonic() - begun
    said = f"  ({bed.note})" if bed.note else ""
    print(f"{'FAILED' if problem else 'ok':7} {name:18} {seconds:4.0f} s  {check.__doc__}{said}", flush=True)
    if problem:
        print("        " + problem.replace("\n", "\n        "), flush=True)
        for job in bed.jobs:
            print(f"        in {job.folder}:\n        " + job.evidence().replace("\n", "\n        "), flush=True)
        if given.keep:
            cluster.cancel_all()
            shutil.copytree(folder, Path(given.keep) / name, dirs_exist_ok=True, symlinks=True)
    tidy(cluster, bed)
    shutil.rmtree(folder, ignore_errors=True)
    return problem is None


def tidy(cluster, bed):
    """The next check begins with an empty queue, four nodes as they were, and no process of the last."""
    if cluster.queue():
        cluster.cancel_all()
    bed.end_shards()
    cluster.restore()
    processes.reap(but={daemon.pid for daemon in cluster.daemons.values()})


def main():
    given = arguments()
    if given.list:
        for name, check in CHECKS.items():
            print(f"{name:20} {check.__doc__}")
        return 0
    given.seconds = given.seconds or (1.5 if given.short else 3)
    program = Path(given.bench).resolve()
    if not program.exists():
        sys.exit(f"{given.bench}: not there; make build")
    for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
        signal.signal(number, end_by_exception)
    processes.adopt_orphans()
    folder = Path(tempfile.mkdtemp(prefix="bench-cluster-"))
    begun = time.monotonic()
    good, skipped = [], []
    try:
        study = Study(Program(program, folder), folder, given.seconds)
        seconds = time.monotonic() - begun
        print(f"reference: {TRIALS} trials of {study.iterations} iterations, {seconds:.0f} s", flush=True)
        with slurm.Slurm(folder / "slurm") as cluster:
            hosts = "each with a host name of its own" if cluster.is_privileged else "of one host name, without mounts"
            print(f"Slurm {slurm.version_text()}: {len(slurm.NODES)} nodes with {slurm.CPUS} processors, {hosts}",
                  flush=True)
            for name, check in given.checks.items():
                if name in NEED_MOUNTS and not cluster.is_privileged:
                    skipped.append(name)
                    print(f"–       {name:18}         {check.__doc__}: not run, mounts are not allowed", flush=True)
                    continue
                good.append(run_check(name, check, cluster, study, folder, given))
    finally:
        processes.end_all_descendants()
        shutil.rmtree(folder, ignore_errors=True)
    left = f", {len(skipped)} not run" if skipped else ""
    print(f"{sum(good)} of {len(good)} checks are fine{left}; {time.monotonic() - begun:.0f} s")
    return 0 if all(good) else 1


if __name__ == "__main__":
    sys.exit(main())
