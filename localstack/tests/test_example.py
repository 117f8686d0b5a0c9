"""What a reader of the README gets for curl."""

import base64
import json

import pytest
from cli import example, places
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey


def test_the_door_is_the_address_that_the_deployment_gave(tmp_path, monkeypatch, capsys):
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({"double11-region-us-east-1": {"ApiUrl": "http://door/v1/"}}))
    monkeypatch.setattr(places, "OUTPUTS", outputs)

    assert example.main(["door", "us-east-1"]) == 0
    assert capsys.readouterr().out.startswith("http://door/v1")


SAYS = {
    "consent alice tea 42 1234 GBP": {"merchant": "tea", "order": "42", "amount": 1234, "currency": "GBP"},
    "consent alice tea 42 1234 GBP --credit 1000 --instalments 3 --fee 25": {
        "merchant": "tea", "order": "42", "amount": 1234, "currency": "GBP", "credit": {"amount": 1000, "instalments": 3, "fee": 25},
    },
    "application alice first 50000 GBP": {"use": "credit-application", "application": "first", "requestedLimit": 50000, "currency": "GBP"},
    "repayment alice back-1 600 GBP": {"use": "repayment", "repayment": "back-1", "amount": 600, "currency": "GBP"},
}


@pytest.mark.parametrize("words", SAYS)
def test_what_a_customer_signs_says_what_it_is_for_under_the_customers_key(words, capsys):
    assert example.main(["public-key", "alice"]) == 0
    key = Ed25519PublicKey.from_public_bytes(_bytes(capsys.readouterr().out.strip()))

    assert example.main(words.split()) == 0

    head, claims, signature = capsys.readouterr().out.strip().split(".")
    key.verify(_bytes(signature), f"{head}.{claims}".encode())
    said = json.loads(_bytes(claims))
    assert {name: said.pop(name) for name in SAYS[words]} == SAYS[words]
    assert set(said) == {"iss", "sub", "aud", "iat", "exp", "jti"}


def _bytes(text):
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
