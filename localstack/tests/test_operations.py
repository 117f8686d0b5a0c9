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
RULE = "/operations/routing-rule"
DOCUMENT = {
    "peak": 85900,
    "units": [
        {"name": "RZ01", "region": "us-east-1", "standby": "RZ02", "capacity": 86000, "colours": {"a": 90, "b": 10}, "shards": ["00-33", "40-40"]},
        {"name": "RZ02", "region": "us-east-2", "standby": "RZ01", "capacity": 86000, "colours": {"a": 100}, "shards": []},
    ],
}
PUBLISHED = {"version": 4, "publishedAt": "2026-11-11T00:00:00Z", "publishedBy": "op_1", "reason": "a drill", "restores": 2}
IN_FORCE = {
    **PUBLISHED, "document": DOCUMENT, "links": {},
    "loads": [
        {"unit": "RZ01", "needed": 30065, "available": 86000}, {"unit": "RZ02", "needed": 0, "available": 86000},
        {"unit": "RZ02", "lost": "RZ01", "needed": 30065, "available": 86000}, {"unit": "RZ01", "lost": "RZ02", "needed": 30065, "available": 86000},
    ],
}
DIFF = {
    "from": 3, "to": 4, "peak": {"from": 80000, "to": 85900}, "shards": [{"shards": "20-33", "from": "RZ01", "to": "RZ02"}],
    "units": [
        {"unit": "RZ01", "change": "CHANGED", "capacity": {"from": 50000, "to": 58000}, "colours": {"from": {"a": 90, "b": 10}, "to": {"a": 0, "b": 100}}},
        {"unit": "RZ03", "change": "ADDED", "region": {"to": "us-west-2"}, "colours": {"to": {"a": 100}}},
        {"unit": "RZ04", "change": "REMOVED", "standby": {"from": "RZ01"}},
    ],
}
SAME = {"from": 4, "to": 4, "shards": [], "units": []}
RECORD = {"at": "2026-11-11T00:00:00Z", "key": "op_1", "action": "RETRY", "reason": "mended", "attempt": "a", "result": "SENT"}


# What a call gets whose answer is lost.
SILENCE = (0, {})


class FakeApi:
    """Answers by method and path; remembers what it was asked."""

    def __init__(self):
        self.answers: dict[str, tuple[int, dict]] = {}
        self.asked: list[tuple[str, dict | None]] = []
        self.health = 200
        fake = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self):
                if self.path == "/health":
                    # Nobody's call: without a key, and not one of a command's.
                    assert "Authorization" not in self.headers
                    self._answer(fake.health, {})
                    return
                length = int(self.headers.get("Content-Length") or 0)
                fake.asked.append((f"{self.command} {self.path}", json.loads(self.rfile.read(length)) if length else None))
                assert self.headers["Authorization"] == "Bearer op_1.secret"
                answer = fake.answers[f"{self.command} {self.path.partition('?')[0]}"]
                if answer is SILENCE:
                    self.close_connection = True
                    return
                self._answer(*answer)

            def _answer(self, status, body):
                data = json.dumps(body).encode()
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.end_headers()
                self.wfile.write(data)

            do_POST = do_GET

            def log_message(self, *_):
                pass

        self.server = HTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def lose(self):
        """Nobody takes a connection any more."""
        self.server.shutdown()
        self.server.server_close()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"


@pytest.fixture
def doors(monkeypatch, tmp_path):
    """One door in each Region, as they are deployed."""
    doors = {region: FakeApi() for region in places.REGIONS}
    outputs = tmp_path / "outputs.json"
    outputs.write_text(json.dumps({f"double11-region-{region}": {"ApiUrl": fake.url + "/"} for region, fake in doors.items()}))
    monkeypatch.setattr(places, "OUTPUTS", outputs)
    monkeypatch.setenv(api.KEY_VARIABLE, "op_1.secret")
    yield doors
    for fake in doors.values():
        fake.lose()


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
    monkeypatch.setattr(api, "invoke", lambda function, payload, region: invoked.append((payload, region)) or {"apiKey": "op_1.secret"})
    fake.answers["GET /operations/payments"] = (200, {"at": "", "payments": [], "complete": True})

    operations.main(["payments", "--region", "us-east-2"])

    assert invoked == [({}, "us-east-2"), ({"revoke": "op_1"}, "us-east-2")]


NOTHING_OPEN = (200, {"at": "", "payments": [], "complete": True})


def asked(doors) -> dict[str, list[str]]:
    return {region: [call.partition("?")[0] for call, _ in fake.asked] for region, fake in doors.items() if fake.asked}


