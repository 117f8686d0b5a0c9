"""What several tests ask: the real database."""

import socket
import subprocess
import time

import pytest

from cli import places
from cli.jdk import find_jdk
from double11_localstack import offline


@pytest.fixture(scope="session")
def database():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.MonkeyPatch.context() as settings:
        settings.setenv("DOUBLE11_JAVA_HOME", str(find_jdk()))
        settings.setenv("DOUBLE11_DYNAMODB_LOCAL", str(places.JAVA_LIBS / "dynamodb-local"))
        command = offline.database_command(port, "-inMemory")
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    for _ in range(300):
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                break
        time.sleep(0.1)
    yield f"http://127.0.0.1:{port}"
    process.kill()
    process.wait()
