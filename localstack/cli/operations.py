"""What operators do: ``eleven payments``, ``payment``, ``dead-letters``, ``redrive`` when something is open that should not be; ``rule``, ``move``,
``health``, ``failover`` and ``release``.

All of it by way of the API, so that everything is checked and on record the same, whoever asks.
"""

import argparse
import json
import re
import sys
import time
from pathlib import Path
from urllib.parse import quote, urlencode

from cli import places
from cli.api import Api, operator
from cli.shell import Failure

MOVE_SECONDS = 120
# Longer than its workflow waits for anything.
FAILOVER_SECONDS = 600
FOLLOW_SECONDS = 2
# Each Region has its own queues: another door would show and move others.
OF_ONE_REGION = ("dead-letters", "redrive")
RULE = "/operations/routing-rule"
FIRST = re.compile("([a-z0-9-]+):([0-9]{1,3})")
SHARDS = re.compile("([0-9]{2})(?:-([0-9]{2}))?")


def main(arguments: list[str]) -> int:
    given = parser().parse_args(arguments)
    try:
        with operator(given.region, elsewhere=given.command not in OF_ONE_REGION) as api:
            return COMMANDS[given.command](api, given)
    except Failure as failure:
        print(f"eleven: {failure}", file=sys.stderr)
        if failure.detail:
            print(failure.detail, file=sys.stderr)
        return 1


def parser() -> argparse.ArgumentParser:
    top = argparse.ArgumentParser(prog="eleven")
    commands = top.add_subparsers(dest="command", required=True)

    payments = commands.add_parser("payments", help="open payments, the oldest first")
    payments.add_argument("--stuck", action="store_true", help="only those that are open a minute after their deadline")
    payments.add_argument("--unit", help="only those of this unit, such as RZ01")
    payments.add_argument("--limit", type=int, default=20, help="how many, 1 to 100")
    payments.add_argument("--next", help="go on where an earlier list ended")

    payment = commands.add_parser("payment", help="explain a payment, or act on it")
    payment.add_argument("id", help="its id, or the key that a log line names")
    action = payment.add_mutually_exclusive_group()
    action.add_argument("--retry", action="store_true", help="ask phase two again now")
    action.add_argument("--abort", action="store_true", help="abort it, where nobody decided by its deadline")

    letters = commands.add_parser("dead-letters", help="what was given up, and what to do about it")
    letters.add_argument("queue", nargs="?", help="look into this queue")

    redrive = commands.add_parser("redrive", help="bring dead letters back to where they came from")
    redrive.add_argument("queue")
    redrive.add_argument("--dry-run", action="store_true", help="show, move nothing")
    redrive.add_argument("--most", type=int, help="only so many, 1 to 10: to see whether the cause is mended")

    rule = commands.add_parser("rule", help="the routing rule: what it says, what it said, and the next one")
    what = rule.add_mutually_exclusive_group()
    what.add_argument("--version", type=int, help="not the one in force, but this one")
    what.add_argument("--history", action="store_true", help="every version, the newest first")
    what.add_argument("--diff", nargs=2, type=int, metavar=("A", "B"), help="what version B says otherwise than A")
    what.add_argument("--publish", metavar="FILE", help="publish what --json printed and somebody changed")
    what.add_argument("--rollback", type=int, metavar="N", help="publish what version N says, as a new version")
    what.add_argument("--spread", action="store_true", help="give all gateways the version that some obey first")
    rule.add_argument("--first", type=_first, metavar="REGION:PERCENT", help="with --publish: to that part of that Region's gateways only, such as us-west-2:10")
    rule.add_argument("--json", action="store_true", help="print what --publish takes; while only some gateways obey a version, what the rest obeys")
    rule.add_argument("--dry-run", action="store_true", help="with --publish: show what would change, change nothing")

    move = commands.add_parser("move", help="have another unit own some shards")
    move.add_argument("shards", help="shards and ranges with commas between, such as 10-19,25")
    move.add_argument("--to", required=True, metavar="UNIT", help="the unit that is to own them, such as RZ02")
    move.add_argument("--dry-run", action="store_true", help="show what would change, change nothing")

    health = commands.add_parser("health", help="how the units are, as each Region sees them")
    health.add_argument("unit", nargs="?", help="only this one, such as RZ01")

    failover = commands.add_parser("failover", help="take a unit out of service, or bring it back")
    failover.add_argument("unit", help="such as RZ01")
    failover.add_argument("--back", action="store_true", help="bring it back")
    failover.add_argument("--no-wait", action="store_true", help="begin, and leave it to itself")

    failovers = commands.add_parser("failovers", help="what failovers of a unit did and saw, the newest first")
    failovers.add_argument("unit")
    failovers.add_argument("--limit", type=int, default=5, help="how many, 1 to 100")

    release = commands.add_parser("release", help="shift a unit's customers to its other colour, step by step, and back by itself")
    release.add_argument("unit", help="such as RZ01")
    release.add_argument("--to", choices=("a", "b"), help="begin: the colour that is given more and more")
    release.add_argument("--steps", help="its weights in per cent, such as 1,10,50,100")
    release.add_argument("--least", type=int, help="payments of each colour to wait for at each step")
    release.add_argument("--patience", type=int, metavar="MINUTES", help="how long to wait for them, 1 to 30")
    release.add_argument("--stay", action="store_true", help="where too few came, leave the weights as they are")
    release.add_argument("--approval", action="store_true", help="have an operator agree before anything is shifted")
    release.add_argument("--wait", action="store_true", help="tell of each step until it ends; fails where it does not succeed")
    answer = release.add_mutually_exclusive_group()
    answer.add_argument("--approve", metavar="ID", help="agree to one that waits")
    answer.add_argument("--reject", metavar="ID", help="end one that waits, stop one that is under way")

    releases = commands.add_parser("releases", help="a unit's releases, the newest first, with their figures")
    releases.add_argument("unit")
    releases.add_argument("--limit", type=int, default=5, help="how many, 1 to 50")

    for command in (payment, redrive, rule, move, failover, release):
        command.add_argument("--reason", help="why; it stays on record")
    for command in (payments, payment, letters, redrive, rule, move, health, failover, failovers, release, releases):
        required = command is redrive
        command.add_argument("--region", required=required, default=None if required else places.REGIONS[0], help="whose API to call")
    return top


