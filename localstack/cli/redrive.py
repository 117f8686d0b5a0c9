"""Shows what a dead-letter queue holds and moves it back to where it came from: ``eleven redrive QUEUE``.

Works on AWS as well: without AWS_ENDPOINT_URL it talks to the account of the caller's credentials.
"""

import argparse
import sys
import time

import boto3

WAIT_SECONDS = 120


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="eleven redrive")
    parser.add_argument("queue", help="the dead-letter queue's name, such as double11-rz01-a-phase-two-dlq")
    parser.add_argument("--region", required=True)
    parser.add_argument("--dry-run", action="store_true", help="show, move nothing")
    given = parser.parse_args(arguments)
    sqs = boto3.client("sqs", region_name=given.region)
    try:
        url = sqs.get_queue_url(QueueName=given.queue)["QueueUrl"]
    except sqs.exceptions.QueueDoesNotExist:
        print(f"eleven: no queue {given.queue} in {given.region}", file=sys.stderr)
        return 1
    waiting = _waiting(sqs, url)
    print(f"{given.queue} holds {waiting} message(s)")
    for message in sqs.receive_message(QueueUrl=url, MaxNumberOfMessages=5, VisibilityTimeout=0).get("Messages", []):
        print(f"  {message['Body'][:160]}")
    if given.dry_run or waiting == 0:
        return 0
    arn = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
    sqs.start_message_move_task(SourceArn=arn)
    until = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < until:
        task = (sqs.list_message_move_tasks(SourceArn=arn).get("Results") or [{}])[0]
        if task.get("Status") not in (None, "RUNNING"):
            print(f"{task['Status'].lower()}: moved {task.get('ApproximateNumberOfMessagesMoved', 0)}")
            return 0 if task["Status"] == "COMPLETED" else 1
        time.sleep(0.5)
    print(f"eleven: the move has not ended after {WAIT_SECONDS} s; it goes on", file=sys.stderr)
    return 1


def _waiting(sqs, url: str) -> int:
    attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["ApproximateNumberOfMessages"])
    return int(attributes["Attributes"]["ApproximateNumberOfMessages"])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
