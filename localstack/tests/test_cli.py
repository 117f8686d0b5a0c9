"""The command line: what it finds, what it says, what it leaves behind."""

import socket
import subprocess
import sys
from pathlib import Path

import pytest

from cli import bench, jdk, main, places, project, shell, stack


def make_jdk(home: Path, version: str) -> Path:
    (home / "bin").mkdir(parents=True)
    (home / "bin" / "javac").write_text("")
    (home / "release").write_text(f'JAVA_VERSION="{version}"\n')
    return home


def test_a_jdk_25_is_found_beside_an_older_default(tmp_path, monkeypatch):
    old, new = make_jdk(tmp_path / "jdk-17", "17.0.15"), make_jdk(tmp_path / "jdk-25", "25.0.3")
    monkeypatch.setattr(jdk, "candidates", lambda: [old, new])

    assert jdk.find_jdk() == new


def test_without_a_jdk_25_what_was_found_is_said(tmp_path, monkeypatch):
    old = make_jdk(tmp_path / "jdk-17", "17.0.15")
    monkeypatch.setattr(jdk, "candidates", lambda: [old, tmp_path / "no-jdk"])

    with pytest.raises(shell.Failure, match=r"no JDK 25 found.*JAVA_HOME.*17\.0\.15"):
        jdk.find_jdk()


def test_a_taken_port_is_said(monkeypatch):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setattr(places, "PORT", taken.getsockname()[1])

        with pytest.raises(shell.Failure, match="taken by another program"):
            stack._require_free_port()


