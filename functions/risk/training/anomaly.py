"""How unusual a payment is for its payer and for all: an isolation forest over what is known when the payment is made.

No payment here is known to be fraud. The score ranks what is unusual, and nothing else is claimed of it.
"""

import math
from bisect import bisect_left
from collections import defaultdict
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np
from sklearn.ensemble import IsolationForest

from training import artefacts, metrics
from training.artefacts import LEAF, TREE_RULE, VERSION
from training.data import Order
from training.evaluate import SEED
from training.features import MISSING
from training.golden import clean
from training.models import LIBRARY, between

HOUR, DAY, WEEK = 3600, 24 * 3600, 7 * 24 * 3600
# A payer's own mean says something only after a few payments.
KNOWN_LEAST = 3
TRAINED_SHARE = 0.7
ALERT_SHARE = 0.01
REASON_LEAST = 0.005

INPUTS = {
    "amountMinor": "amount of this payment in minor units",
    "hourUtc": "hour of day, 0 to 23",
    "count1h, count24h, count7d": "the payer's earlier payments not older than the window",
    "sum1h, sum24h, sum7d": "what they add up to, in minor units",
    "meanMinor, stdMinor": "mean and standard deviation (divided by n) of the payer's earlier amounts; null before the third, or if the deviation is 0",
    "countryUsual": "1 if the country is the one the payer used most (the earlier used of equals), 0 if not; null if it is not given or there is none yet",
    "lines, quantity": "of the basket; null if there is none",
}
INPUT_NAMES = [name for group in INPUTS for name in group.split(", ")]
FORMULAS = {
    "amount": ("amountMinor", "UNUSUAL_AMOUNT"),
    "amount_z": ("(amountMinor - meanMinor) / stdMinor; missing if either is null", "UNUSUAL_AMOUNT"),
    "hour": ("hourUtc", "UNUSUAL_HOUR"),
    "count_1h": ("count1h", "UNUSUAL_VELOCITY"),
    "count_24h": ("count24h", "UNUSUAL_VELOCITY"),
    "count_7d": ("count7d", "UNUSUAL_VELOCITY"),
    "sum_1h": ("sum1h", "UNUSUAL_VELOCITY"),
    "sum_24h": ("sum24h", "UNUSUAL_VELOCITY"),
    "sum_7d": ("sum7d", "UNUSUAL_VELOCITY"),
    "country_usual": ("countryUsual; missing if null", "UNUSUAL_COUNTRY"),
    "lines": ("lines; missing if null", "UNUSUAL_BASKET"),
    "quantity": ("quantity; missing if null", "UNUSUAL_BASKET"),
}
REASONS = {
    "UNUSUAL_AMOUNT": "The amount is unusual, for this payer or for all",
    "UNUSUAL_HOUR": "The hour of day is unusual",
    "UNUSUAL_VELOCITY": "The payer's number or sum of recent payments is unusual",
    "UNUSUAL_COUNTRY": "The country is not the payer's usual one",
    "UNUSUAL_BASKET": "The basket is unusual",
}
NAMES = list(FORMULAS)
# Trees split these where their logarithm is uniform: most amounts are small, a few very large. Thresholds are turned back.
LOGARITHMIC = ["amount", "sum_1h", "sum_24h", "sum_7d", "lines", "quantity"]


@dataclass(frozen=True)
class Design:
    """What a forest is grown from."""

    name: str
    features: list[str]
    trees: int
    sample: int

    def columns(self, x: np.ndarray) -> np.ndarray:
        """The forest's columns of a matrix with a column for each of NAMES."""
        return x[:, [NAMES.index(name) for name in self.features]]


CHAMPION = Design("payment-anomaly", NAMES, trees=100, sample=256)
# No payment on this platform tells its country or basket.
KNOWN_HERE = [name for name in NAMES if FORMULAS[name][1] not in ("UNUSUAL_COUNTRY", "UNUSUAL_BASKET")]
CHALLENGER = Design("payment-anomaly-challenger", KNOWN_HERE, trees=200, sample=512)
DESIGNS = [CHAMPION, CHALLENGER]


