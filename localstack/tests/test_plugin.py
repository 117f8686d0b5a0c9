"""The plugin's parts that need no running LocalStack."""

import json
import threading
import time
import urllib.request
from types import SimpleNamespace

import pytest

from double11_localstack import control, copies
from double11_localstack.faults import Faults, InvalidRule
from double11_localstack.meter import Meter, resource_of
from double11_localstack.runtime_api import Answer, Invocation, RuntimeApi, error_payload


def hit(faults, region="us-east-1", service="dynamodb", operation="UpdateItem", resource="", body=""):
    return faults.hit(region, service, operation, resource, lambda: body)


@pytest.mark.parametrize(
    ("rule", "field"),
    [
        ({}, "mode"),
        ({"mode": "gone"}, "mode"),
        ({"mode": "slow"}, "delayMillis"),
        ({"mode": "error", "count": -1}, "count"),
        ({"mode": "error", "probability": 2}, "probability"),
        ({"mode": "error", "region": 7}, "region"),
        ({"mode": "error", "contains": 7}, "contains"),
        ({"mode": "error", "contains": ["COMMITTED", 7]}, "contains"),
        ({"mode": "error", "regoin": "us-east-1"}, "regoin"),
        ({"mode": "error", "count": True}, "count"),
        ({"mode": "duplicate"}, "delayMillis"),
        ({"mode": "duplicate", "delayMillis": 5, "service": "dynamodb"}, "service"),
        ({"mode": "conflict"}, "service"),
        ({"mode": "conflict", "service": "sqs"}, "service"),
    ],
)
def test_a_rule_that_cannot_be_is_refused_and_the_field_named(rule, field):
    with pytest.raises(InvalidRule, match=field):
        Faults().add(rule)


def test_a_rule_hits_only_what_it_names():
    faults = Faults()
    faults.add({"mode": "error", "region": "us-east-2", "service": "dynamodb", "operation": "UpdateItem", "contains": "COMMITTED"})

    assert hit(faults, region="us-east-2", body='{"S": "COMMITTED"}').mode == "error"
    assert hit(faults, region="us-east-1", body='{"S": "COMMITTED"}') is None
    assert hit(faults, region="us-east-2", body='{"S": "ABORTED"}') is None
    assert hit(faults, region="us-east-2", service="sqs", body="COMMITTED") is None


def test_a_rule_of_several_texts_hits_only_what_has_all_of_them():
    faults = Faults()
    faults.add({"mode": "error", "contains": ["decided", "an order"]})

    assert hit(faults, body="an order is decided") is not None
    assert hit(faults, body="another one is decided") is None
    assert hit(faults, body="an order is claimed") is None


def test_a_rule_hits_the_resources_of_its_pattern_whatever_the_service():
    faults = Faults()
    faults.add({"mode": "unavailable", "resource": "double11-rz01-a-*"})

    assert hit(faults, service="sqs", operation="SendMessage", resource="double11-rz01-a-phase-two") is not None
    assert hit(faults, service="stepfunctions", operation="StartSyncExecution", resource="double11-rz01-a-payment-tcc") is not None
    assert hit(faults, service="sqs", operation="SendMessage", resource="double11-rz01-b-phase-two") is None
    assert hit(faults) is None


@pytest.mark.parametrize(
    ("rule", "may"),
    [
        ({}, True),
        ({"region": "us-east-1"}, True),
        ({"region": "us-east-2"}, False),
        ({"service": "sqs"}, True),
        ({"service": "dynamodb"}, False),
        ({"operation": "SendMessage"}, False),
        ({"resource": "another", "contains": "nothing", "probability": 0}, True),
    ],
)
def test_a_rule_may_hit_what_its_region_service_and_operation_allow_and_that_is_no_hit(rule, may):
    faults = Faults()
    added = faults.add({"mode": "unavailable", **rule})

    assert faults.may_hit("us-east-1", "sqs", "ReceiveMessage") is may
    assert added.hits == 0


def test_a_rule_ends_after_its_hits():
    faults = Faults()
    faults.add({"mode": "unavailable", "count": 2})

    assert [hit(faults) is not None for _ in range(3)] == [True, True, False]
    assert faults.list() == []


def test_a_body_is_not_read_where_no_rule_asks_for_it():
    faults = Faults()
    faults.add({"mode": "error"})

    def unreadable():
        raise AssertionError("read")

    assert faults.hit("us-east-1", "s3", "PutObject", "", unreadable) is not None


@pytest.mark.parametrize(
    ("internal", "operation", "spared"), [(True, "DescribeTable", True), (False, "DescribeTable", False), (True, "UpdateItem", False)],
)
def test_what_localstack_asks_itself_about_tables_is_spared_and_what_workflows_and_clients_call_is_not(internal, operation, spared):
    context = SimpleNamespace(is_internal_call=internal, operation=SimpleNamespace(name=operation))

    assert control._is_bookkeeping(context) is spared