def _first(written: str) -> dict:
    match = FIRST.fullmatch(written)
    if match is None:
        raise argparse.ArgumentTypeError(f"must be a Region, a colon and how many of its gateways in a hundred, such as us-west-2:10, not {written!r}")
    return {"region": match[1], "percent": int(match[2])}


def payments(api: Api, given) -> int:
    query = {"state": "stuck" if given.stuck else "open", "limit": given.limit, "unit": given.unit, "next": given.next}
    answer = api.get("/operations/payments?" + urlencode({name: value for name, value in query.items() if value is not None}))
    print("\n".join(payments_text(answer)))
    return 0


def payments_text(answer: dict) -> list[str]:
    rows = answer["payments"]
    if not rows:
        lines = ["nothing is open" + ("" if answer["complete"] else " among what was looked at")]
    else:
        lines = [f"{'open for':>9}  {'overdue':>9}  {'status':<10}  {'unit':<6}  {'kind':<8}  {'amount':>16}  payment"]
    for row in rows:
        unit = f"{row['unit']}-{row['colour']}" if "unit" in row else "?"
        amount = f"{row['amount']} {row['currency']}" if "amount" in row else ""
        lines.append(
            f"{_time(row['ageSeconds']):>9}  {_time(row['overdueSeconds']):>9}  {row['status']:<10}  {unit:<6}  {row.get('kind', '?'):<8}  {amount:>16}  {row['id']}"
        )
        if row["stuck"]:
            lines.append(f"{'':>9}  stuck: {row['why']}")
    if "next" in answer:
        lines.append(f"more: --next {answer['next']}")
    if not answer["complete"]:
        lines.append("more are open than one call looks at; ask unit by unit: --unit")
    return lines