@dataclass
class Payer:
    """What is remembered of a payer."""

    times: list[int]
    amounts: list[int]
    countries: dict[str, int]


def inputs(orders: list[Order]) -> list[dict]:
    """What is known at each order from those before it; orders must be in order of time."""
    payers: dict[str, Payer] = defaultdict(lambda: Payer([], [], defaultdict(int)))
    known = []
    for order in orders:
        payer = payers[order.payer]
        known.append(_known(order, payer))
        payer.times.append(order.at)
        payer.amounts.append(order.amount)
        payer.countries[order.country] += 1
    return known


def _known(order: Order, payer: Payer) -> dict:
    windows = {}
    for name, length in (("1h", HOUR), ("24h", DAY), ("7d", WEEK)):
        first = bisect_left(payer.times, order.at - length)
        windows |= {f"count{name}": len(payer.times) - first, f"sum{name}": sum(payer.amounts[first:])}
    n = len(payer.amounts)
    mean = sum(payer.amounts) / n if n >= KNOWN_LEAST else None
    std = math.sqrt(sum((amount - mean) ** 2 for amount in payer.amounts) / n) if mean is not None else None
    usual = max(payer.countries, key=payer.countries.get, default=None)
    values = {
        "amountMinor": order.amount, "hourUtc": order.at // HOUR % 24, **windows,
        "meanMinor": mean if std else None, "stdMinor": std or None,
        "countryUsual": None if usual is None or not order.country else int(order.country == usual),
        "lines": order.lines or None, "quantity": order.quantity or None,
    }
    return {name: values[name] for name in INPUT_NAMES}


def engineer(known: list[dict]) -> np.ndarray:
    """A matrix with a column for each of NAMES; NaN is missing."""
    get = lambda name: np.array([MISSING if each[name] is None else each[name] for each in known], dtype=float)  # noqa: E731
    plain = {name: get(formula.split(";")[0]) for name, (formula, _) in FORMULAS.items() if name != "amount_z"}
    columns = {**plain, "amount_z": (get("amountMinor") - get("meanMinor")) / get("stdMinor")}
    return np.column_stack([columns[name] for name in NAMES])


def neutral(x: np.ndarray) -> np.ndarray:
    """What stands for a missing value: the median of those known, a value that was seen. A missing value is never what makes a payment unusual."""
    return np.nanquantile(x, 0.5, axis=0, method="lower")