def test_a_call_goes_through_the_door_of_the_region_asked_for_while_it_is_well(doors):
    doors["us-east-2"].answers["GET /operations/payments"] = NOTHING_OPEN

    assert operations.main(["payments", "--region", "us-east-2"]) == 0

    assert asked(doors) == {"us-east-2": ["GET /operations/payments"]}


def test_where_a_door_is_gone_the_call_goes_through_the_next_and_says_so(doors, capsys):
    doors["us-east-2"].lose()
    doors["us-east-1"].answers["GET /operations/payments"] = NOTHING_OPEN

    assert operations.main(["payments", "--region", "us-east-2"]) == 0

    assert asked(doors) == {"us-east-1": ["GET /operations/payments"]}
    assert "the door of us-east-2 is not well; through us-east-1's" in capsys.readouterr().err


def test_nothing_is_sent_to_a_door_that_says_it_is_unhealthy_and_the_key_comes_from_where_it_is_used(doors, monkeypatch):
    monkeypatch.delenv(api.KEY_VARIABLE)
    regions = []
    monkeypatch.setattr(api, "invoke", lambda function, payload, region: regions.append(region) or {"apiKey": "op_1.secret"})
    doors["us-east-1"].health = 503
    doors["us-east-2"].health = 503
    doors["us-west-2"].answers[f"POST /operations/payments/{ID}/retry"] = (202, {"id": ID, "operated": RECORD})

    assert operations.main(["payment", ID, "--retry", "--reason", "mended"]) == 0

    assert asked(doors) == {"us-west-2": [f"POST /operations/payments/{ID}/retry"]}
    assert regions == ["us-west-2", "us-west-2"]


def test_where_no_door_is_well_the_one_asked_for_tells_why(doors, capsys):
    for fake in doors.values():
        fake.lose()

    assert operations.main(["payments", "--region", "us-west-2"]) == 1

    assert "the API does not answer" in capsys.readouterr().err


@pytest.mark.parametrize("trouble", [SILENCE, (502, {"title": "No answer"}), (503, {"title": "No answer"}), (504, {"title": "No answer"})])
def test_a_look_or_a_publication_whose_fate_is_unknown_is_made_again_through_the_next_door(doors, tmp_path, trouble):
    doors["us-east-1"].answers = {f"GET {RULE}": trouble, f"POST {RULE}": trouble}
    doors["us-east-2"].answers = {f"GET {RULE}": (200, IN_FORCE), f"POST {RULE}": (201, {**PUBLISHED, "diff": DIFF, "loads": []})}
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({"expectedVersion": 3, "document": DOCUMENT}))

    assert operations.main(["rule"]) == 0
    assert operations.main(["rule", "--publish", str(file), "--reason", "a drill"]) == 0

    assert asked(doors) == {region: [f"GET {RULE}", f"POST {RULE}"] for region in ("us-east-1", "us-east-2")}
    assert doors["us-east-1"].asked[1] == doors["us-east-2"].asked[1]


@pytest.mark.parametrize("trouble", [SILENCE, (502, {"title": "No answer"}), (503, {"title": "No answer"}), (504, {"title": "No answer"})])
@pytest.mark.parametrize(("flag", "path"), [("--retry", "retry"), ("--abort", "decision")])
def test_what_twice_is_not_as_good_as_once_is_made_once_though_its_fate_is_unknown(doors, capsys, trouble, flag, path):
    doors["us-east-1"].answers[f"POST /operations/payments/{ID}/{path}"] = trouble

    assert operations.main(["payment", ID, flag, "--reason", "mended"]) == 1

    assert asked(doors) == {"us-east-1": [f"POST /operations/payments/{ID}/{path}"]}
    said = capsys.readouterr().err
    assert "No answer" in said or "whether it was carried out is not known" in said


def test_what_was_never_sent_is_made_through_the_next_door_whatever_it_is(doors):
    doors["us-east-1"].lose()
    doors["us-east-2"].answers[f"POST /operations/payments/{ID}/retry"] = (202, {"id": ID, "operated": RECORD})
    through = api.Api({region: fake.url for region, fake in doors.items()}, "op_1.secret")

    assert through.post(f"/operations/payments/{ID}/retry", {"reason": "mended"})["operated"] == RECORD

    doors["us-east-2"].answers["GET /operations/payments"] = NOTHING_OPEN
    through.get("/operations/payments")
    assert list(asked(doors)) == ["us-east-2"]


