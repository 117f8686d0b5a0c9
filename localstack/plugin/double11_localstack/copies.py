"""Sends messages a second time, later: what SQS and SNS may do at any time, and hardly ever do here."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

LOG = logging.getLogger(__name__)
HEADER = "x-double11-copy"


@dataclass(frozen=True)
class Message:
    """A request that sent one message or several."""

    region: str
    service: str
    operation: str
    parameters: dict


def is_copy(headers: Mapping) -> bool:
    """A copy is not copied again."""
    return HEADER in headers


class Copies:
    """The copies that are on their way."""

    def __init__(self, deliver: Callable[[Message], None] | None = None):
        self._deliver = deliver or _send
        self._lock = threading.Lock()
        self._waiting = 0

    def send(self, message: Message, after_seconds: float) -> None:
        with self._lock:
            self._waiting += 1
        timer = threading.Timer(after_seconds, self._arrive, [message])
        timer.daemon = True
        timer.start()

    def on_the_way(self) -> int:
        return self._waiting

    def _arrive(self, message: Message) -> None:
        try:
            self._deliver(message)
        except Exception:
            LOG.exception("the copy of a message was not sent: %s %s in %s", message.service, message.operation, message.region)
        finally:
            with self._lock:
                self._waiting -= 1


def _send(message: Message) -> None:
    # From outside, over LocalStack's own door: the clients inside it are shared, so that none of them can carry a mark.
    import boto3
    from botocore import xform_name
    from localstack import config

    client = boto3.session.Session().client(
        message.service, region_name=message.region, endpoint_url=f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}",
        aws_access_key_id="test", aws_secret_access_key="test",
    )
    client.meta.events.register("before-sign", lambda request, **_: request.headers.add_header(HEADER, "1"))
    getattr(client, xform_name(message.operation))(**message.parameters)
