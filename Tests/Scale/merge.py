#!/usr/bin/env python3
"""Times the merge of a large job, and a second one that has nothing to do: merge.py --bench PROGRAM JOB STORE"""
import argparse
import os
import resource
import subprocess
import sys
import time

SECONDS, MEGABYTES = 600, 1000

parser = argparse.ArgumentParser(description=__doc__)
parser.add_argument("--bench", required=True, help="the built program, optimised")
parser.add_argument("job", help="the job folder")
parser.add_argument("store", help="the store to merge into")
arguments = parser.parse_args()

good = True
for what in ("merged", "merged again", "status"):
    words = ["status", arguments.job] if what == "status" else ["merge", arguments.job, "--db", arguments.store]
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    begun = time.monotonic()
    code = subprocess.run([arguments.bench, *words], stdout=subprocess.DEVNULL, check=False).returncode
    wall = time.monotonic() - begun
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    memory = after.ru_maxrss / 1000
    good = good and code == 0 and wall < SECONDS and memory < MEGABYTES
    print(f"{what}: {wall:.0f} s, {processor:.0f} s of processor time, at most {memory:.0f} MB of memory so far, "
          f"exit code {code}", flush=True)
print(f"the store: {os.path.getsize(arguments.store) / 1e9:.1f} GB")
sys.exit(0 if good else 1)