def test_a_refusal_is_an_answer_of_every_door(doors):
    doors["us-east-1"].answers["GET /operations/payments"] = (500, {"title": "The gateway failed"})

    assert operations.main(["payments"]) == 1

    assert list(asked(doors)) == ["us-east-1"]


@pytest.mark.parametrize("arguments", [["dead-letters"], ["dead-letters", DEAD], ["redrive", DEAD, "--dry-run"]])
def test_a_regions_own_queues_are_not_for_another_door(doors, capsys, arguments):
    doors["us-east-2"].lose()

    assert operations.main([*arguments, "--region", "us-east-2"]) == 1

    assert asked(doors) == {}
    assert "the API does not answer" in capsys.readouterr().err


def test_the_rule_in_force_is_a_table_with_what_each_loss_would_ask_for(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, IN_FORCE)

    assert operations.main(["rule"]) == 0

    said = capsys.readouterr().out
    assert "version 4, 2026-11-11T00:00:00Z by op_1, restores version 2: a drill" in said
    assert "peak 85,900 payments a second" in said
    assert "RZ02 carries 30,065 of 86,000" in said and "a 90, b 10" in said
    assert "00-33, 40-40" in said and said.splitlines()[-1].endswith("none")


def test_a_unit_that_is_forbidden_is_shown_with_who_carries_it_and_no_further_loss(fake, capsys):
    units = [{**unit, "forbidden": True} if unit["name"] == "RZ01" else unit for unit in DOCUMENT["units"]]
    loads = [{"unit": unit["name"], "needed": 30_065, "available": 86_000} for unit in units if unit["name"] != "RZ01"]
    fake.answers[f"GET {RULE}"] = (200, {**IN_FORCE, "document": {**DOCUMENT, "units": units}, "loads": loads})

    assert operations.main(["rule"]) == 0

    forbidden, serving, *_ = [line for line in capsys.readouterr().out.splitlines() if line.startswith("RZ")]
    assert forbidden.startswith("RZ01") and "forbidden, RZ02 serves" in forbidden and "00-33" in forbidden
    assert "30,065" in serving and "carries" not in serving


def test_limits_and_what_is_switched_off_are_shown(fake, capsys):
    flows = {"environments": 40, "app": {"ratePerSecond": 1000, "burst": 2000}, "merchants": [{"merchant": "tea", "ratePerSecond": 5, "burst": 9}]}
    document = {**DOCUMENT, "flows": flows, "switches": {"coupons": "OFF", "instalments": "ON"}}
    fake.answers[f"GET {RULE}"] = (200, {**IN_FORCE, "document": document})

    assert operations.main(["rule"]) == 0

    said = capsys.readouterr().out
    assert "each of 40 environments of the gateway" in said
    assert "app                     1,000 a second, burst 2,000" in said and "merchants.tea           5 a second, burst 9" in said
    assert said.splitlines()[-1] == "switched off: coupons"


def test_a_diff_tells_of_limits_and_switches(fake, capsys):
    limit = {"ratePerSecond": 5, "burst": 9}
    changes = {
        "environments": {"from": 40, "to": 60},
        "flows": [{"limit": "merchants.tea", "from": limit}, {"limit": "unit", "from": limit, "to": {**limit, "burst": 10}}],
        "switches": [{"feature": "coupons", "to": "OFF"}],
    }
    fake.answers[f"GET {RULE}/diff"] = (200, {**SAME, **changes})

    operations.main(["rule", "--diff", "3", "4"])

    assert capsys.readouterr().out.splitlines()[1:] == [
        "  environments 40 -> 60",
        "  limit merchants.tea 5 a second, burst 9 -> no limit",
        "  limit unit 5 a second, burst 9 -> 5 a second, burst 10",
        "  coupons: switched OFF",
    ]


def test_an_earlier_version_is_shown_too(fake, capsys):
    document = {"units": [{name: value for name, value in unit.items() if name != "capacity"} for unit in DOCUMENT["units"]]}
    answer = {name: value for name, value in IN_FORCE.items() if name not in ("publishedAt", "restores")}
    fake.answers[f"GET {RULE}/versions/1"] = (200, {**answer, "version": 1, "document": document})

    assert operations.main(["rule", "--version", "1"]) == 0

    assert "version 1, at an unknown time by op_1: a drill" in capsys.readouterr().out


