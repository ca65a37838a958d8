#!/usr/bin/env python3
"""Times a study of twelve trials on two cores: here with two workers and with one, and in two PyTorch processes.

    study_versus_pytorch.py --bench .build/release/bench --data DIR [--rounds 3] [--iterations 400]

The trials are Models A, B and C with four seeds each, evaluated on all test images at their end. PyTorch's processes hold
six trials each, two of each model, and use its fastest variant (channels-last, fused optimizer, batches cut from
tensors, no DataLoader); their imports and the reading of the data are not counted, ours are. Beside it stands what the
machine itself gives two processes: two `bench speed` at once against one alone.
Needs: pip install "torch==2.13.0+cpu" numpy pillow.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import textwrap
import time

SEEDS = [0, 1, 2, 3]


def grid(iterations):
    model = {"family": "cnn", "channels": [16, 32], "kernel_size": 5, "padding": "same", "pooling": "max"}
    return {
        "name": "two-cores",
        "dataset": {"name": "mnist"},
        "model": model,
        "optimizer": {"name": "sgd", "lr": 0.01},
        "training": {"batch_size": 100, "iterations": iterations, "evaluate_every": iterations},
        "variants": {"A": {}, "B": {"model.pooling": "average"}, "C": {"model.padding": "valid"}},
        "seeds": SEEDS,
    }


def ours(options, folder, workers):
    """Seconds of `bench run`, from its start to its end."""
    path, store = f"{folder}/grid.json", f"{folder}/{time.monotonic_ns()}.db"
    with open(path, "w") as file:
        json.dump(grid(options.iterations), file)
    start = time.perf_counter()
    run = subprocess.run([options.bench, "run", path, "-j", str(workers), "--db", store, "--data", options.data,
                          "--no-weights", "--threads-per-trial", "1"], capture_output=True, text=True)
    if run.returncode:
        sys.exit(f"bench run ended with {run.returncode}:\n{run.stderr}")
    return time.perf_counter() - start


def theirs(options):
    """Seconds from the moment that both processes are ready to the end of the later one."""
    command = [sys.executable, __file__, "--data", options.data, "--iterations", str(options.iterations), "--worker"]
    workers = [subprocess.Popen(command + seeds, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
               for seeds in (["0", "1"], ["2", "3"])]
    for worker in workers:
        worker.stdout.readline()
    start = time.perf_counter()
    for worker in workers:
        worker.stdin.write("go\n")
        worker.stdin.flush()
    for worker in workers:
        worker.wait()
    if any(worker.returncode for worker in workers):
        sys.exit("a PyTorch process failed; its message is above")
    return time.perf_counter() - start


def work(options):
    """One of the two PyTorch processes."""
    import torch
    from torch import nn
    from versus_pytorch import load, model_a, model_b, model_c, read

    images, labels = (tensor.contiguous() for tensor in load("mnist", options.data))
    folder = f"{options.data}/mnist"
    test = torch.from_numpy(read(f"{folder}/t10k-images-idx3-ubyte", 16).reshape(-1, 1, 28, 28)).float().div(255)
    truth = torch.from_numpy(read(f"{folder}/t10k-labels-idx1-ubyte", 8)).long()
    print("ready", flush=True)
    sys.stdin.readline()
    for seed in options.worker:
        for make in (model_a, model_b, model_c):
            torch.manual_seed(seed)
            model = make().to(memory_format=torch.channels_last)
            optimizer = torch.optim.SGD(model.parameters(), lr=0.01, fused=True)
            criterion = nn.CrossEntropyLoss()
            for indices in torch.randperm(len(images)).split(100)[:options.iterations]:
                optimizer.zero_grad()
                batch = images[indices].contiguous(memory_format=torch.channels_last)
                loss = criterion(model(batch), labels[indices])
                loss.backward()
                optimizer.step()
                loss.item()  # every loss is logged, as here
            with torch.no_grad():
                for part, answer in zip(test.split(1000), truth.split(1000)):
                    (model(part).argmax(1) == answer).sum().item()


def speed(options, processes):
    """Milliseconds a step of Model C in each of so many processes at once: what the machine gives them."""
    command = [options.bench, "speed", "model-c", "--format", "json", "--data", options.data, "--threads", "1"]
    running = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True) for _ in range(processes)]
    return statistics.mean(json.loads(process.communicate()[0])["networks"][0]["step_ms"] for process in running)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bench", default=".build/release/bench")
    parser.add_argument("--data", default=os.environ.get("BENCH_DATA"))
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--iterations", type=int, default=400)
    parser.add_argument("--readme", help="the file whose sentence is renewed")
    parser.add_argument("--worker", type=int, nargs="+", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if not options.data:
        sys.exit("where is the data? --data DIR or BENCH_DATA=DIR, the folder that holds mnist/")
    if not 0 < options.iterations <= 600:
        sys.exit(f"--iterations is {options.iterations}: PyTorch's side trains within one epoch, from 1 to 600 iterations")
    if options.worker:
        import torch
        torch.set_num_threads(1)
        return work(options)
    times = {"two": [], "one": [], "pytorch": [], "alone": [], "together": []}
    with tempfile.TemporaryDirectory() as folder:
        for _ in range(options.rounds):
            times["two"].append(ours(options, folder, 2))
            times["pytorch"].append(theirs(options))
            times["one"].append(ours(options, folder, 1))
            times["alone"].append(speed(options, 1))
            times["together"].append(speed(options, 2))
    two, one, pytorch = (statistics.median(times[name]) for name in ("two", "one", "pytorch"))
    against = statistics.median(b / a for a, b in zip(times["two"], times["pytorch"]))
    scaling = statistics.median(b / a for a, b in zip(times["two"], times["one"]))
    machine = statistics.median(2 * a / b for a, b in zip(times["alone"], times["together"]))
    text = (f"Twelve trials of {options.iterations} iterations (Models A, B, C, four seeds): `-j 2` {two:.1f} s, two PyTorch "
            f"processes {pytorch:.1f} s, ratio {against:.1f}. One worker needs {one:.1f} s, {scaling:.2f} times as long as "
            f"two; two processes that share nothing get {machine:.2f} times the work of one done on this machine.")
    print(text)
    if options.readme:
        from versus_pytorch import write_between
        write_between(options.readme, "study", "\n".join(textwrap.wrap(text, 120)))


if __name__ == "__main__":
    main()
