"""Messages on their way, in LocalStack's own queues."""

import pytest
from localstack.services.sqs.models import StandardQueue

from double11_localstack import messages


@pytest.fixture
def queue():
    queue = StandardQueue("posting", "us-east-1", "000000000000")
    yield queue
    queue.shutdown()


def put(queue, body, delay=0):
    queue.put({"MessageId": body.replace(" ", "-"), "Body": body}, delay_seconds=delay)


def test_a_message_is_on_its_way_until_its_consumer_deletes_it(queue):
    put(queue, "of alice")
    seen = [messages.waiting([queue], "alice")]
    taken = queue.receive(num_messages=1)
    seen.append(messages.waiting([queue], "alice"))
    queue.remove(taken.receipt_handles[0])
    seen.append(messages.waiting([queue], "alice"))

    assert seen == [{"posting": 1}, {"posting": 1}, {}]


def test_a_message_that_is_delayed_is_on_its_way(queue):
    put(queue, "of alice", delay=60)

    assert messages.waiting([queue], "alice") == {"posting": 1}


def test_others_messages_do_not_count_and_queues_of_one_name_are_counted_together(queue):
    put(queue, "of alice")
    put(queue, "of bob")

    assert messages.waiting([queue, queue], "alice") == {"posting": 2}
    assert messages.waiting([queue], "carol") == {}
