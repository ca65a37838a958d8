#!/usr/bin/env python3
"""Recomputes every number of a report with SciPy, from its results.json alone: recompute.py FOLDER…

Nothing of the program is called and no formula is taken from it: each statistic is written out here from its
definition, on the scores, losses, confusion counts and answers of the single trials. What results.json says is
compared to nine digits; then each table of README.md is written anew and compared letter by letter. The exit code is
1 where anything differs. Needs numpy and scipy.
"""

import base64
import itertools
import json
import math
import re
import sys
from pathlib import Path

import numpy as np
from scipy import optimize, stats

problems = []
checked = 0


def expect(found, wanted, place, tolerance=1e-9):
    """Compares one number; `wanted` is what was recomputed."""
    global checked
    checked += 1
    if found is None or wanted is None or isinstance(found, str) or isinstance(wanted, (str, set)):
        if found not in (wanted if isinstance(wanted, set) else {wanted}):
            problems.append(f"{place}: the report has {found}, recomputed {wanted}")
    elif not (found == wanted or abs(found - wanted) <= tolerance * max(1e-3, abs(wanted))):
        problems.append(f"{place}: the report has {found!r}, recomputed {wanted!r}")


# MARK: Statistics


def summary(values):
    return None if not values else {
        "n": len(values), "mean": np.mean(values), "sd": np.std(values, ddof=1) if len(values) > 1 else None,
        "min": min(values), "median": np.median(values), "max": max(values)}


def expect_summary(found, values, place):
    wanted = summary(values)
    if wanted is None or found is None:
        return expect(found, wanted, place)
    for key, value in wanted.items():
        expect(found[key], value, f"{place}.{key}")


def student(values, confidence, resolution=0.0):
    n = len(values)
    reach = stats.t.ppf((1 + confidence) / 2, n - 1) * max(np.std(values, ddof=1), resolution) / math.sqrt(n)
    return [np.mean(values) - reach, np.mean(values) + reach]


def guarded_welch(samples, gammas, first, second, resolution, alpha):
    """Welch's t with quantiles u + h(1 + 2u²)/6 of a skewed statistic and one degree of freedom less."""
    a, b = samples[first], samples[second]
    variances = [max(np.var(x, ddof=1), resolution**2) for x in (a, b)]
    parts = [variances[0] / len(a), variances[1] / len(b)]
    error = math.sqrt(sum(parts))
    df = sum(parts) ** 2 / (parts[0] ** 2 / (len(a) - 1) + parts[1] ** 2 / (len(b) - 1)) - 1
    difference = np.mean(a) - np.mean(b)
    skewness = (gammas[first] * variances[0] ** 1.5 / len(a) ** 2
                - gammas[second] * variances[1] ** 1.5 / len(b) ** 2) / error**3
    t, h = abs(difference) / error, max(0.0, -skewness * np.sign(difference))
    bent = lambda u, h: u + h * (1 + 2 * u * u) / 6
    u = optimize.brentq(lambda u: bent(u, h) - t, 0, t, xtol=1e-14, rtol=1e-14) if t > bent(0, h) else 0.0
    quantile = stats.t.isf(alpha / 2, df)
    return {"difference": difference, "p": min(1, 2 * stats.t.sf(u, df)), "bounds": [
        difference - error * bent(quantile, max(0, -skewness)), difference + error * bent(quantile, max(0, skewness))]}


