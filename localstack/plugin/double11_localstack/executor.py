"""Runs a Java function as a process: one JVM for each execution environment."""

import fnmatch
import logging
import os
import subprocess
import threading
import time
from concurrent.futures import Future, TimeoutError
from pathlib import Path

from localstack import config
from localstack.services.lambda_.invocation.lambda_models import InvocationResult
from localstack.services.lambda_.invocation.runtime_executor import LambdaRuntimeException, RuntimeExecutor

from double11_localstack import jvm, snapshots
from double11_localstack.runtime_api import Answer, Invocation, RuntimeApi, error_payload, seconds_left

LOG = logging.getLogger(__name__)
LOG_BYTES_MAX = 256 * 1024


class Jvms:
    """All JVMs that run now: bounded in number, and stopped with LocalStack."""

    def __init__(self, limit: int):
        self._limit = limit
        self._lock = threading.Lock()
        self._running: dict[str, "ProcessRuntimeExecutor"] = {}

    def enter(self, executor: "ProcessRuntimeExecutor") -> None:
        with self._lock:
            if len(self._running) >= self._limit:
                raise LambdaRuntimeException(
                    f"{self._limit} JVMs run already (DOUBLE11_JVMS_MAX); {executor.name} is not started"
                )
            self._running[executor.id] = executor

    def leave(self, executor: "ProcessRuntimeExecutor") -> None:
        with self._lock:
            self._running.pop(executor.id, None)

    def kill(self, function: str, region: str | None, busy: bool = False) -> list[int]:
        """Kills the JVMs of the functions named like this where they stand, or only those within a call; answers their process ids."""
        with self._lock:
            named = [e for e in self._running.values() if fnmatch.fnmatchcase(e.name, function) and region in (None, e.region)]
        hit = [executor.kill() for executor in named if executor.is_busy() or not busy]
        return [process for process in hit if process is not None]

    def count(self) -> int:
        return len(self._running)


JVMS = Jvms(int(os.environ.get("DOUBLE11_JVMS_MAX", "96")))


class ProcessRuntimeExecutor(RuntimeExecutor):
    """One execution environment."""

    def __init__(self, id, function_version):
        super().__init__(id, function_version)
        self.name = function_version.id.function_name
        self.region = function_version.id.region
        self._api: RuntimeApi | None = None
        self._process: subprocess.Popen | None = None
        self._life = threading.Lock()
        self._stopped = False
        self._busy = False
        self._log = Path(os.environ["DOUBLE11_LOGS"]) / f"{self.name}-{self.region}-{id[:8]}.log"
        self._read = 0
        self._init_millis = 0.0
        self._first = True

    # --- life

    def start(self, env_vars):
        began = time.monotonic()
        JVMS.enter(self)
        self._launch(env_vars)
        self._api.ready.wait()
        if self._api.init_error is not None:
            said = self._api.init_error.decode(errors="replace")
            raise LambdaRuntimeException(f"{self.name} could not start: {said}\n{self.get_logs()[-2000:]}")
        self._init_millis = (time.monotonic() - began) * 1000

    def _launch(self, env_vars) -> None:
        with self._life:
            if self._stopped:
                raise LambdaRuntimeException(f"{self.name} was stopped before it started")
            self._api = RuntimeApi()
            self._process = jvm.start(
                self.function_version, self._api, env_vars, self._log, *snapshots.flags(self.function_version),
            )

    def stop(self):
        JVMS.leave(self)
        with self._life:
            self._stopped = True
        if self.is_alive():
            self._process.kill()
            self._process.wait(5)

    def is_alive(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def is_busy(self) -> bool:
        return self._busy

    def kill(self) -> int | None:
        """Ends the process without a word to it; answers its id, or nothing where it has ended before."""
        if not self.is_alive():
            return None
        self._process.kill()
        return self._process.pid

    # --- calls

    def invoke(self, payload):
        timeout = self.function_version.config.timeout
        began = time.monotonic()
        invocation = Invocation(
            payload["invoke-id"],
            payload["invoked-function-arn"],
            payload["payload"].encode(),
            payload.get("trace-id", ""),
            time.time() + timeout,
        )
        self._busy = True
        try:
            answer = self._await(self._api.submit(invocation), invocation, timeout)
        finally:
            self._busy = False
        logs = self._report(invocation.request_id, (time.monotonic() - began) * 1000)
        return InvocationResult(invocation.request_id, answer.payload, is_error=answer.is_error, logs=logs)

    def _await(self, future: Future, invocation: Invocation, timeout: int) -> Answer:
        if not self.is_alive():
            self._api.exited(self._process.returncode)
        try:
            return future.result(timeout=seconds_left(invocation))
        except TimeoutError:
            # As on AWS the environment is lost with the call.
            self._process.kill()
            message = f"RequestId: {invocation.request_id} Error: Task timed out after {timeout}.00 seconds"
            return Answer(error_payload("Sandbox.Timedout", message), True)

    def _report(self, request_id: str, millis: float) -> str:
        memory = self.function_version.config.memory_size
        report = f"REPORT RequestId: {request_id}\tDuration: {millis:.2f} ms\tMemory Size: {memory} MB\tMax Memory Used: {self._peak_megabytes()} MB"
        if self._first:
            report += f"\tInit Duration: {self._init_millis:.2f} ms"
            self._first = False
        version = self.function_version.id.qualifier
        return f"START RequestId: {request_id} Version: {version}\n{self._new_lines()}END RequestId: {request_id}\n{report}\n"

    def _new_lines(self) -> str:
        try:
            with self._log.open("rb") as log:
                log.seek(self._read)
                text = log.read(LOG_BYTES_MAX)
            self._read += len(text)
        except OSError:
            return ""
        lines = text.decode(errors="replace")
        return lines if not lines or lines.endswith("\n") else lines + "\n"

    def _peak_megabytes(self) -> int:
        try:
            status = Path(f"/proc/{self._process.pid}/status").read_text()
            return int(status.split("VmHWM:")[1].split()[0]) // 1024
        except (OSError, IndexError, ValueError):
            return 0

    def get_logs(self):
        try:
            return self._log.read_text(errors="replace")
        except OSError:
            return ""

    # --- what LocalStack asks

    def get_address(self):
        return "127.0.0.1"

    def get_endpoint_from_executor(self):
        return "127.0.0.1"

    def get_runtime_endpoint(self):
        return f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}/_localstack_lambda/{self.id}"

    @classmethod
    def prepare_version(cls, function_version):
        if function_version.config.code:
            snapshots.take(function_version)

    @classmethod
    def cleanup_version(cls, function_version):
        pass

    @classmethod
    def validate_environment(cls):
        return True
