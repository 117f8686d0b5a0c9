"""Builds risk's memory of what payers spent anew from the payments: ``eleven rebuild-features [--region R] [--segments N]``.

It may run at any time, beside live payments, and again: what is remembered already is not counted twice.
"""

import argparse
import sys
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Event

from cli import places
from cli.api import invoke
from cli.shell import Failure, say

FUNCTION = "double11-rebuild-features"
COUNTS = ("pages", "seen", "remembered", "failed")


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="eleven rebuild-features", description="remember anew what payers spent, from the payments of the last week")
    parser.add_argument("--region", default=places.REGIONS[0], help="where to remember them; risk reads them in every Region")
    parser.add_argument("--segments", type=int, default=4, help="how many parts of the payment table to go through at once, 1 to 100")
    given = parser.parse_args(arguments)
    try:
        return rebuild(given.region, given.segments)
    except Failure as failure:
        print(f"eleven: {failure}", file=sys.stderr)
        return 1


def rebuild(region: str, segments: int) -> int:
    if not 1 <= segments <= 100:
        raise Failure(f"--segments must be 1 to 100: {segments}")
    stop = Event()
    with ThreadPoolExecutor(segments) as pool:
        try:
            total = sum(pool.map(lambda segment: _rebuild(region, segment, segments, stop), range(segments)), Counter())
        finally:
            stop.set()
    say(f"remembered {total['remembered']:,} of {total['seen']:,} payments in {region}")
    if total["failed"]:
        raise Failure(f"{total['failed']:,} could not be remembered: the log group /aws/lambda/{FUNCTION} says which and why; mend it and run this again")
    return 0


def _rebuild(region: str, segment: int, segments: int, stop: Event) -> Counter:
    total, after = Counter(), ""
    while not stop.is_set():
        answer = invoke(FUNCTION, {"segment": segment, "segments": segments, "after": after}, region)
        if not all(isinstance(answer.get(name), int) for name in COUNTS) or answer.get("after") == after:
            raise Failure(f"{FUNCTION} in {region} gets no further: {answer}")
        total.update({name: answer[name] for name in COUNTS})
        say(f"segment {segment}: {total['pages']:,} pages, {total['seen']:,} payments of the last week or open, {total['remembered']:,} remembered")
        if "after" not in answer:
            break
        after = answer["after"]
    return total


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