def test_the_history_is_read_to_its_end(fake, capsys):
    pages = [(200, {"versions": [PUBLISHED], "next": 3}), (200, {"versions": [{**PUBLISHED, "version": 3, "reason": "the first"}]})]
    fake.answers = Pages(f"GET {RULE}/versions", pages)

    assert operations.main(["rule", "--history"]) == 0

    assert [asked for asked, _ in fake.asked] == [f"GET {RULE}/versions?limit=100", f"GET {RULE}/versions?limit=100&next=3"]
    assert capsys.readouterr().out.splitlines()[1].endswith(": the first")


class Pages(dict):
    """One answer after the other."""

    def __init__(self, call, pages):
        super().__init__({call: pages[0]})
        self.call = call
        self.pages = pages

    def __getitem__(self, call):
        return self.pages.pop(0) if call == self.call else super().__getitem__(call)


def test_a_diff_is_told_line_by_line(fake, capsys):
    fake.answers[f"GET {RULE}/diff"] = (200, DIFF)

    assert operations.main(["rule", "--diff", "3", "4"]) == 0

    assert fake.asked == [(f"GET {RULE}/diff?from=3&to=4", None)]
    assert capsys.readouterr().out.splitlines() == [
        "from version 3 to version 4",
        "  peak 80,000 -> 85,900",
        "  shards 20-33 RZ01 -> RZ02",
        "  RZ01 capacity 50,000 -> 58,000, colours (a 90, b 10) -> (a 0, b 100)",
        "  RZ03 is added: region us-west-2, colours (a 100)",
        "  RZ04 is removed: standby RZ01",
    ]


def test_versions_that_say_the_same_are_said_to(fake, capsys):
    fake.answers[f"GET {RULE}/diff"] = (200, SAME)

    operations.main(["rule", "--diff", "4", "4"])

    assert capsys.readouterr().out == "from version 4 to version 4: nothing is different\n"


def test_what_json_prints_is_what_publish_takes(fake, capsys, tmp_path):
    fake.answers[f"GET {RULE}"] = (200, IN_FORCE)
    fake.answers[f"POST {RULE}"] = (201, {**PUBLISHED, "diff": DIFF, "loads": [], "links": {}})
    file = tmp_path / "rule.json"

    operations.main(["rule", "--json"])
    file.write_text(capsys.readouterr().out)
    assert operations.main(["rule", "--publish", str(file), "--reason", "a drill"]) == 0

    assert fake.asked[-1] == (f"POST {RULE}", {"expectedVersion": 4, "document": DOCUMENT, "reason": "a drill"})
    said = capsys.readouterr().out
    assert said.startswith("version 4, ") and "shards 20-33 RZ01 -> RZ02" in said


def test_a_dry_run_of_a_rule_needs_no_reason_and_says_that_nothing_changed(fake, capsys, tmp_path):
    fake.answers[f"POST {RULE}"] = (200, {"version": 4, "diff": DIFF, "loads": IN_FORCE["loads"]})
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({"expectedVersion": 3, "document": DOCUMENT}))

    assert operations.main(["rule", "--publish", str(file), "--dry-run"]) == 0

    assert fake.asked[-1][1]["dryRun"] is True
    said = capsys.readouterr().out
    assert said.startswith("version 4 would be published; nothing was changed\nfrom version 3")
    assert said.endswith("should RZ01 be lost, RZ02 carries 30,065 of 86,000\n  should RZ02 be lost, RZ01 carries 30,065 of 86,000\n")


def test_a_rollback_replaces_the_version_in_force(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, IN_FORCE)
    fake.answers[f"POST {RULE}/rollback"] = (201, {**PUBLISHED, "version": 5, "diff": DIFF, "loads": [], "links": {}})

    assert operations.main(["rule", "--rollback", "2", "--reason", "broken"]) == 0

    assert fake.asked[-1] == (f"POST {RULE}/rollback", {"toVersion": 2, "expectedVersion": 4, "reason": "broken"})
    assert "restores version 2" in capsys.readouterr().out


@pytest.mark.parametrize("text", ["{", "[]", "{}", json.dumps(DOCUMENT), json.dumps({"expectedVersion": 1, "document": {}, "reason": "r"})])
def test_a_file_that_is_no_publication_is_refused_before_any_call(fake, capsys, tmp_path, text):
    file = tmp_path / "rule.json"
    file.write_text(text)

    assert operations.main(["rule", "--publish", str(file), "--reason", "a drill"]) == 1

    assert fake.asked == []
    assert "rule.json" in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [
    ["--publish", "absent.json", "--reason", "r"], ["--reason", "r"], ["--dry-run"], ["--rollback", "2"], ["--diff", "1", "2", "--reason", "r"],
    ["--spread"], ["--spread", "--dry-run", "--reason", "r"], ["--first", "us-west-2:10"], ["--rollback", "2", "--first", "us-west-2:10", "--reason", "r"],
])
def test_what_does_not_go_together_changes_nothing(fake, capsys, arguments):
    assert operations.main(["rule", *arguments]) == 1

    assert [asked for asked, _ in fake.asked if asked.startswith("POST")] == []
    assert capsys.readouterr().err.startswith("eleven: ")


