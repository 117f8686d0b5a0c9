"""Commands: python -m training train [--check] [--out FOLDER], python -m training evaluate-models FILE."""

import argparse
import sys
import tempfile
from pathlib import Path

from training import artefacts, evaluate
from training.data import CREDIT, ORDERS, RAW, RISK, TARGET, WITHHELD, BadData, read_credit, read_orders, sha256
from training.features import FEATURES, NAMES, document

MODELS = Path("src/main/resources/models")
GOLDEN = Path("src/test/resources/models")


def main(arguments: list[str]) -> int:
    top = argparse.ArgumentParser(prog="eleven")
    commands = top.add_subparsers(dest="command", required=True)
    train_options = commands.add_parser("train", help="train the models, write artefacts, golden files and cards, print the report")
    train_options.add_argument("--check", action="store_true", help="write nothing: fail if what is trained differs from what the project holds")
    train_options.add_argument("--out", type=Path, default=RISK, metavar="FOLDER", help="write below FOLDER instead of functions/risk")
    evaluate_options = commands.add_parser("evaluate-models", help="measure the artefacts on customers of a CSV file; writes nothing")
    evaluate_options.add_argument("file", type=Path, metavar="FILE", help="CSV or CSV.gz with the columns of credit-default.csv.gz")
    given = top.parse_args(arguments)
    try:
        if given.command == "evaluate-models":
            print(evaluate.report(given.file, [artefacts.load(RISK / MODELS / f"{name}.json") for name in evaluate.MODELS]))
            return 0
        if given.check:
            return check(given.out)
        train(given.out)
        return 0
    except BadData as bad:
        print(f"eleven: {bad}", file=sys.stderr)
        return 2


def train(out: Path) -> list[Path]:
    """Writes everything that training makes, below out, and says which files."""
    from training import anomaly, cards, golden, models, validate

    raw = read_credit(CREDIT, [*RAW, TARGET, *WITHHELD])
    customers = validate.Customers(raw)
    x, y = customers.x, customers.y
    origin = {"file": CREDIT.name, "sha256": sha256(CREDIT), "rows": len(y)}
    fitted, written = {}, []
    for name in evaluate.MODELS:
        settings, exported = None, None
        if name == models.SCORECARD:
            artefact = models.scorecard_artefact(models.fit_scorecard(x, y))
            library = lambda m, a=artefact: artefacts.score(a, artefacts.columns(a, NAMES, m))  # noqa: E731
        else:
            settings = validate.choose(name, x, y, validate.FOLDS)
            model = models.fit_trees(x, y, [feature.risk for feature in FEATURES], settings)
            artefact = models.trees_artefact(name, model, x, y)
            library = lambda m, fit=model: fit._raw_predict(m).ravel()  # noqa: E731
            if name == models.GBM:
                written.append(_write_bytes(out / GOLDEN / f"{name}.onnx", models.onnx_bytes(model, len(NAMES))))
        measured = validate.report(name, customers, settings)
        artefact |= {
            "trainedOn": origin, "seed": models.SEED, "library": models.LIBRARY, "settings": settings or {}, "excluded": WITHHELD,
            "tenths": measured["tenths"], "metrics": {**measured["outOfFold"], "psiWorstFold": measured["psiWorstFold"]},
        }
        fitted[name] = (artefact, library)
        written.append(_write(out / MODELS / f"{name}.json", artefact))
        card = cards.default(artefact, measured)
        print(card, flush=True)
        written.append(_write_text(out / "training" / "cards" / f"{name}.md", card))
    written += _train_anomaly(out)
    written.append(_write(out / GOLDEN / "golden-default.json", golden.default_rows(raw, fitted, models.SEED)))
    written.append(_write_text(out / "training" / "FEATURES.md", document() + anomaly.document()))
    return written


def _train_anomaly(out: Path) -> list[Path]:
    from training import anomaly, cards, models

    orders = read_orders(ORDERS)
    known = anomaly.inputs(orders)
    x = anomaly.engineer(known[anomaly.split(orders)[0]])
    written = []
    for design in anomaly.DESIGNS:
        forest = anomaly.Forest(x, design)
        measured = anomaly.report(orders, known, forest)
        artefact = forest.artefact() | {
            "alertAt": measured["threshold"],
            "trainedOn": {"file": ORDERS.name, "sha256": sha256(ORDERS), "rows": len(orders)}, "seed": models.SEED, "library": models.LIBRARY,
            "settings": {"trees": design.trees, "sample": design.sample, "trainedShare": anomaly.TRAINED_SHARE, "quantile": 1 - anomaly.ALERT_SHARE},
            "tenths": measured["tenths"], "metrics": {key: measured[key] for key in ("aboveEarly", "aboveLate", "psi")},
        }
        card = cards.anomaly(artefact, measured)
        print(card, flush=True)
        written += [
            _write(out / MODELS / f"{design.name}.json", artefact),
            _write(out / GOLDEN / f"{design.name.replace('payment', 'golden')}.json", anomaly.golden(known, forest, artefact)),
            _write_text(out / "training" / "cards" / f"{design.name}.md", card),
        ]
    return written


def check(held: Path) -> int:
    """Trains again beside what is held; 1 if any file differs, each said."""
    differing = 0
    with tempfile.TemporaryDirectory() as folder:
        files = train(Path(folder))
        for file in files:
            name = file.relative_to(folder)
            found = difference(held / name, file)
            differing += found is not None
            print(f"✗ {name}: {found}" if found else f"✓ {name}")
    return 1 if differing else 0


def difference(held: Path, made: Path) -> str | None:
    if not held.exists():
        return "is missing"
    if made.suffix == ".json":
        try:
            artefacts.compare(artefacts.load(held), artefacts.load(made))
        except artefacts.Differs as differs:
            return str(differs)
        return None
    return None if held.read_bytes() == made.read_bytes() else "has another content"


def _write(file: Path, content: dict) -> Path:
    artefacts.write(file, content)
    return file


def _write_text(file: Path, text: str) -> Path:
    return _write_bytes(file, text.encode())


def _write_bytes(file: Path, content: bytes) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(content)
    return file


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
