"""The page of the docs that a cluster user follows, tried as it stands."""
import os
import re
import subprocess
import time
from pathlib import Path

from studies import Failed, tail

PAGE = Path(__file__).resolve().parents[2] / "Sources/bench/bench.docc/Clusters.md"


def commands():
    """The lines of the first block of commands under "On a Slurm cluster"."""
    text = PAGE.read_text().split("## On a Slurm cluster", 1)[1]
    block = re.search(r"```sh\n(.*?)```", text, re.S)
    if not block:
        raise Failed(f"{PAGE.name} has no block of commands under \"On a Slurm cluster\"")
    return block[1].strip().split("\n")


def word_for_word(bed):
    """The page of the docs, from `module load` to the report of the merged store, word for word"""
    home = bed.folder / "home"
    shared = bed.folder / "shared"
    (home / "bin").mkdir(parents=True)
    (shared / "data").mkdir(parents=True)
    (home / "bin" / "bench").symlink_to(bed.program.path)
    (home / "grid.json").write_text(Path(bed.study.grid).read_text())
    # A cluster has environment modules; the folder that all nodes see is below this one.
    before = f"module() {{ :; }}; cd {home}; PATH={home}/bin:$PATH; "
    environment = dict(os.environ)
    lines = commands()
    for line in lines:
        line = line.replace("/shared/", f"{shared}/")
        if "--watch" in line:
            line = "timeout 5 " + line
        if " merge " in line:
            deadline = time.monotonic() + 600
            while bed.cluster.queue() and time.monotonic() < deadline:
                time.sleep(1)
        done = subprocess.run(["bash", "-c", before + line], env=environment, capture_output=True, text=True,
                              errors="replace", check=False, timeout=300)
        # 124: it was watched long enough.
        if done.returncode not in (0, 124):
            raise Failed(f"$ {line}\nexit code {done.returncode}\n" + tail(done.stdout + done.stderr))
    bed.study.must_equal(home / "pooling.db")
    if not list(home.glob("reports/*/index.html")):
        raise Failed("there is no report")
    bed.say(f"{len(lines)} commands")