def test_the_same_seed_gives_the_same_hits():
    def hits():
        faults = Faults()
        faults.add({"mode": "error", "probability": 0.5, "seed": 11})
        return [hit(faults) is not None for _ in range(50)]

    assert hits() == hits()
    assert 10 < sum(hits()) < 40


def test_removed_rules_hit_nothing():
    faults = Faults()
    rule = faults.add({"mode": "error"})

    assert [gone["id"] for gone in faults.remove(rule.id)] == [rule.id]
    assert faults.remove(rule.id) == []
    assert hit(faults) is None


def test_a_removed_rule_says_how_often_it_hit():
    faults = Faults()
    faults.add({"mode": "error", "region": "us-east-2"})
    faults.add({"mode": "throttle", "code": "ThrottlingException"})
    hit(faults, region="us-east-1")

    assert [(gone["mode"], gone["hits"]) for gone in faults.remove()] == [("error", 0), ("throttle", 1)]


def test_only_messages_come_twice():
    faults = Faults()
    faults.add({"mode": "duplicate", "delayMillis": 100})

    assert hit(faults, service="dynamodb", operation="PutItem") is None
    assert hit(faults, service="sqs", operation="ReceiveMessage") is None
    assert hit(faults, service="sqs", operation="SendMessage").mode == "duplicate"
    assert hit(faults, service="sns", operation="PublishBatch").mode == "duplicate"


def test_copies_come_late_each_after_a_time_of_its_own_that_the_seed_gives():
    def delays():
        rule = Faults().add({"mode": "duplicate", "delayMillis": 2000, "seed": 11})
        return [rule.delay_seconds() for _ in range(20)]

    assert delays() == delays()
    assert len(set(delays())) == 20
    assert 0 <= min(delays()) < 0.5 and 1.5 < max(delays()) <= 2


def test_a_copy_is_counted_until_it_has_arrived_also_where_it_cannot():
    arrived = threading.Event()
    messages = []

    def deliver(message):
        arrived.wait(5)
        messages.append(message)
        raise OSError("no answer")

    on_their_way = copies.Copies(deliver)
    message = copies.Message("us-east-1", "sqs", "SendMessage", {"MessageBody": "x"})
    on_their_way.send(message, 0.01)
    assert on_their_way.on_the_way() == 1
    arrived.set()
    until = time.monotonic() + 5
    while on_their_way.on_the_way() and time.monotonic() < until:
        time.sleep(0.01)
    assert (on_their_way.on_the_way(), messages) == (0, [message])


def test_a_copy_is_known_by_its_mark():
    assert copies.is_copy({copies.HEADER: "1"})
    assert not copies.is_copy({"host": "127.0.0.1"})


def test_the_meter_counts_by_resource_and_outcome():
    meter = Meter()
    meter.count("us-east-1", "dynamodb", "UpdateItem", "double11-payment", 200)
    meter.count("us-east-1", "dynamodb", "UpdateItem", "double11-payment", 400)

    assert [(row["status"], row["count"]) for row in meter.rows()] == [("2xx", 1), ("4xx", 1)]
    meter.reset()
    assert meter.rows() == []


def test_resources_are_named_without_arn_or_url():
    assert resource_of({"TableName": "double11-account"}) == "double11-account"
    assert resource_of({"QueueUrl": "http://127.0.0.1:4566/000000000000/double11-q"}) == "double11-q"
    assert resource_of({"TopicArn": "arn:aws:sns:us-east-1:000000000000:double11-decided"}) == "double11-decided"
    assert resource_of(None) == ""


def test_a_runtime_takes_an_invocation_and_answers_it():
    api = RuntimeApi()
    try:
        answer = api.submit(Invocation("r1", "arn", b'{"a": 1}', "Root=1", time.time() + 5))

        def runtime():
            with urllib.request.urlopen(f"http://{api.address}/2018-06-01/runtime/invocation/next") as got:
                assert got.headers["Lambda-Runtime-Aws-Request-Id"] == "r1"
                assert json.loads(got.read()) == {"a": 1}
            url = f"http://{api.address}/2018-06-01/runtime/invocation/r1/response"
            urllib.request.urlopen(urllib.request.Request(url, data=b'"done"', method="POST")).close()

        worker = threading.Thread(target=runtime)
        worker.start()
        assert answer.result(timeout=10) == Answer(b'"done"', False)
        worker.join()
        assert api.ready.is_set()
    finally:
        api.close()


def test_a_runtime_that_cannot_start_says_so():
    api = RuntimeApi()
    try:
        url = f"http://{api.address}/2018-06-01/runtime/init/error"
        urllib.request.urlopen(urllib.request.Request(url, data=b"no handler", method="POST")).close()
        assert api.ready.wait(5)
        assert api.init_error == b"no handler"
    finally:
        api.close()


def test_errors_are_worded_as_lambda_words_them():
    assert json.loads(error_payload("Sandbox.Timedout", "x")) == {"errorType": "Sandbox.Timedout", "errorMessage": "x"}
