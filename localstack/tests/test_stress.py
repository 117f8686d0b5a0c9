"""Marks of shadow traffic and its load: who is asked to admit a stress test, what a mark says, and what a run is told and tells."""

import base64
import json
import stat
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cli import places, project, stress
from cli.shell import Failure

TEST = {"stressTest": "eve", "running": True, "expiresAt": "2026-11-10T23:00:00Z", "reason": "capacity"}


@pytest.fixture
def asked(monkeypatch, tmp_path):
    """What the two operations functions and the function of the shadow's keys were asked."""
    asked = []

    class Live:
        def get(self, path):
            return self.post(path, None)

        def post(self, path, body):
            asked.append(("live", path, body))
            return TEST

    @contextmanager
    def operator(region):
        yield Live()

    def invoke(function, payload, region=places.REGIONS[0]):
        if function == "double11-shadow-operator-key":
            asked.append((function, payload))
            return {"apiKey": "op_s.secret"}
        assert function == "double11-shadow-operations" and payload["headers"] == {"Authorization": "Bearer op_s.secret"}
        asked.append(("shadow", payload["path"], json.loads(payload["body"]) if payload["body"] else None))
        return {"statusCode": 201, "body": json.dumps(TEST)}

    monkeypatch.setattr(stress, "operator", operator)
    monkeypatch.setattr(stress, "invoke", invoke)
    monkeypatch.setattr(places, "STATE", tmp_path)
    return asked


