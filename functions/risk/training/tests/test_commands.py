"""The commands: what they measure, and what they say of a bad file."""

import os
import subprocess
import sys

import pytest

from training import __main__ as command
from training import artefacts, data, evaluate


def failure(capsys, *arguments) -> str:
    assert command.main([str(each) for each in arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    return said.err


def test_each_shipped_model_is_measured_on_a_file_of_the_same_columns(credit_file, capsys):
    assert command.main(["evaluate-models", str(credit_file(name="customers.csv.gz"))]) == 0

    said = capsys.readouterr().out
    assert "200 customers" in said
    for name in evaluate.MODELS:
        assert name in said
    assert said.count("  auc ") == said.count("  psi ") == len(evaluate.MODELS)


def test_figures_on_the_customers_trained_on_are_called_too_good(credit_file):
    file = credit_file()
    artefact = artefacts.load(data.RISK / command.MODELS / "default-scorecard.json")

    assert "too good" not in evaluate.report(file, [artefact])
    artefact["trainedOn"]["sha256"] = data.sha256(file)
    assert "too good" in evaluate.report(file, [artefact])


def test_measuring_needs_no_training_library(credit_file):
    # -X importtime would be slower; the library's name in sys.modules says the same.
    script = "import sys; from training.__main__ import main; main(sys.argv[1:]); print('sklearn' in sys.modules, 'onnx' in sys.modules)"
    said = subprocess.run(
        [sys.executable, "-c", script, "evaluate-models", credit_file()], capture_output=True, text=True, env={**os.environ, "PYTHONPATH": str(data.RISK)}, check=True,
    )

    assert said.stdout.splitlines()[-1] == "False False"


def test_columns_in_capital_letters_and_another_order_are_the_same(credit_file, capsys):
    def turn(header, rows):
        for row in [header, *rows]:
            row.reverse()
        header[:] = [name.upper() for name in header]

    command.main(["evaluate-models", str(credit_file())])
    plain = capsys.readouterr().out
    command.main(["evaluate-models", str(credit_file(turn))])

    assert capsys.readouterr().out == plain


def test_a_missing_column_is_named(credit_file, capsys):
    def drop(header, rows):
        header[header.index("pay_amt3")] = "other"

    assert "missing column pay_amt3" in failure(capsys, "evaluate-models", credit_file(drop))


@pytest.mark.parametrize(
    ("column", "value", "allowed"),
    [
        ("limit_bal", "0", "from 1 to 100000000"), ("pay_0", "12", "from -2 to 9"), ("pay_2", "1.5", "from -2 to 9"), ("bill_amt1", "much", "from -1000000000"),
        ("pay_amt6", "-5", "from 0 to 1000000000"), ("pay_amt1", "", "from 0"), ("bill_amt2", "nan", "from -1000000000"), ("default_next_month", "2", "from 0 to 1"),
    ],
)
def test_a_bad_value_is_said_with_its_line_its_column_and_what_is_allowed(credit_file, capsys, column, value, allowed):
    def spoil(header, rows):
        rows[3][header.index(column)] = value

    said = failure(capsys, "evaluate-models", credit_file(spoil))

    assert f"line 5: {column} is {value!r}" in said
    assert allowed in said


def test_a_file_with_one_outcome_cannot_be_measured(credit_file, capsys):
    def repay(header, rows):
        for row in rows:
            row[header.index("default_next_month")] = "0"

    assert "both 0 and 1 are needed" in failure(capsys, "evaluate-models", credit_file(repay))


def test_a_file_without_rows_or_that_is_none_is_said(credit_file, capsys, tmp_path):
    assert "has no rows" in failure(capsys, "evaluate-models", credit_file(lambda header, rows: rows.clear()))
    assert "cannot be read" in failure(capsys, "evaluate-models", tmp_path / "nothing.csv")
    (tmp_path / "broken.csv.gz").write_text("no gzip")
    assert "cannot be read" in failure(capsys, "evaluate-models", tmp_path / "broken.csv.gz")


def test_a_check_names_what_differs_and_changes_nothing(tmp_path, monkeypatch, capsys):
    def train(out):
        (out / "same.md").write_text("a")
        (out / "other.md").write_text("b")
        (out / "new.json").write_text('{"a": 1}')
        return [out / "same.md", out / "other.md", out / "new.json"]

    train(tmp_path)
    (tmp_path / "other.md").write_text("old")
    (tmp_path / "new.json").write_text('{"a": 1.1}')
    monkeypatch.setattr(command, "train", train)

    assert command.main(["train", "--check", "--out", str(tmp_path)]) == 1
    said = capsys.readouterr().out
    assert "✓ same.md" in said and "✗ other.md" in said and "✗ new.json: .a: 1.1 became 1" in said
    assert (tmp_path / "other.md").read_text() == "old"
