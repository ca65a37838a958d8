"""A Slurm cluster of four nodes on this machine: real daemons, everything in one folder, nothing left behind.

Each node is a slurmd of its own (`slurmd -N`) with a folder as its local disk, which TMPDIR names in its tasks. A node
may be started again with other mounts, which only it and its tasks see, and with other environment variables.
"""
import contextlib
import os
import platform
import pwd
import shlex
import shutil
import signal
import socket
import subprocess
from pathlib import Path

import processes

NODES = ["n1", "n2", "n3", "n4"]
CPUS = 2
MAX_ARRAY_SIZE = 1001
PREEMPTION = {"urgent": "off", "requeued": "requeue", "cancelled": "cancel"}

CONFIGURATION = """\
ClusterName=test
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={controller}
SlurmUser={user}
SlurmdUser={user}
AuthType=auth/munge
# Also how long a job that is queued again waits.
AuthInfo=socket={folder}/munge.socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmdSpoolDir={folder}/spool/%n
SlurmctldPidFile={folder}/slurmctld.pid
SlurmdPidFile={folder}/spool/%n.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdLogFile={folder}/%n.log
SlurmctldDebug=verbose
SlurmdDebug=verbose
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
TaskProlog={folder}/task-prolog
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SlurmdParameters=config_overrides
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=0,sched_interval=2,bf_interval=2,sched_min_interval=0
PreemptType=preempt/partition_prio
PreemptMode=REQUEUE
ReturnToService=2
SlurmdTimeout=15
MessageTimeout=10
InactiveLimit=0
MinJobAge=10
KillWait=20
OverTimeLimit=0
MaxArraySize={max_array_size}
"""


