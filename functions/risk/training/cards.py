"""Model cards, written from what was measured."""

from training.validate import CUT_OFF, FOLDS, INNER_FOLDS

TITLES = {
    "default-gbm": "Default, gradient-boosted trees",
    "default-gbm-challenger": "Default, gradient-boosted trees, challenger",
    "default-scorecard": "Default, scorecard",
    "payment-anomaly": "Payment anomaly, isolation forest",
    "payment-anomaly-challenger": "Payment anomaly, isolation forest, challenger",
}
HOW = {
    "default-gbm": "Boosted trees on histograms, monotone where a direction of risk can be defended (see [FEATURES.md](../FEATURES.md)). Says log-odds of default.",
    "default-gbm-challenger": "As the champion, with shallower trees and more of them. Meant to be scored in shadow: recorded beside the champion, deciding nothing.",
    "default-scorecard": "Weight-of-evidence bins, logistic regression, whole points: {pdo} points double the odds of repaying, {points} points are odds of {odds} to 1. "
    "Bins follow the same directions of risk. The worst bin of a characteristic has 0 points; the base is {base}.",
    "payment-anomaly": "",
    "payment-anomaly-challenger": "\n\nAs the champion, with larger trees and more of them, and without country and basket, which no payment on this platform tells.\n"
    "Meant to be scored in shadow: recorded beside the champion, deciding nothing.",
}
# What a payment is unusual by, for those codes that a model has.
UNUSUAL_BY = {
    "UNUSUAL_AMOUNT": "amount", "UNUSUAL_HOUR": "hour", "UNUSUAL_VELOCITY": "the payer's recent payments", "UNUSUAL_COUNTRY": "country", "UNUSUAL_BASKET": "basket",
}


def figure(measured: list[float], digits: int = 4) -> str:
    value, low, high = (f"{each:.{digits}f}" for each in measured)
    return f"{value} ({low} to {high})"


def default(artefact: dict, measured: dict) -> str:
    name = artefact["model"]
    how = HOW[name].format(**artefact.get("scaling", {}), base=artefact.get("base"))
    settings = ", ".join(f"{key} {value}" for key, value in artefact["settings"].items())
    metrics = "\n".join(f"| {label} | {figure(measured['outOfFold'][key])} |" for key, label in (
        ("auc", "AUC"), ("ks", "KS"), ("brier", "Brier score"), ("ece", "ECE, ten bins of equal size"), ("slope", "calibration slope"), ("intercept", "calibration intercept"),
    ))
    withheld = "\n".join(f"| {label} | {figure(each['aucWith'])} | {figure(each['aucGain'])} |" for label, each in measured["withheld"].items())
    groups = "\n".join(
        f"| {column}: {label} | {each['customers']} | {each['defaulted']:.3f} | {each['meanProbability']:.3f} | {figure(each['auc'], 3)} | {figure(each['ece'], 3)} "
        f"| {figure(each['approved'], 3)} | {figure(each['repaidApproved'], 3)} |"
        for column, values in measured["groups"].items() for label, each in values.items()
    )
    reasons = "\n".join(f"| {each['code']} | {each['text']} |" for each in artefact["reasons"])
    constraints = "" if measured["unconstrained"] is None else f"Without directions of risk, AUC would be higher by {figure(measured['unconstrained'])}.\n\n"
    return f"""# {TITLES[name]}

`{name}` {artefact['version']}, {artefact['library']}, seed {artefact['seed']}. Written by `localstack/eleven train`; `--check` trains again and compares.

**What it says.** The probability that a card customer defaults in the next month. {how}{f' Settings, chosen by cross-validation: {settings}.' if settings else ''}

**Intended use.** To show and test how a lender's decision is scored, explained and monitored on this platform.

**Limits.** One lender, Taiwan, April to September 2005, after a boom in card lending; customers who had a card already, so nothing is known of those who were
refused. All customers are of one half year: the split is random, not by time, and says nothing of how the model ages. Amounts are New Taiwan dollars of 2005.
Train on data of your own before any real decision.

**Data.** {artefact['trainedOn']['rows']} customers of *Default of Credit Card Clients*, UCI dataset 350, I-Cheng Yeh, DOI 10.24432/C55S3H, CC BY 4.0;
`data/{artefact['trainedOn']['file']}`, SHA-256 `{artefact['trainedOn']['sha256']}`.

## Measured out of fold

{FOLDS} folds; where there are settings, they are chosen within each training part by {INNER_FOLDS} inner folds. What features there are was settled
looking at these same customers, so new ones may be ranked a little worse. Each figure with its 95 % bootstrap interval.

| measure | value |
|---|---|
{metrics}
| PSI of the worst fold against the others | {figure(measured['psiWorstFold'])} |

{constraints}## Left out

Sex, age and marriage, because a decision by them would be unlawful discrimination in many jurisdictions; education, because it stands in for them and adds little.
What they would add, with the shipped settings on the same folds:

| with | AUC | gain |
|---|---|---|
{withheld}

## Fairness

The model does not know the groups, yet what it knows may go with them. Approved: probability below {CUT_OFF:.2f}, a reference for comparing, not a policy.

| group | customers | defaulted | mean probability | AUC | ECE | approved | approved of those who repaid |
|---|---|---|---|---|---|---|---|
{groups}

ECE of a small group is high by chance alone, and higher still in a resample, so that its interval reaches up rather than down.

## Reasons

At most four, those that cost most: {artefact['reasonRule']}; at least {artefact['reasonLeast']}.

| code | what a customer is told |
|---|---|
{reasons}
"""


