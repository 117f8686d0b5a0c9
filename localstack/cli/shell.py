"""Runs commands with their output in a log, a line of progress on the terminal, and a clear end."""

import hashlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from cli import places

TAIL_LINES = 25


class Failure(Exception):
    """Something the user has to know, in one line; what follows it is detail."""

    def __init__(self, message: str, detail: str = ""):
        super().__init__(message)
        self.detail = detail


def say(text: str) -> None:
    print(text, flush=True)


def tail(log: Path, lines: int = TAIL_LINES) -> str:
    try:
        return "\n".join(log.read_text(errors="replace").splitlines()[-lines:])
    except OSError:
        return ""


def run(
    title: str,
    command: list,
    *,
    cwd: Path = places.ROOT,
    env: dict[str, str] | None = None,
    timeout_seconds: int = 1800,
    show: bool = False,
    still_well: Callable[[], None] | None = None,
    check: bool = True,
) -> int:
    """Runs a command to its end.

    With show its output goes to the terminal, else to a log whose end is printed on failure. still_well is asked every second and stops
    the command by raising. The command gets a process group of its own, so that stopping it stops all it started.
    """
    places.LOGS.mkdir(parents=True, exist_ok=True)
    log = places.LOGS / f"{title.replace(' ', '-').replace('/', '-')}.log"
    began = time.monotonic()
    live = sys.stdout.isatty() and not show
    if not live:
        say(f"· {title} …")
    with log.open("wb") as sink:
        process = subprocess.Popen(
            [str(part) for part in command], cwd=cwd, env={**os.environ, **(env or {})}, stdin=subprocess.DEVNULL,
            stdout=None if show else sink, stderr=None if show else subprocess.STDOUT, start_new_session=True,
        )
        try:
            while True:
                try:
                    code = process.wait(timeout=1 if still_well or live else timeout_seconds)
                    break
                except subprocess.TimeoutExpired:
                    elapsed = time.monotonic() - began
                    if elapsed > timeout_seconds:
                        raise Failure(f"{title} took longer than {timeout_seconds} s", tail(log)) from None
                    if still_well:
                        still_well()
                    if live:
                        print(f"\r· {title} … {elapsed:.0f} s", end="", flush=True)
        finally:
            stop_group(process)
    elapsed = time.monotonic() - began
    if live:
        print("\r", end="")
    if code != 0 and check:
        raise Failure(f"{title} failed with exit code {code} after {elapsed:.0f} s (log: {log})", "" if show else tail(log))
    if not show:
        say(f"✓ {title} ({elapsed:.1f} s)" if code == 0 else f"✗ {title} ({elapsed:.1f} s, exit code {code}; log: {log})")
    return code


def stop_group(process: subprocess.Popen) -> None:
    """Ends a command and everything in its process group, gently and then not."""
    for number, patience in ((signal.SIGTERM, 10), (signal.SIGKILL, 5)):
        try:
            os.killpg(process.pid, number)
        except (ProcessLookupError, PermissionError):
            break
        if process.poll() is not None:
            continue
        try:
            process.wait(timeout=patience)
        except subprocess.TimeoutExpired:
            continue
    if process.poll() is None:
        process.kill()
        process.wait()


def hash_of(paths: list[Path], *more: str) -> str:
    """A digest of files' names and contents."""
    digest = hashlib.sha256("\0".join(more).encode())
    for path in sorted(paths):
        digest.update(str(path).encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


class Stamp:
    """Remembers that something was done for these inputs."""

    def __init__(self, name: str):
        self._file = places.STATE / "stamps" / name

    def matches(self, digest: str) -> bool:
        return self._file.exists() and self._file.read_text() == digest

    def set(self, digest: str) -> None:
        self._file.parent.mkdir(parents=True, exist_ok=True)
        self._file.write_text(digest)

    def clear(self) -> None:
        self._file.unlink(missing_ok=True)
