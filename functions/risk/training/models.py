"""Fits the default models and turns them into artefacts. A fitted library model and its artefact say the same to 1e-9."""

from dataclasses import dataclass, field

import numpy as np
import sklearn
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression
from sklearn.tree import DecisionTreeClassifier

from training.artefacts import LEAF, TREE_RULE, VERSION
from training.evaluate import MODELS, SEED
from training.features import FEATURES, NAMES, REASONS, Feature


LIBRARY = f"scikit-learn {sklearn.__version__}"
# A split between "missing" and all else has an infinite threshold, which JSON has not.
ABOVE_ALL = 1e30
PDO, POINTS, ODDS = 20, 600, 50
REASON_LEAST_LOG_ODDS = 0.05

GBM, CHALLENGER, SCORECARD = MODELS

# What cross-validation chooses from, within each training part. The challenger: shallow trees, more of them.
GRID = {
    GBM: [
        {"learning_rate": 0.05, "max_iter": 160, "min_samples_leaf": 60, "max_leaf_nodes": leaves, "l2_regularization": l2, "max_features": share}
        for leaves in (8, 12) for l2 in (5.0, 20.0) for share in (0.2, 0.4)
    ],
    CHALLENGER: [
        {"learning_rate": rate, "max_iter": 300, "min_samples_leaf": 60, "max_leaf_nodes": 5, "l2_regularization": 5.0, "max_features": share}
        for rate in (0.05, 0.08) for share in (0.2, 0.4)
    ],
}


def fit_trees(x: np.ndarray, y: np.ndarray, risks: list[int], settings: dict) -> HistGradientBoostingClassifier:
    """Boosted trees that never lower the risk where a feature may only raise it; thresholds and leaves in short decimals."""
    model = HistGradientBoostingClassifier(early_stopping=False, random_state=SEED, monotonic_cst=risks, **settings).fit(x, y)
    uniques = [np.unique(column[~np.isnan(column)]) for column in x.T]
    for (predictor,) in model._predictors:
        for node in predictor.nodes:
            if node["is_leaf"]:
                node["value"] = round(float(node["value"]), 6)
            else:
                node["num_threshold"] = between(uniques[node["feature_idx"]], float(node["num_threshold"]))
    return model


def between(values: np.ndarray, threshold: float) -> float:
    """The shortest decimal that parts the values (sorted, each once) as threshold does, well away from both neighbours.

    So neither float32 nor another order of adding takes a customer to the other side.
    """
    place = np.searchsorted(values, threshold, side="right")
    if place == len(values):
        return ABOVE_ALL
    low, high = float(values[place - 1]), float(values[place])
    middle, margin = low + (high - low) / 2, (high - low) / 4
    for digits in range(1, 17):
        short = float(f"{middle:.{digits}g}")
        if abs(short - middle) <= margin:
            return short
    return middle


def trees_artefact(name: str, model: HistGradientBoostingClassifier, x: np.ndarray, y: np.ndarray) -> dict:
    flat = {key: [] for key in ("root", "feature", "threshold", "left", "right", "defaultLeft", "value")}
    for (predictor,) in model._predictors:
        start = len(flat["feature"])
        flat["root"].append(start)
        for node in predictor.nodes:
            leaf = bool(node["is_leaf"])
            flat["feature"].append(LEAF if leaf else int(node["feature_idx"]))
            flat["threshold"].append(0 if leaf else _short(node["num_threshold"]))
            flat["left"].append(LEAF if leaf else start + int(node["left"]))
            flat["right"].append(LEAF if leaf else start + int(node["right"]))
            flat["defaultLeft"].append(0 if leaf else int(node["missing_go_to_left"]))
            flat["value"].append(_short(node["value"]) if leaf else 0)
    return {
        "model": name, "version": VERSION, "kind": "trees", "says": "log-odds of default in the next month",
        "features": NAMES, "rule": TREE_RULE, "link": "logit", "calibration": "none",
        "reasonRule": "score less the score with the code's features at neutral (the median of those who repaid)",
        "reasonLeast": REASON_LEAST_LOG_ODDS,
        "reasons": tree_reasons(x[y == 0]),
        "base": float(model._baseline_prediction.ravel()[0]),
        **flat,
    }


def onnx_bytes(model: HistGradientBoostingClassifier, features: int) -> bytes:
    """The library's trees as ONNX, for a test against ONNX Runtime: float `features` [n, features] to float `probability` [n, 1]."""
    import onnx
    from onnx import TensorProto, helper

    keys = ("treeids", "nodeids", "featureids", "modes", "values", "truenodeids", "falsenodeids", "missing_value_tracks_true")
    nodes = {key: [] for key in keys}
    targets = {key: [] for key in ("treeids", "nodeids", "ids", "weights")}
    for tree, (predictor,) in enumerate(model._predictors):
        for place, node in enumerate(predictor.nodes):
            leaf = bool(node["is_leaf"])
            row = (tree, place, 0, "LEAF", 0.0, 0, 0, 0) if leaf else (
                tree, place, int(node["feature_idx"]), "BRANCH_LEQ", float(node["num_threshold"]), int(node["left"]), int(node["right"]),
                int(node["missing_go_to_left"]),
            )
            for key, value in zip(keys, row, strict=True):
                nodes[key].append(value)
            if leaf:
                for key, value in zip(targets, (tree, place, 0, float(node["value"])), strict=True):
                    targets[key].append(value)
    attributes = {**{f"nodes_{key}": value for key, value in nodes.items()}, **{f"target_{key}": value for key, value in targets.items()}}
    trees = helper.make_node(
        "TreeEnsembleRegressor", ["features"], ["log_odds"], domain="ai.onnx.ml", n_targets=1,
        base_values=[float(model._baseline_prediction.ravel()[0])], **attributes,
    )
    graph = helper.make_graph(
        [trees, helper.make_node("Sigmoid", ["log_odds"], ["probability"])], GBM,
        [helper.make_tensor_value_info("features", TensorProto.FLOAT, ["n", features])],
        [helper.make_tensor_value_info("probability", TensorProto.FLOAT, ["n", 1])],
    )
    exported = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17), helper.make_opsetid("ai.onnx.ml", 3)], ir_version=8)
    onnx.checker.check_model(exported)
    return exported.SerializeToString(deterministic=True)


