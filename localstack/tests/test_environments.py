"""Which execution environment a call gets."""

import functools
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


class Peak:
    """The most that were within it at once."""

    def __init__(self):
        self.most = self._now = 0
        self._lock = threading.Lock()

    def __enter__(self):
        with self._lock:
            self._now += 1
            self.most = max(self.most, self._now)

    def __exit__(self, *_):
        with self._lock:
            self._now -= 1


@pytest.fixture
def service(monkeypatch):
    monkeypatch.setattr(environments, "_turns", {})
    monkeypatch.setattr(environments, "starting", threading.BoundedSemaphore(1))
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


def all_at_once(calls):
    callers = [threading.Thread(target=call) for call in calls]
    for caller in callers:
        caller.start()
    for caller in callers:
        caller.join()


def test_more_calls_than_environments_wait_for_one(service):
    calling = Peak()

    def call():
        with used(service), calling:
            time.sleep(0.02)

    all_at_once([call] * 12)
    assert calling.most == environments.MOST_FOR_ONE_FUNCTION
    assert service.started <= environments.MOST_FOR_ONE_FUNCTION


def test_a_start_begins_when_its_turn_comes_so_that_the_wait_does_not_count_against_it(service):
    starting, start = Peak(), service.start_environment

    def started(manager, version):
        with starting:
            time.sleep(0.02)
        return start(manager, version)

    service.start_environment = started
    service.environments = {str(number): {} for number in range(6)}

    def call(manager):
        with environments._get_environment(service, manager, None, ON_DEMAND):
            pass

    all_at_once([functools.partial(call, manager) for manager in service.environments])
    assert service.started == 6
    assert starting.most == 1


def test_a_call_that_waits_to_start_takes_an_environment_that_becomes_free(service):
    with used(service) as first:
        environments.starting.acquire()
        taken = []

        def call():
            with used(service) as environment:
                taken.append(environment.id)

        waiting = threading.Thread(target=call)
        waiting.start()
    waiting.join()
    environments.starting.release()
    assert taken == [first.id]
    assert service.started == 1