class Forest:
    """The library's isolation forest, with missing values at their median and logarithms where they help."""

    def __init__(self, x: np.ndarray, design: Design):
        self.design = design
        x = design.columns(x)
        self.neutral = neutral(x)
        self.filled = self._filled(x)
        prepared = self._logarithmic(self.filled)
        self.model = IsolationForest(n_estimators=design.trees, max_samples=min(design.sample, len(x)), random_state=SEED, n_jobs=1).fit(prepared)
        self._round(prepared)

    def _filled(self, x: np.ndarray) -> np.ndarray:
        return np.where(np.isnan(x), self.neutral, x)

    def _logarithmic(self, x: np.ndarray) -> np.ndarray:
        x = x.copy()
        for place, name in enumerate(self.design.features):
            if name in LOGARITHMIC:
                x[:, place] = np.log1p(x[:, place])
        return x

    def _round(self, prepared: np.ndarray) -> None:
        """Moves thresholds, in the library's own trees, midway between values seen: whole numbers are parted at a half.

        So no payment lies where float32, which the library casts to, or the logarithm's last bit would decide.
        """
        uniques = [np.unique(column) for column in self.filled.T]
        logs = [np.unique(column).astype(np.float32) for column in prepared.T]
        self.plain = []
        for estimator in self.model.estimators_:
            tree = estimator.tree_
            plain = np.zeros(tree.node_count)
            for node in np.flatnonzero(tree.children_left != LEAF):
                column = tree.feature[node]
                values = uniques[column]
                low = values[np.searchsorted(logs[column], tree.threshold[node], side="right") - 1]
                name = self.design.features[column]
                plain[node] = between(values, low) if name == "amount_z" else math.floor(_after(values, low) + low) // 2 + 0.5
                tree.threshold[node] = math.log1p(plain[node]) if name in LOGARITHMIC else plain[node]
            self.plain.append(plain)

    def score(self, x: np.ndarray) -> np.ndarray:
        """Of a matrix with a column for each of NAMES."""
        return -self.model.score_samples(self._logarithmic(self._filled(self.design.columns(x))))

    def artefact(self) -> dict:
        flat = {key: [] for key in ("root", "feature", "threshold", "left", "right", "defaultLeft", "value")}
        for estimator, plain in zip(self.model.estimators_, self.plain, strict=True):
            tree, start = estimator.tree_, len(flat["feature"])
            flat["root"].append(start)
            depth = _depths(tree)
            for node in range(tree.node_count):
                leaf = tree.children_left[node] == LEAF
                feature = LEAF if leaf else int(tree.feature[node])
                flat["feature"].append(feature)
                flat["threshold"].append(0 if leaf else _number(plain[node]))
                flat["left"].append(LEAF if leaf else start + int(tree.children_left[node]))
                flat["right"].append(LEAF if leaf else start + int(tree.children_right[node]))
                flat["defaultLeft"].append(0 if leaf else int(self.neutral[feature] <= plain[node]))
                flat["value"].append(_number(round(depth[node] + average_path(int(tree.n_node_samples[node])), 9)) if leaf else 0)
        names = self.design.features
        formulas = {name: FORMULAS[name][0] for name in names}
        inputs = {given: what for given, what in INPUTS.items() if any(name in formula for name in given.split(", ") for formula in formulas.values())}
        places = {code: [place for place, name in enumerate(names) if FORMULAS[name][1] == code] for code in REASONS}
        return {
            "model": self.design.name, "version": VERSION, "kind": "isolation-forest", "says": "how unusual a payment is, from 0 to 1; about 0.5 is ordinary",
            "inputs": inputs, "features": names, "formulas": formulas,
            "rule": TREE_RULE + " The value is the length of the path.",
            "link": "score = 2 ^ -(mean of the paths / normalisation)", "normalisation": average_path(self.model.max_samples_),
            "reasonRule": "score less the score with the code's features at neutral (the median of those known)", "reasonLeast": REASON_LEAST,
            "reasons": [
                {"code": code, "text": text, "features": [names[place] for place in places[code]], "neutral": clean(self.neutral[places[code]])}
                for code, text in REASONS.items() if places[code]
            ],
            **flat,
        }


def _after(values: np.ndarray, low: float) -> float:
    return float(values[np.searchsorted(values, low, side="right")])


def _number(value: float) -> float | int:
    return int(value) if value == int(value) else float(value)


def _depths(tree) -> np.ndarray:
    depth = np.zeros(tree.node_count)
    for node in range(tree.node_count):
        for child in (tree.children_left[node], tree.children_right[node]):
            if child != LEAF:
                depth[child] = depth[node] + 1
    return depth


def average_path(n: int) -> float:
    """The mean length of an unsuccessful search in a binary search tree of n: what a leaf of n rows still would have taken."""
    if n <= 1:
        return 0.0
    return 1.0 if n == 2 else 2.0 * (math.log(n - 1.0) + np.euler_gamma) - 2.0 * (n - 1.0) / n


# Made up, to show what the score ranks higher. They are no fraud, and no measure of how fraud would be found.
SYNTHETIC = {
    "amount x 20": lambda known: {**known, "amountMinor": 20 * known["amountMinor"]},
    "at 3 o'clock": lambda known: {**known, "hourUtc": 3},
    "ten more in the hour before": lambda known: {
        **known, **{f"count{window}": known[f"count{window}"] + 10 for window in ("1h", "24h", "7d")},
        **{f"sum{window}": known[f"sum{window}"] + 10 * known["amountMinor"] for window in ("1h", "24h", "7d")},
    },
    "another country": lambda known: {**known, "countryUsual": 0},
    "basket x 20": lambda known: {**known, "lines": 20 * known["lines"], "quantity": 20 * known["quantity"]},
}