def _short(value) -> float | int:
    value = float(value)
    return int(value) if value == int(value) and abs(value) < 1e15 else value


def tree_reasons(good: np.ndarray) -> list[dict]:
    reasons = []
    for code, text in REASONS.items():
        places = [place for place, feature in enumerate(FEATURES) if feature.reason == code]
        neutral = [round(float(np.nanmedian(good[:, place])), 6) for place in places]
        reasons.append({"code": code, "text": text, "features": [NAMES[place] for place in places], "neutral": neutral})
    return reasons


@dataclass
class Scorecard:
    """Weight-of-evidence bins, a logistic regression over them, and whole points."""

    characteristics: list[dict] = field(default_factory=list)
    base: int = 0

    @property
    def factor(self) -> float:
        return PDO / np.log(2)

    @property
    def offset(self) -> float:
        return POINTS - self.factor * np.log(ODDS)


# Those of FEATURES that a person can follow, few enough to read; bins follow the same direction of risk.
CHARACTERISTICS = [
    "limit", "late_1", "late_2", "late_worst_before", "late_months_before", "state_1", "carried_months", "idle_months", "utilisation_mean",
    "paid_1", "paid_2", "paid_3", "paid_least", "paid_share_1", "paid_share_mean", "paid_of_limit",
]


def fit_scorecard(x: np.ndarray, y: np.ndarray, features: list[Feature] = FEATURES, names: list[str] = CHARACTERISTICS) -> Scorecard:
    """Bins each characteristic, weighs them, and leaves out what would gain points in the wrong direction. features are the columns of x."""
    known = {feature.name: (place, feature) for place, feature in enumerate(features)}
    bins = {name: _bins(x[:, known[name][0]], y, known[name][1].risk) for name in names}
    chosen = list(names)
    while True:
        evidence = np.column_stack([bins[name]["woe"][bins[name]["place"]] for name in chosen])
        regression = LogisticRegression(C=1.0, tol=1e-10, max_iter=1000).fit(evidence, y)
        weights = regression.coef_[0]
        # More evidence for repaying must lower the log-odds of default; a weight near zero is a characteristic that says nothing.
        if weights.max() < -0.05:
            break
        chosen.pop(int(np.argmax(weights)))
    card = Scorecard()
    base = card.offset - card.factor * regression.intercept_[0]
    for name, weight in zip(chosen, weights, strict=True):
        points = -card.factor * weight * bins[name]["woe"]
        # The worst bin has no points, so that points add up from the base.
        base += points.min()
        whole = [int(round(each)) for each in points - points.min()]
        repaid = bins[name]["place"][y == 0]
        card.characteristics.append({
            "feature": name, "reason": known[name][1].reason, "edges": bins[name]["edges"],
            "points": whole[:-1], "missingPoints": whole[-1], "neutralPoints": int(round(float(np.array(whole)[repaid].mean()))),
        })
    card.base = int(round(base))
    return card


def _bins(x: np.ndarray, y: np.ndarray, risk: int) -> dict:
    """Up to six bins and one more, the last, for missing values; the weight of evidence of an empty one is 0."""
    known = ~np.isnan(x)
    tree = DecisionTreeClassifier(max_leaf_nodes=6, min_samples_leaf=0.03, monotonic_cst=[risk], random_state=SEED).fit(x[known, None], y[known])
    values = np.unique(x[known])
    edges = sorted(between(values, threshold) for threshold in tree.tree_.threshold[tree.tree_.feature >= 0])
    place = np.where(known, np.searchsorted(edges, x, side="left").clip(max=len(edges)), len(edges) + 1)
    bad = np.bincount(place, weights=y, minlength=len(edges) + 2)
    good = np.bincount(place, weights=1 - y, minlength=len(edges) + 2)
    woe = np.log((good + 0.5) / (good.sum() + 0.5)) - np.log((bad + 0.5) / (bad.sum() + 0.5))
    woe[bad + good == 0] = 0
    return {"edges": [_short(edge) for edge in edges], "place": place, "woe": woe}


def scorecard_artefact(card: Scorecard) -> dict:
    used = {each["reason"] for each in card.characteristics}
    return {
        "model": SCORECARD, "version": VERSION, "kind": "scorecard", "says": "points; more is better",
        "features": [each["feature"] for each in card.characteristics],
        "rule": "Add to the base, for each characteristic, the points of the first bin whose edge is not below x, else of the last bin; "
        "missingPoints where x is missing.",
        "link": "probability of default = 1 / (1 + exp((points - offset) / factor))", "calibration": "none",
        "scaling": {"pdo": PDO, "points": POINTS, "odds": ODDS, "factor": float(card.factor), "offset": float(card.offset)},
        "reasonRule": "neutralPoints (the mean of those who repaid) less the points got, added up by code",
        "reasonLeast": 1,
        "reasons": [{"code": code, "text": text} for code, text in REASONS.items() if code in used],
        "base": card.base,
        "characteristics": card.characteristics,
    }
