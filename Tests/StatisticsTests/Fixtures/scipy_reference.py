"""Writes scipy.json, the values that the tests hold the statistics against: python3 scipy_reference.py"""
import itertools, json, pathlib
import numpy, scipy
from scipy import special, stats

rng = numpy.random.default_rng(7)
A = [0.9692, 0.9701, 0.9683, 0.9697, 0.9688, 0.9704]
B = [0.9314, 0.9341, 0.9288, 0.9329, 0.9301, 0.9277]
C = [0.9665, 0.9690, 0.9641, 0.9702, 0.9658, 0.9671]
TIED = [1.0, 2.0, 2.0, 3.0, 3.0, 3.0, 5.0]
ALSO_TIED = [2.0, 3.0, 4.0, 4.0, 5.0]
LONG = [round(float(x), 6) for x in rng.normal(1, 2, 40)]
LONGER = [round(float(x), 6) for x in rng.normal(1.8, 2, 45)]
samples = {"a": A, "b": B, "c": C, "tied": TIED, "alsoTied": ALSO_TIED, "long": LONG, "longer": LONGER}
tails = ["two-sided", "less", "greater"]


def mean_difference(x, axis=-1):
    return numpy.mean(x, axis=axis)


def sign_flip(values, tail):
    return float(stats.permutation_test((values,), mean_difference, permutation_type="samples", n_resamples=1 << 20,
                                        alternative=tail).pvalue)


def exact_u(x, y, tail):
    def u(x, y, axis=-1):
        return stats.mannwhitneyu(x, y, axis=axis, method="asymptotic").statistic
    return float(stats.permutation_test((x, y), u, permutation_type="independent", n_resamples=1 << 20,
                                        vectorized=True, alternative=tail).pvalue)


def summary(x):
    return {"mean": numpy.mean(x), "sd": numpy.std(x, ddof=1), "median": numpy.median(x),
            "lower": numpy.quantile(x, 0.25), "upper": numpy.quantile(x, 0.75),
            "t": list(stats.t.interval(0.95, len(x) - 1, numpy.mean(x), stats.sem(x))),
            "bca": list(stats.bootstrap((x,), numpy.mean, n_resamples=200_000, method="BCa", rng=1)
                        .confidence_interval)}


def welch(x, y, tail):
    r = stats.ttest_ind(x, y, equal_var=False, alternative=tail)
    return {"t": r.statistic, "df": r.df, "p": r.pvalue,
            "interval": list(stats.ttest_ind(x, y, equal_var=False).confidence_interval(0.95))}


def max_t(rows, studentized):
    """Westfall and Young's step-down max-T, written out over all sign patterns."""
    rows = numpy.array(rows)
    n = rows.shape[1]

    def statistic(d):
        m = d.mean(axis=1)
        return numpy.abs(m / (d.std(axis=1, ddof=1) / numpy.sqrt(n)) if studentized else m)
    observed = statistic(rows)
    order = numpy.argsort(-observed)
    hits = numpy.zeros(len(rows))
    patterns = list(itertools.product([1, -1], repeat=n))
    for pattern in patterns:
        t = statistic(rows * numpy.array(pattern))
        for k in range(len(rows)):
            hits[order[k]] += t[order[k:]].max() >= observed[order[k]] - 1e-12
    p = hits / len(patterns)
    p[order] = numpy.maximum.accumulate(p[order])
    return list(p)


pairs = {"a-b": (A, B), "a-c": (A, C), "c-b": (C, B)}
rows = [[x - y for x, y in zip(*pair)] for pair in pairs.values()] + [[0.3, -0.2, 0.5, 0.1, -0.4, 0.2]]
result = {
    "versions": {"scipy": scipy.__version__, "numpy": numpy.__version__},
    "samples": samples,
    "summaries": {k: summary(v) for k, v in samples.items()},
    "signFlip": [{"values": v, "tail": t, "p": sign_flip(v, t)} for v in rows + [[1.0, 1.0, -1.0, 2.0, 0.0]]
                 for t in tails],
    "maxT": [{"rows": rows, "studentized": s, "p": max_t(rows, s)} for s in (False, True)],
    "welch": [{"first": x, "second": y, "tail": t, **welch(samples[x], samples[y], t)}
              for x, y in [("a", "b"), ("a", "c"), ("tied", "alsoTied"), ("long", "longer")] for t in tails],
    "mannWhitney": [{"first": x, "second": y, "tail": t,
                     "u": stats.mannwhitneyu(samples[x], samples[y]).statistic,
                     "p": exact_u(samples[x], samples[y], t) if len(samples[x]) < 10 else
                     stats.mannwhitneyu(samples[x], samples[y], alternative=t, method="asymptotic").pvalue}
                    for x, y in [("a", "c"), ("a", "b"), ("tied", "alsoTied"), ("long", "longer")] for t in tails],
    "beta": [[x, a, b, special.betainc(a, b, x)] for x, a, b in
             [(0.1, 0.5, 0.5), (0.5, 2, 3), (0.9, 10, 0.5), (0.3, 2.5, 50), (0.999, 50, 0.5), (1e-6, 0.5, 3), (0.5, 200, 190)]],
    "gamma": [[a, x, special.gammainc(a, x)] for a, x in
              [(0.5, 0.1), (1, 1), (3, 10), (10, 3), (50, 60), (0.5, 20), (200, 190)]],
    "tUpper": [[t, df, stats.t.sf(t, df)] for t in (0.1, 1, 2.5, 12, 60) for df in (1, 2.5, 5, 30, 1000)],
    "tQuantile": [[p, df, stats.t.ppf(p, df)] for p in (1e-8, 0.01, 0.3, 0.6, 0.975, 0.9995)
                  for df in (1, 2.5, 5, 30, 1000)],
    "noncentralT": [[t, df, d, stats.nct.cdf(t, df, d)] for t in (-1.0, 0.5, 2.57, 6) for df in (3, 5, 20)
                    for d in (0.5, 2, 6)],
    "normal": [[p, stats.norm.ppf(p)] for p in (1e-12, 0.001, 0.2, 0.5, 0.8, 0.975, 1 - 1e-9)],
}
json.dump(result, (pathlib.Path(__file__).parent / "scipy.json").open("w"), indent=1, default=float)
