"""What each function cost in this run, read from the REPORT lines in CloudWatch Logs: ``eleven bench``.

Works on AWS as well: without AWS_ENDPOINT_URL it reads the logs of the caller's account.
"""

import argparse
import re
import sys
from dataclasses import dataclass, field

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from cli import places

PREFIX = "/aws/lambda/double11-"
REPORT = re.compile(r"REPORT RequestId: \S+\s+Duration: ([\d.]+) ms")
START = re.compile(r"(?:Init|Restore) Duration: ([\d.]+) ms")
MEMORY = re.compile(r"Max Memory Used: (\d+) MB")


@dataclass
class Calls:
    """One function's calls; milliseconds."""

    starts: list[float] = field(default_factory=list)
    firsts: list[float] = field(default_factory=list)
    warm: list[float] = field(default_factory=list)
    megabytes: int = 0

    def add(self, line: str) -> None:
        report = REPORT.search(line)
        if report is None:
            return
        start = START.search(line)
        if start:
            self.starts.append(float(start.group(1)))
            self.firsts.append(float(report.group(1)))
        else:
            self.warm.append(float(report.group(1)))
        memory = MEMORY.search(line)
        self.megabytes = max(self.megabytes, int(memory.group(1)) if memory else 0)


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="eleven bench")
    parser.add_argument("--regions", default=",".join(places.REGIONS))
    calls: dict[str, Calls] = {}
    for region in parser.parse_args(arguments).regions.split(","):
        try:
            read(boto3.client("logs", region_name=region), calls)
        except (BotoCoreError, ClientError) as error:
            print(f"eleven: the logs in {region} cannot be read: {error}", file=sys.stderr)
            return 1
    print(table(calls))
    return 0 if any(made.starts or made.warm for made in calls.values()) else 1


def read(logs, calls: dict[str, Calls]) -> None:
    for page in logs.get_paginator("describe_log_groups").paginate(logGroupNamePrefix=PREFIX):
        for group in page["logGroups"]:
            name = group["logGroupName"]
            made = calls.setdefault(kind(name.removeprefix(PREFIX)), Calls())
            for events in logs.get_paginator("filter_log_events").paginate(logGroupName=name):
                for event in events["events"]:
                    for line in event["message"].splitlines():
                        made.add(line)


def kind(function: str) -> str:
    """The same function of all units and colours."""
    return re.sub(r"^rz\d+-[ab]-", "", function)


def table(calls: dict[str, Calls]) -> str:
    head = f"{'function':16}{'starts':>7}{'start':>10}{'first call':>12}{'warm p50':>10}{'warm p99':>10}{'calls':>7}{'first/warm':>12}{'memory':>9}"
    rows = [head]
    for name, made in sorted(calls.items()):
        if not made.starts and not made.warm:
            continue
        cold = median(made.starts), median(made.firsts)
        ratio = f"{sum(cold) / median(made.warm):.0f} x" if made.starts and made.warm and median(made.warm) else "-"
        rows.append(
            f"{name:16}{len(made.starts):>7}{ms(cold[0]):>10}{ms(cold[1]):>12}{ms(median(made.warm)):>10}{ms(at(made.warm, 0.99)):>10}"
            f"{len(made.warm):>7}{ratio:>12}{made.megabytes:>6} MB"
        )
    return "\n".join([*rows, "first/warm: start and first call over a warm call, medians of one run; a sweep of recovery lasts most of a minute by design"])


def at(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def median(values: list[float]) -> float:
    return at(values, 0.5)


def ms(value: float) -> str:
    return f"{value:,.0f} ms" if value >= 10 else f"{value:.1f} ms"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
