"""Faults that tests switch on: a Region, a service or a kind of request becomes unreachable, slow, throttled or deaf, or happens twice."""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

MODES = ("unavailable", "error", "throttle", "conflict", "slow", "lost_answer", "duplicate")
# What can be made twice without the caller: a message is delivered at least once, so twice is within the promise.
MESSAGES = {"sqs": ("SendMessage", "SendMessageBatch"), "sns": ("Publish", "PublishBatch")}
FIELDS = {
    "region": str, "service": str, "operation": str, "resource": str, "contains": (str, list), "mode": str, "code": str,
    "delayMillis": int, "count": int, "seconds": (int, float), "probability": (int, float), "seed": int,
}


class InvalidRule(ValueError):
    """A rule that cannot be; the message names the field."""


@dataclass
class Rule:
    """What to hit and how. Absent fields match everything; ``count`` and ``seconds`` end it by itself.

    ``resource`` is a pattern such as ``double11-rz01-*``, for what a request names: a table, queue, topic, function or state machine.
    ``contains`` is a text in the request, or a list of texts that are all in it.
    ``code`` is the error to answer with where it is not the usual one of the mode. A duplicate comes up to ``delayMillis`` later.
    """

    id: int
    mode: str
    region: str = "*"
    service: str | None = None
    operation: str | None = None
    resource: str | None = None
    contains: str | list[str] | None = None
    code: str | None = None
    delayMillis: int = 0
    count: int | None = None
    seconds: float | None = None
    probability: float = 1.0
    seed: int = 0
    hits: int = 0
    began: float = field(default_factory=time.monotonic)

    def __post_init__(self):
        self._chance = random.Random(self.seed)

    def is_over(self) -> bool:
        expired = self.seconds is not None and time.monotonic() - self.began > self.seconds
        return expired or (self.count is not None and self.hits >= self.count)

    def is_for(self, region: str, service: str, operation: str) -> bool:
        return self.region in ("*", region) and self.service in (None, service) and self.operation in (None, operation)

    def matches(self, region: str, service: str, operation: str, resource: str, body: Callable[[], str]) -> bool:
        return (
            self.is_for(region, service, operation)
            and (self.resource is None or fnmatchcase(resource, self.resource))
            and (self.mode != "duplicate" or operation in MESSAGES.get(service, ()))
            and self._is_in(body)
            and (self.probability >= 1 or self._chance.random() < self.probability)
        )

    def _is_in(self, body: Callable[[], str]) -> bool:
        texts = [self.contains] if isinstance(self.contains, str) else self.contains or []
        if not texts:
            return True
        request = body()
        return all(text in request for text in texts)

    def delay_seconds(self) -> float:
        """How late a duplicate comes: each after a time of its own, so that they overtake one another."""
        return self._chance.uniform(0, self.delayMillis) / 1000

    def view(self) -> dict:
        return {name: value for name, value in vars(self).items() if not name.startswith("_") and name != "began" and value is not None}


class Faults:
    """The rules that are on."""

    def __init__(self):
        self._lock = threading.Lock()
        self._rules: list[Rule] = []
        self._last_id = 0

    def add(self, given: dict) -> Rule:
        rule = self._checked(given)
        with self._lock:
            self._last_id += 1
            rule.id = self._last_id
            self._rules.append(rule)
        return rule

    def remove(self, rule_id: int | None = None) -> list[dict]:
        """Ends one rule or all; answers what they were, with their last count of hits."""
        with self._lock:
            gone = [rule for rule in self._rules if rule_id in (None, rule.id)]
            self._rules = [rule for rule in self._rules if rule not in gone]
            return [rule.view() for rule in gone]

    def list(self) -> list[dict]:
        with self._lock:
            return [rule.view() for rule in self._rules if not rule.is_over()]

    def may_hit(self, region: str, service: str, operation: str) -> bool:
        """Whether a request to this operation must be made in full, for a rule may match it."""
        return any(rule.is_for(region, service, operation) for rule in self._rules)

    def hit(self, region: str, service: str, operation: str, resource: str, body: Callable[[], str]) -> Rule | None:
        """The first rule that matches this request, counted. The body is read only where a rule asks for it."""
        if not self._rules:
            return None
        with self._lock:
            self._rules = [rule for rule in self._rules if not rule.is_over()]
            for rule in self._rules:
                if rule.matches(region, service, operation, resource, body):
                    rule.hits += 1
                    return rule
        return None

    @staticmethod
    def _checked(given: dict) -> Rule:
        if not isinstance(given, dict):
            raise InvalidRule("a rule is a JSON object")
        for name, value in given.items():
            if name not in FIELDS:
                raise InvalidRule(f"{name}: no such field; known are {', '.join(FIELDS)}")
            if isinstance(value, bool) or not isinstance(value, FIELDS[name]):
                raise InvalidRule(f"{name}: must be {'a number' if FIELDS[name] in (int, (int, float)) else 'text'}")
        if isinstance(given.get("contains"), list) and not all(isinstance(text, str) for text in given["contains"]):
            raise InvalidRule("contains: must be text, or a list of texts")
        if given.get("mode") not in MODES:
            raise InvalidRule(f"mode: must be one of {', '.join(MODES)}")
        if not 0 <= given.get("probability", 1) <= 1:
            raise InvalidRule("probability: must be 0 to 1")
        for name in ("delayMillis", "count", "seconds"):
            if given.get(name, 0) < 0:
                raise InvalidRule(f"{name}: must be 0 or more")
        if given["mode"] in ("slow", "duplicate") and not given.get("delayMillis"):
            raise InvalidRule(f"delayMillis: a {given['mode']} rule needs it")
        if given["mode"] == "conflict" and given.get("service") != "dynamodb":
            raise InvalidRule("service: only writes of dynamodb conflict between Regions")
        if given["mode"] == "duplicate" and given.get("service") not in (None, *MESSAGES):
            raise InvalidRule(f"service: only messages of {' and '.join(MESSAGES)} come twice")
        return Rule(id=0, **given)
