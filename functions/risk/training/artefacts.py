"""Model artefacts: JSON that says all that is needed to evaluate it, and a small evaluator with numpy alone, the pattern for Java's."""

import json
import math
from pathlib import Path

import numpy as np

VERSION = "2026-11-1"
LEAF = -1
REASONS_MOST = 4
TOLERANCE = 1e-9

TREE_RULE = (
    "Start at each root. At a node whose feature is -1, take its value. Otherwise go left if x <= threshold, else right; where x is missing, "
    "left if defaultLeft is 1. All in double."
)


class Differs(Exception):
    """The first place where two artefacts differ."""


def load(file: Path) -> dict:
    return json.loads(file.read_text())


def write(file: Path, content: dict) -> None:
    """One line for each key of the outermost object, so that a change can be read."""
    file.parent.mkdir(parents=True, exist_ok=True)
    lines = []
    for key, value in content.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            inner = ",\n    ".join(_compact(each) for each in value)
            lines.append(f"  {_compact(key)}: [\n    {inner}\n  ]")
        else:
            lines.append(f"  {_compact(key)}: {_compact(value)}")
    file.write_text("{\n" + ",\n".join(lines) + "\n}\n")


def _compact(value) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False, ensure_ascii=False)


def compare(expected, actual, where: str = "") -> None:
    """Raises Differs at the first difference; numbers may differ by TOLERANCE, relative where they are large."""
    numbers = (int, float)
    if isinstance(expected, dict) and isinstance(actual, dict) and expected.keys() == actual.keys():
        for key in expected:
            compare(expected[key], actual[key], f"{where}.{key}")
    elif isinstance(expected, list) and isinstance(actual, list) and len(expected) == len(actual):
        for place, pair in enumerate(zip(expected, actual, strict=True)):
            compare(*pair, f"{where}[{place}]")
    elif isinstance(expected, numbers) and isinstance(actual, numbers) and math.isclose(expected, actual, rel_tol=TOLERANCE, abs_tol=TOLERANCE):
        return
    elif expected != actual:
        raise Differs(f"{where or 'content'}: {_short(expected)} became {_short(actual)}")


def _short(value) -> str:
    text = repr(value)
    return text if len(text) <= 80 else text[:77] + "..."


def columns(artefact: dict, names: list[str], matrix: np.ndarray) -> np.ndarray:
    """The artefact's features, in its order, of a matrix whose columns are called names."""
    return matrix[:, [names.index(name) for name in artefact["features"]]]


def score(artefact: dict, x: np.ndarray) -> np.ndarray:
    """Log-odds of default (trees), points (scorecard) or anomaly between 0 and 1 (isolation forest)."""
    match artefact["kind"]:
        case "trees":
            return _walk(artefact, x, artefact["base"])
        case "isolation-forest":
            return np.exp2(-_walk(artefact, x, 0.0) / len(artefact["root"]) / artefact["normalisation"])
        case "scorecard":
            return artefact["base"] + sum(points_of(each, x[:, place]) for place, each in enumerate(artefact["characteristics"]))
        case kind:
            raise ValueError(f"kind is {kind!r}; known are trees, isolation-forest, scorecard")


def probability(artefact: dict, score: np.ndarray) -> np.ndarray:
    """The probability of default that a score stands for."""
    if artefact["kind"] == "scorecard":
        score = (artefact["scaling"]["offset"] - score) / artefact["scaling"]["factor"]
    return 1 / (1 + np.exp(-score))


def points_of(characteristic: dict, x: np.ndarray) -> np.ndarray:
    """A bin holds the values up to and including its edge; the last one is open."""
    points = np.array(characteristic["points"])[np.searchsorted(characteristic["edges"], x, side="left").clip(max=len(characteristic["edges"]))]
    return np.where(np.isnan(x), characteristic["missingPoints"], points)


def _walk(artefact: dict, x: np.ndarray, start: float) -> np.ndarray:
    arrays = {name: np.array(artefact[name]) for name in ("feature", "threshold", "left", "right", "defaultLeft", "value")}
    rows = np.arange(len(x))
    total = np.full(len(x), start)
    for root in artefact["root"]:
        node = np.full(len(x), root)
        while (inner := arrays["feature"][node] != LEAF).any():
            here = node[inner]
            values = x[rows[inner], arrays["feature"][here]]
            left = np.where(np.isnan(values), arrays["defaultLeft"][here] == 1, values <= arrays["threshold"][here])
            node[inner] = np.where(left, arrays["left"][here], arrays["right"][here])
        total = total + arrays["value"][node]
    return total


def losses(artefact: dict, x: np.ndarray) -> np.ndarray:
    """How much each reason makes of the score: a column for each of the artefact's reasons.

    Scorecard: the points that are neutral less those got. Trees and forest: the score less what it would be if the reason's features were neutral.
    """
    codes = [reason["code"] for reason in artefact["reasons"]]
    lost = np.zeros((len(x), len(codes)))
    if artefact["kind"] == "scorecard":
        for place, each in enumerate(artefact["characteristics"]):
            lost[:, codes.index(each["reason"])] += each["neutralPoints"] - points_of(each, x[:, place])
        return lost
    full = score(artefact, x)
    for column, reason in enumerate(artefact["reasons"]):
        neutral = x.copy()
        neutral[:, [artefact["features"].index(name) for name in reason["features"]]] = reason["neutral"]
        lost[:, column] = full - score(artefact, neutral)
    return lost


def reasons(artefact: dict, x: np.ndarray) -> list[list[str]]:
    """The codes that cost most, at most four, each at least reasonLeast; of equals the one listed first."""
    codes = np.array([reason["code"] for reason in artefact["reasons"]])
    lost = losses(artefact, x)
    order = np.argsort(-lost, axis=1, kind="stable")
    return [[str(codes[code]) for code in order[row] if lost[row, code] >= artefact["reasonLeast"]][:REASONS_MOST] for row in range(len(x))]
