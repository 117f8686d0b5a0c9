"""The operators' commands: what they call, what they print."""

import json
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from cli import api, operations, places

ID = "17mfrggzdfmztwq2lknnwg23tpob"
DEAD = "double11-rz01-a-phase-two-dlq"
ROW = {
    "id": ID, "kind": "PAYMENT", "amount": 1234, "currency": "GBP", "status": "COMMITTED", "attempt": "a", "unit": "RZ01", "colour": "a",
    "since": "2026-11-11T00:00:00Z", "ageSeconds": 312, "due": "2026-11-11T00:06:00Z", "overdueSeconds": 287, "stuck": True, "why": "Phase two has not finished it.",
    "links": {},
}
PREVIEW = {
    "queue": DEAD, "source": DEAD.removesuffix("-dlq"), "waiting": 1, "remedy": "Mend the cause.",
    "redrives": [{"at": "2026-11-11T00:00:00Z", "key": "op_1", "reason": "one to see", "most": 1, "result": "MOVED 1"}],
    "messages": [{"id": "m1", "payment": ID, "attempt": "a", "why": "DECIDED", "status": "COMMITTED", "ageSeconds": 5, "receives": 6, "redrive": "Phase two confirms it."}],
}
RECORD = {"at": "2026-11-11T00:00:00Z", "key": "op_1", "action": "RETRY", "reason": "mended", "attempt": "a", "result": "SENT"}


class FakeApi:
    """Answers by method and path; remembers what it was asked."""

    def __init__(self):
        self.answers: dict[str, tuple[int, dict]] = {}
        self.asked: list[tuple[str, dict | None]] = []
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                length = int(self.headers.get("Content-Length") or 0)
                fake.asked.append((f"{self.command} {self.path}", json.loads(self.rfile.read(length)) if length else None))
                assert self.headers["Authorization"] == "Bearer op_1.secret"
                status, body = fake.answers[f"{self.command} {self.path.partition('?')[0]}"]
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def fake(monkeypatch, tmp_path):
    fake = FakeApi()
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({f"double11-region-{region}": {"ApiUrl": fake.url + "/"} for region in places.REGIONS}))
    monkeypatch.setattr(places, "OUTPUTS", outputs)
    monkeypatch.setenv(api.KEY_VARIABLE, "op_1.secret")
    yield fake
    fake.server.shutdown()


def test_stuck_payments_are_listed_with_their_age_and_why(fake, capsys):
    fake.answers["GET /operations/payments"] = (200, {"at": "", "payments": [ROW], "complete": True, "next": "abc"})

    assert operations.main(["payments", "--stuck", "--unit", "RZ01"]) == 0

    assert fake.asked == [("GET /operations/payments?state=stuck&limit=20&unit=RZ01", None)]
    said = capsys.readouterr().out
    assert "5m 12s" in said and "4m 47s" in said and "RZ01-a" in said and ID in said
    assert "stuck: Phase two has not finished it." in said
    assert "--next abc" in said


def test_an_item_that_cannot_be_read_is_listed_too(fake, capsys):
    row = {name: ROW[name] for name in ("id", "since", "ageSeconds", "due", "overdueSeconds", "stuck", "why", "links")}
    fake.answers["GET /operations/payments"] = (200, {"at": "", "payments": [{**row, "status": "UNREADABLE"}], "complete": False})

    assert operations.main(["payments"]) == 0

    said = capsys.readouterr().out
    assert "UNREADABLE" in said and "--unit" in said


def test_nothing_open_is_said(fake, capsys):
    fake.answers["GET /operations/payments"] = (200, {"at": "", "payments": [], "complete": True})

    operations.main(["payments"])

    assert capsys.readouterr().out == "nothing is open\n"


def test_an_explanation_is_text_with_every_step_and_what_may_be_done(fake, capsys):
    fake.answers[f"GET /operations/payments/{ID}"] = (200, {
        "id": ID, "key": ID[2:], "kind": "PAYMENT", "amount": 1234, "currency": "GBP", "status": "COMMITTED", "attempt": "a", "unit": "RZ01", "colour": "a",
        "openSeconds": 312,
        "steps": [
            {"at": "2026-11-11T00:00:00Z", "step": "CLAIM", "outcome": "CLAIMED"},
            {"at": "2026-11-11T00:00:01Z", "step": "HOLD", "outcome": "HELD", "account": "17#C#1/BALANCE", "by": "RZ01-a"},
            {"at": "2026-11-11T00:05:00Z", "step": "OPERATOR_RETRY", "outcome": "SENT", "by": "op_1", "why": "mended"},
        ],
        "abortedAttempts": [{"attempt": "b", "reason": "SUPERSEDED"}],
        "accounts": [{"account": "17#C#1/BALANCE", "role": "DEBIT", "amount": 1234, "state": "HOLD"}],
        "operated": [RECORD], "diagnosis": "It waits for phase two.", "may": ["RETRY"],
    })

    assert operations.main(["payment", ID]) == 0

    said = capsys.readouterr().out
    assert "COMMITTED, open for 5m 12s" in said
    assert "HELD on 17#C#1/BALANCE by RZ01-a" in said
    assert "SENT by op_1: mended" in said
    assert "SUPERSEDED" in said and "It waits for phase two." in said
    assert f"eleven payment {ID} --retry --reason" in said