def payment(api: Api, given) -> int:
    path = f"/operations/payments/{quote(given.id, safe='')}"
    if given.retry or given.abort:
        reason = _reason(given)
        if given.retry:
            answer = api.post(f"{path}/retry", {"reason": reason})
        else:
            answer = api.post(f"{path}/decision", {"decision": "ABORT", "reason": reason})
        operated = answer["operated"]
        print(f"{operated['action'].lower()} of {answer['id']}: {operated['result'].lower().replace('_', ' ')}, on record since {operated['at']} under {operated['key']}")
        return 0
    if given.reason is not None:
        raise Failure("--reason goes with --retry or --abort")
    print("\n".join(explanation_text(api.get(path))))
    return 0


def explanation_text(answer: dict) -> list[str]:
    what = " ".join(str(answer[name]) for name in ("kind", "amount", "currency") if name in answer)
    lines = [f"{answer['id']}  {what}".rstrip(), f"  status   {answer['status']}" + (f", open for {_time(answer['openSeconds'])}" if "openSeconds" in answer else "")]
    if "unit" in answer:
        lines.append(f"  attempt  {answer['attempt']} in {answer['unit']}-{answer['colour']}")
    lines.append(f"  item     {answer['key']}")
    lines.append("what happened")
    for step in answer["steps"]:
        by = f" by {step['by']}" if "by" in step else ""
        on = f" on {step['account']}" if "account" in step else ""
        why = f": {step['why']}" if "why" in step else ""
        lines.append(f"  {step['at']:<24}  {step['step']:<14}  {step['outcome']}{on}{by}{why}")
    if answer["abortedAttempts"]:
        lines.append("attempts that can never own the order again")
        lines += [f"  {each['attempt']}  {each['reason']}" for each in answer["abortedAttempts"]]
    if answer["accounts"]:
        lines.append("what lies there now")
        lines += [f"  {each['account']:<32}  {each['role']:<10}  {each['amount']:>12}  {each['state']}" for each in answer["accounts"]]
    lines.append("diagnosis")
    lines.append(f"  {answer['diagnosis']}")
    for may in answer["may"]:
        lines.append(f"  you may: eleven payment {answer['id']} --{may.lower()} --reason '…'")
    return lines


def dead_letters(api: Api, given) -> int:
    if given.queue:
        print("\n".join(preview_text(_preview(api, given.queue))))
        return 0
    queues = api.get("/operations/dead-letters")["queues"]
    for queue in queues:
        print(f"{queue['waiting']:>6}  {queue['queue']}")
        if queue["waiting"]:
            print(f"        {queue['remedy']}")
    return 0


def redrive(api: Api, given) -> int:
    if not given.dry_run:
        _reason(given)
    preview = _preview(api, given.queue)
    print("\n".join(preview_text(preview)))
    if given.dry_run:
        return 0
    body = {"reason": given.reason} if given.most is None else {"reason": given.reason, "most": given.most}
    answer = api.post(f"/operations/dead-letters/{quote(given.queue, safe='')}/redrive", body)
    if "moved" in answer:
        print(f"moved {answer['moved']} to {answer['source']}")
        return 0
    print(f"moving {answer['moving']} to {answer['source']}")
    return _await_move(api, given.queue)


def _await_move(api: Api, queue: str) -> int:
    until = time.monotonic() + MOVE_SECONDS
    while _waiting(api, queue) > 0:
        if time.monotonic() > until:
            raise Failure(f"the move has not ended after {MOVE_SECONDS} s; it goes on, or its messages came back: eleven dead-letters {queue}")
        time.sleep(0.5)
    print(f"{queue} is empty")
    return 0


def _waiting(api: Api, queue: str) -> int:
    return next(each["waiting"] for each in api.get("/operations/dead-letters")["queues"] if each["queue"] == queue)