def test_who_publishes_on_top_of_an_old_version_is_told_so(fake, capsys, tmp_path):
    fake.answers[f"POST {RULE}"] = (409, {"title": "Another version of the routing rule is in force", "detail": "Version 4 is in force.", "currentVersion": 4})
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({"expectedVersion": 3, "document": DOCUMENT}))

    assert operations.main(["rule", "--publish", str(file), "--reason", "a drill"]) == 1

    assert "Version 4 is in force." in capsys.readouterr().err


TENTH = {"region": "us-west-2", "percent": 10}
REST = {**DOCUMENT, "peak": 80000}
TRIED = {name: value for name, value in {**IN_FORCE, "first": TENTH, "rest": {"version": 3, "document": REST}}.items() if name != "restores"}
SPREAD = {"at": "2026-11-11T00:10:00Z", "by": "op_2", "reason": "nothing got worse"}


def test_a_version_is_published_to_some_gateways_first_and_the_answer_says_to_whom(fake, capsys, tmp_path):
    fake.answers[f"POST {RULE}"] = (201, {**PUBLISHED, "first": TENTH, "rest": {"version": 3}, "diff": DIFF, "loads": [], "links": {}})
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({"expectedVersion": 3, "document": DOCUMENT}))

    assert operations.main(["rule", "--publish", str(file), "--first", "us-west-2:10", "--reason", "a drill"]) == 0

    assert fake.asked == [(f"POST {RULE}", {"expectedVersion": 3, "document": DOCUMENT, "first": TENTH, "reason": "a drill"})]
    assert "a drill (only 10 % of the gateways in us-west-2)" in capsys.readouterr().out


def test_a_dry_run_says_to_whom_it_would_be_published(fake, capsys, tmp_path):
    fake.answers[f"POST {RULE}"] = (200, {"version": 4, "first": TENTH, "diff": DIFF, "loads": []})
    file = tmp_path / "rule.json"
    file.write_text(json.dumps({"expectedVersion": 3, "document": DOCUMENT}))

    assert operations.main(["rule", "--publish", str(file), "--first", "us-west-2:10", "--dry-run"]) == 0

    assert "version 4 would be published (only 10 % of the gateways in us-west-2); nothing was changed" in capsys.readouterr().out


@pytest.mark.parametrize("written", ["us-west-2", "us-west-2:", "us-west-2:ten", ":10", "us-west-2:1000"])
def test_who_is_to_be_first_is_a_region_and_a_part_of_it(fake, capsys, written):
    with pytest.raises(SystemExit):
        operations.main(["rule", "--publish", "rule.json", "--first", written, "--reason", "a drill"])

    assert fake.asked == []
    assert "us-west-2:10" in capsys.readouterr().err


