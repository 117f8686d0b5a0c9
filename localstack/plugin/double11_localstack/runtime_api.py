"""The HTTP interface through which a Lambda runtime takes invocations and gives answers, for one execution environment."""

import functools
import json
import queue
import threading
import time
import uuid
from concurrent.futures import Future
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Invocation:
    """One call of the function; the deadline is in seconds since the epoch."""

    request_id: str
    function_arn: str
    payload: bytes
    trace_id: str
    deadline: float


@dataclass(frozen=True)
class Answer:
    """What the function returned, or the error it reported."""

    payload: bytes
    is_error: bool


class RuntimeApi:
    """One runtime's side of it; ``ready`` is set once it has asked for its first invocation or reported that it cannot start.

    One server serves all runtimes, told apart by the first part of the path: a server for each would wake this process many times a second.
    """

    def __init__(self):
        self.id = uuid.uuid4().hex
        self.ready = threading.Event()
        self.init_error: bytes | None = None
        self._pending: queue.SimpleQueue[Invocation | None] = queue.SimpleQueue()
        self._answers: dict[str, Future] = {}
        self._server = _server()
        self._server.runtimes[self.id] = self

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._server.server_port}/{self.id}"

    def submit(self, invocation: Invocation) -> Future:
        """Hands an invocation to the runtime; the future gives its Answer."""
        answer: Future = Future()
        self._answers[invocation.request_id] = answer
        self._pending.put(invocation)
        return answer

    def next_invocation(self) -> Invocation | None:
        self.ready.set()
        return self._pending.get()

    def settle(self, request_id: str, answer: Answer) -> None:
        waiting = self._answers.pop(request_id, None)
        if waiting and not waiting.done():
            waiting.set_result(answer)

    def fail_start(self, error: bytes) -> None:
        self.init_error = error
        self.ready.set()

    def exited(self, code: int) -> None:
        """The process has ended: what it was asked is answered, and nobody waits for it to be ready."""
        for request_id in list(self._answers):
            self.settle(request_id, Answer(error_payload("Runtime.ExitError", f"RequestId: {request_id} Error: Runtime exited"), True))
        if not self.ready.is_set():
            self.fail_start(f"the JVM ended with {code}".encode())
        self.close()

    def close(self) -> None:
        self._server.runtimes.pop(self.id, None)
        self._pending.put(None)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def __init__(self):
        super().__init__(("127.0.0.1", 0), _Handler)
        self.runtimes: dict[str, RuntimeApi] = {}
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 60}, daemon=True, name="runtime-api").start()


@functools.cache
def _server() -> "_Server":
    return _Server()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: _Server

    def log_message(self, *args):
        pass

    def do_GET(self):
        runtime = self.server.runtimes.get(self.path.split("/")[1])
        invocation = runtime.next_invocation() if runtime else None
        if invocation is None:
            self.close_connection = True
            return
        self._reply(
            200,
            invocation.payload,
            {
                "Content-Type": "application/json",
                "Lambda-Runtime-Aws-Request-Id": invocation.request_id,
                "Lambda-Runtime-Deadline-Ms": str(int(invocation.deadline * 1000)),
                "Lambda-Runtime-Invoked-Function-Arn": invocation.function_arn,
                "Lambda-Runtime-Trace-Id": invocation.trace_id,
            },
        )

    def do_POST(self):
        body = self._body()
        parts = self.path.split("/")
        runtime = self.server.runtimes.get(parts[1])
        if runtime is None:
            self.close_connection = True
            return
        if parts[-2:] == ["init", "error"]:
            runtime.fail_start(body)
        else:
            runtime.settle(parts[-2], Answer(body, parts[-1] == "error"))
        self._reply(202)

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
            return self.rfile.read(int(self.headers.get("Content-Length", 0)))
        body = b""
        while True:
            size = int(self.rfile.readline().split(b";")[0].strip() or b"0", 16)
            body += self.rfile.read(size)
            self.rfile.readline()
            if size == 0:
                return body

    def _reply(self, status: int, body: bytes = b"", headers: dict[str, str] | None = None):
        lines = [f"HTTP/1.1 {status} {'OK' if status == 200 else 'Accepted'}"]
        lines += [f"{name}: {value}" for name, value in (headers or {}).items()]
        lines += [f"Content-Length: {len(body)}", "", ""]
        # One write: header and body in two packets would wait for each other.
        self.wfile.write("\r\n".join(lines).encode() + body)
        self.wfile.flush()


def error_payload(kind: str, message: str) -> bytes:
    """An error as Lambda words it."""
    return json.dumps({"errorType": kind, "errorMessage": message}).encode()


def seconds_left(invocation: Invocation) -> float:
    return max(0.0, invocation.deadline - time.time())
