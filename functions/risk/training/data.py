"""Reads the two data sets, and says what is wrong with a file: the column, the row, the value and the range allowed."""

import csv
import gzip
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
RISK = HERE.parent
CREDIT = HERE / "data" / "credit-default.csv.gz"
ORDERS = RISK.parent.parent / "it-tests" / "src" / "main" / "resources" / "data" / "online-retail.csv.gz"

TARGET = "default_next_month"
STATUS = ["pay_0", "pay_2", "pay_3", "pay_4", "pay_5", "pay_6"]
BILLS = [f"bill_amt{month}" for month in range(1, 7)]
PAYMENTS = [f"pay_amt{month}" for month in range(1, 7)]
RAW = ["limit_bal", *STATUS, *BILLS, *PAYMENTS]
# A decision by these would be unlawful in many jurisdictions; they are read to measure fairness, never to score.
PROTECTED = ["sex", "age", "marriage"]
WITHHELD = [*PROTECTED, "education"]

RANGES = {
    "limit_bal": (1, 100_000_000),
    **dict.fromkeys(STATUS, (-2, 9)),
    **dict.fromkeys(BILLS, (-1_000_000_000, 1_000_000_000)),
    **dict.fromkeys(PAYMENTS, (0, 1_000_000_000)),
    TARGET: (0, 1),
    "sex": (1, 2), "age": (18, 120), "marriage": (0, 3), "education": (0, 6),
}


class BadData(Exception):
    """What is wrong with a file, in one line."""


def sha256(file: Path) -> str:
    return hashlib.sha256(file.read_bytes()).hexdigest()


def rows(file: Path, columns: list[str]):
    """Yields (line number, {column: text}); names of columns count without case and space around them, further columns are ignored."""
    opened = gzip.open if file.suffix == ".gz" else open
    try:
        with opened(file, "rt", newline="", encoding="utf-8-sig") as text:
            reader = csv.DictReader(text)
            names = [name.strip().lower() for name in reader.fieldnames or []]
            missing = [column for column in columns if column not in names]
            if missing:
                raise BadData(f"{file}: missing column {', '.join(missing)}; needed: {', '.join(columns)}")
            reader.fieldnames = names
            for row in reader:
                yield reader.line_num, row
    except (OSError, EOFError, UnicodeDecodeError, csv.Error) as error:
        raise BadData(f"{file}: cannot be read as CSV or CSV.gz: {error}") from None


def read_credit(file: Path = CREDIT, columns: list[str] | None = None) -> dict[str, np.ndarray]:
    """One array of float64 for each column."""
    columns = columns or [*RAW, TARGET]
    values = [[_whole(file, line, column, row[column]) for column in columns] for line, row in rows(file, columns)]
    if not values:
        raise BadData(f"{file}: has no rows")
    return dict(zip(columns, np.array(values, dtype=float).T, strict=True))


def _whole(file: Path, line: int, column: str, text: str | None) -> float:
    least, most = RANGES[column]
    try:
        value = float(text)
    except (TypeError, ValueError):
        value = float("nan")
    if not (least <= value <= most and value == int(value)):
        raise BadData(f"{file}: line {line}: {column} is {text!r}; allowed is a whole number from {least} to {most}")
    return value


@dataclass(frozen=True)
class Order:
    """An invoice of the retailer: amounts in pence, time in seconds since 1970 (the shop's clock, taken as UTC)."""

    invoice: str
    payer: str
    at: int
    amount: int
    lines: int
    quantity: int
    country: str


def read_orders(file: Path = ORDERS) -> list[Order]:
    """Invoices in order of time; cancellations and returned lines are left out."""
    columns = ["time", "invoice", "quantity", "unit_price_pence", "customer_id", "country"]
    invoices: dict[str, list] = {}
    for line, row in rows(file, columns):
        try:
            at = int(datetime.fromisoformat(row["time"]).replace(tzinfo=UTC).timestamp())
            quantity, price = int(row["quantity"]), int(row["unit_price_pence"])
        except (TypeError, ValueError) as error:
            raise BadData(f"{file}: line {line}: {error}") from None
        if row["invoice"].startswith("C") or quantity <= 0:
            continue
        entry = invoices.setdefault(row["invoice"], [row["customer_id"], at, 0, 0, 0, row["country"]])
        entry[1] = min(entry[1], at)
        for place, more in ((2, quantity * price), (3, 1), (4, quantity)):
            entry[place] += more
    orders = [Order(invoice, *entry) for invoice, entry in invoices.items()]
    return sorted(orders, key=lambda order: (order.at, order.invoice))
