"""The deployed API as an operator calls it, through whichever Region's door is there."""

import http.client
import json
import os
import sys
import urllib.error
import urllib.request
from contextlib import contextmanager

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from cli import places
from cli.shell import Failure
from cli.tools import read_json

# API Gateway gives up after 29 s.
LONGEST_SECONDS = 35
CONNECT_SECONDS = 5
# A function that starts cold says later that it is well than one that is ill says nothing.
HEALTH_SECONDS = 10
# What API Gateway answers in place of what is behind it: whether the call was carried out, it does not know.
FATE_UNKNOWN = (502, 503, 504)
# Who has a key of their own acts under it; without one each command gets a key and gives it back.
KEY_VARIABLE = "ELEVEN_OPERATOR_KEY"
KEY_FUNCTION = "double11-operator-key"
# Longer than any function runs that is invoked here.
LONGEST_INVOCATION_SECONDS = 90


class Refused(Failure):
    """The API's problem details, as an operator reads them."""

    def __init__(self, problem: dict):
        wrong = [f"{error['field']} {error['message']}" for error in problem.get("errors", [])]
        super().__init__(f"{problem.get('title', 'refused')}: {problem.get('detail', '')}", "\n".join(wrong))
        self.problem = problem


def door(region: str) -> str:
    outputs = read_json(places.OUTPUTS).get(f"double11-region-{region}")
    if outputs is None:
        raise Failure(f"nothing is deployed in {region}; deploy with: localstack/eleven deploy")
    return outputs["ApiUrl"].rstrip("/")


def new_operator_key(region: str = places.REGIONS[0]) -> str:
    """A key from the function that only IAM lets in."""
    return invoke(KEY_FUNCTION, {}, region)["apiKey"]


def invoke(function: str, payload: dict, region: str = places.REGIONS[0]) -> dict:
    """The answer of a function that only IAM lets in."""
    try:
        client = boto3.client("lambda", region_name=region, config=Config(read_timeout=LONGEST_INVOCATION_SECONDS))
        answer = client.invoke(FunctionName=function, Payload=json.dumps(payload).encode())
        body = json.load(answer["Payload"])
    except (BotoCoreError, ClientError, json.JSONDecodeError) as error:
        raise Failure(f"{function} in {region} cannot be called: {error}") from None
    if "FunctionError" in answer:
        raise Failure(f"{function} in {region} failed: {body.get('errorMessage', body)}")
    return body


@contextmanager
def operator(region: str, elsewhere: bool = True):
    """Calls of one command, under one key, through that Region's door; where it is not well, through the next one that is.

    What concerns things that each Region has for itself, such as its queues, is not for another door: ``elsewhere`` says whether it is.
    """
    doors = _doors(region) if elsewhere else {region: door(region)}
    first = next((name for name, address in doors.items() if len(doors) == 1 or _is_healthy(address)), region)
    if first != region:
        print(f"eleven: the door of {region} is not well; through {first}'s", file=sys.stderr)
    given = os.environ.get(KEY_VARIABLE)
    # Where it is used first: elsewhere it is known a moment later.
    key = given or new_operator_key(first)
    try:
        yield Api({first: doors[first], **doors}, key)
    finally:
        if not given:
            invoke(KEY_FUNCTION, {"revoke": key.partition(".")[0]}, first)


def _doors(region: str) -> dict[str, str]:
    """The address of each door, that Region's first."""
    others = [name for name in places.REGIONS if name != region and f"double11-region-{name}" in read_json(places.OUTPUTS)]
    return {name: door(name) for name in (region, *others)}


def _is_healthy(address: str) -> bool:
    """Asked before anything is sent: what a door that is half there did with a call, nobody could tell."""
    try:
        with _open(urllib.request.Request(f"{address}/health"), HEALTH_SECONDS) as answer:
            return answer.status == 200
    except (OSError, http.client.HTTPException):
        return False


class NotSent(OSError):
    """No connection came about, so nothing was sent."""


class _Connecting:
    def connect(self):
        longest, self.timeout = self.timeout, CONNECT_SECONDS
        try:
            super().connect()
        except OSError as error:
            raise NotSent(*error.args) from error
        self.sock.settimeout(longest)


class _Http(_Connecting, http.client.HTTPConnection):
    pass


class _Https(_Connecting, http.client.HTTPSConnection):
    pass


class _HttpHandler(urllib.request.HTTPHandler):
    def http_open(self, request):
        return self.do_open(_Http, request)


class _HttpsHandler(urllib.request.HTTPSHandler):
    def https_open(self, request):
        return self.do_open(_Https, request, context=self._context)


def _open(request: urllib.request.Request, seconds: float):
    return urllib.request.build_opener(_HttpHandler, _HttpsHandler).open(request, timeout=seconds)


class Api:
    """Doors by Region, the one to use first. It stays with the one that answered."""

    def __init__(self, doors: dict[str, str], key: str):
        self._doors = list(doors.values())
        self._key = key

    def get(self, path: str) -> dict:
        return self._call("GET", path, None, repeatable=True)

    def post(self, path: str, body: dict, repeatable: bool = False) -> dict:
        """A call whose fate is unknown is made again, through the next door, only where twice is as good as once: ``repeatable``.

        A payment would be, with its idempotency key; a publication of a rule is, for it names the version that it replaces, and the same
        once more has the same outcome. Asking phase two again, a forced decision and a redrive are not: each is on record as often as it
        is made, and a redrive may move what came after the first.
        """
        return self._call("POST", path, json.dumps(body).encode(), repeatable)

    def _call(self, method: str, path: str, body: bytes | None, repeatable: bool) -> dict:
        for left in range(len(self._doors) - 1, -1, -1):
            address = self._doors[0]
            try:
                return self._send(address, method, path, body)
            except urllib.error.HTTPError as error:
                elsewhere = repeatable and error.code in FATE_UNKNOWN
                failure = Refused(_problem(error))
            except (OSError, http.client.HTTPException) as error:
                reason = getattr(error, "reason", error)
                sent = not isinstance(reason, NotSent)
                elsewhere = repeatable or not sent
                unknown = "" if elsewhere else "; whether it was carried out is not known: look before you try again"
                failure = Failure(f"the API does not answer at {address}: {reason}{unknown}")
            if not elsewhere or left == 0:
                raise failure from None
            self._doors = [*self._doors[1:], address]
            print(f"eleven: {failure}; through the next door", file=sys.stderr)
        raise AssertionError("there is a door at least")

    def _send(self, address: str, method: str, path: str, body: bytes | None) -> dict:
        headers = {"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"}
        with _open(urllib.request.Request(address + path, method=method, data=body, headers=headers), LONGEST_SECONDS) as answer:
            return json.load(answer)


def _problem(error: urllib.error.HTTPError) -> dict:
    try:
        return json.load(error)
    except json.JSONDecodeError:
        return {"title": f"HTTP {error.code}", "detail": error.reason}
