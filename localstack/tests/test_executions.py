"""Workflows ended from outside, with LocalStack's own environment of an execution."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from double11_localstack import executions
from localstack.services.stepfunctions.asl.eval.environment import Environment
from localstack.services.stepfunctions.asl.eval.event.event_manager import EventHistoryContext
from localstack.services.stepfunctions.asl.eval.program_state import ProgramStopped
from localstack.services.stepfunctions.asl.eval.states import ContextObjectData


def environment(state):
    made = Environment(
        aws_execution_details=None, execution_type="EXPRESS", context=ContextObjectData(Execution={}, StateMachine={}),
        event_history_context=EventHistoryContext.of_program_start(), cloud_watch_logging_session=None, activity_store={},
    )
    made.next_state_name = state
    return made


def execution(name, state="Try"):
    return SimpleNamespace(
        name=name, region_name="us-east-1", state_machine=SimpleNamespace(name="double11-rz01-a-payment-tcc"),
        exec_worker=SimpleNamespace(env=environment(state)),
    )


def is_stopped(one):
    return isinstance(one.exec_worker.env.program_state(), ProgramStopped)


def test_a_stopped_execution_enters_no_further_state_in_any_branch():
    one = execution("one")
    branch = one.exec_worker.env.open_inner_frame()
    branch.next_state_name = "Claim"

    stopped = executions.stop([one], "*-payment-tcc", 1, 0)

    assert stopped == [{"workflow": "double11-rz01-a-payment-tcc", "region": "us-east-1", "name": "one", "states": ["Claim"]}]
    assert is_stopped(one) and not branch.is_running()
    with pytest.raises(RuntimeError):
        one.exec_worker.env.next_state_name = "Commit"


def test_none_is_stopped_twice():
    one = execution("one")

    assert [len(executions.stop([one], "*", 1, 0)) for _ in range(2)] == [1, 0]


def test_other_workflows_run_on():
    one = execution("one")

    assert executions.stop([one], "*-refund", 1, 0) == []
    assert one.exec_worker.env.is_running()


def test_the_seed_says_which_share_is_stopped():
    def stopped(seed):
        return [row["name"] for row in executions.stop([execution(str(number)) for number in range(40)], "*", 0.5, seed)]

    assert stopped(11) == stopped(11) != stopped(12)
    assert 10 < len(stopped(11)) < 30


def test_a_history_tells_the_states_entered_the_iterations_and_the_errors_of_those_with_the_text_in_their_input():
    def finished(name, minute, order):
        one = execution(name)
        one.exec_status, one.output, one.input_data = "SUCCEEDED", {"outcome": "PAID"}, {"payment": {"pk": order}}
        one.start_date = datetime(2026, 11, 11, 0, minute, tzinfo=UTC)
        environment = one.exec_worker.env
        for kind, details in (
            ("MapStateEntered", {"stateEnteredEventDetails": {"name": "Holds"}}),
            ("MapIterationStarted", {"mapIterationStartedEventDetails": {"name": "Holds", "index": 1}}),
            ("TaskScheduled", {}),
            ("TaskFailed", {"taskFailedEventDetails": {"error": "DynamoDB.ConditionalCheckFailedException", "cause": "no funds"}}),
            ("TaskTimedOut", {"taskTimedOutEventDetails": {"error": "States.Timeout"}}),
        ):
            environment.event_manager.add_event(environment.event_history_context, kind, details)
        return one

    told = executions.histories([finished("second", 2, "tea-42"), finished("first", 1, "tea-42"), finished("other", 0, "tea-43")], "tea-42")

    assert [row["name"] for row in told] == ["first", "second"]
    assert told[0]["status"] == "SUCCEEDED" and told[0]["output"] == {"outcome": "PAID"}
    assert told[0]["events"] == [
        {"id": 1, "previous": 0, "type": "MapStateEntered", "state": "Holds"},
        {"id": 2, "previous": 1, "type": "MapIterationStarted", "index": 1},
        {"id": 3, "previous": 2, "type": "TaskScheduled"},
        {"id": 4, "previous": 3, "type": "TaskFailed", "error": "DynamoDB.ConditionalCheckFailedException", "cause": "no funds"},
        {"id": 5, "previous": 4, "type": "TaskTimedOut", "error": "States.Timeout", "cause": ""},
    ]
