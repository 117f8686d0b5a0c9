"""The deployed API as an operator calls it."""

import json
import os
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


def new_operator_key() -> str:
    """A key from the function that only IAM lets in."""
    return invoke(KEY_FUNCTION, {})["apiKey"]


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
def operator(region: str):
    """Calls of one command, under one key."""
    given = os.environ.get(KEY_VARIABLE)
    key = given or new_operator_key()
    try:
        yield Api(door(region), key)
    finally:
        if not given:
            invoke(KEY_FUNCTION, {"revoke": key.partition(".")[0]})


class Api:
    def __init__(self, address: str, key: str):
        self._address = address
        self._key = key

    def get(self, path: str) -> dict:
        return self._call("GET", path, None)

    def post(self, path: str, body: dict) -> dict:
        return self._call("POST", path, json.dumps(body).encode())

    def _call(self, method: str, path: str, body: bytes | None) -> dict:
        request = urllib.request.Request(
            self._address + path, method=method, data=body, headers={"Authorization": f"Bearer {self._key}", "Content-Type": "application/json"},
        )
        try:
            with urllib.request.urlopen(request, timeout=LONGEST_SECONDS) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            raise Refused(_problem(error)) from None
        except (urllib.error.URLError, TimeoutError) as error:
            raise Failure(f"the API does not answer at {self._address}: {getattr(error, 'reason', error)}") from None


def _problem(error: urllib.error.HTTPError) -> dict:
    try:
        return json.load(error)
    except json.JSONDecodeError:
        return {"title": f"HTTP {error.code}", "detail": error.reason}