def is_listened_to(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def free_ports(count):
    sockets = [socket.socket() for _ in range(count)]
    for each in sockets:
        each.bind(("127.0.0.1", 0))
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


# MARK: The cluster


class Slurm:
    """`with Slurm(folder) as cluster:` has the daemons running; after it none does."""

    def __init__(self, folder):
        self.folder = Path(folder)
        self.configuration = self.folder / "slurm.conf"
        self.ports = free_ports(len(NODES) + 1)
        self.daemons = {}
        self.changed_nodes = set()
        self.max_array_size = MAX_ARRAY_SIZE
        # Name spaces for mounts and host names.
        self.is_privileged = subprocess.run(
            ["unshare", "--mount", "--uts", "true"], capture_output=True, check=False).returncode == 0

    def __enter__(self):
        try:
            self.start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def start(self):
        for name in ("state", "spool"):
            (self.folder / name).mkdir(parents=True)
        for node in NODES:
            self.disk(node).mkdir(parents=True)
            (self.folder / "spool" / node).mkdir()
        prolog = self.folder / "task-prolog"
        prolog.write_text(
            f'#!/bin/sh\nnode={shlex.quote(str(self.folder))}/nodes/"$SLURMD_NODENAME"\n'
            'echo "export TMPDIR=$node/disk"\n[ ! -e "$node/environment" ] || cat "$node/environment"\n')
        prolog.chmod(0o755)
        # Slurm 23 and newer look for a control group even where no plugin needs one.
        (self.folder / "cgroup.conf").write_text("CgroupPlugin=disabled\n" if version() >= (23, 2) else "")
        self.write_configuration()
        os.environ["SLURM_CONF"] = str(self.configuration)
        self.start_munge()
        self.start_controller()
        for node in NODES:
            self.start_node(node)
        self.wait_for_nodes()

    def write_configuration(self):
        lines = CONFIGURATION.format(
            folder=self.folder, host=platform.node(), user=pwd.getpwuid(os.getuid()).pw_name, controller=self.ports[-1],
            max_array_size=self.max_array_size)
        for node, port in zip(NODES, self.ports):
            lines += f"NodeName={node} NodeHostname={platform.node()} NodeAddr=127.0.0.1 Port={port} CPUs={CPUS}\n"
        tier = {"urgent": 10, "requeued": 1, "cancelled": 1}
        lines += f"PartitionName=main Nodes={','.join(NODES)} Default=YES PreemptMode=off\n"
        for name, mode in PREEMPTION.items():
            lines += f"PartitionName={name} Nodes={','.join(NODES)} PriorityTier={tier[name]} PreemptMode={mode}\n"
        self.configuration.write_text(lines)

    def start_munge(self):
        """With a key of this cluster's own. munged wants no folder above its files that others can write in."""
        key = self.folder / "munge.key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.daemons["munged"] = self.daemon(
            [find("munged"), "--foreground", "--force", f"--key-file={key}", f"--socket={self.folder}/munge.socket",
             f"--log-file={self.folder}/munge.log", f"--pid-file={self.folder}/munge.pid",
             f"--seed-file={self.folder}/munge.seed"], "munged")
        processes.wait_until((self.folder / "munge.socket").exists, "munged's socket is there", 20)

    def start_controller(self):
        self.daemons["slurmctld"] = self.daemon([find("slurmctld"), "-D"], "slurmctld")
        processes.wait_until(lambda: "UP" in self.ask("scontrol", "ping"), "slurmctld answers", 60)

    def start_node(self, node, mounts=()):
        """With a host name of its own and mounts (shell commands), which only it and its tasks see."""
        command = [find("slurmd"), "-D", "-N", node]
        if self.is_privileged:
            script = "; ".join(["set -e", f"hostname {node}", *mounts, f"exec {shlex.join(command)}"])
            command = ["unshare", "--mount", "--uts", "--propagation", "private", "sh", "-c", script]
        self.daemons[node] = self.daemon(command, node)

    def daemon(self, command, name):
        with open(self.folder / f"{name}.out", "ab") as output:
            return subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                                    start_new_session=True)

    def end_daemon(self, name, number=signal.SIGTERM):
        """A slurmd's running tasks go on without it."""
        daemon = self.daemons.pop(name)
        processes.send(daemon.pid, number)
        try:
            daemon.wait(20)
        except subprocess.TimeoutExpired:
            daemon.kill()
            daemon.wait()

    def restart_node(self, node, mounts=(), environment=None):
        """With other mounts and other variables for its tasks."""
        self.environment(node).write_text(
            "".join(f"export {name}={value}\n" for name, value in (environment or {}).items()))
        self.changed_nodes.add(node) if mounts or environment else self.changed_nodes.discard(node)
        self.end_daemon(node)
        self.start_node(node, mounts)
        self.wait_for_nodes()

    def restart(self, max_array_size):
        """MaxArraySize is read when slurmctld starts."""
        self.max_array_size = max_array_size
        self.write_configuration()
        self.end_daemon("slurmctld")
        self.start_controller()
        for node in NODES:
            self.end_daemon(node)
            self.start_node(node)
        self.wait_for_nodes()

    def restore(self):
        """All daemons and nodes as they were at first."""
        if "slurmctld" not in self.daemons:
            self.start_controller()
        for node in NODES:
            if node not in self.daemons:
                self.start_node(node)
            elif node in self.changed_nodes:
                self.restart_node(node)
        for node in self.ask("sinfo", "-h", "-N", "-p", "main", "-t", "down,drain,fail", "-o", "%N").split():
            self.ask("scontrol", "update", f"NodeName={node}", "State=RESUME")
        if self.max_array_size != MAX_ARRAY_SIZE:
            self.restart(MAX_ARRAY_SIZE)
        self.wait_for_nodes()

    def stop(self):
        processes.end_all_descendants()
        self.daemons.clear()
        os.environ.pop("SLURM_CONF", None)

    # MARK: Questions

    def disk(self, node):
        return self.folder / "nodes" / node / "disk"

    def environment(self, node):
        return self.folder / "nodes" / node / "environment"

    def ask(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        return done.stdout + done.stderr

    def command(self, *command):
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise processes.ClusterError(f"{shlex.join(command)}: exit code {done.returncode}: {done.stderr.strip()}")
        return done.stdout

    def wait_for_nodes(self):
        def are_up():
            if not all(is_listened_to(port) for port in self.ports):
                return False
            states = self.ask("sinfo", "-h", "-N", "-p", "main", "-o", "%N %T").split("\n")
            good = {line.split()[0] for line in states if line.split()[1:] and line.split()[1] in
                    ("idle", "mixed", "allocated", "completing")}
            return good == set(NODES)
        try:
            processes.wait_until(are_up, "all nodes are up", 60)
        except processes.ClusterError as error:
            raise processes.ClusterError(f"{error}\n{self.ask('sinfo', '-N', '-l')}{self.ask('sinfo', '-R')}") from None

    def queue(self):
        """The jobs that are not at their end: id of job or array task, state and node."""
        lines = self.ask("squeue", "-h", "-r", "-o", "%i|%T|%N|%r").splitlines()
        return {fields[0]: fields[1:] for line in lines if len(fields := line.split("|")) == 4}

    def running(self):
        return [job for job, (state, *_) in self.queue().items() if state == "RUNNING"]

    def wait_until_empty(self, seconds=600):
        try:
            processes.wait_until(lambda: not self.queue(), "the queue is empty", seconds, 0.5)
        except processes.ClusterError as error:
            raise processes.ClusterError(f"{error}\n{self.ask('squeue', '-r')}") from None

    def cancel_all(self):
        self.ask("scancel", "--full", "--user", pwd.getpwuid(os.getuid()).pw_name)
        self.ask("scancel", "--signal=KILL", "--user", pwd.getpwuid(os.getuid()).pw_name)
        with contextlib.suppress(processes.ClusterError):
            self.wait_until_empty(60)


def find(program):
    """Debian has the daemons in a folder that is not on everybody's path."""
    path = shutil.which(program, path=f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/local/sbin")
    if path is None:
        raise processes.ClusterError(f"{program} is not there: apt-get install slurm-wlm munge")
    return path


def version_text():
    return subprocess.run([find("slurmd"), "-V"], capture_output=True, text=True, check=True).stdout.split()[-1]


def version():
    return tuple(int(part) for part in version_text().split(".")[:2])