def _preview(api: Api, queue: str) -> dict:
    return api.get(f"/operations/dead-letters/{quote(queue, safe='')}")


def preview_text(preview: dict) -> list[str]:
    lines = [f"{preview['queue']} holds {preview['waiting']} message(s)", f"  {preview['remedy']}"]
    if "lastRedrive" in preview:
        lines.append(f"  last redrive of all: {preview['lastRedrive']['status'].lower()}, moved {preview['lastRedrive']['moved']}")
    for each in preview["redrives"]:
        many = f"{each['most']} at most" if "most" in each else "all"
        lines.append(f"  redriven {each['at']} by {each['key']}, {many}: {each['reason']} ({each['result'].lower()})")
    for message in preview["messages"]:
        about = f"{message['payment']} ({message['status']})" if "payment" in message else message["id"]
        why = f", {message['why']}" if "why" in message else ""
        lines.append(f"  {about}{why}, {_time(message['ageSeconds'])} old, received {message['receives']} times")
        lines.append(f"    {message['redrive']}")
    return lines


def rule(api: Api, given) -> int:
    if given.publish is not None:
        return _publish(api, given)
    if given.first is not None:
        raise Failure("--first goes with --publish")
    if given.rollback is not None:
        return _roll_back(api, given)
    if given.spread:
        return _spread(api, given)
    if given.dry_run or given.reason is not None:
        raise Failure("--dry-run and --reason go with --publish, and --reason with --rollback and --spread")
    if given.history:
        print("\n".join(history_text(_history(api))))
    elif given.diff is not None:
        print("\n".join(diff_text(api.get(f"{RULE}/diff?" + urlencode({"from": given.diff[0], "to": given.diff[1]})))))
    else:
        answer = api.get(RULE if given.version is None else f"{RULE}/versions/{given.version}")
        if given.json:
            print(json.dumps({"expectedVersion": answer["version"], "document": _obeyed(answer)}, indent=2))
        else:
            print("\n".join(rule_text(answer)))
    return 0


def _publish(api: Api, given) -> int:
    body = _publication(Path(given.publish))
    # A dry run leaves nothing on record, so it takes any reason.
    body["reason"] = given.reason or "a dry run" if given.dry_run else _reason(given)
    if given.first is not None:
        body["first"] = given.first
    if given.dry_run:
        body["dryRun"] = True
    answer = api.post(RULE, body, repeatable=True)
    print("\n".join(publication_text(answer)))
    return 0


def _publication(file: Path) -> dict:
    try:
        body = json.loads(file.read_text())
    except OSError as error:
        raise Failure(f"cannot read {file}: {error.strerror}") from None
    except json.JSONDecodeError as error:
        raise Failure(f"{file} is no JSON: {error}") from None
    if not isinstance(body, dict) or set(body) != {"expectedVersion", "document"}:
        raise Failure(f"{file} must hold expectedVersion, the version that you changed, and document: begin with eleven rule --json > {file.name}")
    return body


def _roll_back(api: Api, given) -> int:
    reason = _reason(given)
    if given.dry_run:
        raise Failure(f"see what would change: eleven rule --diff {api.get(RULE)['version']} {given.rollback}")
    body = {"toVersion": given.rollback, "expectedVersion": api.get(RULE)["version"], "reason": reason}
    print("\n".join(publication_text(api.post(f"{RULE}/rollback", body, repeatable=True))))
    return 0


def _spread(api: Api, given) -> int:
    reason = _reason(given)
    if given.dry_run:
        raise Failure("--dry-run goes with --publish; eleven rule says how to see what would change")
    body = {"expectedVersion": api.get(RULE)["version"], "reason": reason}
    print("\n".join(publication_text(api.post(f"{RULE}/spread", body, repeatable=True))))
    return 0


def _obeyed(answer: dict) -> dict:
    """What all obey but those that try a version: whoever changes something else builds upon this, and spreads nothing unawares."""
    return answer.get("rest", answer).get("document", answer["document"])


