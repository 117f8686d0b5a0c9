"""The anomaly model: what it knows at a payment, and that flat arrays say what the library says."""

import numpy as np
import pytest

from training import anomaly, artefacts, data
from training.__main__ import GOLDEN, MODELS
from training.data import Order

SHIPPED = {design.name: artefacts.load(data.RISK / MODELS / f"{design.name}.json") for design in anomaly.DESIGNS}
each_model = pytest.mark.parametrize("design", anomaly.DESIGNS, ids=lambda design: design.name)


def order(at: int, amount: int, country: str = "France") -> Order:
    return Order(str(at), "payer", at, amount, 1, 2, country)


def test_a_window_holds_earlier_payments_alone_and_one_exactly_as_old_as_it():
    known = anomaly.inputs([order(0, 100), order(3600, 200), order(3601, 400), order(3601 + 24 * 3600, 800)])

    assert [each["count1h"] for each in known] == [0, 1, 1, 0]
    assert [each["sum1h"] for each in known] == [0, 100, 200, 0]
    assert [each["count24h"] for each in known] == [0, 1, 2, 1]
    assert [each["sum7d"] for each in known] == [0, 100, 300, 700]


def test_a_payers_mean_is_known_from_the_fourth_payment_on_and_only_if_amounts_differ():
    known = anomaly.inputs([order(1, 100), order(2, 100), order(3, 400), order(4, 500)])
    same = anomaly.inputs([order(at, 100) for at in range(5)])

    assert [each["meanMinor"] for each in known] == [None, None, None, 200]
    assert known[3]["stdMinor"] == pytest.approx(20000 ** 0.5)
    assert same[4]["meanMinor"] is None and same[4]["stdMinor"] is None


def test_a_country_is_usual_if_the_payer_used_it_most():
    known = anomaly.inputs([order(1, 1, "France"), order(2, 1, "Spain"), order(3, 1, "Spain"), order(4, 1, "Spain"), order(5, 1, "")])

    assert [each["countryUsual"] for each in known] == [None, 0, 0, 1, None]


def test_another_payers_payments_do_not_count():
    other = Order("x", "other", 2, 100, 1, 2, "France")

    assert anomaly.inputs([order(1, 100), other])[1]["count7d"] == 0


def test_the_artefact_says_what_the_library_says_of_payments_it_never_saw(payments):
    said = artefacts.score(payments.artefact, payments.used)

    assert np.abs(said - payments.forest.score(payments.x)).max() < 1e-9
    assert np.isnan(payments.used).any()


def test_a_missing_value_scores_as_its_neutral_one(payments):
    for column, value in enumerate(payments.forest.neutral):
        missing, neutral = payments.used.copy(), payments.used.copy()
        missing[:, column], neutral[:, column] = np.nan, value

        np.testing.assert_array_equal(artefacts.score(payments.artefact, missing), artefacts.score(payments.artefact, neutral))


def test_training_again_gives_the_same_forest(payments):
    again = anomaly.Forest(anomaly.engineer(payments.known[:1500]), payments.design)

    artefacts.compare(payments.artefact, again.artefact())


def test_a_burst_of_payments_is_ranked_higher_and_said(payments):
    burst = [anomaly.SYNTHETIC["ten more in the hour before"](each) for each in payments.known[1500:]]
    used = payments.design.columns(anomaly.engineer(burst))

    assert (artefacts.score(payments.artefact, used) > artefacts.score(payments.artefact, payments.used[1500:])).mean() > 0.95
    assert all("UNUSUAL_VELOCITY" in told for told in artefacts.reasons(payments.artefact, used))


def test_a_change_that_a_model_does_not_see_is_not_reported_of_it(payments):
    seen = anomaly.report(payments.orders, payments.known, payments.forest)["synthetic"].keys()

    assert ("another country" in seen) == ("basket x 20" in seen) == ("country_usual" in payments.design.features)
    assert {"amount x 20", "at 3 o'clock", "ten more in the hour before"} <= seen


def test_the_challenger_takes_neither_country_nor_basket_and_says_nothing_of_them():
    challenger = SHIPPED[anomaly.CHALLENGER.name]

    assert set(anomaly.NAMES) - set(challenger["features"]) == {"country_usual", "lines", "quantity"}
    assert not {"UNUSUAL_COUNTRY", "UNUSUAL_BASKET"} & {reason["code"] for reason in challenger["reasons"]}
    assert not {"countryUsual", "lines, quantity"} & challenger["inputs"].keys()
    assert len(challenger["root"]) == 200 and challenger["settings"]["sample"] == 512


@each_model
def test_the_golden_payments_are_what_the_shipped_artefact_says(design):
    held = artefacts.load(data.RISK / GOLDEN / f"{design.name.replace('payment', 'golden')}.json")
    used = design.columns(anomaly.engineer([dict(zip(held["inputs"], row["inputs"], strict=True)) for row in held["rows"]]))
    values = np.array([[np.nan if value is None else value for value in row["values"]] for row in held["rows"]], dtype=float)

    np.testing.assert_array_equal(used, values)
    assert np.abs(artefacts.score(SHIPPED[design.name], used) - [row["score"] for row in held["rows"]]).max() < 1e-9
    assert artefacts.reasons(SHIPPED[design.name], used) == [row["reasons"] for row in held["rows"]]


@each_model
def test_nothing_says_that_fraud_is_found(design):
    card = (data.HERE / "cards" / f"{design.name}.md").read_text()

    assert "no fraud labels" in card
    assert "These changes are made up" in card
