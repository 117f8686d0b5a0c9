"""Expressions of workflows."""

import json
import os
import subprocess
import sys

import pytest

from cli import places
from cli.jdk import find_jdk

SCRIPT = """
from concurrent.futures import ThreadPoolExecutor
from double11_localstack import expressions
expressions.start()
def value(case):
    try:
        value = expressions.evaluate(*case)
        return "UNDEFINED" if value is expressions.UNDEFINED else value
    except Exception as e:
        return type(e).__name__
sys.setswitchinterval(1e-6)
with ThreadPoolExecutor(8) as threads:
    print(json.dumps(list(threads.map(value, json.load(sys.stdin)))))
"""

CASES = {
    "a variable is bound, not written into the text": ["($a & '!')", {"a": 'say "hi"'}, 'say "hi"!'],
    "a field of a variable": ["($a.b.c)", {"a": {"b": {"c": 7}}}, 7],
    "numbers keep their digits": ["($a)", {"a": 9007199254740991}, 9007199254740991],
    "one element stays a list inside brackets": ["([$map($a, function($x) { {'S': $x} })])", {"a": ["x"]}, [{"S": "x"}]],
    "no element is an empty list inside brackets": ["([$map($a, function($x) { $x })])", {"a": []}, []],
    "what is not there has no value": ["($a.b)", {"a": {}}, "UNDEFINED"],
    "a function is no value": ["(function($x) { $x })", {}, "UNDEFINED"],
    "a variable of one evaluation is not there in the next": ["($exists($once))", {}, False],
    "an error is an error": ["($number('x'))", {}, "JSONataException"],
    "an expression without end is an error": ["($f := function() { 1 + $f() }; $f())", {}, "JSONataException"],
    "a line break stays one": ["($a & '\n')", {"a": "x\ny"}, "x\ny\n"],
    "a letter is no byte": ["($a & 'é')", {"a": "支付"}, "支付é"],
    "a condition": ["($count($reasons) = 0 and $claim = 'MINE')", {"reasons": [], "claim": "MINE"}, True],
}


CLOCK = """
import time
from double11_localstack import expressions
expressions.start()
for text in ["($millis())", "(1 + 1)"] * 20:
    expressions.evaluate(text, {})
seen = []
for turn in range(8):
    time.sleep(0.005)
    seen.append(expressions.evaluate("($millis())", {}))
print(json.dumps(seen))
"""


KILLED = """
from double11_localstack import expressions
expressions.start()
for evaluator in expressions._idle.queue:
    evaluator.kill()
seen = []
for turn in range(2):
    try:
        seen.append(expressions.evaluate("(1 + 1)", {}))
    except (OSError, ValueError):
        seen.append(None)
print(json.dumps(seen))
"""


ROLES = """
from double11_localstack import workflows
from localstack.services.stepfunctions.asl.component.common.path import result_path
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.credentials import StateCredentials
workflows.use_what_is_known()
class Factory:
    assumed = []
    def with_assumed_role(self, role_arn, region_name, **settings):
        self.assumed.append(f"{role_arn} in {region_name}")
        return self
    def get_client(self, service):
        return object()
workflows.connect_to = Factory()
def client(service, region, role):
    return boto_client_for(service, region, StateCredentials(role_arn=role))
print(json.dumps({
    "same": client("sqs", "here", "a") is client("sqs", "here", "a"),
    "service": client("lambda", "here", "a") is client("sqs", "here", "a"),
    "region": client("sqs", "there", "a") is client("sqs", "here", "a"),
    "role": client("sqs", "here", "b") is client("sqs", "here", "a"),
    "assumed": sorted(Factory.assumed),
    "paths": [result_path.parse(path).update_or_create({"x": 1}, 2) for path in ("$", "$.y", "$", "$.y")],
}))
"""


def run(script, given=""):
    environment = {**os.environ, "DOUBLE11_JAVA_HOME": str(find_jdk()), "DOUBLE11_JSONATA": str(places.JAVA_LIBS / "jsonata")}
    said = subprocess.run([sys.executable, "-c", "import json, sys\n" + script], input=given, capture_output=True, text=True, env=environment)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def values():
    cases = [["($once := 1)", {}], *(case[:2] for case in CASES.values())]
    return dict(zip(CASES, run(SCRIPT, json.dumps(cases * 10))[-len(CASES):], strict=True))


def test_time_goes_on_between_evaluations():
    seen = run(CLOCK)

    assert seen == sorted(set(seen))


def test_a_role_is_assumed_once_in_a_region_and_a_client_serves_one_role_and_service():
    seen = run(ROLES)

    assert seen["same"]
    assert not (seen["service"] or seen["region"] or seen["role"])
    assert seen["assumed"] == ["a in here", "a in there", "b in here"]


def test_a_result_lands_where_its_path_says_each_time():
    assert run(ROLES)["paths"] == [2, {"x": 1, "y": 2}] * 2


@pytest.mark.parametrize("claim", CASES)
def test_an_expression_is_evaluated_as_on_aws(values, claim):
    assert values[claim] == CASES[claim][2]


def test_an_evaluator_that_is_killed_takes_one_evaluation_with_it():
    assert run(KILLED) == [None, 2]


def test_a_plain_path_is_followed_without_the_engine_only_where_the_answer_is_plain():
    from double11_localstack.expressions import UNDEFINED
    from double11_localstack.workflows import PATH, follow

    variables = {"a": {"b": "x", "none": None, "list": [{"c": 1}]}}
    assert follow("$a.b", variables) == "x"
    assert follow("$a.list", variables) == [{"c": 1}]
    assert [follow(path, variables) for path in ("$a.none", "$a.no", "$a.list.c", "$b")] == [UNDEFINED] * 4
    assert [bool(PATH.fullmatch(text)) for text in ("$a.b", "$a[0]", "$a & $b", "$f()")] == [True, False, False, False]


def test_a_state_sees_the_inner_of_two_variables_and_no_result_before_it_has_one():
    from types import SimpleNamespace

    from double11_localstack.workflows import variables_of

    env = SimpleNamespace(
        variable_store=SimpleNamespace(_outer_scope={"a": 1, "b": 2, "unused": 0}, _inner_scope={"a": 3}),
        states=SimpleNamespace(_states_data={"input": None, "context": {}, "result": None, "errorOutput": None}),
    )
    assert variables_of("$a + $b + $states.input.x + $states.result.y", env) == {"a": 3, "b": 2, "states": {"input": None}}
