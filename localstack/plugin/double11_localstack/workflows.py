"""Runs Step Functions as they are meant: a definition is read once, an expression is compiled once, and variables are bound to it.

LocalStack reads the whole definition again for each execution, and writes all variables into the text of each expression to compile and
run that two or three times: most of the time that a workflow took went there, and a variable with a quotation mark in it broke the
expression. It also enters its JVM from a new thread for each branch of each execution; the JVM keeps every one of them, dead or not, until
it stands still. Here few threads enter it. For each state it makes a parser of paths, and for each task it assumes the role of the state
machine and makes a client of the service anew: that was a quarter of all that it did under load.
"""

import copy
import functools
import json
import logging
import os
import re
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace
from typing import Any

import jpype
from localstack.aws.connect import connect_to
from localstack.runtime import hooks
from localstack.services.stepfunctions.asl.component.common.path import result_path
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.component.intrinsic.jsonata import get_intrinsic_functions_declarations
from localstack.services.stepfunctions.asl.jsonata import jsonata
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from localstack.services.stepfunctions.asl.utils import boto_client
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str
from localstack.services.stepfunctions.packages import JSONataPackageInstaller

LOG = logging.getLogger(__name__)
UNDEFINED = object()


@hooks.on_infra_start(priority=90)
def use_what_is_known():
    parse = AmazonStateLanguageParser.parse
    AmazonStateLanguageParser.parse = staticmethod(functools.lru_cache(maxsize=64)(parse))
    JSONataPackageInstaller.install = lambda self, target=None: None
    JSONataPackageInstaller.get_installed_dir = lambda self: os.environ["DOUBLE11_JSONATA"]
    string_expression.StringJSONata._eval_body = _evaluate
    jsonata._eval_jsonata = lambda text: _in_jvm(_evaluate_text, text)
    result_path.parse = functools.lru_cache(maxsize=64)(result_path.parse)
    boto_client.connect_to = SimpleNamespace(with_assumed_role=_with_assumed_role)


@functools.cache
def _with_assumed_role(**settings) -> SimpleNamespace:
    """The clients of one role in one Region, each made once: no session of a role ends here."""
    return SimpleNamespace(get_client=functools.cache(connect_to.with_assumed_role(**settings).get_client))


_threads = ThreadPoolExecutor(os.cpu_count() or 1, thread_name_prefix="jsonata")
_own = threading.local()


def _in_jvm(function: Callable, *arguments) -> Any:
    return _threads.submit(function, *arguments).result()


def _evaluate_text(text: str) -> Any:
    return jsonata._JSONataJVMBridge.get().eval_jsonata(text)


class Engine:
    """The compiled expressions of one thread."""

    def __init__(self):
        bridge = jsonata._JSONataJVMBridge.get()
        self._compile = bridge._java_JSONATA
        self._mapper = bridge._java_OBJECT_MAPPER
        self._object = jpype.JClass("java.lang.Object")
        self._compiled = functools.cache(self._compile)

    def evaluate(self, text: str, variables: dict[str, Any]) -> Any:
        """The value of an expression, or UNDEFINED where it has none that is plainly a value of JSON."""
        # The clock is that of the expression which this thread compiled last.
        expression = (self._compile if CLOCK.search(text) else self._compiled)(text)
        frame = expression.createFrame()
        values = self._mapper.readValue(to_json_str(variables), self._object)
        for name in variables:
            frame.bind(name, values.get(name))
        result = expression.evaluate(None, frame)
        if result is None or hasattr(result, "_jsonata_lambda"):
            return UNDEFINED
        return json.loads(str(self._mapper.writeValueAsString(result)))


CLOCK = re.compile(r"\$(?:millis|now)\b")
PATH = re.compile(r"\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def follow(path: str, variables: dict[str, Any]) -> Any:
    """What lies at the end of a plain path, or UNDEFINED where that is for the engine to say: missing, null, or within a list."""
    here: Any = variables
    for name in path[1:].split("."):
        here = here.get(name) if isinstance(here, dict) else None
    return UNDEFINED if here is None else here


def evaluate(text: str, variables: dict[str, Any]) -> Any:
    """Evaluates in the JVM, which starts with the first expression of all."""
    return _in_jvm(_engine_evaluate, text, variables)


def _engine_evaluate(text: str, variables: dict[str, Any]) -> Any:
    if not hasattr(_own, "engine"):
        _own.engine = Engine()
    return _own.engine.evaluate(text, variables)


_evaluate_by_text = string_expression.StringJSONata._eval_body


def _evaluate(self, env) -> None:
    expression = self.expression.strip()
    if PATH.fullmatch(expression) and (value := follow(expression, variables_of(expression, env))) is not UNDEFINED:
        env.stack.append(copy.deepcopy(value))
        return
    functions = get_intrinsic_functions_declarations(jsonata.extract_jsonata_variable_references(self.expression))
    try:
        value = evaluate(f"({functions}{self.expression})", variables_of(self.expression, env))
    except Exception as e:  # noqa: BLE001 (whatever is wrong with the expression is said in LocalStack's own way below)
        LOG.warning("cannot evaluate %s: %s", self.expression, e)
        value = UNDEFINED
    if value is UNDEFINED:
        _evaluate_by_text(self, env)
    else:
        env.stack.append(value)


def variables_of(expression: str, env) -> dict[str, Any]:
    """What an expression may read: the variables in scope, the inner ones over the outer ones, and the state's own data."""
    store = env.variable_store
    scope = {**store._outer_scope, **store._inner_scope}
    variables = {name: value for name, value in scope.items() if f"${name}" in expression}
    if "$states" in expression:
        data = env.states._states_data
        # Result and error output are there only in the states that have them.
        variables["states"] = {name: value for name, value in data.items() if name == "input" or (value is not None and name in expression)}
    return variables
