"""The processes that the checks start, directly or not: found, waited for, and ended in every case."""
import contextlib
import ctypes
import os
import signal
import time
from pathlib import Path


class ClusterError(Exception):
    """The cluster does not do what a cluster does, so that nothing can be said of the program."""


def adopt_orphans():
    """From here on, what this process's children leave behind becomes its own child instead of init's."""
    subreaper = 36
    if ctypes.CDLL(None, use_errno=True).prctl(subreaper, 1, 0, 0, 0) != 0:
        raise ClusterError("prctl(PR_SET_CHILD_SUBREAPER) was refused")


def parents():
    """The parent of every process."""
    found = {}
    for entry in os.listdir("/proc"):
        if entry.isdigit():
            with contextlib.suppress(OSError):
                found[int(entry)] = int(Path(f"/proc/{entry}/stat").read_text().rpartition(")")[2].split()[1])
    return found


def descendants(process=None):
    """All processes that this one, or the given one, has started, directly or not, and that still run."""
    found, known = parents(), {process or os.getpid()}
    while more := {child for child, parent in found.items() if parent in known and child not in known}:
        known |= more
    return known - {process or os.getpid()}


def arguments_of(process):
    try:
        return Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace").split("\0")[:-1]
    except OSError:
        return []


def send(process, number):
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, number)


def reap(but=()):
    """Forgets the ended children, adopted ones among them, but for these, which are waited for elsewhere."""
    for child, parent in parents().items():
        if parent == os.getpid() and child not in but:
            with contextlib.suppress(ChildProcessError):
                os.waitpid(child, os.WNOHANG)


def end_all_descendants():
    """Ends every process that this one has started, asked first, then not."""
    for number, patience in ((signal.SIGTERM, 5), (signal.SIGKILL, 5)):
        until = time.monotonic() + patience
        while (left := descendants()) and time.monotonic() < until:
            for process in left:
                send(process, number)
            reap()
            time.sleep(0.1)


def wait_until(condition, what, seconds=120, interval=0.2):
    """What the condition gives as soon as it gives something."""
    until = time.monotonic() + seconds
    while not (found := condition()):
        if time.monotonic() > until:
            raise ClusterError(f"waited {seconds} s in vain: {what}")
        time.sleep(interval)
    return found
