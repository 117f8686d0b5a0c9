"""Starts and stops LocalStack with everything it starts itself."""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request

from cli import places
from cli.shell import Failure, say, tail
from cli.tools import install, java_environment, read_json, require_tools

START_SECONDS = 90


def health() -> bool:
    try:
        with urllib.request.urlopen(f"{places.ENDPOINT}/_localstack/health", timeout=2) as answer:
            return answer.status == 200
    except (urllib.error.URLError, OSError):
        return False


def up() -> None:
    """Starts LocalStack unless ours runs; says why where it does not come up."""
    require_tools()
    install()
    running = read_json(places.RUN_FILE)
    if is_up() and health():
        say(f"✓ LocalStack is up: {places.ENDPOINT} (process {running['pid']})")
        return
    reap()
    _require_free_port()
    _start()


def _start() -> None:
    began = time.monotonic()
    places.LAMBDA_LOGS.mkdir(parents=True, exist_ok=True)
    places.SCRATCH.mkdir(exist_ok=True)
    for old in places.LAMBDA_LOGS.glob("*.log"):
        old.unlink()
    with places.LOCALSTACK_LOG.open("wb") as log:
        process = subprocess.Popen(
            [places.PYTHON, "-m", "double11_localstack"], cwd=places.STATE, env=_environment(), stdin=subprocess.DEVNULL,
            stdout=log, stderr=subprocess.STDOUT, start_new_session=True,
        )
    places.RUN_FILE.write_text(json.dumps({"pid": process.pid, "started": time.time()}))
    while not health():
        if process.poll() is not None:
            reap()
            raise Failure(f"LocalStack ended with exit code {process.returncode} while starting (log: {places.LOCALSTACK_LOG})", tail(places.LOCALSTACK_LOG))
        if time.monotonic() - began > START_SECONDS:
            reap()
            raise Failure(f"LocalStack did not answer within {START_SECONDS} s (log: {places.LOCALSTACK_LOG})", tail(places.LOCALSTACK_LOG))
        time.sleep(0.2)
    say(f"✓ LocalStack is up: {places.ENDPOINT} ({time.monotonic() - began:.1f} s)")


def remember(**facts) -> None:
    """Notes something about the stack that runs now; it is forgotten with it."""
    places.RUN_FILE.write_text(json.dumps({**read_json(places.RUN_FILE), **facts}))


def down() -> None:
    """Stops everything that `up` started, and makes sure that it is gone."""
    running = read_json(places.RUN_FILE)
    if not running and not marked():
        say("✓ LocalStack is not running")
        return
    if running and alive(running["pid"]):
        # Nothing of it is kept, so there is nothing to put in order; first of all, for it would start anew what is killed.
        os.kill(running["pid"], signal.SIGKILL)
        _wait_for(lambda: not alive(running["pid"]), 10)
    reap()
    say("✓ LocalStack is down, nothing is left running")


def reap() -> None:
    """Does away with what a stack, also a dead one, left behind: every process that carries its mark, and its temporary files."""
    places.RUN_FILE.unlink(missing_ok=True)
    for pid in marked():
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
    if not _wait_for(lambda: not marked(), 10):
        raise Failure(f"some processes cannot be stopped: {marked()}")
    if places.SCRATCH.exists():
        shutil.rmtree(places.SCRATCH)


def is_up() -> bool:
    running = read_json(places.RUN_FILE)
    return bool(running) and alive(running["pid"])


def still_up() -> None:
    """Raises where LocalStack died meanwhile."""
    if not is_up():
        raise Failure(f"LocalStack died (log: {places.LOCALSTACK_LOG})", tail(places.LOCALSTACK_LOG))