def _history(api: Api) -> list[dict]:
    versions: list[dict] = []
    answer: dict = {"next": None}
    while "next" in answer:
        query = {"limit": 100} if answer["next"] is None else {"limit": 100, "next": answer["next"]}
        answer = api.get(f"{RULE}/versions?{urlencode(query)}")
        versions += answer["versions"]
    return versions


def rule_text(answer: dict) -> list[str]:
    document = answer["document"]
    loads = {load["unit"]: load for load in answer["loads"] if "lost" not in load}
    losses = {load["lost"]: load for load in answer["loads"] if "lost" in load}
    lines = [_published(answer), *_trial(answer)]
    if "peak" in document:
        lines.append(f"peak {document['peak']:,} payments a second")
    lines.append("")
    lines.append(f"{'unit':<6}  {'Region':<14}  {'colours':<12}  {'of peak':>10}  {'capacity':>10}  {'if it is lost':<34}  shards")
    for unit in document["units"]:
        needed = f"{loads[unit['name']]['needed']:,}" if unit["name"] in loads else "none"
        lines.append(
            f"{unit['name']:<6}  {unit['region']:<14}  {_weights(unit['colours']):<12}  {needed:>10}  "
            f"{unit.get('capacity', 0):>10,}  {_if_lost(unit, losses):<34}  {', '.join(unit['shards']) or 'none'}"
        )
    return lines + _flows(document.get("flows", {})) + _switches(document.get("switches", {}))


def _flows(flows: dict) -> list[str]:
    if not flows:
        return []
    lines = ["", f"limits, of which each of {flows['environments']:,} environments of the gateway enforces its part"]
    for name, limit in flows.items():
        if isinstance(limit, list):
            lines += [f"  {name + '.' + each[name[:-1]]:<24}{_flow(each)}" for each in limit]
        elif isinstance(limit, dict):
            lines.append(f"  {name:<24}{_flow(limit)}")
    return lines


def _if_lost(unit: dict, losses: dict[str, dict]) -> str:
    if unit.get("forbidden"):
        return f"forbidden, {unit['standby']} serves"
    # While one unit is forbidden no other may be lost besides.
    return _carries(losses[unit["name"]]) if unit["name"] in losses else ""


def _flow(limit: dict) -> str:
    return f"{limit['ratePerSecond']:,} a second, burst {limit['burst']:,}"


def _switches(switches: dict) -> list[str]:
    off = [feature for feature, state in switches.items() if state == "OFF"]
    return ["", f"switched off: {', '.join(off)}"] if off else []


def history_text(versions: list[dict]) -> list[str]:
    return [_published(version) for version in versions]


def _published(version: dict) -> str:
    restores = f", restores version {version['restores']}" if "restores" in version else ""
    return f"version {version['version']}, {version.get('publishedAt', 'at an unknown time')} by {version['publishedBy']}{restores}: {version['reason']}{_to_whom(version)}"


def _to_whom(version: dict) -> str:
    if "first" not in version:
        return ""
    if "spread" not in version:
        return f" (only {_part(version)})"
    spread = version["spread"]
    return f" (first {_part(version)}; all since {spread['at']} by {spread['by']}: {spread['reason']})"


def _part(version: dict) -> str:
    return f"{version['first']['percent']} % of the gateways in {version['first']['region']}"


def _trial(answer: dict) -> list[str]:
    """What to do about a version in force that not all obey."""
    if "document" not in answer.get("rest", {}):
        return []
    rest = answer["rest"]["version"]
    return [
        f"all other gateways obey version {rest}: eleven rule --version {rest}, eleven rule --diff {rest} {answer['version']}",
        f"to give it to all: eleven rule --spread --reason '…'; to withdraw it: eleven rule --rollback {rest} --reason '…'",
    ]


