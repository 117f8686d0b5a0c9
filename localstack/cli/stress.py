"""Marks of shadow traffic and its load: ``eleven stress-test admit NAME --minutes N --reason R``, ``run NAME --rate R --reason R``, ``mark NAME``,
``show NAME``, ``stop NAME --reason R``, ``operator-key``.

A stress test has a key pair. Its public half is admitted by the operators of live traffic and by those of the shadow, each at a function of
their own; the private half stays here and signs marks that are good for minutes. The platform's own load gets marks that were signed beforehand, each
for its own minutes, and a key of the shadow's operators, which is taken back as soon as everything is opened there.
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
from cli.api import Refused, door, invoke, operator
from cli.shell import Failure

# The gateway takes none that is good for more than 15 minutes.
MARK_SECONDS = 600
# Each later mark begins so much earlier than the one before it ends.
OVERLAP_SECONDS = 120
MOST_MARKS = 20
# What the platform allows for around the load.
PREPARATION_SECONDS, PAUSE_SECONDS = 60, 5
FOLLOW_SECONDS = 2
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
    run = commands.add_parser("run", help="have the platform load the shadow step by step, stop by itself, and report")
    run.add_argument("--rate", type=int, required=True, metavar="R", help="payments a second, the target: 1 to 8000")
    run.add_argument("--steps", default="10,25,50,100", help="per cent of the target, rising")
    run.add_argument("--seconds", type=int, default=60, help="load of each step, 1 to 600")
    run.add_argument("--slice", type=int, help="seconds of load between two looks, 1 to 30; usually 10")
    run.add_argument("--baseline", type=int, default=30, help="seconds in which live traffic is watched before, 1 to 120")
    run.add_argument("--customers", type=int, help="opened in the shadow, 1 to 10000")
    run.add_argument("--merchants", type=int, help="opened in the shadow, 1 to 16")
    run.add_argument("--currency", default="GBP")
    run.add_argument("--failures", type=int, metavar="PER_THOUSAND", help="of the test's payments, those that may fail")
    run.add_argument("--p99", type=int, metavar="MILLIS", help="what 99 in 100 of the test's payments may take")
    run.add_argument("--live-failures", type=int, metavar="PER_THOUSAND", help="of live payments, those that may fail or be late meanwhile")
    run.add_argument("--no-wait", action="store_true", help="return when the load begins, and leave it to itself")
    show = commands.add_parser("show", help="whether its marks are taken, by the live gateway and by the shadow's")
    stop = commands.add_parser("stop", help="have its marks refused everywhere within five seconds, for good")
    commands.add_parser("operator-key", help="a new API key of an operator of the shadow, from the function that only IAM lets in")
    for command in (admit, run, stop):
        command.add_argument("--reason", required=True, help="why; it stays on record")
    for command in (admit, run, mark, show, stop):
        command.add_argument("name", type=_name)
    for command in (admit, run, show, stop):
        command.add_argument("--region", default=places.REGIONS[0], choices=places.REGIONS)
    given = parser.parse_args(arguments)
    try:
        match given.command:
            case "mark":
                print(_mark(given.name, _existing_key(given.name), int(time.time())))
            case "operator-key":
                print(invoke(SHADOW_KEYS, {})["apiKey"])
            case "admit":
                wish = {"stressTest": given.name, "publicKey": _public(_key(given.name)), "minutes": given.minutes, "reason": given.reason}
                _on_both(given, lambda api: api.post(PATH, wish))
            case "run":
                return _run(given)
            case "stop":
                _on_both(given, lambda api: api.post(f"{PATH}/{quote(given.name)}/stop", {"reason": given.reason}))
            case "show":
                _on_both(given, lambda api: api.get(f"{PATH}/{quote(given.name)}"))
    except Failure as failure:
        sys.exit(f"eleven: {failure}")
    return 0


def _run(given) -> int:
    key = _existing_key(given.name)
    path = f"{PATH}/{quote(given.name)}"
    wish = _wish(given, key)
    shadow_key = invoke(SHADOW_KEYS, {}, given.region)["apiKey"]
    with operator(given.region) as api:
        try:
            api.post(f"{path}/run", {**wish, "operatorKey": shadow_key}, repeatable=True)
            print(f"{given.name} has begun", flush=True)
            now = _follow(api, path, lambda run: run["state"] != "BEGUN")
        finally:
            invoke(SHADOW_KEYS, {"revoke": shadow_key.partition(".")[0]}, given.region)
        if given.no_wait and "endedAt" not in now["run"]:
            print(f"everything is opened; go on with: eleven stress-test show {given.name}")
            return 0
        now = _follow(api, path, lambda run: "endedAt" in run)
    with shadow_operator(given.region) as shadow:
        shadow.post(f"{path}/stop", {"reason": "its load is over"})
    print("\n".join(report_text(now)))
    return 0 if now["run"]["state"] == "REACHED" else 1


def _wish(given, key: Ed25519PrivateKey) -> dict:
    steps = _steps(given.steps)
    slice_seconds = given.slice or min(given.seconds, 10)
    seconds = given.baseline + PREPARATION_SECONDS + len(steps) * -(-given.seconds // slice_seconds) * (slice_seconds + PAUSE_SECONDS)
    wish = {
        "doors": [door(region).rstrip("/") for region in places.REGIONS],
        "rate": given.rate, "steps": steps, "stepSeconds": given.seconds, "sliceSeconds": given.slice, "baselineSeconds": given.baseline,
        "customers": given.customers, "merchants": given.merchants, "currency": given.currency, "failuresPerThousand": given.failures,
        "p99Millis": given.p99, "liveFailuresPerThousand": given.live_failures, "reason": given.reason,
        "marks": _marks(given.name, key, seconds),
    }
    return {name: value for name, value in wish.items() if value is not None}


def _steps(written: str) -> list[int]:
    try:
        return [int(step) for step in written.split(",")]
    except ValueError:
        raise Failure(f"--steps are numbers with commas between, such as 10,50,100: {written!r}") from None


def _marks(name: str, key: Ed25519PrivateKey, seconds: int) -> list[str]:
    """One after the other, until so much later: whoever holds them can do nothing beyond it, and nothing once the test is stopped."""
    now = int(time.time())
    many = 1 + -(-max(0, seconds - MARK_SECONDS) // (MARK_SECONDS - OVERLAP_SECONDS))
    if many > MOST_MARKS:
        raise Failure(f"that takes up to {seconds} s, longer than marks can be signed for beforehand: fewer or shorter steps")
    return [_mark(name, key, now + each * (MARK_SECONDS - OVERLAP_SECONDS)) for each in range(many)]


def _follow(api, path: str, until) -> dict:
    """Its own limits end every run."""
    shown = None
    while True:
        now = api.get(path)
        line = _progress(now["run"])
        if line != shown:
            print(line, flush=True)
            shown = line
        if until(now["run"]):
            return now
        time.sleep(FOLLOW_SECONDS)


def _progress(run: dict) -> str:
    if not run["steps"]:
        return f"  {run['state'].lower()}"
    step = run["steps"][-1]
    return f"  {step['percent']:>3} %  {step['slices']:>3} slices  {step['sent']:>7,} sent  {step['failed']:>6,} failed  {step['verdict'].lower()}"


def report_text(test: dict) -> list[str]:
    run = test["run"]
    held = f"held {run['heldPerSecond']:,.1f} payments a second" if "heldPerSecond" in run else "no step held"
    lines = [f"{test['stressTest']}: {run['state'].lower().replace('_', ' ')}, {held}: {run.get('why', 'it runs')}"]
    if run["steps"]:
        lines.append(
            f"{'%':>4}  {'offered/s':>10}  {'achieved/s':>10}  {'sent':>8}  {'failed':>7}  {'p50 ms':>7}  {'p99 ms':>7}  {'max ms':>7}  verdict"
        )
    for step in run["steps"]:
        times = "  ".join(f"{step[name]:>7,}" if name in step else f"{'':>7}" for name in ("p50Millis", "p99Millis", "mostMillis"))
        lines.append(
            f"{step['percent']:>4}  {step['offeredPerSecond']:>10,.1f}  {step['achievedPerSecond']:>10,.1f}  {step['sent']:>8,}  {step['failed']:>7,}  {times}  {step['verdict']}"
        )
        others = ", ".join(f"{many:,} {outcome.lower().replace('_', ' ')}" for outcome, many in step["outcomes"].items() if outcome != "PAID")
        if others:
            lines.append(f"      of these {others}")
    if "liveBefore" in run:
        lines.append(f"live before  {_live(run['liveBefore'])}")
        lines += [f"  at {step['percent']:>3} %   {_live(step['live'])}" for step in run["steps"]]
    return lines


def _live(figures: dict) -> str:
    latency = f", p50 below {figures['p50Millis']:,} ms, p99 below {figures['p99Millis']:,} ms" if "p50Millis" in figures else ""
    return f"{figures['payments']:,} payments counted, {figures['failed']:,} failed{latency}, {figures['overdue']:,} overdue, {figures['deadLetters']:,} given up"


def _on_both(given, act) -> None:
    """Live first: what live traffic's operators do not admit, or stop, does not run, whatever the shadow says."""
    for traffic, calls in (("live", operator), ("shadow", shadow_operator)):
        with calls(given.region) as api:
            test = act(api)
        if given.command == "show" and "run" in test:
            print("\n".join(report_text(test)))
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


def _mark(name: str, key: Ed25519PrivateKey, begin: int) -> str:
    claims = {"iss": name, "aud": "double-eleven", "use": "shadow", "iat": begin, "exp": begin + MARK_SECONDS}
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
