"""Ends running workflows from outside, in the middle of whatever they do, and tells through which states any of them went.

An Express execution cannot be stopped by any call of AWS, and yet it can die: with its service, or at its time's end. What it has written
stays written, a call under way arrives, and nothing follows. Nor has it a history that could be asked for: its events go to a log, where
one is kept.
"""

import datetime
import fnmatch
import json
import random
from collections.abc import Iterable


def begun() -> list:
    """Every execution since the stack began, in all Regions."""
    from localstack.services.stepfunctions.backend.store import sfn_stores

    return [
        execution
        for _, _, store in sfn_stores.iter_stores()
        for execution in list(store.executions.values())
        if execution.exec_worker is not None and execution.exec_worker.env is not None
    ]


def running() -> list:
    """The executions that run now, in all Regions."""
    return [execution for execution in begun() if execution.exec_status == "RUNNING"]


def stop(executions: Iterable, workflow: str, share: float, seed: int) -> list[dict]:
    """Stops a share of those whose state machine is named like this; answers where each of them stood. None is stopped twice."""
    chance = random.Random(seed)
    stopped = []
    for execution in executions:
        if not fnmatch.fnmatchcase(execution.state_machine.name, workflow) or chance.random() >= share:
            continue
        environment = execution.exec_worker.env
        if not environment.is_running():
            continue
        states = where(environment)
        environment.set_stop(stop_date=datetime.datetime.now(tz=datetime.UTC), cause="injected: stopped", error="Stopped")
        stopped.append({"workflow": execution.state_machine.name, "region": execution.region_name, "name": execution.name, "states": states})
    return stopped


def where(environment) -> list[str]:
    """The states an execution is in: one, or one in each branch."""
    frames = list(environment._frames)
    inner = sorted({name for frame in frames for name in where(frame)})
    return inner or ([environment.next_state_name] if environment.next_state_name else [])


def histories(executions: Iterable, text: str) -> list[dict]:
    """Those with this text in their input, the earliest first, each with how it ended and its events: states entered, iterations started."""
    found = [execution for execution in executions if text in json.dumps(execution.input_data)]
    return [
        {
            "workflow": execution.state_machine.name, "region": execution.region_name, "name": execution.name, "status": execution.exec_status,
            "output": execution.output, "events": [_event(event) for event in execution.exec_worker.env.event_manager.get_event_history()],
        }
        for execution in sorted(found, key=lambda execution: execution.start_date)
    ]


def _event(event: dict) -> dict:
    row = {"id": event["id"], "previous": event["previousEventId"], "type": str(event["type"])}
    if "stateEnteredEventDetails" in event:
        row["state"] = event["stateEnteredEventDetails"]["name"]
    failed = event.get("taskFailedEventDetails") or event.get("taskTimedOutEventDetails")
    if failed:
        row["error"], row["cause"] = failed["error"], failed.get("cause", "")
    if row["type"] == "MapIterationStarted":
        row["index"] = event["mapIterationStartedEventDetails"]["index"]
    return row
