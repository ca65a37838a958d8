"""The Indexed Job that `submit kubernetes` writes, held against the published schemas and the server's own rules."""
import importlib
import re
import subprocess
import sys

import processes
from jobs import Job
from studies import SHARDS, Failed

PACKAGE = "kubernetes-validate==1.37.0"
VERSIONS = ("1.29", "1.31", "1.33", "1.35", "1.37")
STOPPED, USAGE = 130, 64


def validator(folder):
    """The package that holds the schemas, from the index where it is not installed."""
    try:
        return importlib.import_module("kubernetes_validate"), importlib.import_module("yaml")
    except ImportError:
        done = subprocess.run(
            [sys.executable, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
             "--target", folder / "pip", PACKAGE], capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise processes.ClusterError(f"pip install {PACKAGE}: {done.stderr.strip()}") from None
        sys.path.insert(0, str(folder / "pip"))
        importlib.invalidate_caches()
        return importlib.import_module("kubernetes_validate"), importlib.import_module("yaml")


def expect(claim, what):
    if not claim:
        raise Failed(what)


def check_rules(document):
    """What the server wants of an Indexed Job beyond its schema."""
    name, spec = document["metadata"]["name"], document["spec"]
    pod = spec["template"]["spec"]
    expect((document["apiVersion"], document["kind"]) == ("batch/v1", "Job"), "not a Job of batch/v1")
    # A pod's name is the job's with its index and five letters.
    expect(re.fullmatch(r"[a-z0-9]([-a-z0-9]*[a-z0-9])?", name) and len(f"{name}-{SHARDS - 1}-abcde") <= 63,
           f"{name!r} can't name pods")
    expect(spec.get("completionMode") == "Indexed" and spec.get("completions") == SHARDS, "not an Indexed Job of 8")
    expect(spec.get("backoffLimitPerIndex") is not None, "no backoffLimitPerIndex")
    expect(spec.get("parallelism", 1) <= SHARDS, "more pods than shards")
    expect(pod.get("restartPolicy") == "Never", "podFailurePolicy wants restartPolicy Never")
    expect(pod.get("terminationGracePeriodSeconds", 30) >= 25, "less time to end than a shard needs")
    rules = spec["podFailurePolicy"]["rules"]
    actions = {}
    for rule in rules:
        expect(("onExitCodes" in rule) != ("onPodConditions" in rule), f"{rule}: one of two must be there")
        if codes := rule.get("onExitCodes"):
            values = codes["values"]
            expect(values == sorted(set(values)) and len(values) <= 255, f"{values} is not in order")
            expect(codes["operator"] == "NotIn" or 0 not in values, "0 is no failure")
            names = [None, *(each["name"] for each in pod["containers"])]
            expect(codes.get("containerName") in names, f"{codes}: no such container")
            actions |= {value: rule["action"] for value in values if codes["operator"] == "In"}
    conditions = [(each["type"], rule["action"]) for rule in rules for each in rule.get("onPodConditions", [])]
    expect(("DisruptionTarget", "Ignore") in conditions, "a disruption counts as a failure")
    expect(actions.get(STOPPED) in (None, "Ignore", "Count"), f"exit code 130: {actions.get(STOPPED)}")
    expect(actions.get(USAGE) in ("FailJob", "FailIndex"), f"exit code 64: {actions.get(USAGE)}")
    volumes = {each["name"] for each in pod["volumes"]}
    for container in pod["containers"]:
        expect({each["name"] for each in container["volumeMounts"]} <= volumes, "a mount has no volume")
        words = [*container.get("command", []), *container.get("args", [])]
        expect("--shard" in words and "auto" in words, f"the container runs {words}")
        expect("requests" in container["resources"], "nothing is requested")
    claims = [each["persistentVolumeClaim"]["claimName"] for each in pod["volumes"] if "persistentVolumeClaim" in each]
    expect(claims == ["studies"], f"claims {claims} instead of studies")


def indexed_job(bed):
    """submit kubernetes: YAML that the published schemas and the server's rules allow"""
    kubernetes_validate, yaml = validator(bed.folder)
    for name in ("job", "a: \"job\" # of 100% 'ours'"):
        job = Job(bed, name)
        output, errors = bed.program.run(
            "submit", "kubernetes", bed.study.grid, "--shards", SHARDS, "--job", job.folder, "--image",
            "registry.example/bench:1", "--claim", "studies", "--cpus", 2, "--memory", "1Gi")
        job.output += output + errors
        documents = [document for document in yaml.safe_load_all(output) if document]
        expect(documents, "no document on stdout")
        for document in documents:
            for version in VERSIONS:
                try:
                    kubernetes_validate.validate(document, version, strict=True)
                except kubernetes_validate.ValidationError as error:
                    raise Failed(f"Kubernetes {version}: {'.'.join(map(str, error.path))}: {error.message}") from None
            if document["kind"] == "Job":
                check_rules(document)
        expect((job.folder / "manifest.json").exists(), "no manifest was written")
    bed.say(f"schemas of {', '.join(VERSIONS)}")
