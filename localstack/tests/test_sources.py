"""What functions are called for is read from the real database and LocalStack's own queues."""

from types import SimpleNamespace

import boto3
import pytest

from double11_localstack import control, sources
from localstack.services.dynamodb.server import DynamodbServer
from localstack.services.dynamodb.utils import get_ddb_access_key
from localstack.services.dynamodb.v2.provider import get_store
from localstack.services.lambda_.event_source_mapping.pollers.poller import EmptyPollResultsException
from localstack.services.sqs.models import StandardQueue, sqs_stores

ACCOUNT, HOME, AWAY = "000000000000", "us-east-1", "us-west-2"


@pytest.fixture
def faults():
    yield control.FAULTS
    control.FAULTS.remove()


@pytest.fixture(scope="module")
def stream(database):
    """One record in the stream of a table that was made in the first Region: a client of the stream, its shard and its ARN there."""
    access = {"region_name": HOME, "endpoint_url": database, "aws_access_key_id": get_ddb_access_key(ACCOUNT, HOME), "aws_secret_access_key": "x"}
    tables, streams = boto3.client("dynamodb", **access), boto3.client("dynamodbstreams", **access)
    tables.create_table(
        TableName="payment", BillingMode="PAY_PER_REQUEST", KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )
    tables.put_item(TableName="payment", Item={"pk": {"S": "支付"}, "cents": {"N": "9007199254740993"}, "of": {"L": [{"BOOL": True}]}})
    arn = tables.describe_table(TableName="payment")["Table"]["LatestStreamArn"]
    return streams, arn, streams.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"][0]["ShardId"]


def poller(arn, client=None):
    return SimpleNamespace(source_arn=arn, source_client=client, stream_parameters={"BatchSize": 10})


def test_a_stream_is_read_in_every_region_as_its_client_reads_it_where_the_table_was_made(database, stream, monkeypatch):
    client, arn, shard = stream
    iterator = client.get_shard_iterator(StreamArn=arn, ShardId=shard, ShardIteratorType="TRIM_HORIZON")["ShardIterator"]
    wanted = client.get_records(ShardIterator=iterator)["Records"]
    monkeypatch.setattr(DynamodbServer, "get", lambda: SimpleNamespace(url=database))
    monkeypatch.setitem(get_store(ACCOUNT, AWAY).TABLE_REGION, "payment", HOME)

    for region in (HOME, AWAY):
        seen = sources._read(poller(arn.replace("ddblocal", region)), iterator.replace("ddblocal", region))

        assert seen["Records"] == [{**record, "awsRegion": region} for record in wanted]
        assert sources._read(poller(arn.replace("ddblocal", region)), seen["NextShardIterator"])["Records"] == []


def test_a_stream_is_read_in_the_usual_way_where_a_fault_may_hit(faults):
    asked = []
    client = SimpleNamespace(get_records=lambda **request: asked.append(request) or {"Records": []})
    away = poller(f"arn:aws:dynamodb:{AWAY}:{ACCOUNT}:table/payment/stream/now", client)
    away.stream_arn_param = dict
    faults.add({"mode": "unavailable", "region": AWAY})

    assert sources._read(away, "an iterator") == {"Records": []}
    assert asked == [{"ShardIterator": "an iterator", "Limit": 10}]


@pytest.fixture
def queue(monkeypatch):
    made = StandardQueue("waiting", HOME, ACCOUNT)
    monkeypatch.setitem(sqs_stores[ACCOUNT][HOME].queues, "waiting", made)
    return made


def receives(name):
    """Whether the queue of that name is asked for messages at all."""
    asked = []
    client = SimpleNamespace(receive_message=lambda **request: asked.append(request) or {})
    reader = SimpleNamespace(
        source_arn=f"arn:aws:sqs:{HOME}:{ACCOUNT}:{name}", source_client=client, queue_url=name, batch_size=10, maximum_batching_window=0,
    )
    try:
        sources._receive_what_waits(reader)
    except EmptyPollResultsException:
        pass
    return bool(asked)


def test_a_queue_is_asked_for_messages_where_one_waits(queue):
    before = receives("waiting")
    queue.put({"MessageId": "1", "Body": "x"})

    assert [before, receives("waiting")] == [False, True]


def test_an_empty_queue_is_asked_where_a_fault_may_hit(queue, faults):
    faults.add({"mode": "unavailable", "region": HOME, "service": "sqs"})

    assert receives("waiting")


def test_a_queue_that_there_is_not_is_asked_and_so_found_missing():
    assert receives("nowhere")
