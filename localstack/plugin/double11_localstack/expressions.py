"""JSONata is evaluated by JVMs of its own, each over a pipe.

LocalStack evaluates it in a JVM within its own process. There, Python and the JVM wait for each other's garbage collectors, which stopped
everything for one to two seconds several times a minute under load, and two threads that meet a class of Java's for the first time
bring the whole process down: the bridge shows one of them the other's half-made wrapper.
"""

import json
import os
import queue
import subprocess
from pathlib import Path
from typing import Any

from localstack.services.stepfunctions.asl.jsonata.jsonata import JSONataException
from localstack.services.stepfunctions.asl.utils.encoding import to_json_str

from double11_localstack import jvm

EVALUATORS = 2
SOURCE = Path(__file__).with_name("Evaluator.java")
UNDEFINED = object()

_idle: queue.LifoQueue[subprocess.Popen] = queue.LifoQueue()


def start() -> None:
    """Starts the evaluators, which end with this process."""
    for _ in range(EVALUATORS):
        _idle.put(_evaluator())


def evaluate(text: str, variables: dict[str, Any]) -> Any:
    """The value of an expression, or UNDEFINED where it has none that is plainly a value of JSON."""
    request = to_json_str({"text": text, "variables": variables}).encode()
    evaluator = _idle.get()
    try:
        evaluator.stdin.write(request + b"\n")
        evaluator.stdin.flush()
        answer = json.loads(evaluator.stdout.readline())
    except BaseException:
        evaluator.kill()
        evaluator = _evaluator()
        raise
    finally:
        _idle.put(evaluator)
    if "error" in answer:
        raise JSONataException("UNKNOWN", answer["error"])
    return answer.get("value", UNDEFINED)


def _evaluator() -> subprocess.Popen:
    libraries = f"{os.environ['DOUBLE11_JSONATA']}/*"
    return subprocess.Popen([jvm.java(), *jvm.FLAGS, "-Xmx128m", "-cp", libraries, SOURCE], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
