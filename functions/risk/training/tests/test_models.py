"""What is trained: artefacts that say what the library says, without what must not decide."""

import json

import numpy as np
import onnx
import pytest
from onnx.reference import ReferenceEvaluator

from training import artefacts, data, evaluate, features, golden, models, validate
from training.__main__ import GOLDEN, MODELS
from training.features import FEATURES, NAMES

SHIPPED = {name: artefacts.load(data.RISK / MODELS / f"{name}.json") for name in evaluate.MODELS}


def raw_of(values: list[list[float]]) -> dict[str, np.ndarray]:
    return dict(zip(data.RAW, np.array(values, dtype=float).T, strict=True))


def test_features_are_as_worked_out_by_hand():
    customer = [1000, 2, 0, 3, -1, -2, 0, 500, 400, 0, -10, 100, 200, 100, 20, 0, 50, 10, 5]

    values = dict(zip(NAMES, features.engineer(raw_of([customer]))[0], strict=True))

    assert values == {
        "limit": 1000, "late_1": 2, "late_2": 0, "late_3": 3, "late_4": 0, "late_5": 0, "late_6": 0, "late_worst_before": 3, "late_months_before": 1,
        "state_1": 0, "state_2": 0, "carried_months": 2, "idle_months": 2, "spent_1": 200, "utilisation_1": 0.5, "utilisation_mean": 1190 / 6 / 1000,
        "utilisation_rise": 0.3, "paid_1": 100, "paid_2": 20, "paid_3": 0, "paid_4": 50, "paid_5": 10, "paid_6": 5, "paid_total": 185, "paid_least": 0,
        "paid_share_1": 0.25, "paid_share_mean": 180 / 690, "paid_of_limit": 0.185,
    }


def test_a_share_of_no_bill_is_missing_and_not_infinite():
    values = features.engineer(raw_of(golden.EDGES[:1]))[0]

    assert np.isnan(values[NAMES.index("paid_share_1")]) and np.isnan(values[NAMES.index("paid_share_mean")])
    assert not np.isinf(values).any()


def test_the_trees_artefact_says_what_the_library_says(customers, trees):
    said = artefacts.score(trees.artefact, customers.x)

    assert np.abs(said - trees.library._raw_predict(customers.x).ravel()).max() < 1e-9
    assert np.abs(artefacts.probability(trees.artefact, said) - trees.library.predict_proba(customers.x)[:, 1]).max() < 1e-9
    assert np.isnan(customers.x).any()


def test_onnx_says_what_the_library_says(customers, trees):
    exported = onnx.load_from_string(models.onnx_bytes(trees.library, len(NAMES)))

    said = ReferenceEvaluator(exported).run(None, {"features": customers.x[:50].astype(np.float32)})[0][:, 0]

    assert np.abs(said - trees.library.predict_proba(customers.x[:50])[:, 1]).max() < 1e-5


def test_an_artefact_is_read_back_as_written(trees, scorecard, payments, tmp_path):
    for artefact in (trees.artefact, scorecard, payments.artefact):
        artefacts.write(tmp_path / "model.json", artefact)

        assert artefacts.load(tmp_path / "model.json") == json.loads(json.dumps(artefact))


def test_training_again_gives_the_same_artefact(customers, trees):
    again = models.fit_trees(customers.x, customers.y, [feature.risk for feature in FEATURES], _settings(trees))

    artefacts.compare(trees.artefact, models.trees_artefact(models.GBM, again, customers.x, customers.y))


def _settings(trees) -> dict:
    return {name: trees.library.get_params()[name] for name in models.GRID[models.GBM][0]}


def test_a_difference_is_said_with_its_place():
    with pytest.raises(artefacts.Differs, match=r"\.tree\[1\]: 2 became 2\.00001"):
        artefacts.compare({"tree": [1, 2]}, {"tree": [1 + 1e-12, 2.00001]})


def test_no_direction_of_risk_is_broken(customers, trees):
    base = artefacts.score(trees.artefact, customers.x)
    for place, feature in enumerate(FEATURES):
        if feature.risk:
            more = customers.x.copy()
            more[:, place] += feature.risk * np.nanquantile(customers.x[:, place], 0.9)
            assert (artefacts.score(trees.artefact, more) >= base - 1e-12).all(), feature.name


