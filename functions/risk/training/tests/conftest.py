import csv
import gzip
from dataclasses import replace
from types import SimpleNamespace

import pytest

from training import anomaly, data, models, validate
from training.features import FEATURES

FEW_TREES = {"learning_rate": 0.1, "max_iter": 20, "min_samples_leaf": 60, "max_leaf_nodes": 8, "l2_regularization": 5.0, "max_features": 0.4}


@pytest.fixture(scope="session")
def customers():
    raw = data.read_credit(columns=[*data.RAW, data.TARGET, *data.WITHHELD])
    return validate.Customers({name: column[:4000] for name, column in raw.items()})


@pytest.fixture(scope="session")
def trees(customers):
    fitted = models.fit_trees(customers.x, customers.y, [feature.risk for feature in FEATURES], FEW_TREES)
    return SimpleNamespace(library=fitted, artefact=models.trees_artefact(models.GBM, fitted, customers.x, customers.y))


@pytest.fixture(scope="session")
def scorecard(customers):
    return models.scorecard_artefact(models.fit_scorecard(customers.x, customers.y))


@pytest.fixture(scope="session", params=anomaly.DESIGNS, ids=lambda design: design.name)
def payments(request):
    orders = data.read_orders()[:3000]
    known = anomaly.inputs(orders)
    design = replace(request.param, trees=20)
    # The later half was not trained on: there values lie between those that the forest saw.
    forest = anomaly.Forest(anomaly.engineer(known[:1500]), design)
    x = anomaly.engineer(known)
    return SimpleNamespace(orders=orders, known=known, design=design, forest=forest, artefact=forest.artefact(), x=x, used=design.columns(x))


@pytest.fixture
def credit_file(tmp_path):
    """Writes the first customers to a file, after a change of the header and of the rows."""

    def write(change=lambda header, rows: None, count=200, name="customers.csv"):
        with gzip.open(data.CREDIT, "rt", newline="") as text:
            header, *rows = [row for row, _ in zip(csv.reader(text), range(count + 1))]
        change(header, rows)
        file = tmp_path / name
        with (gzip.open if name.endswith(".gz") else open)(file, "wt", newline="") as text:
            csv.writer(text).writerows([header, *rows])
        return file

    return write
