"""Tells which messages are on their way: on AWS nobody can look into a queue without taking from it."""

from collections import Counter
from collections.abc import Iterable


def queues() -> list:
    """All queues, in all Regions."""
    from localstack.services.sqs.models import sqs_stores

    return [queue for _, _, store in sqs_stores.iter_stores() for queue in list(store.queues.values())]


def waiting(queues: Iterable, text: str) -> dict[str, int]:
    """How many messages with this text each queue has, by its name in all Regions: visible, delayed, or in a consumer's hands."""
    found = Counter()
    for queue in queues:
        # In the order in which a message goes through them, so that none slips by.
        messages = {*list(queue.delayed), *list(queue.visible.queue), *list(queue.inflight)}
        found[queue.name] += sum(text in message.message["Body"] for message in messages)
    return {name: count for name, count in found.items() if count}
