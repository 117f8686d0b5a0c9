"""Marks of shadow traffic: ``eleven stress-test admit NAME --minutes N --reason R``, ``mark NAME``, ``show NAME``, ``stop NAME --reason R``, ``operator-key``.

A stress test has a key pair. Its public half is admitted by the operators of live traffic and by those of the shadow, each at a function of
their own; the private half stays here, with whoever makes the load, and signs marks that are good for minutes.
"""

import argparse
import base64
import json
import os
import re
import sys
import time
from contextlib import contextmanager
from urllib.parse import quote

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from cli import places
from cli.api import Refused, invoke, operator
from cli.shell import Failure

# The gateway takes none that is good for more than 15 minutes.
MARK_SECONDS = 600
SHADOW_KEYS = "double11-shadow-operator-key"
SHADOW_OPERATIONS = "double11-shadow-operations"
PATH = "/operations/stress-tests"
NAME = re.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="eleven stress-test")
    commands = parser.add_subparsers(dest="command", required=True)
    admit = commands.add_parser("admit", help="let calls marked by this test into the shadow, for a time")
    admit.add_argument("--minutes", type=int, required=True, help="how long, 1 to 1440")
    mark = commands.add_parser("mark", help="print a mark for the header Double11-Shadow, good for ten minutes")
    show = commands.add_parser("show", help="whether its marks are taken, by the live gateway and by the shadow's")
    stop = commands.add_parser("stop", help="have its marks refused everywhere within five seconds, for good")
    commands.add_parser("operator-key", help="a new API key of an operator of the shadow, from the function that only IAM lets in")
    for command in (admit, stop):
        command.add_argument("--reason", required=True, help="why; it stays on record")
    for command in (admit, mark, show, stop):
        command.add_argument("name", type=_name)
    for command in (admit, show, stop):
        command.add_argument("--region", default=places.REGIONS[0], choices=places.REGIONS)
    given = parser.parse_args(arguments)
    try:
        match given.command:
            case "mark":
                print(_mark(given.name, _existing_key(given.name)))
            case "operator-key":
                print(invoke(SHADOW_KEYS, {})["apiKey"])
            case "admit":
                wish = {"stressTest": given.name, "publicKey": _public(_key(given.name)), "minutes": given.minutes, "reason": given.reason}
                _on_both(given, lambda api: api.post(PATH, wish))
            case "stop":
                _on_both(given, lambda api: api.post(f"{PATH}/{quote(given.name)}/stop", {"reason": given.reason}))
            case "show":
                _on_both(given, lambda api: api.get(f"{PATH}/{quote(given.name)}"))
    except Failure as failure:
        sys.exit(f"eleven: {failure}")
    return 0


def _on_both(given, act) -> None:
    """Live first: what live traffic's operators do not admit, or stop, does not run, whatever the shadow says."""
    for traffic, calls in (("live", operator), ("shadow", shadow_operator)):
        with calls(given.region) as api:
            test = act(api)
        print(f"{traffic:6}  {test['stressTest']} {'runs until ' + test['expiresAt'] if test['running'] else 'is over'}: {test['reason']}", flush=True)


@contextmanager
def shadow_operator(region: str):
    """Calls of the shadow's operations function, which has no door, under one key."""
    key = invoke(SHADOW_KEYS, {}, region)["apiKey"]
    try:
        yield ShadowApi(region, key)
    finally:
        invoke(SHADOW_KEYS, {"revoke": key.partition(".")[0]}, region)


class ShadowApi:
    def __init__(self, region: str, key: str):
        self._region = region
        self._key = key

    def get(self, path: str) -> dict:
        return self._call("GET", path, None)

    def post(self, path: str, body: dict) -> dict:
        return self._call("POST", path, json.dumps(body))

    def _call(self, method: str, path: str, body: str | None) -> dict:
        event = {"httpMethod": method, "path": path, "headers": {"Authorization": f"Bearer {self._key}"}, "body": body}
        response = invoke(SHADOW_OPERATIONS, event, self._region)
        answer = json.loads(response["body"])
        if response["statusCode"] >= 400:
            raise Refused(answer)
        return answer


def _mark(name: str, key: Ed25519PrivateKey) -> str:
    now = int(time.time())
    claims = {"iss": name, "aud": "double-eleven", "use": "shadow", "iat": now, "exp": now + MARK_SECONDS}
    signed = f"{_text(json.dumps({'alg': 'EdDSA', 'kid': name}).encode())}.{_text(json.dumps(claims).encode())}"
    return f"{signed}.{_text(key.sign(signed.encode()))}"


def _key(name: str) -> Ed25519PrivateKey:
    """The same for each call, so that one whose answer was lost is simply made again."""
    file = _file(name)
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        made = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
        with open(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as out:
            out.write(made)
    return _existing_key(name)


def _existing_key(name: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(_file(name).read_bytes())
    except FileNotFoundError:
        raise Failure(f"{name} was not admitted from here: eleven stress-test admit {name} --minutes N --reason R") from None


def _file(name: str):
    return places.STATE / "stress-tests" / f"{name}.key"


def _public(key: Ed25519PrivateKey) -> str:
    return _text(key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw))


def _name(text: str) -> str:
    if not NAME.fullmatch(text):
        raise argparse.ArgumentTypeError("1 to 64 letters, digits, '.', '_' and '-', a letter or digit first")
    return text


def _text(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
