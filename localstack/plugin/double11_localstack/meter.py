"""Counts the requests that the services answered: what a payment costs is read here, not assumed."""

import threading
from collections import Counter


class Meter:
    """Requests by Region, service, operation, resource and status class."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts: Counter = Counter()

    def count(self, region: str, service: str, operation: str, resource: str, status: int) -> None:
        with self._lock:
            self._counts[(region, service, operation, resource, f"{status // 100}xx")] += 1

    def reset(self) -> None:
        with self._lock:
            self._counts.clear()

    def rows(self) -> list[dict]:
        with self._lock:
            return [
                {"region": region, "service": service, "operation": operation, "resource": resource, "status": status, "count": count}
                for (region, service, operation, resource, status), count in sorted(self._counts.items())
            ]


def resource_of(request: dict | None) -> str:
    """The table, queue, topic, function or state machine that a request names, without its ARN or URL."""
    for name in ("TableName", "QueueUrl", "TopicArn", "FunctionName", "stateMachineArn"):
        value = (request or {}).get(name)
        if isinstance(value, str):
            return value.rsplit("/", 1)[-1].rsplit(":", 1)[-1] if name != "FunctionName" else value.split(":function:")[-1]
    return ""