def test_a_rule_that_only_some_obey_is_shown_with_what_the_rest_obeys_and_what_may_be_done(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, TRIED)

    assert operations.main(["rule"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[:3] == [
        "version 4, 2026-11-11T00:00:00Z by op_1: a drill (only 10 % of the gateways in us-west-2)",
        "all other gateways obey version 3: eleven rule --version 3, eleven rule --diff 3 4",
        "to give it to all: eleven rule --spread --reason '…'; to withdraw it: eleven rule --rollback 3 --reason '…'",
    ]


def test_a_rule_that_was_spread_says_since_when_all_obey_it(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, {**TRIED, "rest": {"version": 3}, "spread": SPREAD})

    assert operations.main(["rule"]) == 0

    said = capsys.readouterr().out.splitlines()
    assert said[0].endswith("a drill (first 10 % of the gateways in us-west-2; all since 2026-11-11T00:10:00Z by op_2: nothing got worse)")
    assert said[1].startswith("peak")


def test_a_spread_gives_the_version_in_force_to_all(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, TRIED)
    spread = {**PUBLISHED, "first": TENTH, "rest": {"version": 3}, "spread": SPREAD, "diff": DIFF, "loads": [], "links": {}}
    fake.answers[f"POST {RULE}/spread"] = (200, spread)

    assert operations.main(["rule", "--spread", "--reason", "nothing got worse"]) == 0

    assert fake.asked[-1] == (f"POST {RULE}/spread", {"expectedVersion": 4, "reason": "nothing got worse"})
    said = capsys.readouterr().out
    assert "all since 2026-11-11T00:10:00Z by op_2" in said and "shards 20-33 RZ01 -> RZ02" in said


def test_whoever_changes_something_else_builds_upon_what_the_rest_obeys(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, TRIED)
    fake.answers[f"POST {RULE}"] = (201, {**PUBLISHED, "diff": DIFF, "loads": [], "links": {}})

    operations.main(["rule", "--json"])
    assert json.loads(capsys.readouterr().out) == {"expectedVersion": 4, "document": REST}
    assert operations.main(["move", "10", "--to", "RZ02", "--reason", "more room"]) == 0
    assert fake.asked[-1][1]["document"]["peak"] == 80000


def test_a_version_by_its_number_is_printed_as_it_was_published(fake, capsys):
    fake.answers[f"GET {RULE}/versions/4"] = (200, {**TRIED, "rest": {"version": 3}})

    operations.main(["rule", "--version", "4", "--json"])

    assert json.loads(capsys.readouterr().out) == {"expectedVersion": 4, "document": DOCUMENT}


FAILOVERS = "/operations/units/RZ01/failovers"
BEGUN = {
    "id": "20261111-000000-000-away", "unit": "RZ01", "direction": "AWAY", "state": "RUNNING", "begunAt": "2026-11-11T00:00:00Z", "by": "op_1",
    "reason": "us-east-1 is gone", "region": "us-east-2", "shards": ["00-33"], "wards": [], "notes": [],
    "links": {"self": f"{FAILOVERS}/20261111-000000-000-away"},
}
NOTES = [
    {"at": "2026-11-11T00:00:01Z", "step": "FORBID", "text": "version 2: RZ02 serves [00-33]"},
    {"at": "2026-11-11T00:00:06Z", "step": "SETTLE", "text": "0 payments of RZ01 are open 25 s after"},
]


@pytest.mark.parametrize(("state", "code"), [("DONE", 0), ("INCOMPLETE", 1), ("WITHDRAWN", 1), ("OVERTAKEN", 1), ("FAILED", 1)])
def test_a_failover_is_followed_to_its_end_and_each_note_told_once(fake, capsys, monkeypatch, state, code):
    monkeypatch.setattr(operations.time, "sleep", lambda _: None)
    looks = [(200, {**BEGUN, "notes": NOTES[:1]}), (200, {**BEGUN, "notes": NOTES, "state": state})]
    fake.answers = Pages(f"GET {BEGUN['links']['self']}", looks)
    fake.answers[f"POST {FAILOVERS}"] = (202, BEGUN)

    assert operations.main(["failover", "RZ01", "--reason", "us-east-1 is gone"]) == code

    assert fake.asked[0] == (f"POST {FAILOVERS}", {"direction": "AWAY", "reason": "us-east-1 is gone"})
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in said[1:3]] == ["FORBID", "SETTLE"]
    assert said[-1] == state.lower() and len(said) == 4


def test_a_failback_may_be_left_to_itself(fake, capsys):
    fake.answers[f"POST {FAILOVERS}"] = (202, {**BEGUN, "direction": "BACK"})

    assert operations.main(["failover", "RZ01", "--back", "--no-wait", "--reason", "mended"]) == 0

    assert fake.asked == [(f"POST {FAILOVERS}", {"direction": "BACK", "reason": "mended"})]
    assert "RZ01 is brought back by us-east-2" in capsys.readouterr().out


def test_a_failover_needs_a_reason(fake, capsys):
    assert operations.main(["failover", "RZ01"]) == 1
    assert fake.asked == []
    assert "--reason" in capsys.readouterr().err


def test_failovers_are_listed_with_what_was_seen(fake, capsys):
    fake.answers[f"GET {FAILOVERS}"] = (200, {"failovers": [{**BEGUN, "state": "DONE", "notes": NOTES}]})

    assert operations.main(["failovers", "RZ01"]) == 0

    said = capsys.readouterr().out
    assert "SETTLE    0 payments of RZ01 are open 25 s after" in said and said.endswith("  done\n")
    fake.answers[f"GET {FAILOVERS}"] = (200, {"failovers": []})
    operations.main(["failovers", "RZ01"])
    assert capsys.readouterr().out == "none\n"


SIGHT = {"region": "us-east-2", "colour": "a", "synthetic": "SERVED", "said": "served", "real": "SILENT", "at": "2026-11-11T00:00:30Z", "fresh": True, "failures": 0}
FAILING = {**SIGHT, "synthetic": "FAILED", "said": "ConnectException", "real": "MISSED", "failures": 3, "failingSince": "2026-11-11T00:00:10Z"}
HEALTH = {
    "rule": 4, "automaticFailover": "ON",
    "units": [
        {"unit": "RZ01", "region": "us-east-1", "standby": "RZ02", "forbidden": True, "health": "DOWN", "sights": [FAILING, {**SIGHT, "region": "us-west-2", "fresh": False}]},
        {"unit": "RZ02", "region": "us-east-2", "standby": "RZ03", "forbidden": False, "health": "UNKNOWN", "sights": []},
    ],
    "lastAutomaticFailover": {"unit": "RZ01", "failover": "20261111-000030-000-away", "region": "us-east-2", "at": "2026-11-11T00:00:30Z", "links": {}},
}


def test_the_health_of_each_unit_is_told_with_what_each_region_saw(fake, capsys):
    fake.answers["GET /operations/units"] = (200, HEALTH)

    assert operations.main(["health"]) == 0

    assert capsys.readouterr().out.splitlines() == [
        "version 4 of the rule, automatic failover ON",
        "last automatic failover 20261111-000030-000-away of RZ01, in us-east-2: eleven failovers RZ01",
        "RZ01  us-east-1, standby RZ02: down, out of service",
        "  us-east-2     a  2026-11-11T00:00:30Z      failed: ConnectException, 3 in a row since 2026-11-11T00:00:10Z, customers' payments are missed",
        "  us-west-2     a  2026-11-11T00:00:30Z      served, too long ago to count",
        "RZ02  us-east-2, standby RZ03: unknown",
        "  nobody looked",
    ]


def test_one_units_health_is_told_alone_and_a_unit_that_there_is_not_is_refused(fake, capsys):
    fake.answers["GET /operations/units"] = (200, HEALTH)

    assert operations.main(["health", "RZ02"]) == 0
    said = capsys.readouterr().out
    assert "RZ02  us-east-2" in said and "standby RZ02: down" not in said

    assert operations.main(["health", "RZ09"]) == 1
    assert "RZ01, RZ02" in capsys.readouterr().err


def test_shards_move_to_another_unit_on_top_of_the_rule_in_force(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, IN_FORCE)
    fake.answers[f"POST {RULE}"] = (201, {**PUBLISHED, "diff": DIFF, "loads": IN_FORCE["loads"], "links": {}})

    assert operations.main(["move", "10-19,33,40", "--to", "RZ02", "--reason", "more room"]) == 0

    asked = fake.asked[-1][1]
    assert asked["expectedVersion"] == 4 and asked["reason"] == "more room"
    assert [unit["shards"] for unit in asked["document"]["units"]] == [["00-09", "20-32"], ["10-19", "33-33", "40-40"]]
    assert {**asked["document"], "units": 0} == {**DOCUMENT, "units": 0}
    assert "shards 20-33 RZ01 -> RZ02" in capsys.readouterr().out


@pytest.mark.parametrize("shards", ["", "7", "19-10", "a-b", "10-100", "10..19", "10-19,"])
def test_what_are_no_shards_is_refused(fake, capsys, shards):
    assert operations.main(["move", shards, "--to", "RZ02", "--reason", "more room"]) == 1

    assert fake.asked == []
    assert "00 to 99" in capsys.readouterr().err


def test_shards_move_to_a_unit_that_there_is_and_a_dry_run_needs_no_reason(fake, capsys):
    fake.answers[f"GET {RULE}"] = (200, IN_FORCE)
    assert operations.main(["move", "10", "--to", "RZ09", "--reason", "more room"]) == 1
    assert "RZ01, RZ02" in capsys.readouterr().err

    fake.answers[f"POST {RULE}"] = (200, {"version": 5, "diff": SAME, "loads": []})
    assert operations.main(["move", "10", "--to", "RZ02", "--dry-run"]) == 0
    assert fake.asked[-1][1]["dryRun"] is True
RELEASES = "/operations/units/RZ01/releases"
FIGURES = {"payments": 200, "paid": 190, "declined": 4, "riskDeclined": 0, "open": 0, "failed": 6, "p50Millis": 64, "p99Millis": 181, "overdue": 0, "deadLetters": 0}
RELEASE = {
    "release": "20261111T000000-k3f9", "unit": "RZ01", "to": "b", "from": "a", "state": "VERIFYING", "weight": 10, "steps": [10, 50, 100], "least": 20,
    "mostLooks": 180, "starved": "ROLL_BACK", "approval": False, "reason": "build 4711", "by": "op_1", "at": "2026-11-11T00:00:00Z",
    "stages": [{"weight": 10, "shiftedAt": "2026-11-11T00:00:01Z", "version": 5, "looks": 1, "figures": {}}], "links": {},
}
ROLLED_BACK = {
    **RELEASE, "state": "ROLLED_BACK", "weight": 0, "why": "failed 6 of 200", "endedAt": "2026-11-11T00:00:21Z",
    "stages": [
        {"weight": 10, "shiftedAt": "2026-11-11T00:00:01Z", "version": 5, "looks": 2, "verdict": "ROLL_BACK", "why": "failed 6 of 200", "figures": {"b": FIGURES}},
        {"weight": 0, "shiftedAt": "2026-11-11T00:00:21Z", "version": 6, "looks": 0, "figures": {}},
    ],
}


def test_a_release_is_begun_with_what_was_said_alone(fake, capsys):
    fake.answers[f"POST {RELEASES}"] = (202, RELEASE)

    assert operations.main(["release", "RZ01", "--to", "b", "--reason", "build 4711"]) == 0
    assert fake.asked[-1] == (f"POST {RELEASES}", {"to": "b", "reason": "build 4711", "approval": False, "starved": "ROLL_BACK"})
    assert "release 20261111T000000-k3f9 of RZ01: a -> b by 10, 50, 100 %" in capsys.readouterr().out

    operations.main(["release", "RZ01", "--to", "b", "--reason", "r", "--steps", "10,50,100", "--least", "20", "--patience", "2", "--stay", "--approval"])
    assert fake.asked[-1][1] == {"to": "b", "reason": "r", "approval": True, "starved": "STAY", "steps": [10, 50, 100], "least": 20, "patienceMinutes": 2}


def test_a_release_that_is_waited_for_is_told_step_by_step_and_fails_where_it_is_rolled_back(fake, capsys, monkeypatch):
    fake.answers = Pages(f"GET {RELEASES}/20261111T000000-k3f9", [(200, RELEASE), (200, RELEASE), (200, ROLLED_BACK)])
    fake.answers[f"POST {RELEASES}"] = (202, RELEASE)
    monkeypatch.setattr(operations, "FOLLOW_SECONDS", 0)

    assert operations.main(["release", "RZ01", "--to", "b", "--reason", "build 4711", "--wait"]) == 1

    said = capsys.readouterr().out
    assert said.count("verifying") == 1
    assert "b has  10 %  version 5  roll back: failed 6 of 200" in said
    assert "b  200 payments, 190 paid, 4 declined, 6 failed, p50 64 ms, p99 181 ms" in said
    assert said.endswith("rolled back: failed 6 of 200\n")


@pytest.mark.parametrize(("flag", "approve"), [("--approve", True), ("--reject", False)])
def test_a_release_is_answered_with_a_reason(fake, capsys, flag, approve):
    fake.answers[f"POST {RELEASES}/R1/decision"] = (202, RELEASE)

    assert operations.main(["release", "RZ01", flag, "R1", "--reason", "a quiet day"]) == 0

    assert fake.asked == [(f"POST {RELEASES}/R1/decision", {"approve": approve, "reason": "a quiet day"})]


@pytest.mark.parametrize("arguments", [[], ["--to", "b"], ["--approve", "R1"], ["--approve", "R1", "--to", "b", "--reason", "r"], ["--to", "b", "--reason", "r", "--steps", "1,x"]])
def test_a_release_that_says_too_little_or_too_much_calls_nothing(fake, capsys, arguments):
    assert operations.main(["release", "RZ01", *arguments]) == 1

    assert fake.asked == []
    assert capsys.readouterr().err.startswith("eleven: ")


def test_releases_are_listed_with_their_figures(fake, capsys):
    fake.answers[f"GET {RELEASES}"] = (200, {"releases": [{**ROLLED_BACK, "stopped": {"approve": False, "by": "op_2", "reason": "a bad feeling"}}]})

    assert operations.main(["releases", "RZ01"]) == 0

    said = capsys.readouterr().out
    assert said.startswith("20261111T000000-k3f9  a -> b  by op_1: build 4711\n  stopped by op_2: a bad feeling\n")
    fake.answers[f"GET {RELEASES}"] = (200, {"releases": []})
    operations.main(["releases", "RZ01"])
    assert capsys.readouterr().out == "RZ01 has no releases\n"
