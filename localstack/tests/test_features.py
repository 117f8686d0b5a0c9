"""The command that builds risk's features anew: what it calls, until when, what it prints."""

import io
import json
import re

import pytest
from botocore.exceptions import ClientError

from cli import api, features, main, project


class FakeFunction:
    """Answers each segment's calls in turn, as boto3 hands them over; remembers what it was asked."""

    def __init__(self, monkeypatch):
        self.answers: dict[int, list[dict]] = {}
        self.asked: list[dict] = []
        self.regions: set[str] = set()
        monkeypatch.setattr(api.boto3, "client", self._client)

    def _client(self, service, region_name, config):
        assert service == "lambda" and config.read_timeout > 60
        self.regions.add(region_name)
        return self

    def invoke(self, FunctionName, Payload):
        assert FunctionName == "double11-rebuild-features"
        asked = json.loads(Payload)
        self.asked.append(asked)
        answer = self.answers[asked["segment"]].pop(0)
        if isinstance(answer, Exception):
            raise answer
        return {"Payload": io.BytesIO(json.dumps(answer).encode()), **({"FunctionError": "Unhandled"} if "errorMessage" in answer else {})}


@pytest.fixture
def function(monkeypatch):
    return FakeFunction(monkeypatch)


def answer(seen: int, remembered: int, failed: int = 0, **more) -> dict:
    return {"pages": 1, "seen": seen, "remembered": remembered, "failed": failed, **more}


def test_each_segment_is_called_until_it_names_nothing_to_go_on_from(function, capsys):
    function.answers = {0: [answer(1000, 900, after="a"), answer(500, 400, after="b"), answer(0, 0)], 1: [answer(7, 7)]}

    assert features.main(["--region", "us-east-2", "--segments", "2"]) == 0

    assert [each["after"] for each in function.asked if each["segment"] == 0] == ["", "a", "b"]
    assert all(each["segments"] == 2 for each in function.asked)
    assert function.regions == {"us-east-2"}
    said = capsys.readouterr().out.splitlines()
    assert "segment 0: 2 pages, 1,500 payments of the last week or open, 1,300 remembered" in said
    assert said[-1] == "remembered 1,307 of 1,507 payments in us-east-2"


def test_payments_that_could_not_be_remembered_end_it_with_their_number(function, capsys):
    function.answers = {0: [answer(10, 8, failed=2)]}

    assert features.main(["--segments", "1"]) == 1

    said = capsys.readouterr()
    assert "remembered 8 of 10 payments" in said.out
    assert "2 could not be remembered" in said.err and "/aws/lambda/double11-rebuild-features" in said.err


@pytest.mark.parametrize(("wrong", "message"), [
    ({"errorMessage": "Task timed out after 60.00 seconds"}, "failed: Task timed out"),
    (ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "Function not found"}}, "Invoke"), "cannot be called: .*Function not found"),
    ({"pages": 1}, "gets no further"),
    (answer(1, 1, after="a"), "gets no further"),
])
def test_a_bad_answer_ends_it_with_a_reason(function, capsys, wrong, message):
    function.answers = {0: [answer(1, 1, after="a"), wrong]}

    assert features.main(["--segments", "1"]) == 1

    assert len(function.asked) == 2
    assert re.search(message, capsys.readouterr().err)


def test_one_segment_that_fails_ends_the_others(function, capsys):
    function.answers = {0: [{"errorMessage": "no"}], 1: [answer(1, 1, after=str(call)) for call in range(100_000)]}

    assert features.main(["--segments", "2"]) == 1

    assert function.answers[1]
    assert "failed: no" in capsys.readouterr().err


@pytest.mark.parametrize("segments", ["0", "101"])
def test_a_number_of_segments_that_is_none_calls_nothing(function, capsys, segments):
    assert features.main(["--segments", segments]) == 1

    assert function.asked == []
    assert f"--segments must be 1 to 100: {segments}" in capsys.readouterr().err


def test_the_command_hands_its_options_over(monkeypatch):
    ran = []
    monkeypatch.setattr(project, "script", lambda name, arguments: ran.append((name, arguments)) or 0)

    assert main.main(["rebuild-features", "--region", "us-east-2", "--help"]) == 0

    assert ran == [("features", ["--region", "us-east-2", "--help"])]