def comparisons(samples, higher_is_better, resolution, confidence, every_pair):
    """Each sample against the best, step by step, and the other pairs by Bonferroni; bounds for all pairs at once."""
    k = len(samples)
    pairs = lambda m: m * (m - 1) / 2
    own = [stats.skew(x, bias=False) if np.var(x) > 0 and len(x) > 2 else 0.0 for x in samples]
    gammas = [2 * (0.25 * g + 0.75 * np.mean(own)) for g in own]
    means = [np.mean(x) for x in samples]
    best = int(np.argmax(means) if higher_is_better else np.argmin(means))
    found = {}
    for i, j in itertools.combinations(range(k), 2):
        found[i, j] = guarded_welch(samples, gammas, i, j, resolution, (1 - confidence) / pairs(k))
        found[i, j]["corrected"] = min(1, found[i, j]["p"] * pairs(k))
    leading = sorted((key for key in found if best in key), key=lambda key: found[key]["p"])
    highest = 0
    for step, key in enumerate(leading):
        room = 1 - pairs(step) / pairs(k) if every_pair else 1
        highest = max(highest, min(1, found[key]["p"] * pairs(k - step) / room))
        found[key]["corrected"] = highest
    for row in found.values():
        row["single"] = row["bounds"]
        if row["corrected"] <= 1 - confidence:
            low, high = row["bounds"]
            row["bounds"] = [max(0, low), high] if row["difference"] > 0 else [low, min(0, high)]
    return best, found


def improvement(a, b, higher_is_better, confidence):
    """U / nm with Newcombe's score interval (2006, part 2, method 5)."""
    if not higher_is_better:
        a, b = [-x for x in a], [-x for x in b]
    n, m = len(a), len(b)
    share = stats.mannwhitneyu(a, b).statistic / (n * m)
    z, pairs = stats.norm.ppf((1 + confidence) / 2), (n + m) / 2 - 1

    def excess(t):
        return abs(t - share) - z * math.sqrt(
            t * (1 - t) * (1 + pairs * ((1 - t) / (2 - t) + t / (1 + t))) / (n * m))
    # At 0 and 1 the variance is 0, which is a root too, but not the one that is meant.
    low = optimize.brentq(excess, 0, min(share, 1 - 1e-9), xtol=1e-15) if share > 0 else 0
    return share, [low, optimize.brentq(excess, max(share, 1e-9), 1, xtol=1e-15) if share < 1 else 1]


def crossed(value, runs, example_error, confidence):
    """The reach over seeds and over images, in quadrature (Zou & Donner 2008)."""
    reach = stats.norm.ppf((1 + confidence) / 2) * example_error
    return [value - math.hypot(value - runs[0], reach), value + math.hypot(value - runs[1], reach)]


def answers(trial):
    hits = trial["hits"]
    bits = np.unpackbits(np.frombuffer(base64.b64decode(hits["mask"]), np.uint8), bitorder="little")
    return bits[: hits["images"]].astype(float)


# MARK: The report


def cut(bounds, low, high):
    return [min(max(x, low), high) for x in bounds]


