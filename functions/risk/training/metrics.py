"""Measures of a model that says a probability, each with a bootstrap interval."""

from collections.abc import Callable

import numpy as np

BINS = 10
RESAMPLES = 200


def auc(y: np.ndarray, p: np.ndarray) -> float:
    """The chance that one who defaulted is ranked above one who did not; equals count half."""
    _, place, counts = np.unique(p, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
    bad = y == 1
    n_bad, n_good = bad.sum(), (~bad).sum()
    return float((ranks[bad].sum() - n_bad * (n_bad + 1) / 2) / (n_bad * n_good))


def ks(y: np.ndarray, p: np.ndarray) -> float:
    """The largest distance between the cumulative shares of those who defaulted and those who did not."""
    values, place = np.unique(p, return_inverse=True)
    bad = np.bincount(place, weights=y, minlength=len(values))
    good = np.bincount(place, weights=1 - y, minlength=len(values))
    return float(np.abs(np.cumsum(bad) / bad.sum() - np.cumsum(good) / good.sum()).max())


def ece(y: np.ndarray, p: np.ndarray) -> float:
    """Expected calibration error over ten bins of equal size: mean distance of the mean probability from the rate seen."""
    order = np.argsort(p, kind="stable")
    return float(sum(abs(y[part].mean() - p[part].mean()) * len(part) for part in np.array_split(order, min(BINS, len(p)))) / len(p))


def brier(y: np.ndarray, p: np.ndarray) -> float:
    return float(((p - y) ** 2).mean())


def line(y: np.ndarray, p: np.ndarray) -> tuple[float, float]:
    """Slope and intercept of a logistic regression on the log-odds: 1 and 0 if probabilities are neither too bold nor too shy."""
    clipped = np.clip(p, 1e-9, 1 - 1e-9)
    x = np.column_stack([np.log(clipped / (1 - clipped)), np.ones(len(p))])
    weights = np.array([1.0, 0.0])
    for _ in range(25):
        q = 1 / (1 + np.exp(-x @ weights))
        step = np.linalg.solve(x.T @ (x * (q * (1 - q))[:, None]) + 1e-9 * np.eye(2), x.T @ (y - q))
        weights = weights + step
        if np.abs(step).max() < 1e-10:
            break
    return float(weights[0]), float(weights[1])


def tenths(expected: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Edges between the tenths of a distribution, and the share in each; fewer than ten where values repeat."""
    edges = np.unique(np.quantile(expected, np.linspace(0, 1, BINS + 1)[1:-1]))
    return edges, shares(edges, expected)


def shares(edges: np.ndarray, values: np.ndarray) -> np.ndarray:
    return np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1) / len(values)


def psi(edges: np.ndarray, expected: np.ndarray, values: np.ndarray) -> float:
    """Population stability index of values against the expected shares: below 0.1 stable, above 0.25 another population."""
    wanted, seen = (np.maximum(each, 1e-6) for each in (np.asarray(expected), shares(edges, values)))
    return float(((seen - wanted) * np.log(seen / wanted)).sum())


MEASURES: dict[str, Callable[[np.ndarray, np.ndarray], float]] = {
    "auc": auc,
    "ks": ks,
    "brier": brier,
    "ece": ece,
    "slope": lambda y, p: line(y, p)[0],
    "intercept": lambda y, p: line(y, p)[1],
}


def interval(measure: Callable, *arrays: np.ndarray, seed: int, resamples: int = RESAMPLES) -> list[float]:
    """[value, 2.5 %, 97.5 %] of the bootstrap over rows. NaN where the rows hold one class only."""
    random = np.random.default_rng(seed)
    n = len(arrays[0])
    seen = []
    for _ in range(resamples):
        drawn = random.integers(0, n, n)
        seen.append(measure(*(array[drawn] for array in arrays)))
    low, high = np.quantile(seen, [0.025, 0.975])
    return [round(float(each), 6) for each in (measure(*arrays), low, high)]


def measure_all(y: np.ndarray, p: np.ndarray, seed: int, names: tuple[str, ...] = tuple(MEASURES)) -> dict[str, list[float]]:
    return {name: interval(MEASURES[name], y, p, seed=seed) for name in names}
