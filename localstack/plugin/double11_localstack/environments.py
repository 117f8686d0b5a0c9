"""Gives calls their execution environments: few JVMs for each function, and never one that is dead.

On a small machine a call that waits for one of its function's JVMs is answered sooner than a call that starts one more, and starts that take
turns are over sooner than starts all at once. A start begins when its turn comes: were the wait a part of it, then after the loss of all
JVMs most starts would be broken off as late, and begun again, without end.
"""

import contextlib
import os
import threading

from localstack.runtime import hooks
from localstack.services.lambda_.invocation.assignment import AssignmentService
from localstack.services.lambda_.invocation.execution_environment import InvalidStatusException
from localstack.services.lambda_.invocation.lambda_models import InitializationType

MOST_FOR_ONE_FUNCTION = int(os.environ.get("DOUBLE11_ENVIRONMENTS_PER_FUNCTION", "3"))

_LOOK_AGAIN_SECONDS = 0.1
starting = threading.BoundedSemaphore(os.cpu_count() or 1)
_lock = threading.Lock()
_turns: dict[str, threading.Semaphore] = {}
_get_provisioned = AssignmentService.get_environment


@hooks.on_infra_start(priority=80)
def bound_environments():
    AssignmentService.get_environment = _get_environment


@contextlib.contextmanager
def _get_environment(self, manager, version, kind):
    if kind != InitializationType.on_demand:
        with _get_provisioned(self, manager, version, kind) as environment:
            yield environment
        return
    with _turn(manager):
        environment = _environment(self, manager, version)
        try:
            yield environment
        except BaseException:
            self.stop_environment(environment)
            raise
        if environment.runtime_executor.is_alive():
            environment.release()
        else:
            # As on AWS an environment that timed out or exited takes no further call.
            self.stop_environment(environment)


def _turn(manager: str) -> threading.Semaphore:
    with _lock:
        return _turns.setdefault(manager, threading.Semaphore(MOST_FOR_ONE_FUNCTION))


def _environment(service: AssignmentService, manager: str, version):
    """One that is free, or becomes so before this call's turn to start one, or a new one."""
    while (environment := _idle(service, manager)) is None:
        if starting.acquire(timeout=_LOOK_AGAIN_SECONDS):
            try:
                return _started(service, manager, version)
            finally:
                starting.release()
    return environment


def _idle(service: AssignmentService, manager: str):
    for environment in list(service.environments[manager].values()):
        if environment.initialization_type != InitializationType.on_demand:
            continue
        try:
            environment.reserve()
        except InvalidStatusException:
            continue
        if environment.runtime_executor.is_alive():
            return environment
        service.stop_environment(environment)
    return None


def _started(service: AssignmentService, manager: str, version):
    environment = service.start_environment(manager, version)
    environment.reserve()
    service.environments[manager][environment.id] = environment
    return environment