def split(orders: list[Order]) -> tuple[slice, slice]:
    cut = int(len(orders) * TRAINED_SHARE)
    return slice(0, cut), slice(cut, None)


def report(orders: list[Order], known: list[dict], forest: Forest) -> dict:
    """How the scores of later orders lie beside those of the orders trained on."""
    early, late = split(orders)
    x = engineer(known)
    before, after = forest.score(x[early]), forest.score(x[late])
    threshold = round(float(np.quantile(before, 1 - ALERT_SHARE)), 6)
    edges, expected = metrics.tenths(before)
    synthetic = {}
    for name, change in SYNTHETIC.items():
        made_up = engineer([change(each) for each in known[late]])
        if np.array_equal(forest.design.columns(made_up), forest.design.columns(x[late]), equal_nan=True):
            continue
        changed = forest.score(made_up)
        labels = np.repeat([0.0, 1.0], len(after))
        synthetic[name] = {
            "ranked": metrics.interval(metrics.auc, labels, np.concatenate([after, changed]), seed=SEED),
            "above": round(float((changed >= threshold).mean()), 6),
        }
    return {
        "threshold": threshold,
        "early": len(before), "late": len(after),
        "lateFrom": f"{datetime.fromtimestamp(orders[late.start].at, UTC):%Y-%m-%d}",
        "aboveEarly": metrics.interval(lambda s: (s >= threshold).mean(), before, seed=SEED),
        "aboveLate": metrics.interval(lambda s: (s >= threshold).mean(), after, seed=SEED),
        "psi": metrics.interval(lambda s: metrics.psi(edges, expected, s), after, seed=SEED),
        "tenths": {"edges": edges.tolist(), "shares": expected.tolist()},
        "synthetic": synthetic,
        "otherCountry": sum(each["countryUsual"] == 0 for each in known),
    }


def document() -> str:
    rows = "\n".join(f"| `{name}` | {formula} | {code} |" for name, (formula, code) in FORMULAS.items())
    given = "\n".join(f"| `{names.replace(', ', '`, `')}` | {what} |" for names, what in INPUTS.items())
    reasons = "\n".join(f"| {code} | {text} |" for code, text in REASONS.items())
    return f"""
## Of a payment

The same for every anomaly model. `{CHALLENGER.name}` leaves out country and basket: no payment on this platform tells them.

A window holds the payer's earlier payments whose time is not before the payment's own less the window (3,600, 86,400 and 604,800 seconds); the payment
itself is not among them, and of payments at one time those count that were remembered before it. Sums and deviations are of the payment's own currency.

| input | what it is |
|---|---|
{given}

| feature | formula | reason code |
|---|---|---|
{rows}

| reason code | what it says |
|---|---|
{reasons}
"""


def golden(known: list[dict], forest: Forest, artefact: dict) -> dict:
    """Orders, some of them made unusual, some with nothing given that may be left out."""
    drawn = np.random.default_rng(SEED).choice(len(known), 180, replace=False)
    picked = [known[place] for place in sorted(drawn)]
    changes = [*SYNTHETIC.values(), lambda each: {**each, "meanMinor": None, "stdMinor": None, "countryUsual": None, "lines": None, "quantity": None}]
    picked += [change(each) for change in changes for each in picked[::45]]
    x = engineer(picked)
    used = forest.design.columns(x)
    score, why = forest.score(x), artefacts.reasons(artefact, used)
    rows = [{"inputs": list(each.values()), "values": clean(used[row]), "score": float(score[row]), "reasons": why[row]} for row, each in enumerate(picked)]
    return {
        "version": VERSION, "about": "Orders of online-retail.csv.gz and, at the end, made-up changes of some; null is missing.",
        "inputs": INPUT_NAMES, "features": forest.design.features, "rows": rows,
    }