def publication_text(answer: dict) -> list[str]:
    if "publishedAt" in answer:
        lines = [_published(answer)]
    else:
        lines = [f"version {answer['version']} would be published{_to_whom(answer)}; nothing was changed"]
    losses = [load for load in answer["loads"] if "lost" in load]
    return lines + diff_text(answer["diff"]) + [f"  should {load['lost']} be lost, {_carries(load)}" for load in losses]


def _carries(load: dict) -> str:
    return f"{load['unit']} carries {load['needed']:,} of {load['available']:,}"


def diff_text(diff: dict) -> list[str]:
    lines = [f"from version {diff['from']} to version {diff['to']}"]
    if "peak" in diff:
        lines.append(f"  peak {_change(diff['peak'])}")
    lines += [f"  shards {moved['shards']} {moved['from']} -> {moved['to']}" for moved in diff["shards"]]
    for unit in diff["units"]:
        come = {"ADDED": " is added", "REMOVED": " is removed", "CHANGED": ""}[unit["change"]]
        changes = [f"{name} {_change(unit[name])}" for name in ("region", "standby", "capacity", "colours", "forbidden") if name in unit]
        lines.append(f"  {unit['unit']}{come}{':' if come and changes else ''} {', '.join(changes)}".rstrip())
    if "environments" in diff:
        lines.append(f"  environments {_change(diff['environments'])}")
    for flow in diff.get("flows", []):
        sides = [_flow(flow[side]) if side in flow else "no limit" for side in ("from", "to")]
        lines.append(f"  limit {flow['limit']} {' -> '.join(sides)}")
    lines += [f"  {turned['feature']}: switched {turned['to']}" for turned in diff.get("switches", [])]
    return lines if len(lines) > 1 else [lines[0] + ": nothing is different"]


def _change(change: dict) -> str:
    sides = [_value(change[side]) for side in ("from", "to") if side in change]
    return " -> ".join(sides)


def _value(value) -> str:
    if isinstance(value, dict):
        return f"({_weights(value)})"
    if isinstance(value, bool):
        return str(value).lower()
    return f"{value:,}" if isinstance(value, int) else value


def _weights(colours: dict) -> str:
    return ", ".join(f"{colour} {weight}" for colour, weight in colours.items())


def release(api: Api, given) -> int:
    path = f"/operations/units/{quote(given.unit, safe='')}/releases"
    if given.approve is not None or given.reject is not None:
        if given.to is not None:
            raise Failure("--to begins a release, --approve and --reject answer one")
        identity = given.reject if given.approve is None else given.approve
        body = {"approve": given.approve is not None, "reason": _reason(given)}
        answer = api.post(f"{path}/{quote(identity, safe='')}/decision", body)
        print(f"{'agreed to' if body['approve'] else 'stopping'} release {answer['release']} of {answer['unit']}")
    elif given.to is not None:
        answer = api.post(path, _beginning(given))
        print(f"release {answer['release']} of {answer['unit']}: {answer['from']} -> {answer['to']} by {', '.join(map(str, answer['steps']))} %")
        if answer["approval"]:
            print(f"  waits for: eleven release {answer['unit']} --approve {answer['release']} --reason '…'")
    else:
        raise Failure("say what to do: --to b, --approve ID or --reject ID")
    return _follow_release(api, f"{path}/{answer['release']}") if given.wait else 0


def _beginning(given) -> dict:
    body = {"to": given.to, "reason": _reason(given), "approval": given.approval, "starved": "STAY" if given.stay else "ROLL_BACK"}
    if given.steps is not None:
        try:
            body["steps"] = [int(step) for step in given.steps.split(",")]
        except ValueError:
            raise Failure(f"--steps are whole numbers with commas between them, not {given.steps}") from None
    if given.least is not None:
        body["least"] = given.least
    if given.patience is not None:
        body["patienceMinutes"] = given.patience
    return body


def _follow_release(api: Api, path: str) -> int:
    told: list[str] = []
    while True:
        answer = api.get(path)
        lines = release_text(answer)[1:]
        for line in lines:
            if line not in told:
                print(line, flush=True)
        told = lines
        if "endedAt" in answer:
            return 0 if answer["state"] == "SUCCEEDED" else 1
        time.sleep(FOLLOW_SECONDS)