class Report:
    def __init__(self, folder):
        self.folder = folder
        self.json = json.loads((folder / "results.json").read_text())
        self.accuracy = self.json["metric"].endswith("accuracy")
        self.sign = 1 if self.json["higher_is_better"] else -1
        self.rows = self.json["configurations"]
        self.confidence = self.json["confidence"]

    def replicates(self, row):
        seen, kept = set(), []
        for trial in row["trials"]:
            if trial["score"] is None or trial["trace_digest"] in seen:
                continue
            seen.add(trial["trace_digest"])
            kept.append(trial)
        return kept

    def resolution(self, row):
        return 1 / row["test_examples"] if self.json["metric"] == "test_accuracy" else 0.0

    def run(self):
        for row in self.rows:
            self.check_row(row)
        self.check_comparisons()
        self.check_images()
        self.check_markdown()

    def check_row(self, row):
        place = row["label"]
        for trial in row["trials"]:
            last = trial["evaluations"][-1] if trial["evaluations"] else None
            if trial["state"] == "done" and self.json["at"] == "last":
                expect(trial["score"], last[self.json["metric"]], f"{place}, seed {trial['seed']}: score")
            if trial["confusion"] is not None:
                counts = np.array(trial["confusion"])
                expect(last["test_accuracy"], np.trace(counts) / counts.sum(), f"{place}, seed {trial['seed']}: confusion")
            if trial["hits"] is not None:
                expect(last["test_accuracy"], answers(trial).mean(), f"{place}, seed {trial['seed']}: answers")
        kept = self.replicates(row)
        scores = [trial["score"] for trial in kept]
        expect(row["finished"], sum(trial["score"] is not None for trial in row["trials"]), f"{place}: finished")
        expect_summary(row["score"], scores, f"{place}: score")
        if len(scores) > 1:
            bounds = cut(student(scores, self.confidence, self.resolution(row)), 0, 1 if self.accuracy else math.inf)
            for found, wanted in zip(row["interval"], bounds):
                expect(found, wanted, f"{place}: interval")
        last = [trial["evaluations"][-1] for trial in kept]
        for key in ("test_loss", "train_loss", "validation_accuracy"):
            values = [e[key] for e in last if e[key] is not None]
            expect_summary(row[key], values, f"{place}: {key}")
        for key in ("wall_seconds", "images_per_second"):
            expect_summary(row[key], [trial[key] for trial in kept], f"{place}: {key}")

    def check_comparisons(self):
        most = max(row["finished"] for row in self.rows)
        lost = ("diverged", "failed", "stale")
        whole = [row for row in self.rows if row["score"] and row["finished"] == most
                 and not any(trial["state"] in lost for trial in row["trials"])]
        samples = [[trial["score"] for trial in self.replicates(row)] for row in whole]
        self.whole = [row for row, sample in zip(whole, samples) if len(sample) >= 4]
        samples = [sample for sample in samples if len(sample) >= 4]
        if len(samples) < 2:
            return
        resolution = max(map(self.resolution, self.whole))
        few = len(self.rows) <= 6
        best, found = comparisons(samples, self.sign > 0, resolution, self.confidence, few)
        expect(self.json["best"], self.whole[best]["label"], "best")
        expect(self.json["family"], len(samples), "family")
        alone = [cut(student(x, 1 - 0.05 / len(self.whole), resolution), 0, 1) for x in samples]

        def limits(i, j):
            """What the difference of two mean accuracies can be at all."""
            if not self.accuracy:
                return -math.inf, math.inf
            return max(alone[i][0] - 1, -alone[j][1]), min(alone[i][1], 1 - alone[j][0])
        for i, row in enumerate(self.whole):
            if i == best:
                expect(row["versus_best"], None, f"{row['label']}: versus_best")
                continue
            pair = found[min(i, best), max(i, best)]
            flip = 1 if i < best else -1
            wanted = sorted(flip * x for x in pair["bounds"])
            expect(row["versus_best"]["difference"], flip * pair["difference"], f"{row['label']}: difference")
            expect(row["versus_best"]["p"], pair["corrected"], f"{row['label']}: p", 1e-7)
            for x, y in zip(row["versus_best"]["interval"], cut(wanted, *limits(i, best))):
                expect(x, y, f"{row['label']}: interval of the difference", 1e-7)
        labels = [row["label"] for row in self.whole]
        self.labels, self.found = labels, found
        expect(len(self.json["pairs"]), len(found) if few else 0, "pairs")
        for pair in self.json["pairs"]:
            i, j = labels.index(pair["first"]), labels.index(pair["second"])
            flip = 1 if i < j else -1
            wanted = found[min(i, j), max(i, j)]
            place = f"{pair['first']} − {pair['second']}"
            expect(pair["difference"], flip * wanted["difference"], f"{place}: difference")
            expect(pair["p"], wanted["corrected"], f"{place}: p", 1e-7)
            for x, y in zip(pair["interval"], cut(sorted(flip * b for b in wanted["bounds"]), *limits(i, j))):
                expect(x, y, f"{place}: interval", 1e-7)
            probability, bounds = improvement(samples[i], samples[j], self.sign > 0, self.confidence)
            expect(pair["improvement"]["probability"], probability, f"{place}: improvement")
            for x, y in zip(pair["improvement"]["interval"], bounds):
                expect(x, y, f"{place}: interval of the improvement")
            seeds = [{t["seed"]: t["score"] for t in self.replicates(self.whole[k])} for k in (i, j)]
            common = [s for s in seeds[0] if s in seeds[1]]
            r = stats.pearsonr([seeds[0][s] for s in common], [seeds[1][s] for s in common]).statistic
            expect(pair["correlation"], r, f"{place}: correlation")

    def check_images(self):
        images = self.json["images"]
        if images is None:
            return
        by_label = {row["label"]: self.replicates(row) for row in self.rows}
        pairs = sum(entry["second"] is not None for entry in images["entries"])
        for entry in images["entries"]:
            names = [name for name in (entry["first"], entry["second"]) if name is not None]
            place = "images, " + " − ".join(names)
            scores = [[t["score"] for t in by_label[name]] for name in names]
            shares = [np.mean([answers(t) for t in by_label[name]], axis=0) for name in names]
            value = np.mean(scores[0]) - (np.mean(scores[1]) if len(names) == 2 else 0)
            run_error = math.sqrt(sum(np.var(s, ddof=1) / len(s) for s in scores))
            differences = shares[0] - shares[1] if len(names) == 2 else shares[0]
            example_error = np.std(differences, ddof=1) / math.sqrt(len(differences))
            if len(names) == 1:
                row = next(row for row in self.rows if row["label"] == names[0])
                runs, confidence = student(scores[0], self.confidence, self.resolution(row)), self.confidence
            else:
                i, j = (self.labels.index(name) for name in names)
                runs = sorted((1 if i < j else -1) * x for x in self.found[min(i, j), max(i, j)]["single"])
                confidence = 1 - (1 - self.confidence) / pairs
            bounds = crossed(value, runs, example_error, confidence)
            expect(entry["value"], value, f"{place}: value")
            expect(entry["seed_error"], run_error, f"{place}: error from seeds")
            expect(entry["image_error"], example_error, f"{place}: error from images")
            for x, y in zip(entry["interval"], cut(bounds, 0 if len(names) == 1 else -1, 1)):
                expect(x, y, f"{place}: interval", 1e-7)

    # MARK: README.md

    def check_markdown(self):
        """Each table written anew from the recomputed numbers, as text."""
        self.text = (self.folder / "README.md").read_text()
        self.tables = {}
        section = ""
        for line in self.text.splitlines():
            if line.startswith("## "):
                section = line[3:]
            elif line.startswith("|") and ":--" not in line and "--:" not in line:
                cells = [re.sub(r"\\(.)", r"\1", c.strip()).replace("**", "").replace("&lt;", "<") for c in line.strip("|").split(" | ")]
                self.tables.setdefault(section, []).append([c.strip().strip("|").strip() for c in cells])
        if not self.accuracy:
            return
        self.check_sentences()
        self.check_summary_table()
        self.check_ranking_table()
        self.check_pair_table()
        self.check_image_table()
        self.check_class_table()
        self.check_trial_table()

    def row_of(self, section, name):
        for row in self.tables.get(section, []):
            if row[0] == name:
                return row
        problems.append(f"README.md, {section}: there is no row {name!r}")
        return []

    def expect_cells(self, section, found, wanted):
        for index, text in wanted.items():
            expect(found[index] if index < len(found) else None, text, f"README.md, {section}, {found[:2]}")

    def check_sentences(self):
        """The numbers of the first sentences and of the notes."""
        best = next((row for row in self.rows if row["versus_best"] is None and row["label"] == self.json["best"]), None)
        if best is None:
            return
        expect(f"{percent(np.mean([t['score'] for t in self.replicates(best)]))} %" in self.text, True, "README.md: the best mean")
        for row in self.rows:
            versus = row["versus_best"]
            if versus is None or len(self.rows) > 4:
                continue
            if versus["p"] <= self.json["alpha"]:
                low, high = sorted(-x for x in versus["interval"])
                shown = lambda x: points(x).replace("+", "")
                text = f"{row['label']} by {shown(-versus['difference'])} points \\[{shown(low)}, {shown(high)}\\]"
            else:
                text = f"{row['label']} ({points(versus['difference'])} points, p {p_text(versus['p'])})"
            expect(text in self.text or low == 0, True, f"README.md: {text!r}")
        tied = [row for row in self.rows if row["versus_best"] is None or row["versus_best"]["p"] > self.json["alpha"]]
        if len(tied) > 1:
            sd = np.median([np.std([t["score"] for t in self.replicates(row)], ddof=1) for row in tied])
            from scipy import integrate
            k = len(tied)
            expected = integrate.quad(lambda z: z * k * stats.norm.pdf(z) * stats.norm.cdf(z) ** (k - 1), -9, 9)[0]
            excess = expected * sd / math.sqrt(best["score"]["n"])
            expect(f"about {fixed(100 * excess, 2)} points too high" in self.text, True, "README.md: the best's flattery")
        pairs = [pair for pair in self.json["pairs"] if pair["correlation"] is not None]
        if pairs:
            largest = max(pairs, key=lambda pair: abs(pair["correlation"]))
            text = f"largest for {largest['first']} and {largest['second']}: {signed(largest['correlation'], 2)}"
            expect(text in self.text, True, f"README.md: {text!r}")

    def check_summary_table(self):
        if len(self.rows) > 6:
            return
        head = self.tables["Summary"][0]
        for row in self.rows:
            column = head.index(row["label"])
            scores = [t["score"] for t in self.replicates(row)]
            wanted = {
                "test accuracy (%)": mean_and_spread(scores),
                "median": percent(np.median(scores)),
                "seeds finished": f"{len(scores)} of {len(row['trials'])}",
                "95 % interval": interval(cut(student(scores, self.confidence, self.resolution(row)), 0, 1), percent),
                "parameters": f"{row['parameters']:,}",
                "images/s": f"{round(np.mean([t['images_per_second'] for t in self.replicates(row)])):,}",
                "time of a trial": duration(np.mean([t["wall_seconds"] for t in self.replicates(row)])),
            }
            losses = [t["evaluations"][-1]["test_loss"] for t in self.replicates(row)]
            wanted["test loss"] = spread(np.mean(losses), np.std(losses, ddof=1))
            losses = [t["evaluations"][-1]["train_loss"] for t in self.replicates(row)]
            wanted["training loss"] = spread(np.mean(losses), np.std(losses, ddof=1))
            for name, text in wanted.items():
                self.expect_cells("Summary", self.row_of("Summary", name), {column: text})

    def check_ranking_table(self):
        head = self.tables["Ranking"][0]
        column = {name: index for index, name in enumerate(head)}
        for rank, row in enumerate(self.rows):
            cells = next((r for r in self.tables["Ranking"] if r[1] == row["label"]), [])
            scores = [t["score"] for t in self.replicates(row)]
            versus = row["versus_best"]
            wanted = {
                column["Rank"]: str(rank + 1),
                column["Test accuracy (%)"]: mean_and_spread(scores),
                column["Median"]: percent(np.median(scores)),
                column["95 % interval"]: interval(
                    cut(student(scores, self.confidence, self.resolution(row)), 0, 1), percent),
                column["Finished"]: f"{row['finished']} of {len(row['trials'])}",
                column["Difference to the best"]:
                    "best" if versus is None
                    else f"{points(versus['difference'])} {interval(versus['interval'], points)}",
                column["p"]: "" if versus is None else p_text(versus["p"]) + (" ≈" if versus["p"] > self.json["alpha"] else ""),
            }
            self.expect_cells("Ranking", cells, wanted)

    def check_pair_table(self):
        for pair in self.json["pairs"]:
            cells = self.row_of("Every pair", f"{pair['first']} − {pair['second']}")
            better = pair["improvement"]
            self.expect_cells("Every pair", cells, {
                1: points(pair["difference"]), 2: interval(pair["interval"], points), 3: p_text(pair["p"]),
                4: f"{fixed(better['probability'], 2)} [{fixed(better['interval'][0], 2)}, {fixed(better['interval'][1], 2)}]",
                5: signed(pair["correlation"], 2)})

    def check_image_table(self):
        for entry in (self.json["images"] or {"entries": []})["entries"]:
            alone = entry["second"] is None
            cells = self.row_of(
                "Other seeds, other test images", entry["first"] if alone else f"{entry['first']} − {entry['second']}")
            self.expect_cells("Other seeds, other test images", cells, {
                1: (percent if alone else points)(entry["value"]), 2: fixed(100 * entry["seed_error"], 2),
                3: fixed(100 * entry["image_error"], 2), 4: interval(entry["interval"], percent if alone else points)})

    def check_class_table(self):
        table = self.tables.get("Classes")
        if table is None:
            return
        for row in self.rows:
            column = table[0].index(row["label"])
            counts = [np.array(t["confusion"], float) for t in self.replicates(row)]
            for truth in range(len(counts[0])):
                shares = [c[truth, truth] / c[truth].sum() for c in counts]
                self.expect_cells("Classes", table[1 + truth],
                                  {column: mean_and_spread(shares)})
            total = sum(counts)
            np.fill_diagonal(total, 0)
            names = [r[0] for r in table[1:-1]]
            order = sorted(np.ndindex(*total.shape), key=lambda k: (-total[k], k))[:3]
            text = ", ".join(
                f"{names[a]} as {names[b]} ({significant(total[a, b] / len(counts), 2 if total[a, b] / len(counts) < 10 else 3)})"
                for a, b in order)
            self.expect_cells("Classes", table[-1], {column: text})

    def check_trial_table(self):
        table = iter(self.tables["Trials"][1:])
        in_file_order = {row[0] for row in self.tables["Trials"][1:]}
        by_name = {(row["label"], str(t["seed"])): t for row in self.rows for t in row["trials"]}
        for cells in table:
            trial = by_name[cells[0], cells[1]]
            last = trial["evaluations"][-1]
            validated = last["validation_accuracy"] is not None
            best = max(trial["evaluations"], key=lambda e: e["validation_accuracy" if validated else "test_accuracy"])
            self.expect_cells("Trials", cells, {
                2: trial["state"], 3: percent(last["test_accuracy"]), 4: significant(last["test_loss"], 4),
                5: significant(last["train_loss"], 4), 6: percent(best["test_accuracy"]), 7: f"{best['iteration']:,}",
                8: duration(trial["wall_seconds"]), 9: f"{round(trial['images_per_second']):,}", 10: trial["trial"][:10]})
        expect(len(by_name), len(self.tables["Trials"]) - 1, "README.md, Trials: rows")


