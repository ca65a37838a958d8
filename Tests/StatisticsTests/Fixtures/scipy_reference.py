"""Writes scipy.json, the values that the tests compare the statistics with: python3 scipy_reference.py"""
import itertools, json, pathlib
import numpy, scipy
from scipy import integrate, optimize, special, stats

rng = numpy.random.default_rng(7)
A = [0.9692, 0.9701, 0.9683, 0.9697, 0.9688, 0.9704]
B = [0.9314, 0.9341, 0.9288, 0.9329, 0.9301, 0.9277]
C = [0.9665, 0.9690, 0.9641, 0.9702, 0.9658, 0.9671]
TIED = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0]
ALSO_TIED = [2.0, 3.0, 4.0, 4.0, 5.0]
LONG = [round(float(x), 6) for x in rng.normal(1, 2, 40)]
LONGER = [round(float(x), 6) for x in rng.normal(1.8, 2, 45)]
SKEWED = [0.969, 0.968, 0.9695, 0.9702, 0.952, 0.9688, 0.9691]
NOISY = [0.95, 0.99, 0.93, 0.97, 0.985, 0.91]
samples = {"a": A, "b": B, "c": C, "tied": TIED, "alsoTied": ALSO_TIED, "long": LONG, "longer": LONGER, "skewed": SKEWED, "noisy": NOISY}


def summary(x):
    return {"mean": numpy.mean(x), "sd": numpy.std(x, ddof=1), "median": numpy.median(x),
            "lower": numpy.quantile(x, 0.25), "upper": numpy.quantile(x, 0.75),
            "t": list(stats.t.interval(0.95, len(x) - 1, numpy.mean(x), stats.sem(x)))}


def guarded(groups, first, second, confidence):
    """Welch's test guarded against skewness, from its definition: p, and bounds at the given two-sided level."""
    own = [stats.skew(g, bias=False) for g in groups]
    gamma = [2 * (0.25 * g + 0.75 * numpy.mean(own)) for g in own]
    n = [len(g) for g in groups]
    s2 = [numpy.var(g, ddof=1) for g in groups]
    welch = stats.ttest_ind(groups[first], groups[second], equal_var=False)
    se = numpy.sqrt(s2[first] / n[first] + s2[second] / n[second])
    d = numpy.mean(groups[first]) - numpy.mean(groups[second])
    skewness = (gamma[first] * s2[first] ** 1.5 / n[first] ** 2 - gamma[second] * s2[second] ** 1.5 / n[second] ** 2) / se**3
    df = welch.df - 1
    against = max(0, -skewness * numpy.sign(d))
    t = abs(welch.statistic)
    u = optimize.brentq(lambda u: u + against * (1 + 2 * u * u) / 6 - t, 0, t, xtol=1e-15) if t > against / 6 else 0
    q = stats.t.isf((1 - confidence) / 2, df)
    reach = lambda h: se * (q + h * (1 + 2 * q * q) / 6)
    return {"p": min(1, 2 * stats.t.sf(u, df)), "bounds": [d - reach(max(0, -skewness)), d + reach(max(0, skewness))]}


def comparisons(names):
    """Every pair, corrected: step by step against the best, Bonferroni for the others; bounds for all pairs at once."""
    groups = [samples[name] for name in names]
    k = len(groups)
    count = lambda m: m * (m - 1) / 2
    best = int(numpy.argmax([numpy.mean(g) for g in groups]))
    rows = []
    for i, j in itertools.combinations(range(k), 2):
        rows.append({"first": i, "second": j, **guarded(groups, i, j, 1 - 0.05 / count(k))})
    leading = sorted((r for r in rows if best in (r["first"], r["second"])), key=lambda r: r["p"])
    highest = 0
    for step, row in enumerate(leading):
        highest = max(highest, min(1, row["p"] * count(k - step) / (1 - count(step) / count(k))))
        row["corrected"] = highest
    for row in rows:
        row.setdefault("corrected", min(1, row["p"] * count(k)))
        if row["corrected"] <= 0.05:
            sign = numpy.mean(groups[row["first"]]) > numpy.mean(groups[row["second"]])
            row["bounds"] = [max(0, row["bounds"][0]), row["bounds"][1]] if sign else [row["bounds"][0], min(0, row["bounds"][1])]
    return {"groups": names, "best": best, "pairs": rows}


def wins(x, y):
    return stats.mannwhitneyu(x, y).statistic / (len(x) * len(y))


def newcombe(share, n, m, confidence=0.95):
    """Newcombe 2006, part 2, method 5."""
    z, pairs = stats.norm.ppf((1 + confidence) / 2), (n + m) / 2 - 1

    def excess(t):
        variance = t * (1 - t) * (1 + pairs * ((1 - t) / (2 - t) + t / (1 + t))) / (n * m)
        return abs(t - share) - z * numpy.sqrt(variance)
    low = optimize.brentq(excess, 0, share) if share > 0 else 0
    return [low, optimize.brentq(excess, share, 1) if share < 1 else 1]


def expected_maximum(n):
    return integrate.quad(lambda z: z * n * stats.norm.pdf(z) * stats.norm.cdf(z) ** (n - 1), -12, 12, epsabs=1e-13)[0]


result = {
    "versions": {"scipy": scipy.__version__, "numpy": numpy.__version__},
    "samples": samples,
    "summaries": {k: summary(v) for k, v in samples.items()},
    "comparisons": [comparisons(names) for names in
                    (["a", "b"], ["a", "b", "c"], ["c", "a", "skewed", "b", "noisy"], ["tied", "alsoTied", "long", "longer"])],
    "improvement": [{"first": x, "second": y, "probability": wins(samples[x], samples[y]),
                     "interval": newcombe(wins(samples[x], samples[y]), len(samples[x]), len(samples[y]))}
                    for x, y in [("a", "c"), ("b", "a"), ("tied", "alsoTied"), ("long", "longer")]],
    "correlation": [{"first": x, "second": y, "r": stats.pearsonr(samples[x], samples[y]).statistic}
                    for x, y in [("a", "c"), ("a", "b"), ("c", "noisy")]],
    "expectedMaximum": [[n, expected_maximum(n)] for n in (1, 2, 3, 12, 100)],
    "beta": [[x, a, b, special.betainc(a, b, x)] for x, a, b in
             [(0.1, 0.5, 0.5), (0.5, 2, 3), (0.9, 10, 0.5), (0.3, 2.5, 50), (0.999, 50, 0.5), (1e-6, 0.5, 3), (0.5, 200, 190)]],
    "tUpper": [[t, df, stats.t.sf(t, df)] for t in (0.1, 1, 2.5, 12, 60) for df in (1, 2.5, 5, 30, 1000)],
    "tQuantile": [[p, df, stats.t.ppf(p, df)] for p in (1e-8, 0.01, 0.3, 0.6, 0.975, 0.9995)
                  for df in (1, 2.5, 5, 30, 1000)],
    "noncentralT": [[t, df, d, stats.nct.cdf(t, df, d)] for t in (-1.0, 0.5, 2.57, 6) for df in (3, 5, 20)
                    for d in (0.5, 2, 6)],
    "normal": [[p, stats.norm.ppf(p)] for p in (1e-12, 0.001, 0.2, 0.5, 0.8, 0.975, 1 - 1e-9)],
}
json.dump(result, (pathlib.Path(__file__).parent / "scipy.json").open("w"), indent=1, default=float)