def releases(api: Api, given) -> int:
    answer = api.get(f"/operations/units/{quote(given.unit, safe='')}/releases?{urlencode({'limit': given.limit})}")
    if not answer["releases"]:
        print(f"{given.unit} has no releases")
    for each in answer["releases"]:
        print("\n".join(release_text(each)))
    return 0


def release_text(answer: dict) -> list[str]:
    lines = [f"{answer['release']}  {answer['from']} -> {answer['to']}  by {answer['by']}: {answer['reason']}"]
    for name, done in (("decision", "answered"), ("stopped", "stopped")):
        if name in answer:
            lines.append(f"  {done} by {answer[name]['by']}: {answer[name]['reason']}")
    for stage in answer["stages"]:
        verdict = f"  {stage['verdict'].lower().replace('_', ' ')}: {stage['why']}" if "verdict" in stage else ""
        lines.append(f"  {stage['shiftedAt']:<24}  {answer['to']} has {stage['weight']:>3} %  version {stage['version']}{verdict}")
        lines += [f"    {colour}  {_figures(figures)}" for colour, figures in sorted(stage["figures"].items())]
    why = f": {answer['why']}" if "why" in answer else ""
    lines.append(f"  {answer.get('endedAt', 'now'):<24}  {answer['state'].lower().replace('_', ' ')}{why}")
    return lines


def _figures(figures: dict) -> str:
    names = {"payments": "payments", "paid": "paid", "declined": "declined", "riskDeclined": "declined by risk", "open": "open", "failed": "failed", "overdue": "overdue", "deadLetters": "dead letters"}
    shown = [f"{figures[name]:,} {word}" for name, word in names.items() if figures[name] or name in ("payments", "failed")]
    if "p50Millis" in figures:
        shown.append(f"p50 {figures['p50Millis']:,} ms, p99 {figures['p99Millis']:,} ms")
    return ", ".join(shown)


def _reason(given) -> str:
    if not given.reason:
        raise Failure("say why: --reason '…'; it stays on record")
    return given.reason


def _time(seconds: int) -> str:
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(minutes, 60)
    if hours:
        return f"{hours}h {minutes:02d}m"
    return f"{minutes}m {rest:02d}s" if minutes else f"{rest}s"


def move(api: Api, given) -> int:
    wanted = _numbers(given.shards)
    answer = api.get(RULE)
    document = _obeyed(answer)
    names = [unit["name"] for unit in document["units"]]
    if given.to not in names:
        raise Failure(f"--to must be one of the units of the rule in force: {', '.join(names)}")
    for unit in document["units"]:
        owned = {number for each in unit["shards"] for number in _numbers(each)}
        unit["shards"] = _ranges(owned | wanted if unit["name"] == given.to else owned - wanted)
    body = {"document": document, "expectedVersion": answer["version"], "reason": given.reason or "a dry run" if given.dry_run else _reason(given)}
    if given.dry_run:
        body["dryRun"] = True
    print("\n".join(publication_text(api.post(RULE, body, repeatable=True))))
    return 0


def _numbers(written: str) -> set[int]:
    """The shards of ``10-19,25``."""
    numbers: set[int] = set()
    for each in written.split(","):
        match = SHARDS.fullmatch(each.strip())
        first, last = (int(match[1]), int(match[2] or match[1])) if match else (1, 0)
        if first > last:
            raise Failure(f"shards are numbers 00 to 99 and ranges such as 10-19, with commas between: {each!r} is neither")
        numbers |= set(range(first, last + 1))
    return numbers


def _ranges(numbers: set[int]) -> list[str]:
    firsts = sorted(number for number in numbers if number - 1 not in numbers)
    lasts = sorted(number for number in numbers if number + 1 not in numbers)
    return [f"{first:02}-{last:02}" for first, last in zip(firsts, lasts, strict=True)]


