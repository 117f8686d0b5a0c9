"""What functions are called for, from streams and queues, is read once and only where there is something.

LocalStack begins again with a stream's oldest record whenever a shard ends or an iterator grows old, and two Regions that read a global
table's stream at the same place take each other's note of where the table was made. It reads streams and queues through the whole chain
that serves its clients, each record made from JSON and back three times: two fifths of all that it did under load. Where no fault may
hit the request, a stream is read from the database itself here, and a queue only where a message waits.
"""

import json
from datetime import UTC, datetime

from localstack.runtime import hooks
from localstack.services.dynamodb.server import DynamodbServer
from localstack.services.dynamodb.v2.provider import get_store
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller
from localstack.services.lambda_.event_source_mapping.pollers.sqs_poller import SqsPoller
from localstack.services.lambda_.event_source_mapping.senders.sender_utils import batched
from localstack.services.sqs.models import sqs_stores
from localstack.utils.aws.arns import parse_arn

from double11_localstack import database
from double11_localstack.control import FAULTS, METER

_receive = SqsPoller.poll_events
_get_records = DynamoDBPoller.get_records


@hooks.on_infra_start(priority=70)
def read_sources_at_least_cost():
    DynamoDBPoller.initialize_shards = _shards
    DynamoDBPoller.poll_events_from_shard = _poll
    DynamoDBPoller.get_records = _read
    SqsPoller.poll_events = _receive_what_waits


def _shards(self) -> dict[str, str]:
    """Iterators of all shards that have not been read to their end, each where its reading stopped."""
    ended, last = _progress(self)
    shards = {}
    for shard in self.source_client.describe_stream(StreamArn=self.source_arn)["StreamDescription"]["Shards"]:
        name = shard["ShardId"]
        if name in ended:
            continue
        if name in last:
            place = {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": last[name]}
        else:
            place = {"ShardIteratorType": self.stream_parameters["StartingPosition"]}
        shards[name] = self.source_client.get_shard_iterator(StreamArn=self.source_arn, ShardId=name, **place)["ShardIterator"]
    self.iterator_over_shards = None
    return shards


def _poll(self, name: str, iterator: str) -> None:
    ended, last = _progress(self)
    if name in ended:
        return
    answer = self.get_records(iterator)
    records = answer.get("Records", [])
    if self.shard_batcher[name].add(records):
        for batch in batched(self.shard_batcher[name].flush(), self.stream_parameters.get("BatchSize")):
            self.forward_events_to_target(name, batch)
    if records:
        last[name] = records[-1]["dynamodb"]["SequenceNumber"]
    if "NextShardIterator" in answer and answer["NextShardIterator"]:
        self.shards[name] = answer["NextShardIterator"]
    else:
        ended.add(name)
        self.shards = self.initialize_shards()


def _progress(poller) -> tuple[set[str], dict[str, str]]:
    """Shards that ended, and the last record read of each other."""
    if not hasattr(poller, "double11_progress"):
        poller.double11_progress = (set(), {})
    return poller.double11_progress


def _read(self, iterator: str) -> dict:
    stream = parse_arn(self.source_arn)
    account, region, table = stream["account"], stream["region"], stream["resource"].split("/")[1]
    if FAULTS.may_hit(region, "dynamodbstreams", "GetRecords"):
        return _get_records(self, iterator)
    home = get_store(account, region).TABLE_REGION.get(table, region)
    answer = database.post(
        DynamodbServer.get().url, "DynamoDBStreams_20120810.GetRecords", database.authorization(account, home),
        json.dumps({"ShardIterator": _as_in_database(iterator), "Limit": self.stream_parameters["BatchSize"]}),
    )
    if answer.status != 200:
        # What is wrong, an iterator too old for instance, is found and handled in the usual way.
        return _get_records(self, iterator)
    METER.count(region, "dynamodbstreams", "GetRecords", "", answer.status)
    read = json.loads(answer.data)
    for record in read.get("Records", []):
        record["awsRegion"] = region
        seconds = record["dynamodb"]["ApproximateCreationDateTime"]
        record["dynamodb"]["ApproximateCreationDateTime"] = datetime.fromtimestamp(seconds, UTC)
    return read


def _as_in_database(iterator: str) -> str:
    return f"arn:aws:dynamodb:ddblocal:000000000000:{parse_arn(iterator)['resource']}"


def _receive_what_waits(self) -> None:
    queue = parse_arn(self.source_arn)
    if FAULTS.may_hit(queue["region"], "sqs", "ReceiveMessage") or _waits(queue["account"], queue["region"], queue["resource"]):
        _receive(self)


def _waits(account: str, region: str, name: str) -> bool:
    queue = sqs_stores[account][region].queues.get(name)
    return queue is None or queue.approximate_number_of_messages > 0
