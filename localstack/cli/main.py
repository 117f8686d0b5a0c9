"""The command line."""

import argparse
import json
import signal
import sys
import traceback

from cli import places, project, stack
from cli.jdk import find_jdk
from cli.shell import Failure, say
from cli.tools import doctor, install

OPERATIONS = {
    "payments": "open payments, the oldest first: eleven payments [--stuck] [--unit U]",
    "payment": "explain a payment, or act on it: eleven payment ID [--retry | --abort] [--reason R]",
    "dead-letters": "what was given up, and what to do about it: eleven dead-letters [QUEUE] [--region R]",
    "redrive": "bring dead letters back: eleven redrive QUEUE --region R [--dry-run | --reason R [--most N]]",
    "move": "have another unit own some shards: eleven move SHARDS --to UNIT --reason R [--dry-run]",
    "health": "how the units are, as each Region sees them: eleven health [UNIT]",
    "failover": "take a unit out of service by rule, or bring it back: eleven failover UNIT [--back] --reason R [--region R] [--no-wait]",
    "failovers": "what failovers of a unit did and saw: eleven failovers UNIT",
    "rule": "the routing rule: eleven rule [--version N | --history | --diff A B | --publish FILE [--first REGION:PERCENT] [--dry-run] --reason R | --spread --reason R | --rollback N --reason R] [--json]",
    "release": "shift a unit's customers to its other colour: eleven release UNIT --to b --reason R [--steps 1,10,50,100] [--least N] [--approval] [--wait], or --approve ID | --reject ID",
    "releases": "a unit's releases, with their figures: eleven releases UNIT",
}
IN_PROCESS = {
    "explore": "go through every interleaving of racing payments, then take away one guard after the other: [--thorough]",
    "simulate": "live through payments of years in one process, with faults at every call: "
    "[--operations N] [--customers C] [--seed S] [--worlds W] [--lag SECONDS] [--eventual TABLE] [--switches N]",
    "kill-matrix": "kill everything that is deployed, one after the other, and say which customers can pay at which door meanwhile",
    "cost": "count what one payment calls, writes and sends, from 1, 2 and 3 funding sources",
    "bench-risk": "measure risk decisions beside ONNX Runtime, and with --load the function on a database: [--load] [--seconds N] [--rate N]",
    "speed": "measure payments in one process beside the bare database: [--payments N] [--callers A,B,C]",
}
TRAINING = {
    "train": "train the risk models anew, print their cards, write their artefacts: [--check] [--out FOLDER]",
    "evaluate-models": "measure the shipped default models on customers of yours: eleven evaluate-models FILE",
}
REBUILD_FEATURES = {"rebuild-features": "remember anew what payers spent, from the payments: eleven rebuild-features [--region R] [--segments N]"}
STRESS_TEST = {"stress-test": "shadow traffic and its load: eleven stress-test admit NAME --minutes N --reason R | run NAME --rate R [--steps …] [--seconds S] [--no-wait] --reason R | mark NAME | show NAME | stop NAME --reason R | operator-key"}
# These hand what they do not know to a program of their own, which checks it; the first five kinds ask it for help, too.
TAKES_MORE = (*OPERATIONS, *IN_PROCESS, *TRAINING, *REBUILD_FEATURES, *STRESS_TEST, "replay", "chaos", "bench", "example")


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="eleven", description="Double Eleven on this machine: LocalStack without containers.")
    top.add_argument("--verbose", action="store_true", help="show tracebacks")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")

    replay = commands.add_parser(
        "replay", help="the main job: deploy three Regions and pay real orders over them",
        epilog="Further options go to the replay: --orders N, --parallel P, --calm, --regions A,B, --data FILE.",
    )
    replay.add_argument("--keep", action="store_true", help="leave the stack running")
    chaos = commands.add_parser(
        "chaos", help="break the stack under load, one fault after the other, and audit what came of the payments",
        epilog="Further options go to chaos itself: --scenario NAME, --orders N, --pace MS, --warm-up S, --seconds S, --seed S, --parallel P, --regions A,B.",
    )
    chaos.add_argument("--keep", action="store_true", help="leave the stack running")
    chaos.add_argument("--list", action="store_true", help="say what scenarios there are, and do nothing")
    test = commands.add_parser("test", help="run all tests")
    test.add_argument("--fast", action="store_true", help="without LocalStack")
    test.add_argument("--keep", action="store_true", help="leave the stack running")

    commands.add_parser("doctor", help="say what this machine lacks")
    commands.add_parser("jdk", help="print the home of the JDK 25")
    commands.add_parser("install", help="install LocalStack and the tools privately")
    commands.add_parser("build", help="build what changed")
    commands.add_parser("up", help="start LocalStack")
    deploy = commands.add_parser("deploy", help="cdk deploy into every Region")
    deploy.add_argument("--force", action="store_true", help="also when nothing changed")
    deploy.add_argument("--shadow", action="store_true", help="also what stress tests run on")
    commands.add_parser("status", help="what runs, where, and which faults are on")
    logs = commands.add_parser("logs", help="LocalStack's log, or that of the functions named like FUNCTION")
    logs.add_argument("function", nargs="?")
    logs.add_argument("-n", type=int, default=40, help="how many lines")
    commands.add_parser("down", help="stop everything")
    commands.add_parser("env", help="print what an AWS client needs; use: eval $(localstack/eleven env)")
    faults = commands.add_parser("faults", help="list, add or clear injected faults")
    faults.add_argument("action", choices=["list", "add", "clear"])
    faults.add_argument("fields", nargs="*", help="field=value, such as region=us-east-2 mode=unavailable seconds=10")
    commands.add_parser("bench", help="print start, first and warm call of each function that ran on the stack, from its logs")
    commands.add_parser("example", help="what curl needs: eleven example door|operator-key|public-key|consent …")
    for command, what in {**OPERATIONS, **REBUILD_FEATURES, **STRESS_TEST, **IN_PROCESS, **TRAINING}.items():
        commands.add_parser(command, help=what, add_help=False)
    return top


