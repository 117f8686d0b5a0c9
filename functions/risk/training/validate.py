"""Measures the default models out of fold: every customer is scored by a model that never saw them, nor chose its settings by them."""

from dataclasses import dataclass

import numpy as np
from sklearn.model_selection import StratifiedKFold

from training import artefacts, metrics, models
from training.data import PROTECTED, TARGET, WITHHELD
from training.features import FEATURES, Feature, engineer

FOLDS, INNER_FOLDS = 5, 3
# Where the report cuts: approved below it. A reference for comparing groups, not the policy of any lender.
CUT_OFF = 0.30
GROUPS = {
    "sex": {"male": lambda v: v == 1, "female": lambda v: v == 2},
    "age": {
        "below 30": lambda v: v < 30, "30 to 39": lambda v: (v >= 30) & (v < 40), "40 to 49": lambda v: (v >= 40) & (v < 50), "50 and over": lambda v: v >= 50,
    },
    "marriage": {"married": lambda v: v == 1, "single": lambda v: v == 2, "other": lambda v: (v != 1) & (v != 2)},
}


@dataclass
class Customers:
    raw: dict[str, np.ndarray]

    def __post_init__(self):
        self.y = self.raw[TARGET]
        self.x = engineer(self.raw)

    def with_columns(self, names: list[str]) -> tuple[np.ndarray, list[Feature]]:
        """The features and, to see what they would add, raw columns that no artefact holds."""
        return np.column_stack([self.x, *(self.raw[name] for name in names)]), [*FEATURES, *(Feature(name, name, 0, "WITHHELD") for name in names)]


def folds(y: np.ndarray, count: int, seed: int = models.SEED):
    return list(StratifiedKFold(count, shuffle=True, random_state=seed).split(np.zeros(len(y)), y))


def choose(name: str, x: np.ndarray, y: np.ndarray, count: int) -> dict:
    """The settings of the grid with the best AUC over folds of these rows; the first of equals."""
    grid = models.GRID[name]
    if len(grid) == 1:
        return grid[0]
    means = [np.mean([metrics.auc(y[test], _trees(x, y, FEATURES, settings, train, test)) for train, test in folds(y, count)]) for settings in grid]
    return grid[int(np.argmax(means))]


def _trees(x, y, features, settings, train, test) -> np.ndarray:
    return models.fit_trees(x[train], y[train], [feature.risk for feature in features], settings).predict_proba(x[test])[:, 1]


def _card(x, y, features, names, train, test) -> np.ndarray:
    artefact = models.scorecard_artefact(models.fit_scorecard(x[train], y[train], features, names))
    used = artefacts.columns(artefact, [feature.name for feature in features], x[test])
    return artefacts.probability(artefact, artefacts.score(artefact, used))


def predict(name: str, customers: Customers, train, test, more: list[str], settings: dict | None) -> np.ndarray:
    """Probabilities of the rows test by a model of the rows train; without settings they are chosen within train."""
    x, features = customers.with_columns(more)
    if name == models.SCORECARD:
        return _card(x, customers.y, features, [*models.CHARACTERISTICS, *more], train, test)
    settings = settings or choose(name, x[train], customers.y[train], INNER_FOLDS)
    return _trees(x, customers.y, features, settings, train, test)


def out_of_fold(name: str, customers: Customers, more: list[str] = (), settings: dict | None = None) -> tuple[np.ndarray, list[float]]:
    """Probabilities, and for each fold the PSI of its probabilities against those of all other folds."""
    p = np.zeros(len(customers.y))
    parts = folds(customers.y, FOLDS)
    for train, test in parts:
        p[test] = predict(name, customers, train, test, list(more), settings)
    return p, [metrics.psi(*metrics.tenths(p[train]), p[test]) for train, test in parts]


def report(name: str, customers: Customers, settings: dict | None) -> dict:
    """All that the card says of a model; settings are those it ships with, used to compare with and without withheld columns."""
    p, drift = out_of_fold(name, customers)
    seed, y = models.SEED, customers.y
    worst = int(np.argmax(drift))
    train, test = folds(y, FOLDS)[worst]
    edges, expected = metrics.tenths(p[train])
    same = p if settings is None else out_of_fold(name, customers, settings=settings)[0]
    return {
        "outOfFold": metrics.measure_all(y, p, seed),
        "psiWorstFold": metrics.interval(lambda values: metrics.psi(edges, expected, values), p[test], seed=seed),
        "tenths": {"edges": [float(edge) for edge in metrics.tenths(p)[0]], "shares": [float(share) for share in metrics.tenths(p)[1]]},
        "unconstrained": None if settings is None else _unconstrained(customers, same, settings),
        "withheld": {label: _compared(name, customers, same, more, settings) for label, more in (
            ("sex, age, marriage", PROTECTED), ("education", ["education"]), ("all four", WITHHELD),
        )},
        "groups": {column: {label: group(y, p, chosen(customers.raw[column])) for label, chosen in values.items()} for column, values in GROUPS.items()},
    }


def _unconstrained(customers: Customers, constrained: np.ndarray, settings: dict) -> list[float]:
    """What AUC the directions of risk cost."""
    free = [Feature(each.name, each.formula, 0, each.reason) for each in FEATURES]
    p = np.zeros(len(customers.y))
    for train, test in folds(customers.y, FOLDS):
        p[test] = _trees(customers.x, customers.y, free, settings, train, test)
    return metrics.interval(_gain, customers.y, p, constrained, seed=models.SEED)


def _gain(y: np.ndarray, a: np.ndarray, b: np.ndarray) -> float:
    return metrics.auc(y, a) - metrics.auc(y, b)


def _compared(name: str, customers: Customers, without: np.ndarray, more: list[str], settings: dict | None) -> dict:
    p, _ = out_of_fold(name, customers, more, settings)
    return {
        "aucWith": metrics.interval(metrics.auc, customers.y, p, seed=models.SEED),
        "aucGain": metrics.interval(_gain, customers.y, p, without, seed=models.SEED),
    }


def group(y: np.ndarray, p: np.ndarray, chosen: np.ndarray) -> dict:
    """How a group fares that the model does not know of; repaidApproved is the share approved of those who did repay."""
    y, p = y[chosen], p[chosen]
    seed = models.SEED
    return {
        "customers": int(chosen.sum()),
        "defaulted": round(float(y.mean()), 6),
        "meanProbability": round(float(p.mean()), 6),
        "auc": metrics.interval(metrics.auc, y, p, seed=seed),
        "ece": metrics.interval(metrics.ece, y, p, seed=seed),
        "approved": metrics.interval(lambda q: (q < CUT_OFF).mean(), p, seed=seed),
        "repaidApproved": metrics.interval(lambda q: (q < CUT_OFF).mean(), p[y == 0], seed=seed),
    }
