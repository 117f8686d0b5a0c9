"""Java functions as processes: a real JVM with AWS's own runtime client, without LocalStack around it."""

import base64
import hashlib
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time
from pathlib import Path
from types import SimpleNamespace

import pytest

from cli import places, stack
from cli.jdk import find_jdk

ENVIRONMENT = {"GREETING": "hello", "AWS_REGION": "us-east-2", "AWS_LAMBDA_FUNCTION_NAME": "probe"}


@pytest.fixture(scope="session")
def archive(tmp_path_factory):
    folder = tmp_path_factory.mktemp("code")
    classpath = str(places.JAVA_LIBS / "runtime-client" / "*")
    subprocess.run([find_jdk() / "bin" / "javac", "-cp", classpath, "-d", folder, places.LOCALSTACK_DIR / "tests" / "Probe.java"], check=True)
    return Path(shutil.make_archive(str(tmp_path_factory.mktemp("archive") / "probe"), "zip", folder)).read_bytes()


@pytest.fixture(scope="session")
def code(archive):
    return SimpleNamespace(
        code_sha256=base64.b64encode(hashlib.sha256(archive).digest()), _download_archive_to_file=lambda file: file.write(archive),
    )


@pytest.fixture(scope="session", autouse=True)
def settings(tmp_path_factory):
    os.environ.update(
        DOUBLE11_JAVA_HOME=str(find_jdk()), DOUBLE11_RUNTIME_CLIENT=str(places.JAVA_LIBS / "runtime-client"),
        DOUBLE11_LOGS=str(tmp_path_factory.mktemp("logs")), DOUBLE11_STACK=str(tmp_path_factory.mktemp("stack")),
    )
    tempfile.tempdir = str(tmp_path_factory.mktemp("scratch"))
    yield
    tempfile.tempdir = None


def version(code, handler="Probe", timeout=20, memory=512, qualifier="$LATEST"):
    return SimpleNamespace(
        id=SimpleNamespace(function_name="probe", region="us-east-2", qualifier=qualifier, account="000000000000"),
        config=SimpleNamespace(
            code=code, handler=handler, timeout=timeout, memory_size=memory, environment={"GREETING": "hello"},
        ),
    )


@pytest.fixture
def started(code):
    from double11_localstack.executor import ProcessRuntimeExecutor

    all_of_them = []

    def start(variables=ENVIRONMENT, **how):
        executor = ProcessRuntimeExecutor(os.urandom(8).hex(), version(code, **how))
        all_of_them.append(executor)
        executor.start(variables)
        return executor

    yield start
    for executor in all_of_them:
        executor.stop()


def call(executor, order):
    return executor.invoke({"invoke-id": os.urandom(4).hex(), "invoked-function-arn": "arn:aws:lambda:::function:probe", "payload": json.dumps(order)})


def test_a_function_sees_its_environment_and_keeps_its_state_between_calls(started):
    executor = started()

    assert json.loads(call(executor, "environment").payload) == "hello us-east-2 probe"
    assert json.loads(call(executor, "count").payload) == "2"


def test_what_a_function_prints_and_what_it_cost_are_its_log(started):
    executor = started()
    first, second = call(executor, "one").logs, call(executor, "two").logs

    assert first.startswith("START RequestId: ") and "told to one" in first and "Init Duration" in first
    assert "told to two" in second and "told to one" not in second
    assert "REPORT RequestId: " in second and "Memory Size: 512 MB" in second and "Init Duration" not in second


def test_an_exception_is_reported_as_lambda_reports_it(started):
    executor = started()
    result = call(executor, "throw")

    assert result.is_error
    error = json.loads(result.payload)
    assert (error["errorType"], error["errorMessage"]) == ("java.lang.IllegalStateException", "told to throw")
    assert executor.is_alive(), "an exception does not end the environment"


def test_a_call_over_its_time_ends_with_the_environment(started):
    executor = started(timeout=2)
    result = call(executor, "sleep")

    assert result.is_error
    assert json.loads(result.payload)["errorType"] == "Sandbox.Timedout"
    executor._process.wait(10)
    assert not executor.is_alive()


def test_a_runtime_that_exits_answers_its_call(started):
    executor = started()
    result = call(executor, "exit")

    assert result.is_error
    assert json.loads(result.payload)["errorType"] == "Runtime.ExitError"
    assert not executor.is_alive()


