"""Which execution environment a call gets."""

import threading
import time
from types import SimpleNamespace

import pytest

from double11_localstack import environments
from localstack.services.lambda_.invocation.execution_environment import InvalidStatusException
from localstack.services.lambda_.invocation.lambda_models import InitializationType

ON_DEMAND = InitializationType.on_demand


class Environment:
    def __init__(self, number):
        self.id = number
        self.initialization_type = ON_DEMAND
        self.alive = True
        self.busy = False
        self.runtime_executor = SimpleNamespace(is_alive=lambda: self.alive)

    def reserve(self):
        if self.busy:
            raise InvalidStatusException("busy")
        self.busy = True

    def release(self):
        self.busy = False


class Service:
    """LocalStack's own part, as far as it is asked."""

    def __init__(self):
        self.environments = {"m": {}}
        self.started = 0
        self.stopped = []

    def start_environment(self, manager, version):
        self.started += 1
        return Environment(self.started)

    def stop_environment(self, environment):
        self.stopped.append(environment.id)
        self.environments["m"].pop(environment.id, None)


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr(environments, "_turns", {})
    return Service()


def used(service):
    return environments._get_environment(service, "m", None, ON_DEMAND)


def test_calls_in_turn_share_one_environment(service):
    for _ in range(3):
        with used(service) as environment:
            assert environment.id == 1
    assert service.started == 1


def test_an_environment_that_died_in_its_call_takes_no_other(service):
    with used(service) as first:
        first.alive = False
    with used(service) as second:
        assert second.id == 2
    assert service.stopped == [1]


def test_an_environment_that_died_idle_is_replaced(service):
    with used(service) as first:
        pass
    first.alive = False
    with used(service) as second:
        assert second.id == 2


def test_a_call_that_raises_ends_its_environment(service):
    with pytest.raises(RuntimeError), used(service):
        raise RuntimeError
    assert service.stopped == [1]


def test_more_calls_than_environments_wait_for_one(service):
    most, now, lock = 0, 0, threading.Lock()

    def call():
        nonlocal most, now
        with used(service):
            with lock:
                now += 1
                most = max(most, now)
            time.sleep(0.02)
            with lock:
                now -= 1

    callers = [threading.Thread(target=call) for _ in range(12)]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()
    assert most == environments.MOST_FOR_ONE_FUNCTION
    assert service.started <= environments.MOST_FOR_ONE_FUNCTION