def test_one_who_paid_late_last_month_is_told_so_and_one_who_did_not_is_not(customers, trees, scorecard):
    late = customers.x[:, NAMES.index("late_1")]
    for artefact in (trees.artefact, scorecard):
        codes = artefacts.reasons(artefact, artefacts.columns(artefact, NAMES, customers.x))
        assert all("RECENT_DELINQUENCY" in told for told, months in zip(codes, late, strict=True) if months >= 2)
        assert not any("RECENT_DELINQUENCY" in told for told, months in zip(codes, late, strict=True) if months == 0)
        assert max(map(len, codes)) == artefacts.REASONS_MOST


def test_reasons_come_in_the_order_of_what_they_cost(customers, trees):
    codes = [reason["code"] for reason in trees.artefact["reasons"]]
    lost = artefacts.losses(trees.artefact, customers.x[:300])
    for row, told in enumerate(artefacts.reasons(trees.artefact, customers.x[:300])):
        costs = [lost[row, codes.index(code)] for code in told]
        assert costs == sorted(costs, reverse=True)


def test_twenty_points_double_the_odds(scorecard):
    p = artefacts.probability(scorecard, np.array([600.0, 620.0]))

    assert (1 - p) / p == pytest.approx([50, 100])


def test_a_value_at_an_edge_belongs_to_the_bin_below():
    characteristic = {"edges": [1, 2], "points": [0, 5, 9], "missingPoints": 4}

    assert artefacts.points_of(characteristic, np.array([1, 1.5, 2, 2.5, np.nan])).tolist() == [0, 5, 5, 9, 4]


def test_a_threshold_is_the_shortest_decimal_well_between_its_neighbours():
    assert models.between(np.array([0.0, 1.0]), 0.7) == 0.5
    assert models.between(np.array([1.2345, 1.2349]), 1.2346) == 1.2347
    assert models.between(np.array([0.0, 1.0]), np.inf) == models.ABOVE_ALL


@pytest.mark.parametrize("name", SHIPPED)
def test_no_shipped_artefact_takes_sex_age_marriage_or_education(name):
    artefact = SHIPPED[name]

    assert set(artefact["features"]) <= set(NAMES)
    formulas = " ".join(feature.name + feature.formula for feature in FEATURES)
    assert not any(withheld in formulas for withheld in data.WITHHELD)
    assert artefact["excluded"] == data.WITHHELD


@pytest.mark.parametrize("name", SHIPPED)
def test_the_golden_rows_are_what_the_shipped_artefact_says(name):
    held = artefacts.load(data.RISK / GOLDEN / "golden-default.json")
    raw = dict(zip(held["columns"], np.array([row["raw"] for row in held["rows"]], dtype=float).T, strict=True))
    x = features.engineer(raw)
    used = artefacts.columns(SHIPPED[name], NAMES, x)
    score = artefacts.score(SHIPPED[name], used)

    assert [golden.clean(row) for row in x] == [row["values"] for row in held["rows"]]
    assert np.abs(score - [row[name]["score"] for row in held["rows"]]).max() < 1e-9
    assert np.abs(artefacts.probability(SHIPPED[name], score) - [row[name]["probability"] for row in held["rows"]]).max() < 1e-9
    assert artefacts.reasons(SHIPPED[name], used) == [row[name]["reasons"] for row in held["rows"]]


def test_settings_are_chosen_without_the_rows_that_are_then_scored(customers, monkeypatch):
    seen = []
    monkeypatch.setattr(validate, "choose", lambda name, x, y, count: seen.append(x) or _few())
    train, test = validate.folds(customers.y, 5)[0]

    validate.predict(models.GBM, customers, train, test, [], None)

    assert len(seen[0]) == len(train)
    np.testing.assert_array_equal(seen[0], customers.x[train])
    assert not set(train) & set(test)


def _few() -> dict:
    return {**models.GRID[models.GBM][0], "max_iter": 3}