def test_a_runtime_killed_in_the_middle_answers_its_call(started):
    from double11_localstack.executor import JVMS

    executor = started()
    answers = []
    caller = threading.Thread(target=lambda: answers.append(call(executor, "sleep")))
    caller.start()
    time.sleep(0.5)

    assert JVMS.kill("probe", "us-east-1") == []
    assert len(JVMS.kill("probe", "us-east-2")) == 1
    caller.join(10)
    assert json.loads(answers[0].payload)["errorType"] == "Runtime.ExitError"


def test_memory_is_capped(started):
    executor = started(memory=256)

    assert int(json.loads(call(executor, "memory").payload)) < 256
    assert "OutOfMemoryError" in call(executor, "hog").payload.decode()


def test_a_handler_that_does_not_exist_is_named(started):
    result = call(started(handler="Nowhere"), "anything")

    assert result.is_error
    assert "Nowhere" in result.payload.decode()


def test_no_more_jvms_than_allowed(started):
    from double11_localstack import executor as module

    limited = module.Jvms(1)
    limited.enter(SimpleNamespace(id="a", name="a"))
    with pytest.raises(Exception, match="DOUBLE11_JVMS_MAX"):
        limited.enter(SimpleNamespace(id="b", name="b"))
    limited.leave(SimpleNamespace(id="a", name="a"))
    limited.enter(SimpleNamespace(id="b", name="b"))


def test_a_stopped_environment_leaves_no_process(started):
    executor = started()
    pid = executor._process.pid
    executor.stop()

    assert not stack.alive(pid)
    assert executor._api.id not in executor._api._server.runtimes


def test_an_environment_stopped_before_it_started_stays_stopped(code):
    from double11_localstack.executor import ProcessRuntimeExecutor

    executor = ProcessRuntimeExecutor("late", version(code))
    executor.stop()

    with pytest.raises(Exception, match="stopped before it started"):
        executor.start(ENVIRONMENT)
    assert not executor.is_alive()


def test_only_what_is_within_a_call_is_killed_where_that_is_asked_for(started):
    from double11_localstack.executor import JVMS

    busy, idle = started(), started()
    answers = []
    caller = threading.Thread(target=lambda: answers.append(call(busy, "sleep")))
    caller.start()
    while not busy.is_busy():
        time.sleep(0.01)

    assert JVMS.kill("another-*", None, busy=True) == []
    assert JVMS.kill("pro*", "us-west-2", busy=True) == []
    assert JVMS.kill("pro*", "us-east-2", busy=True) == [busy._process.pid]
    caller.join(10)
    assert answers[0].is_error and not busy.is_busy()
    assert idle.is_alive()
    assert JVMS.kill("probe", None) == [idle._process.pid]


def test_a_published_version_starts_from_a_snapshot_of_its_own_taken_once_its_hooks_have_run(code, started):
    from double11_localstack import archives
    from double11_localstack.executor import ProcessRuntimeExecutor

    log = Path(os.environ["DOUBLE11_LOGS"]) / "probe-us-east-2-snapshot.log"
    for qualifier, name in (("$LATEST", "shared.aot"), ("1", "Probe.aot")):
        ProcessRuntimeExecutor.prepare_version(version(code, qualifier=qualifier))

        assert (archives.unpacked(code) / name).exists()
        assert ("about to be kept, hello" in log.read_text()) == (qualifier == "1")
        # In this mode a JVM that cannot use what it is given does not start.
        executor = started(qualifier=qualifier, variables={**ENVIRONMENT, "JAVA_TOOL_OPTIONS": "-XX:AOTMode=on"})
        assert f"-XX:AOTCache={archives.unpacked(code) / name}" in executor._process.args
        assert json.loads(call(executor, "environment").payload) == "hello us-east-2 probe"


def test_a_function_that_cannot_start_is_published_and_says_so_when_it_is_called(code, started):
    from double11_localstack.executor import ProcessRuntimeExecutor

    ProcessRuntimeExecutor.prepare_version(version(code, handler="Nowhere", qualifier="1"))

    assert "Nowhere" in call(started(handler="Nowhere", qualifier="1"), "anything").payload.decode()