def anomaly(artefact: dict, measured: dict) -> str:
    origin = artefact["trainedOn"]
    synthetic = "\n".join(f"| {name} | {figure(each['ranked'], 3)} | {each['above']:.3f} |" for name, each in measured["synthetic"].items())
    reasons = "\n".join(f"| {each['code']} | {each['text']} |" for each in artefact["reasons"])
    codes = [each["code"] for each in artefact["reasons"]]
    *by, last = [UNUSUAL_BY[code] for code in codes]
    country = "" if "UNUSUAL_COUNTRY" not in codes else f""" {measured['otherCountry']} orders only came from another country than the payer's usual one, so the
country counts for little."""
    return f"""# {TITLES[artefact['model']]}

`{artefact['model']}` {artefact['version']}, {artefact['library']}, seed {artefact['seed']}. Written by `localstack/eleven train`; `--check` trains again and compares.

**What it says.** How unusual a payment is, from 0 to 1, by its {', '.join(by)} and {last} (see
[FEATURES.md](../FEATURES.md)): the fewer random cuts part it from {artefact['settings']['sample']} others, the more unusual. {len(artefact['root'])} trees. What is not given stands at its
median and makes nothing unusual. At or above {measured['threshold']} lay {1 - artefact['settings']['quantile']:.0%} of the orders trained on.{HOW[artefact['model']]}

**It is no fraud model.** The data hold no fraud labels: no rate of fraud found, or missed, is known or claimed. Unusual is not dishonest.

**Intended use.** To send what is unusual to a further check or to a person; never to refuse by itself.

**Limits.** Orders of one retailer in the United Kingdom, in pence, of wholesale buyers by day: other currencies, shops and hours look unusual. A sample of the lines was
drawn, so amounts, lines and quantities are of what was drawn.{country} The shop's clock is taken as UTC.

**Data.** {origin['rows']} orders (invoices without cancellations) of *Online Retail*, UCI dataset 352, Daqing Chen, DOI 10.24432/C5BW33, CC BY 4.0; `{origin['file']}` of
`it-tests`, SHA-256 `{origin['sha256']}`. Trained on the first {measured['early']} by time; the later {measured['late']}, from {measured['lateFrom']}, were held out.

## Measured on the later orders

95 % bootstrap intervals.

| measure | value |
|---|---|
| share at or above the threshold, trained on | {figure(measured['aboveEarly'])} |
| share at or above the threshold, later | {figure(measured['aboveLate'])} |
| PSI of the later scores against those trained on | {figure(measured['psi'])} |

## Synthetic changes

Each later order beside a copy of itself that was changed. **These changes are made up**; they show what raises the score, not how fraud would be found.

| change | chance that a changed order ranks above an unchanged one | changed orders at or above the threshold |
|---|---|---|
{synthetic}

## Reasons

At most four: {artefact['reasonRule']}; at least {artefact['reasonLeast']}.

| code | what it says |
|---|---|
{reasons}
"""
