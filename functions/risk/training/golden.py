"""Golden files: what the library says of some rows, for Java to say the same."""

import numpy as np

from training import artefacts
from training.data import RAW
from training.features import NAMES, engineer

ROWS = 196
# Raw columns at their edges: no bills, credit balances, nothing paid, far too late, beyond the limit.
EDGES = [
    [10000, *[-2] * 6, *[0] * 6, *[0] * 6],
    [500000, *[-1] * 6, *[-1200, -1, 0, 1, 2, 3], *[0, 0, 0, 0, 0, 1]],
    [10000, *[8] * 6, *[25000] * 6, *[0] * 6],
    [1000000, *[0, 0, 0, 0, 0, 0], *[964511, 900000, 850000, 800000, 750000, 700000], *[873552, 1, 0, 50000, 60000, 70000]],
]


def clean(values: np.ndarray) -> list:
    """Numbers for JSON; NaN is null."""
    return [None if np.isnan(value) else int(value) if value == int(value) else float(value) for value in values]


def default_rows(raw: dict[str, np.ndarray], fitted: dict[str, tuple], seed: int) -> dict:
    """fitted: for each model its artefact and a function from the matrix of NAMES to the library's own score."""
    drawn = np.sort(np.random.default_rng(seed).choice(len(raw["limit_bal"]), ROWS, replace=False))
    matrix = np.vstack([np.column_stack([raw[name] for name in RAW])[drawn], np.array(EDGES, dtype=float)])
    x = engineer(dict(zip(RAW, matrix.T, strict=True)))
    said = {}
    for name, (artefact, library) in fitted.items():
        used = artefacts.columns(artefact, NAMES, x)
        score = library(x)
        said[name] = (score, artefacts.probability(artefact, score), artefacts.reasons(artefact, used))
    return {
        "version": artefacts.VERSION,
        "about": "Customers of credit-default.csv.gz and, at the end, made-up ones at the edges; null is missing. score: log-odds, or points.",
        "columns": RAW,
        "features": NAMES,
        "rows": [
            {
                "raw": clean(matrix[row]), "values": clean(x[row]),
                **{name: {"score": clean([score[row]])[0], "probability": float(p[row]), "reasons": why[row]} for name, (score, p, why) in said.items()},
            }
            for row in range(len(x))
        ],
    }