def health(api: Api, given) -> int:
    answer = api.get("/operations/units")
    names = [unit["unit"] for unit in answer["units"]]
    if given.unit is not None and given.unit not in names:
        raise Failure(f"the rule in force has the units {', '.join(names)}, not {given.unit}")
    print("\n".join(health_text(answer, given.unit)))
    return 0


def health_text(answer: dict, only: str | None = None) -> list[str]:
    lines = [f"version {answer['rule']} of the rule, automatic failover {answer['automaticFailover']}"]
    if "lastAutomaticFailover" in answer:
        last = answer["lastAutomaticFailover"]
        lines.append(f"last automatic failover {last['failover']} of {last['unit']}, in {last['region']}: eleven failovers {last['unit']}")
    for unit in answer["units"]:
        if only in (None, unit["unit"]):
            out = ", out of service" if unit["forbidden"] else ""
            lines.append(f"{unit['unit']}  {unit['region']}, standby {unit['standby']}: {unit['health'].lower()}{out}")
            lines += [_sight(sight) for sight in unit["sights"]] or ["  nobody looked"]
    return lines


def _sight(sight: dict) -> str:
    row = f", {sight['failures']} in a row since {sight['failingSince']}" if "failingSince" in sight else ""
    real = {"SILENT": "", "MISSED": ", customers' payments are missed", "REACHED": ", customers' payments get through again"}[sight["real"]]
    said = f": {sight['said']}" if sight["synthetic"] != "SERVED" else ""
    stale = "" if sight["fresh"] else ", too long ago to count"
    return f"  {sight['region']:<12}  {sight['colour']}  {sight['at']:<24}  {sight['synthetic'].lower()}{said}{row}{real}{stale}"


def failover(api: Api, given) -> int:
    body = {"direction": "BACK" if given.back else "AWAY", "reason": _reason(given)}
    begun = api.post(f"/operations/units/{quote(given.unit, safe='')}/failovers", body, repeatable=True)
    print(_failover_head(begun), flush=True)
    if given.no_wait:
        return 0
    return _follow_failover(api, begun)


def _follow_failover(api: Api, begun: dict) -> int:
    until = time.monotonic() + FAILOVER_SECONDS
    shown, now = 0, begun
    while now["state"] == "RUNNING":
        if time.monotonic() > until:
            raise Failure(f"it has not ended after {FAILOVER_SECONDS} s and goes on: eleven failovers {begun['unit']}")
        time.sleep(FOLLOW_SECONDS)
        now = api.get(begun["links"]["self"])
        print("".join(f"  {_note(note)}\n" for note in now["notes"][shown:]), end="", flush=True)
        shown = len(now["notes"])
    print(now["state"].lower())
    return 0 if now["state"] == "DONE" else 1


def failovers(api: Api, given) -> int:
    answer = api.get(f"/operations/units/{quote(given.unit, safe='')}/failovers?limit={given.limit}")
    print("\n".join(failovers_text(answer["failovers"])))
    return 0


def failovers_text(several: list[dict]) -> list[str]:
    if not several:
        return ["none"]
    return [line for each in several for line in (_failover_head(each), *(f"  {_note(note)}" for note in each["notes"]), f"  {each['state'].lower()}")]


def _failover_head(each: dict) -> str:
    way = {"AWAY": f"{each['unit']} is taken out of service", "BACK": f"{each['unit']} is brought back"}[each["direction"]]
    return f"{each['id']}  {way} by {each['region']}, {each['begunAt']} by {each['by']}: {each['reason']}"


def _note(note: dict) -> str:
    return f"{note['at']:<24}  {note['step']:<8}  {note['text']}"


COMMANDS = {
    "payments": payments, "payment": payment, "dead-letters": dead_letters, "redrive": redrive, "rule": rule, "move": move, "health": health,
    "failover": failover, "failovers": failovers, "release": release, "releases": releases,
}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
