"""Runs Step Functions as they are meant: a definition is read once, an expression is compiled once, and variables are bound to it.

LocalStack reads the whole definition again for each execution, and writes all variables into the text of each expression to compile and
run that two or three times: most of the time that a workflow took went there, and a variable with a quotation mark in it broke the
expression. For each state it makes a parser of paths, and for each task it assumes the role of the state machine and makes a client of the
service anew: that was a quarter of all that it did under load.
"""

import copy
import functools
import logging
import re
from types import SimpleNamespace
from typing import Any

from localstack.aws.connect import connect_to
from localstack.runtime import hooks
from localstack.services.stepfunctions.asl.component.common.path import result_path
from localstack.services.stepfunctions.asl.component.common.string import string_expression
from localstack.services.stepfunctions.asl.component.intrinsic.jsonata import get_intrinsic_functions_declarations
from localstack.services.stepfunctions.asl.jsonata import jsonata
from localstack.services.stepfunctions.asl.parse.asl_parser import AmazonStateLanguageParser
from localstack.services.stepfunctions.asl.utils import boto_client

from double11_localstack import expressions

LOG = logging.getLogger(__name__)


@hooks.on_infra_start(priority=90)
def use_what_is_known():
    parse = AmazonStateLanguageParser.parse
    AmazonStateLanguageParser.parse = staticmethod(functools.lru_cache(maxsize=64)(parse))
    string_expression.StringJSONata._eval_body = _evaluate
    jsonata._eval_jsonata = _evaluate_text
    expressions.start()
    result_path.parse = functools.lru_cache(maxsize=64)(result_path.parse)
    boto_client.connect_to = SimpleNamespace(with_assumed_role=_with_assumed_role)


@functools.cache
def _with_assumed_role(**settings) -> SimpleNamespace:
    """The clients of one role in one Region, each made once: no session of a role ends here."""
    return SimpleNamespace(get_client=functools.cache(connect_to.with_assumed_role(**settings).get_client))


PATH = re.compile(r"\$[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")


def follow(path: str, variables: dict[str, Any]) -> Any:
    """What lies at the end of a plain path, or UNDEFINED where that is for the engine to say: missing, null, or within a list."""
    here: Any = variables
    for name in path[1:].split("."):
        here = here.get(name) if isinstance(here, dict) else None
    return expressions.UNDEFINED if here is None else here


def _evaluate_text(text: str) -> Any:
    value = expressions.evaluate(text, {})
    return None if value is expressions.UNDEFINED else value


_evaluate_by_text = string_expression.StringJSONata._eval_body


def _evaluate(self, env) -> None:
    expression = self.expression.strip()
    if PATH.fullmatch(expression) and (value := follow(expression, variables_of(expression, env))) is not expressions.UNDEFINED:
        env.stack.append(copy.deepcopy(value))
        return
    functions = get_intrinsic_functions_declarations(jsonata.extract_jsonata_variable_references(self.expression))
    try:
        value = expressions.evaluate(f"({functions}{self.expression})", variables_of(self.expression, env))
    except Exception as e:  # noqa: BLE001 (whatever is wrong with the expression is said in LocalStack's own way below)
        LOG.warning("cannot evaluate %s: %s", self.expression, e)
        value = expressions.UNDEFINED
    if value is expressions.UNDEFINED:
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
