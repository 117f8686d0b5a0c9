"""Expressions of workflows."""

import json
import os
import subprocess
import sys

import pytest

from cli import places
from cli.jdk import find_jdk

# In a process of its own, for the JVM cannot be left in peace.
SCRIPT = """
from double11_localstack import offline, workflows
offline._use_installed_java()
workflows.use_what_is_known()
def value(case):
    try:
        value = workflows.evaluate(*case)
        return "UNDEFINED" if value is workflows.UNDEFINED else value
    except Exception as e:
        return type(e).__name__
print(json.dumps([value(case) for case in json.load(sys.stdin)]), flush=True)
os._exit(0)
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
    "an error is an error": ["($number('x'))", {}, "JException"],
    "a condition": ["($count($reasons) = 0 and $claim = 'MINE')", {"reasons": [], "claim": "MINE"}, True],
}


CLOCK = """
import time
from double11_localstack import offline, workflows
offline._use_installed_java()
workflows.use_what_is_known()
for text in ["($millis())", "(1 + 1)"] * 20:
    workflows.evaluate(text, {})
seen = []
for turn in range(8):
    time.sleep(0.005)
    seen.append(workflows.evaluate("($millis())", {}))
print(json.dumps(seen), flush=True)
os._exit(0)
"""


COLLECTIONS = """
import gc, time
import _jpype, jpype
from double11_localstack import collector, offline, workflows
collector.start_jvm_apart()
offline._use_installed_java()
workflows.use_what_is_known()
workflows.evaluate("(1 + 1)", {})
collect_in_jvm = jpype.java.lang.System.gc
# What was under way when the JVM had started is over.
collect_in_jvm()
time.sleep(1)
before = _jpype.gcStats()["triggered"], gc.get_stats()[2]["collections"]
for turn in range(10):
    collect_in_jvm()
    time.sleep(0.05)
woken = gc.get_stats()[2]["collections"] - before[1]
grown = []
for turn in range(10):
    grown.append([[turn] for _ in range(200_000)])
    gc.collect()
print(json.dumps({"JVM": _jpype.gcStats()["triggered"] - before[0], "Python": woken}), flush=True)
os._exit(0)
"""


ROLES = """
from double11_localstack import offline, workflows
from localstack.services.stepfunctions.asl.component.common.path import result_path
from localstack.services.stepfunctions.asl.utils.boto_client import boto_client_for
from localstack.services.stepfunctions.asl.component.state.state_execution.state_task.credentials import StateCredentials
offline._use_installed_java()
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
}), flush=True)
os._exit(0)
"""


def run(script, given=""):
    environment = {**os.environ, "DOUBLE11_JAVA_HOME": str(find_jdk()), "DOUBLE11_JSONATA": str(places.JAVA_LIBS / "jsonata")}
    said = subprocess.run([sys.executable, "-c", "import json, os, sys\n" + script], input=given, capture_output=True, text=True, env=environment)
    assert said.returncode == 0, said.stderr
    return json.loads(said.stdout.splitlines()[-1])


@pytest.fixture(scope="module")
def values():
    cases = [["($once)", {"once": 1}]] + [case[:2] for case in CASES.values()]
    return dict(zip(CASES, run(SCRIPT, json.dumps(cases))[1:], strict=True))


def test_time_goes_on_between_evaluations():
    seen = run(CLOCK)

    assert seen == sorted(set(seen))


def test_python_and_the_jvm_in_it_collect_each_its_own_garbage():
    assert run(COLLECTIONS) == {"JVM": 0, "Python": 0}


def test_a_role_is_assumed_once_in_a_region_and_a_client_serves_one_role_and_service():
    seen = run(ROLES)

    assert seen["same"]
    assert not (seen["service"] or seen["region"] or seen["role"])
    assert seen["assumed"] == ["a in here", "a in there", "b in here"]


def test_a_result_lands_where_its_path_says_each_time():
    assert run(ROLES)["paths"] == [2, {"x": 1, "y": 2}] * 2


@pytest.mark.parametrize("claim", CASES)
def test_an_expression_is_evaluated_as_on_aws(values, claim):
    wanted = CASES[claim][2]
    if wanted == "JException":
        assert "Exception" in values[claim]
    else:
        assert values[claim] == wanted


def test_a_plain_path_is_followed_without_the_engine_only_where_the_answer_is_plain():
    from double11_localstack.workflows import PATH, UNDEFINED, follow

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