def decoded(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


def test_a_test_is_admitted_with_one_public_key_by_live_and_then_by_the_shadow(asked, capsys, tmp_path):
    assert stress.main(["admit", "eve", "--minutes", "60", "--reason", "capacity"]) == 0

    live, key, shadow, revoked = asked
    assert live[:2] == ("live", "/operations/stress-tests") and shadow[:2] == ("shadow", "/operations/stress-tests")
    assert live[2] == shadow[2] and live[2]["minutes"] == 60 and len(live[2]["publicKey"]) == 43
    assert key[1] == {} and revoked[1] == {"revoke": "op_s"}
    assert stat.S_IMODE((tmp_path / "stress-tests" / "eve.key").stat().st_mode) == 0o600
    assert capsys.readouterr().out.splitlines() == [
        "live    eve runs until 2026-11-10T23:00:00Z: capacity", "shadow  eve runs until 2026-11-10T23:00:00Z: capacity",
    ]


def test_a_mark_names_its_test_and_is_signed_with_the_key_that_was_admitted(asked, capsys):
    stress.main(["admit", "eve", "--minutes", "60", "--reason", "capacity"])
    capsys.readouterr()
    stress.main(["mark", "eve"])

    header, claims, signature = capsys.readouterr().out.strip().split(".")
    said = json.loads(decoded(claims))
    assert json.loads(decoded(header)) == {"alg": "EdDSA", "kid": "eve"}
    assert said.pop("exp") - said.pop("iat") == 600
    assert said == {"iss": "eve", "aud": "double-eleven", "use": "shadow"}
    Ed25519PublicKey.from_public_bytes(decoded(asked[0][2]["publicKey"])).verify(decoded(signature), f"{header}.{claims}".encode())


def test_asking_again_presents_the_same_key(asked):
    for _ in range(2):
        stress.main(["admit", "eve", "--minutes", "60", "--reason", "capacity"])

    assert len({each[2]["publicKey"] for each in asked if each[0] in ("live", "shadow")}) == 1


def test_a_stop_reaches_live_first(asked):
    stress.main(["stop", "eve", "--reason", "live latency rises"])

    assert [each[:2] for each in asked if each[0] in ("live", "shadow")] == [
        ("live", "/operations/stress-tests/eve/stop"), ("shadow", "/operations/stress-tests/eve/stop"),
    ]


def test_nobody_marks_for_a_test_that_was_not_admitted_from_here(asked):
    with pytest.raises(SystemExit, match="not admitted from here"):
        stress.main(["mark", "eve"])


@pytest.mark.parametrize("name", ["../eve", "", "a b", "-x", "x" * 65])
def test_a_name_is_no_path(asked, name):
    with pytest.raises(SystemExit):
        stress.main(["mark", "--", name])


FIGURES = {"payments": 1200, "failed": 0, "p50Millis": 64, "p99Millis": 181, "overdue": 0, "deadLetters": 0}
STEP = {
    "percent": 50, "slices": 2, "offeredPerSecond": 2.0, "achievedPerSecond": 1.9, "due": 20, "sent": 20, "failed": 1,
    "outcomes": {"PAID": 18, "DECLINED": 1, "TIMED_OUT": 1}, "p50Millis": 120, "p99Millis": 310, "mostMillis": 702, "live": FIGURES, "verdict": "HELD",
}


@pytest.fixture
def running(asked, monkeypatch):
    """A run that goes on from look to look, as live's operators see it."""
    states = [
        {"state": "BEGUN", "steps": []}, {"state": "WATCHING", "steps": []}, {"state": "LOADING", "steps": [STEP], "liveBefore": FIGURES},
        {"state": "REACHED", "why": "every step held", "endedAt": "2026-11-10T22:06:11Z", "heldPerSecond": 4.0, "steps": [STEP], "liveBefore": FIGURES},
    ]

    class Live:
        def get(self, path):
            return {**TEST, "run": states.pop(0) if len(states) > 1 else states[0]}

        def post(self, path, body, repeatable=False):
            asked.append(("live", path, body))
            return TEST

    @contextmanager
    def operator(region):
        yield Live()

    stress.main(["admit", "eve", "--minutes", "60", "--reason", "capacity"])
    asked.clear()
    monkeypatch.setattr(stress, "operator", operator)
    monkeypatch.setattr(stress, "door", lambda region: f"https://{region}.example/v1/")
    monkeypatch.setattr(stress.time, "sleep", lambda _: None)
    return states


def test_a_run_names_the_doors_and_the_plan_and_what_is_not_said_is_left_to_the_platform(running, asked):
    assert stress.main(["run", "eve", "--rate", "4", "--steps", "50,100", "--seconds", "10", "--p99", "800", "--reason", "a rehearsal"]) == 0

    path, wish = next((path, body) for who, path, *body in asked if who == "live")
    assert path == "/operations/stress-tests/eve/run"
    wish = wish[0]
    assert len(wish.pop("marks")) == 1 and wish.pop("operatorKey") == "op_s.secret"
    assert wish == {
        "doors": [f"https://{region}.example/v1" for region in places.REGIONS], "rate": 4, "steps": [50, 100], "stepSeconds": 10,
        "baselineSeconds": 30, "currency": "GBP", "p99Millis": 800, "reason": "a rehearsal",
    }


def test_a_run_is_followed_to_its_end_and_told_as_a_table(running, asked, capsys):
    assert stress.main(["run", "eve", "--rate", "4", "--reason", "a rehearsal"]) == 0

    out = capsys.readouterr().out.splitlines()
    assert out[:4] == ["eve has begun", "  begun", "  watching", "   50 %    2 slices       20 sent       1 failed  held"]
    assert out[4:] == [
        "eve: reached, held 4.0 payments a second: every step held",
        "   %   offered/s  achieved/s      sent   failed   p50 ms   p99 ms   max ms  verdict",
        "  50         2.0         1.9        20        1      120      310      702  HELD",
        "      of these 1 declined, 1 timed out",
        "live before  1,200 payments counted, 0 failed, p50 below 64 ms, p99 below 181 ms, 0 overdue, 0 given up",
        "  at  50 %   1,200 payments counted, 0 failed, p50 below 64 ms, p99 below 181 ms, 0 overdue, 0 given up",
    ]


def test_the_shadows_key_is_taken_back_before_the_load_and_the_shadow_closed_after_it(running, asked):
    stress.main(["run", "eve", "--rate", "4", "--reason", "a rehearsal"])

    assert [each[:2] for each in asked] == [
        ("double11-shadow-operator-key", {}), ("live", "/operations/stress-tests/eve/run"), ("double11-shadow-operator-key", {"revoke": "op_s"}),
        ("double11-shadow-operator-key", {}), ("shadow", "/operations/stress-tests/eve/stop"), ("double11-shadow-operator-key", {"revoke": "op_s"}),
    ]


def test_who_does_not_wait_leaves_when_everything_is_opened(running, asked, capsys):
    assert stress.main(["run", "eve", "--rate", "4", "--no-wait", "--reason", "a rehearsal"]) == 0

    assert asked[-1] == ("double11-shadow-operator-key", {"revoke": "op_s"})
    assert capsys.readouterr().out.splitlines()[-1] == "everything is opened; go on with: eleven stress-test show eve"


def test_a_run_that_does_not_reach_its_target_fails(running):
    running[-1].update(state="NOT_HELD", why="2 of 20 payments of the test failed")

    assert stress.main(["run", "eve", "--rate", "4", "--reason", "a rehearsal"]) == 1


def test_the_shadows_key_is_taken_back_when_the_run_is_refused(running, asked, monkeypatch):
    class Refusing:
        def post(self, *_, **__):
            raise Failure("rate must be an integer from 1 to 8000")

    @contextmanager
    def operator(region):
        yield Refusing()

    monkeypatch.setattr(stress, "operator", operator)
    with pytest.raises(SystemExit, match="rate must be"):
        stress.main(["run", "eve", "--rate", "9000", "--reason", "a rehearsal"])

    assert asked[-1] == ("double11-shadow-operator-key", {"revoke": "op_s"})


def test_marks_for_a_long_run_are_signed_beforehand_each_for_its_own_minutes(running, asked):
    stress.main(["run", "eve", "--rate", "4", "--seconds", "600", "--reason", "a rehearsal"])

    marks = next(body["marks"] for who, _, *rest in asked if who == "live" for body in rest)
    times = [json.loads(decoded(mark.split(".")[1])) for mark in marks]
    assert all(time["exp"] - time["iat"] == 600 for time in times)
    assert [later["iat"] - earlier["iat"] for earlier, later in zip(times, times[1:], strict=False)] == [480] * (len(times) - 1)
    assert times[-1]["exp"] - times[0]["iat"] >= 30 + 60 + 4 * 60 * 15


@pytest.mark.parametrize(("options", "why"), [(["--steps", "10,x"], "numbers with commas"), (["--seconds", "600", "--slice", "1"], "fewer or shorter steps")])
def test_what_cannot_be_run_is_said_before_anything_begins(running, asked, options, why):
    with pytest.raises(SystemExit, match=why):
        stress.main(["run", "eve", "--rate", "4", *options, "--reason", "a rehearsal"])

    assert not asked


@pytest.fixture
def cdk(monkeypatch, tmp_path):
    """Which stacks were deployed, and where their outputs went; LocalStack runs and nothing was deployed yet."""
    deployed = []

    def run(title, command, **_):
        if "deploy" in command:
            stacks = [word for word in command if str(word).startswith("double11-")]
            deployed.append((stacks, places.OUTPUTS in command))

    monkeypatch.setattr(places, "RUN_FILE", tmp_path / "run.json")
    monkeypatch.setattr(places, "OUTPUTS", tmp_path / "outputs.json")
    places.RUN_FILE.write_text('{"pid": 1}')
    monkeypatch.setattr(project, "run", run)
    monkeypatch.setattr(project, "control", lambda *_: {})
    monkeypatch.setattr(project, "hash_of", lambda _: "digest")
    monkeypatch.setattr(project, "sources", list)
    monkeypatch.setattr(project, "java_environment", dict)
    monkeypatch.setattr(project, "_write_local_addresses", lambda: None)
    return deployed


LIVE = ["double11-us-east-1-*", "double11-us-east-2-*", "double11-us-west-2-*"]


def test_the_shadow_is_deployed_on_demand_alone(cdk):
    project.deploy()

    assert cdk == [(LIVE, True)]


def test_the_shadow_comes_beside_what_is_deployed_and_leaves_its_addresses(cdk):
    project.deploy()
    project.deploy(shadow=True)
    project.deploy(shadow=True)

    assert cdk == [(LIVE, True), (["double11-shadow-*"], False)]