def test_a_failing_command_says_its_exit_code_and_shows_its_end(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LOGS", tmp_path)

    with pytest.raises(shell.Failure, match="exit code 3") as failure:
        shell.run("fail", [sys.executable, "-c", "print('the reason'); raise SystemExit(3)"], cwd=tmp_path)

    assert "the reason" in failure.value.detail


def test_a_command_that_takes_too_long_is_stopped_with_its_children(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "LOGS", tmp_path)
    script = "import subprocess,sys,time; p=subprocess.Popen([sys.executable,'-c','import time; time.sleep(60)']); print(p.pid, flush=True); time.sleep(60)"

    with pytest.raises(shell.Failure, match="longer than 1 s"):
        shell.run("hang", [sys.executable, "-c", script], cwd=tmp_path, timeout_seconds=1)

    child = int((tmp_path / "hang.log").read_text())
    assert stack._wait_for(lambda: not stack.alive(child), 10)


def test_reports_are_summed(tmp_path):
    report = tmp_path / "TEST-a.xml"
    report.write_text('<testsuite tests="5" failures="1" errors="1" skipped="1"/>')

    assert project.count([report]) == (2, 2, 1)


def test_an_unknown_command_is_refused():
    said = subprocess.run([sys.executable, places.LOCALSTACK_DIR / "eleven", "fly"], capture_output=True, text=True)

    assert said.returncode == 2
    assert "invalid choice" in said.stderr


def test_a_benchmark_without_logs_to_read_says_so_in_one_line(monkeypatch, capsys):
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")

    assert bench.main(["--regions", "us-east-2"]) == 1

    said = capsys.readouterr().err.splitlines()
    assert len(said) == 1
    assert said[0].startswith("eleven: the logs in us-east-2 cannot be read: ")


def test_a_benchmark_tells_first_calls_from_warm_ones():
    calls = bench.Calls()
    calls.add("REPORT RequestId: 1\tDuration: 300.00 ms\tMemory Size: 512 MB\tMax Memory Used: 140 MB\tInit Duration: 700.00 ms")
    calls.add("REPORT RequestId: 2\tDuration: 10.00 ms\tMemory Size: 512 MB\tMax Memory Used: 141 MB")
    calls.add("a line of the function's own")

    assert (calls.starts, calls.firsts, calls.warm, calls.megabytes) == ([700], [300], [10], 141)
    assert "100 x" in bench.table({"gateway": calls})
    assert bench.kind("rz01-b-phase-two") == "phase-two"


def test_whoever_ends_the_command_ends_what_it_started(tmp_path):
    script = (
        "import sys; from pathlib import Path; from cli import main, places, shell\n"
        f"places.LOGS = Path({str(tmp_path)!r})\n"
        "main.run = lambda given: shell.run('child', [sys.executable, '-c', 'import os,time; print(os.getpid(), flush=True); time.sleep(60)'])\n"
        "sys.exit(main.main(['status']))"
    )
    command = subprocess.Popen([sys.executable, "-c", script], cwd=places.LOCALSTACK_DIR, stderr=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    log = tmp_path / "child.log"
    assert stack._wait_for(lambda: log.exists() and log.read_text().strip(), 10)
    command.terminate()

    assert command.wait(20) == 130
    assert "interrupted" in command.stderr.read()
    assert stack._wait_for(lambda: not stack.alive(int(log.read_text())), 10)


def nothing_may_start(*_, **__):
    raise AssertionError("started")


def test_wrong_options_of_chaos_are_said_before_anything_starts(monkeypatch):
    def refuse(title, command, **_):
        assert command[-3:] == ["--scenario", "floods", "--list"]
        raise shell.Failure("options failed with exit code 2")

    monkeypatch.setattr(project, "build", lambda: None)
    monkeypatch.setattr(project, "find_jdk", lambda: Path("jdk"))
    monkeypatch.setattr(project, "java_environment", dict)
    monkeypatch.setattr(project, "run", refuse)
    monkeypatch.setattr(stack, "up", nothing_may_start)

    with pytest.raises(shell.Failure, match="exit code 2"):
        project.chaos(["--scenario", "floods"], keep=False)


def test_nothing_of_an_earlier_run_is_counted_in_the_next_one(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "ROOT", tmp_path)
    monkeypatch.setattr(places, "STATE", tmp_path / "state")
    reports = tmp_path / "it-tests" / "target" / "failsafe-reports"
    reports.mkdir(parents=True)
    for name in ("TEST-PaymentIT.xml", "failsafe-summary.xml"):
        (reports / name).write_text("<failures>2</failures>")

    project.clear_reports()

    assert not list(reports.iterdir())


def test_what_a_stack_unpacked_is_gone_with_it(tmp_path, monkeypatch):
    monkeypatch.setattr(places, "RUN_FILE", tmp_path / "run.json")
    monkeypatch.setattr(places, "SCRATCH", tmp_path / "scratch")
    monkeypatch.setattr(stack, "marked", list)
    (places.SCRATCH / "lambda").mkdir(parents=True)
    (places.SCRATCH / "lambda" / "code.jar").write_text("much")

    stack.reap()
    stack.reap()

    assert not places.SCRATCH.exists()


def test_the_scenarios_are_listed_without_a_stack(monkeypatch):
    shown = []
    monkeypatch.setattr(project, "build", lambda: None)
    monkeypatch.setattr(project, "find_jdk", lambda: Path("jdk"))
    monkeypatch.setattr(project, "java_environment", dict)
    monkeypatch.setattr(project, "run", lambda title, command, show, **_: shown.append((command[-1], show)) or 0)
    monkeypatch.setattr(stack, "up", nothing_may_start)

    assert main.main(["chaos", "--list"]) == 0
    assert shown == [("--list", True)]


def test_models_are_trained_in_an_environment_of_their_own_on_one_core(monkeypatch):
    ran = []
    monkeypatch.setattr(project, "install_training", lambda: Path("training-python"))
    monkeypatch.setattr(project, "run", lambda title, command, env, **_: ran.append((command, env)) or 3)

    assert main.main(["train", "--check", "--out", "elsewhere"]) == 3

    command, env = ran[0]
    assert command == [Path("training-python"), "-m", "training", "train", "--check", "--out", "elsewhere"]
    assert env["OMP_NUM_THREADS"] == "1"


def test_an_interrupted_run_leaves_no_fault_on_a_stack_that_stays(monkeypatch):
    def interrupted(*_):
        raise KeyboardInterrupt

    asked = []
    monkeypatch.setattr(project, "build", lambda: None)
    monkeypatch.setattr(project, "find_jdk", lambda: Path("jdk"))
    monkeypatch.setattr(project, "java_environment", dict)
    monkeypatch.setattr(project, "run", lambda *_, **__: 0)
    monkeypatch.setattr(project, "_on_stack", interrupted)
    monkeypatch.setattr(project, "control", lambda method, path: asked.append((method, path)))
    monkeypatch.setattr(stack, "is_up", lambda: True)

    with pytest.raises(KeyboardInterrupt):
        project.chaos([], keep=True)
    assert asked == [("DELETE", "faults")]
