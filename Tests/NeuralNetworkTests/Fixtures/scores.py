#!/usr/bin/env python3
"""Writes scores.json: what a grid's `metrics` score, of made-up outputs.

    scores.py    (in this folder; needs numpy, and scikit-learn to check numpy's numbers by)

F1, balanced accuracy and top-k accuracy are scikit-learn's where no outputs are equal. Of equal outputs scikit-learn's
top-k takes the later class as the larger, an accuracy by argmax the earlier one; here it is the earlier one in both. The
calibration error is that of Guo et al. 2017 (arXiv:1706.04599): 15 bins, each with its upper edge and without its lower.
"""
import json
import warnings

import numpy as np
import sklearn
from sklearn.metrics import balanced_accuracy_score, f1_score, top_k_accuracy_score

BINS = 15


def top(outputs, labels, k):
    order = np.argsort(-outputs, axis=1, kind="stable")
    return float(np.mean([label in row[:k] for label, row in zip(labels, order)]))


def calibration_error(outputs, labels):
    shifted = outputs.astype(np.float64) - outputs.max(axis=1, keepdims=True)
    probabilities = np.exp(shifted) / np.exp(shifted).sum(axis=1, keepdims=True)
    confidence, right = probabilities.max(axis=1), outputs.argmax(axis=1) == labels
    error = 0.0
    for index in range(BINS):
        held = (confidence > index / BINS) & (confidence <= (index + 1) / BINS)
        if held.any():
            error += held.mean() * abs(right[held].mean() - confidence[held].mean())
    return float(error)


def case(name, outputs, labels, counts, has_ties=False):
    outputs = np.round(outputs, 4).astype(np.float32)
    guesses = outputs.argmax(axis=1)
    classes = outputs.shape[1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        scores = {
            "f1_macro": f1_score(labels, guesses, average="macro", zero_division=0),
            "balanced_accuracy": balanced_accuracy_score(labels, guesses),
        }
    for k in counts:
        scores[f"top_{k}_accuracy"] = top(outputs, labels, k)
        if not has_ties:
            theirs = top_k_accuracy_score(labels, outputs, k=k, labels=np.arange(classes))
            assert theirs == scores[f"top_{k}_accuracy"], (name, k, theirs)
    scores["expected_calibration_error"] = calibration_error(outputs, labels)
    return {"name": name, "classes": classes, "outputs": [round(float(value), 4) for value in outputs.ravel()],
            "labels": [int(label) for label in labels], "scores": {key: float(value) for key, value in scores.items()}}


def main():
    draws = np.random.default_rng(0)
    cases = []
    for name, classes, count, scale, truths in [
        ("ten classes", 10, 300, 2.0, 10), ("sure of itself", 10, 200, 30.0, 10), ("unsure", 4, 100, 0.05, 4),
        ("classes without an example", 7, 60, 1.0, 4), ("one example", 5, 1, 1.0, 5), ("three classes", 3, 50, 1.0, 3),
    ]:
        labels = draws.integers(0, truths, count)
        outputs = scale * draws.standard_normal((count, classes))
        # Better than chance.
        outputs[np.arange(count), labels] += scale
        cases.append(case(name, outputs, labels, [k for k in (2, 3, 5) if k < classes]))
    labels = draws.integers(0, 6, 40)
    cases.append(case("equal outputs", draws.integers(0, 3, (40, 6)), labels, [2, 5], has_ties=True))
    cases.append(case("nothing known", np.zeros((40, 6)), labels, [2, 5], has_ties=True))
    always = np.zeros((30, 5))
    always[:, 2] = 4
    cases.append(case("one answer to all", always, draws.integers(0, 5, 30), [2], has_ties=True))
    with open("scores.json", "w") as file:
        file.write(f'{{"numpy": "{np.__version__}", "sklearn": "{sklearn.__version__}", "cases": [\n')
        file.write(",\n".join(json.dumps(entry) for entry in cases) + "\n]}\n")


if __name__ == "__main__":
    main()