@pytest.mark.parametrize(("flag", "path", "body"), [
    ("--retry", "retry", {"reason": "mended"}),
    ("--abort", "decision", {"decision": "ABORT", "reason": "mended"}),
])
def test_an_action_carries_its_reason(fake, capsys, flag, path, body):
    fake.answers[f"POST /operations/payments/{ID}/{path}"] = (202, {"id": ID, "operated": RECORD, "links": {}})

    assert operations.main(["payment", ID, flag, "--reason", "mended"]) == 0

    assert fake.asked == [(f"POST /operations/payments/{ID}/{path}", body)]
    assert "on record" in capsys.readouterr().out


@pytest.mark.parametrize("arguments", [["payment", ID, "--retry"], ["payment", ID, "--abort"], ["redrive", DEAD, "--region", "us-east-1"]])
def test_without_a_reason_nothing_is_called(fake, capsys, arguments):
    assert operations.main(arguments) == 1

    assert fake.asked == []
    assert "--reason" in capsys.readouterr().err


def test_a_refusal_is_told_in_the_apis_words(fake, capsys):
    fake.answers[f"POST /operations/payments/{ID}/decision"] = (409, {
        "type": "urn:double-eleven:problem:decision-not-safe", "title": "Nobody may decide this", "detail": "A decision is never reversed.",
        "errors": [{"field": "reason", "message": "must be 1 to 200 characters"}],
    })

    assert operations.main(["payment", ID, "--abort", "--reason", "x"]) == 1

    said = capsys.readouterr().err
    assert "Nobody may decide this: A decision is never reversed." in said
    assert "reason must be 1 to 200 characters" in said


def test_dead_letters_are_listed_and_looked_into(fake, capsys):
    fake.answers["GET /operations/dead-letters"] = (200, {"queues": [
        {"queue": DEAD, "waiting": 1, "remedy": "Mend the cause."}, {"queue": "double11-relay-dlq", "waiting": 0, "remedy": "Purge."},
    ]})
    fake.answers[f"GET /operations/dead-letters/{DEAD}"] = (200, PREVIEW)

    assert operations.main(["dead-letters"]) == 0
    listed = capsys.readouterr().out
    assert operations.main(["dead-letters", DEAD]) == 0
    looked = capsys.readouterr().out

    assert "Mend the cause." in listed and "Purge." not in listed
    assert f"{ID} (COMMITTED), DECIDED, 5s old, received 6 times" in looked
    assert "Phase two confirms it." in looked
    assert "by op_1, 1 at most: one to see (moved 1)" in looked


def test_a_dry_run_shows_and_moves_nothing(fake, capsys):
    fake.answers[f"GET /operations/dead-letters/{DEAD}"] = (200, PREVIEW)

    assert operations.main(["redrive", DEAD, "--region", "us-east-2", "--dry-run"]) == 0

    assert [method for method, _ in fake.asked] == [f"GET /operations/dead-letters/{DEAD}"]
    assert "Phase two confirms it." in capsys.readouterr().out


def test_a_few_messages_are_moved_first(fake, capsys):
    fake.answers[f"GET /operations/dead-letters/{DEAD}"] = (200, PREVIEW)
    fake.answers[f"POST /operations/dead-letters/{DEAD}/redrive"] = (200, {"queue": DEAD, "source": "s", "moved": 1})

    assert operations.main(["redrive", DEAD, "--region", "us-east-1", "--most", "1", "--reason", "one to see"]) == 0

    assert fake.asked[-1] == (f"POST /operations/dead-letters/{DEAD}/redrive", {"reason": "one to see", "most": 1})
    assert "moved 1 to s" in capsys.readouterr().out


def test_a_redrive_of_all_is_awaited(fake, capsys, monkeypatch):
    fake.answers[f"GET /operations/dead-letters/{DEAD}"] = (200, PREVIEW)
    fake.answers[f"POST /operations/dead-letters/{DEAD}/redrive"] = (202, {"queue": DEAD, "source": "s", "moving": 1})
    fake.answers["GET /operations/dead-letters"] = (200, {"queues": [{"queue": DEAD, "waiting": 1, "remedy": ""}]})
    monkeypatch.setattr(operations.time, "sleep", lambda _: fake.answers.update({
        "GET /operations/dead-letters": (200, {"queues": [{"queue": DEAD, "waiting": 0, "remedy": ""}]}),
    }))

    assert operations.main(["redrive", DEAD, "--region", "us-east-1", "--reason", "mended"]) == 0

    assert f"{DEAD} is empty" in capsys.readouterr().out


def test_a_redrive_names_its_region(capsys):
    with pytest.raises(SystemExit):
        operations.main(["redrive", DEAD, "--reason", "x"])

    assert "--region" in capsys.readouterr().err


def test_a_key_that_a_command_got_for_itself_is_given_back(fake, monkeypatch):
    monkeypatch.delenv(api.KEY_VARIABLE)
    invoked = []
    monkeypatch.setattr(api, "invoke", lambda function, payload: invoked.append(payload) or {"apiKey": "op_1.secret"})
    fake.answers["GET /operations/payments"] = (200, {"at": "", "payments": [], "complete": True})

    operations.main(["payments"])

    assert invoked == [{}, {"revoke": "op_1"}]
