"""Measures the shipped artefacts on a file of customers, with numpy alone."""

from pathlib import Path

from training import artefacts, metrics
from training.data import TARGET, BadData, read_credit, sha256
from training.features import NAMES, engineer

MODELS = ["default-gbm", "default-gbm-challenger", "default-scorecard"]
SEED = 1111


def report(file: Path, loaded: list[dict]) -> str:
    """A table: a line for each model, each figure with its 95 % bootstrap interval."""
    raw = read_credit(file)
    y = raw[TARGET]
    if y.min() == y.max():
        raise BadData(f"{file}: {TARGET} is {y[0]:.0f} in every row; to measure a ranking, both 0 and 1 are needed")
    x = engineer(raw)
    lines = [f"{file}: {len(y)} customers, {y.mean():.1%} defaulted; 95 % bootstrap intervals"]
    if any(artefact["trainedOn"]["sha256"] == sha256(file) for artefact in loaded):
        lines.append("The models were trained on this very file: these figures are too good. Those out of fold are in functions/risk/training/cards.")
    for artefact in loaded:
        p = artefacts.probability(artefact, artefacts.score(artefact, artefacts.columns(artefact, NAMES, x)))
        measured = metrics.measure_all(y, p, SEED)
        tenths = artefact["tenths"]
        measured["psi"] = metrics.interval(lambda values, t=tenths: metrics.psi(t["edges"], t["shares"], values), p, seed=SEED)
        lines.append(f"{artefact['model']} {artefact['version']} (trained on {artefact['trainedOn']['sha256'][:12]})")
        lines += [f"  {name:<9} {value:8.4f}  ({low:.4f} to {high:.4f})" for name, (value, low, high) in measured.items()]
    return "\n".join(lines)