# MARK: Numbers as text


def fixed(value, digits):
    text = f"{abs(value):.{digits}f}"
    return "−" + text if value < 0 and float(text) != 0 else text


def signed(value, digits):
    text = fixed(value, digits)
    return "+" + text if value > 0 and float(text) != 0 else text


def percent(value):
    return fixed(100 * value, 2)


def mean_and_spread(values):
    """Either text where the mean lies in the middle of two that can be shown: its last bit decides there."""
    mean, sd = np.mean(values), np.std(values, ddof=1)
    return {f"{percent(x)} ± {percent(sd)}" for x in (mean - 1e-12, mean, mean + 1e-12)}


def points(value):
    return signed(100 * value, 2)


def interval(bounds, text):
    if text is points:
        return f"[{'> 0' if bounds[0] == 0 else points(bounds[0])}, {'< 0' if bounds[1] == 0 else points(bounds[1])}]"
    return f"[{text(bounds[0])}, {text(bounds[1])}]"


def significant(value, digits):
    if value == 0:
        return "0"
    return fixed(value, max(0, digits - 1 - math.floor(math.log10(abs(value)))))


def spread(mean, sd):
    digits = max(0, 1 - math.floor(math.log10(sd)))
    return f"{fixed(mean, digits)} ± {fixed(sd, digits)}"


def duration(seconds):
    if seconds < 119.5:
        return f"{seconds:.{2 if seconds < 9.95 else 1}f} s"
    whole = round(seconds)
    return f"{whole // 60} min {whole % 60} s" if whole < 7200 else f"{whole // 3600} h {whole % 3600 // 60} min"


def p_text(p):
    if p < 0.001:
        return "< 0.001"
    return "> 0.999" if 0.999 < p < 1 else fixed(p, 3 if p < 0.1995 else 2)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    for folder in map(Path, sys.argv[1:]):
        before = checked
        Report(folder).run()
        print(f"{folder}: {checked - before} numbers recomputed")
    for problem in problems:
        print(problem)
    print(f"{checked - len(problems)} passed, {len(problems)} failed")
    sys.exit(1 if problems else 0)


main()
