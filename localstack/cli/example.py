"""What somebody who tries the API with curl needs: ``eleven example door|operator-key|public-key|consent|application|repayment …``.

A customer's key follows from the name here, as in the tests. In production it lies in the customer's own device.
"""

import argparse
import base64
import hashlib
import json
import sys
import time
import uuid

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from cli import places
from cli.api import door, new_operator_key
from cli.shell import Failure

CONSENT_SECONDS = 600


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="eleven example")
    things = parser.add_subparsers(dest="thing", required=True)
    address = things.add_parser("door", help="the address of a Region's API")
    address.add_argument("region", nargs="?", default=places.REGIONS[0])
    things.add_parser("operator-key", help="a new API key of an operator, from the function that only IAM lets in")
    things.add_parser("public-key", help="a customer's public key").add_argument("customer")
    consent = things.add_parser("consent", help="a customer's signed consent to one order")
    for name in ("customer", "merchant", "order", "amount", "currency"):
        consent.add_argument(name, type=int if name == "amount" else str)
    consent.add_argument("--credit", type=int, metavar="AMOUNT", help="so much of it is borrowed")
    consent.add_argument("--instalments", type=int, default=1, help="to be paid back in so many parts")
    consent.add_argument("--fee", type=int, default=0, help="for that fee")
    for thing, number, amount in (("application", "application", "limit"), ("repayment", "repayment", "amount")):
        signed = things.add_parser(thing, help=f"a customer's signed consent to one {thing}")
        for name in ("customer", number, amount, "currency"):
            signed.add_argument(name, type=int if name == amount else str)
    given = parser.parse_args(arguments)
    try:
        match given.thing:
            case "door":
                print(door(given.region))
            case "operator-key":
                print(new_operator_key())
            case "public-key":
                print(_text(_key(given.customer).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)))
            case "consent":
                print(_signed(given.customer, _order(given)))
            case "application":
                claims = {"use": "credit-application", "application": given.application, "requestedLimit": given.limit, "currency": given.currency}
                print(_signed(given.customer, claims))
            case "repayment":
                claims = {"use": "repayment", "repayment": given.repayment, "amount": given.amount, "currency": given.currency}
                print(_signed(given.customer, claims))
    except Failure as failure:
        sys.exit(f"eleven: {failure}")
    return 0


def _key(customer: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(hashlib.sha256(f"double-eleven customer {customer}".encode()).digest())


def _order(given) -> dict:
    order = {"merchant": given.merchant, "order": given.order, "amount": given.amount, "currency": given.currency}
    if given.credit is None:
        return order
    return order | {"credit": {"amount": given.credit, "instalments": given.instalments, "fee": given.fee}}


def _signed(customer: str, about: dict) -> str:
    now = int(time.time())
    claims = {
        "iss": customer, "sub": customer, "aud": "double-eleven", "iat": now, "exp": now + CONSENT_SECONDS, "jti": str(uuid.uuid4()), **about,
    }
    signed = f"{_text(json.dumps({'alg': 'EdDSA'}).encode())}.{_text(json.dumps(claims).encode())}"
    return f"{signed}.{_text(_key(customer).sign(signed.encode()))}"


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
