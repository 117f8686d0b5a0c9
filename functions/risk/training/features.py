"""Features of a credit customer. Each is plain arithmetic on doubles in the order written, so that Java gets the same bits."""

from dataclasses import dataclass
from functools import reduce

import numpy as np

from training.data import BILLS, PAYMENTS, STATUS

MISSING = np.nan


@dataclass(frozen=True)
class Feature:
    """formula says how it is computed; risk is +1 if more of it may never lower the risk, -1 if it may never raise it, 0 if either may be."""

    name: str
    formula: str
    risk: int
    reason: str


REASONS = {
    "RECENT_DELINQUENCY": "A payment was late in the last month",
    "PAST_DELINQUENCY": "Payments were late in the months before the last",
    "UTILISATION": "Balances are high for the credit limit, or have risen",
    "LOW_PAYMENTS": "Payments were small for the bills or the limit, or were left out",
    "CREDIT_LIMIT": "The credit limit granted so far is low",
    "ACCOUNT_USE": "How the account was used: spending, and months paid in full, carried over or without use",
}

FEATURES = [
    Feature("limit", "limit_bal", -1, "CREDIT_LIMIT"),
    Feature("late_1", "max(pay_0, 0)", 1, "RECENT_DELINQUENCY"),
    *(Feature(f"late_{month}", f"max(pay_{month}, 0)", 1, "PAST_DELINQUENCY") for month in range(2, 7)),
    Feature("late_worst_before", "largest of late_2 .. late_6", 1, "PAST_DELINQUENCY"),
    Feature("late_months_before", "how many of late_2 .. late_6 are above 0", 1, "PAST_DELINQUENCY"),
    Feature("state_1", "min(pay_0, 0)", 0, "ACCOUNT_USE"),
    Feature("state_2", "min(pay_2, 0)", 0, "ACCOUNT_USE"),
    Feature("carried_months", "how many of pay_0, pay_2 .. pay_6 are 0", 0, "ACCOUNT_USE"),
    Feature("idle_months", "how many of bill_amt1 .. bill_amt6 are 0 or less", 0, "ACCOUNT_USE"),
    Feature("spent_1", "bill_amt1 - bill_amt2 + pay_amt1", 0, "ACCOUNT_USE"),
    Feature("utilisation_1", "bill_amt1 / limit_bal", 1, "UTILISATION"),
    Feature("utilisation_mean", "(bill_amt1 + bill_amt2 + .. + bill_amt6) / 6 / limit_bal", 1, "UTILISATION"),
    Feature("utilisation_rise", "(bill_amt1 - bill_amt6) / limit_bal", 1, "UTILISATION"),
    *(Feature(f"paid_{month}", f"pay_amt{month}", -1, "LOW_PAYMENTS") for month in range(1, 7)),
    Feature("paid_total", "pay_amt1 + pay_amt2 + .. + pay_amt6", -1, "LOW_PAYMENTS"),
    Feature("paid_least", "smallest of pay_amt1 .. pay_amt6", -1, "LOW_PAYMENTS"),
    Feature("paid_share_1", "pay_amt1 / bill_amt2; missing if bill_amt2 is 0 or less", -1, "LOW_PAYMENTS"),
    Feature(
        "paid_share_mean",
        "(pay_amt1 + .. + pay_amt5) / (bill_amt2 + .. + bill_amt6); missing if the divisor is 0 or less", -1, "LOW_PAYMENTS",
    ),
    Feature("paid_of_limit", "(pay_amt1 + pay_amt2 + .. + pay_amt6) / limit_bal", -1, "LOW_PAYMENTS"),
]
NAMES = [feature.name for feature in FEATURES]


def engineer(raw: dict[str, np.ndarray]) -> np.ndarray:
    """A matrix with a column for each of FEATURES, in their order; NaN is missing."""
    limit = raw["limit_bal"]
    status = [raw[name] for name in STATUS]
    bills = [raw[name] for name in BILLS]
    paid = [raw[name] for name in PAYMENTS]
    late = [np.maximum(each, 0) for each in status]
    total = _sum(paid)
    columns = {
        "limit": limit,
        **{f"late_{month}": each for month, each in enumerate(late, 1)},
        "late_worst_before": reduce(np.maximum, late[1:]),
        "late_months_before": _sum([(each > 0).astype(float) for each in late[1:]]),
        "state_1": np.minimum(status[0], 0),
        "state_2": np.minimum(status[1], 0),
        "carried_months": _sum([(each == 0).astype(float) for each in status]),
        "idle_months": _sum([(each <= 0).astype(float) for each in bills]),
        "spent_1": bills[0] - bills[1] + paid[0],
        "utilisation_1": bills[0] / limit,
        "utilisation_mean": _sum(bills) / 6 / limit,
        "utilisation_rise": (bills[0] - bills[5]) / limit,
        **{f"paid_{month}": each for month, each in enumerate(paid, 1)},
        "paid_total": total,
        "paid_least": reduce(np.minimum, paid),
        "paid_share_1": _ratio(paid[0], bills[1]),
        "paid_share_mean": _ratio(_sum(paid[:5]), _sum(bills[1:])),
        "paid_of_limit": total / limit,
    }
    return np.column_stack([columns[name] for name in NAMES])


def _sum(arrays: list[np.ndarray]) -> np.ndarray:
    """From left to right, as Java would add."""
    return reduce(np.add, arrays)


def _ratio(part: np.ndarray, whole: np.ndarray) -> np.ndarray:
    return np.divide(part, whole, out=np.full_like(whole, MISSING), where=whole > 0)


DOCUMENT = """# Features

Written by `localstack/eleven train` from `features.py` and `anomaly.py`.

## Of a credit customer

The same for every default model. An artefact names those it takes, in its order.

Raw columns are whole numbers: `limit_bal` above 0; repayment status `pay_0` (last month), `pay_2` .. `pay_6` (back from there): -2 not used,
-1 paid in full, 0 carried over, n months late; `bill_amt1` .. `bill_amt6` (a bill below 0 is a credit balance) and `pay_amt1` .. `pay_amt6`, last month
first. A payment of a month pays the bill of the month before: `pay_amt1` is for `bill_amt2`.

All arithmetic is in IEEE double, sums from left to right, no rounding. *Missing* is NaN. A divisor of 0 or less gives missing, never infinity;
`limit_bal` is above 0. *Risk* says which way the feature may move the risk that a model says: ↑ more never lowers it, ↓ more never raises it.

| feature | formula | risk | reason code |
|---|---|---|---|
{rows}

| reason code | what a customer is told |
|---|---|
{reasons}
"""


def document() -> str:
    arrows = {1: "↑", -1: "↓", 0: "either"}
    rows = "\n".join(f"| `{each.name}` | {each.formula} | {arrows[each.risk]} | {each.reason} |" for each in FEATURES)
    reasons = "\n".join(f"| {code} | {text} |" for code, text in REASONS.items())
    return DOCUMENT.format(rows=rows, reasons=reasons)
