"""Reads a table's stream once: LocalStack begins again with the oldest record whenever one shard ends or one iterator grows old."""

from localstack.runtime import hooks
from localstack.services.lambda_.event_source_mapping.pollers.dynamodb_poller import DynamoDBPoller

try:
    from itertools import batched
except ImportError:  # before Python 3.12

    def batched(items, size):
        items = list(items)
        return (items[begin : begin + size] for begin in range(0, len(items), size))


@hooks.on_infra_start(priority=70)
def read_streams_once():
    DynamoDBPoller.initialize_shards = _shards
    DynamoDBPoller.poll_events_from_shard = _poll


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