def main(arguments: list[str]) -> int:
    # Whoever ends this command, a person or a build server, ends what it started: each start has a matching finally.
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    top = parser()
    given, given_rest = top.parse_known_args(arguments)
    if given_rest and given.command not in TAKES_MORE:
        top.error(f"unrecognized arguments: {' '.join(given_rest)}")
    given.rest = given_rest
    try:
        return run(given) or 0
    except Failure as failure:
        if failure.detail:
            print(failure.detail, file=sys.stderr)
        print(f"eleven: {failure}", file=sys.stderr)
        if given.verbose:
            traceback.print_exc()
        return 1
    except KeyboardInterrupt:
        print("eleven: interrupted", file=sys.stderr)
        return 130


def run(given) -> int | None:
    match given.command:
        case "doctor":
            missing = doctor()
            for line in missing:
                say(f"✗ {line}")
            return 1 if missing else 0
        case "jdk":
            say(str(find_jdk()))
        case "install":
            install()
        case "build":
            project.build()
        case "up":
            stack.up()
        case "deploy":
            project.deploy(given.force, given.shadow)
        case "status":
            return project.status()
        case "logs":
            return project.logs(given.function, given.n)
        case "down":
            stack.down()
        case "env":
            for name, value in places.aws_environment().items():
                say(f"export {name}={value}")
        case "faults":
            return faults(given.action, given.fields)
        case "bench" | "example":
            return project.script(given.command, given.rest)
        case command if command in OPERATIONS:
            return project.script("operations", [command, *given.rest])
        case "stress-test":
            return project.script("stress", given.rest)
        case "rebuild-features":
            return project.script("features", given.rest)
        case command if command in IN_PROCESS:
            return project.in_process(given.command, given.rest)
        case command if command in TRAINING:
            return project.training(given.command, given.rest)
        case "replay":
            return project.replay(given.rest, given.keep)
        case "chaos":
            return project.scenarios(given.rest) if given.list else project.chaos(given.rest, given.keep)
        case "test":
            return project.test(given.fast, given.keep)
    return 0


def faults(action: str, fields: list[str]) -> int:
    if action == "list":
        answer = project.control("GET", "faults")
    elif action == "clear":
        answer = project.control("DELETE", "faults")
    else:
        answer = project.control("POST", "faults", {name: _value(value) for name, _, value in (field.partition("=") for field in fields)})
    say(json.dumps(answer, indent=2))
    return 0


def _interrupt(number, frame):
    raise KeyboardInterrupt


def _value(text: str):
    try:
        return json.loads(text)
    except json.JSONDecodeError:
        return text


