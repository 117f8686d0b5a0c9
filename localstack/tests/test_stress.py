"""Marks of shadow traffic: who is asked to admit a stress test, and what a mark says."""

import base64
import json
import stat
from contextlib import contextmanager

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from cli import places, project, stress

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