def marked() -> list[int]:
    """Processes started by this project's stack, known by a variable that children inherit."""
    mark = f"DOUBLE11_STACK={places.STATE}".encode()
    found = []
    if os.path.isdir("/proc"):
        for entry in os.listdir("/proc"):
            if entry.isdigit() and int(entry) != os.getpid():
                try:
                    with open(f"/proc/{entry}/environ", "rb") as file:
                        if mark in file.read().split(b"\0"):
                            found.append(int(entry))
                except OSError:
                    continue
        return [pid for pid in found if not _zombie(pid)]
    script = "import psutil,sys\nfor p in psutil.process_iter():\n try:\n  if p.environ().get('DOUBLE11_STACK')==sys.argv[1]: print(p.pid)\n except psutil.Error: pass"
    said = subprocess.run([places.PYTHON, "-c", script, str(places.STATE)], capture_output=True, text=True)
    return [int(line) for line in said.stdout.split()]


def alive(pid: int) -> bool:
    try:
        os.waitpid(pid, os.WNOHANG)
    except ChildProcessError:
        pass
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return not _zombie(pid)


def _zombie(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as file:
            return file.read().rsplit(")", 1)[1].split()[0] == "Z"
    except (OSError, IndexError):
        return not os.path.isdir("/proc")


def _wait_for(condition, seconds: float) -> bool:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        if condition():
            return True
        time.sleep(0.1)
    return condition()


def _require_free_port() -> None:
    def is_free() -> bool:
        with socket.socket() as probe:
            probe.settimeout(1)
            return probe.connect_ex(("127.0.0.1", places.PORT)) != 0

    if not _wait_for(is_free, 5):
        raise Failure(f"port {places.PORT} is taken by another program; stop it, or set DOUBLE11_PORT to a free port")


def _environment() -> dict[str, str]:
    java = java_environment()
    settings = {
        "DOUBLE11_STACK": places.STATE,
        "DOUBLE11_JAVA_HOME": java["JAVA_HOME"],
        "DOUBLE11_RUNTIME_CLIENT": places.JAVA_LIBS / "runtime-client",
        "DOUBLE11_DYNAMODB_LOCAL": places.JAVA_LIBS / "dynamodb-local",
        "DOUBLE11_JSONATA": places.JAVA_LIBS / "jsonata",
        "DOUBLE11_LOGS": places.LAMBDA_LOGS,
        "GATEWAY_LISTEN": f"127.0.0.1:{places.PORT}",
        "LOCALSTACK_HOST": f"127.0.0.1:{places.PORT}",
        "LOCALSTACK_VOLUME_DIR": places.STATE / "volume",
        # Each archive of code is unpacked there, with the snapshots that its functions start from.
        "TMPDIR": places.SCRATCH,
        "LAMBDA_RUNTIME_EXECUTOR": "process",
        "LAMBDA_KEEPALIVE_MS": "3600000",
        "LAMBDA_EVENT_SOURCE_MAPPING_POLL_INTERVAL_SEC": "0.2",
        "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_EMPTY_POLL_SEC": "1",
        # A Region that comes back finds its consumers at work: left alone, they stay away for a minute after a minute of errors.
        "LAMBDA_EVENT_SOURCE_MAPPING_MAX_BACKOFF_ON_ERROR_SEC": "4",
        "PROVIDER_OVERRIDE_DYNAMODB": "v2",
        "PROVIDER_OVERRIDE_DYNAMODBSTREAMS": "v2",
        "DYNAMODB_IN_MEMORY": "1",
        # LocalStack's services call one another within the process, not over its own HTTP door.
        "IN_MEMORY_CLIENT": "1",
        "LAMBDA_RUNTIME_ENVIRONMENT_TIMEOUT": "60",
        # A call for each message sent, received and deleted, to services that are busy enough.
        "SQS_DISABLE_CLOUDWATCH_METRICS": "1",
        "SKIP_SSL_CERT_DOWNLOAD": "1",
        "DISABLE_EVENTS": "1",
        "DNS_ADDRESS": "0",
        "PYTHONUNBUFFERED": "1",
    }
    # A client's own AWS settings must not leak into the emulator.
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("AWS_", "LOCALSTACK_", "LAMBDA_"))}
    return {**inherited, **java, **{name: str(value) for name, value in settings.items()}}
