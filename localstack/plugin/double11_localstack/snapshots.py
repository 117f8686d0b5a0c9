"""What SnapStart is on AWS: a version is started once when it is published, and what it has loaded by then is there for each environment.

Here the JVM keeps it, in a cache of classes that are read, checked and linked (JEP 483 and 514): an environment then needs less than half of
the time and a third less memory. A published version has one of its own, taken once its hooks have run; all other functions of an archive of
code share one, taken of the first of them. LocalStack forgets what a template says of SnapStart, but only for its sake are versions published.
"""

import collections
import contextlib
import logging
import os
import subprocess
import threading
from pathlib import Path

from localstack import config

from double11_localstack import archives, environments, jvm
from double11_localstack.runtime_api import RuntimeApi

LOG = logging.getLogger(__name__)
LONGEST_SECONDS = 60

_locks: dict[Path, threading.Lock] = collections.defaultdict(threading.Lock)
_tried: set[Path] = set()


def take(version) -> None:
    """Takes the snapshot that environments of this version start from, unless it was tried before. Without one they start as well."""
    snapshot = _place(version)
    with _locks[snapshot]:
        if snapshot not in _tried:
            _tried.add(snapshot)
            with environments.starting:
                _take(version, snapshot)


def flags(version) -> list[str]:
    """What a JVM is told to start from the snapshot of its version, where there is one."""
    snapshot = _place(version)
    return [f"-XX:AOTCache={snapshot}"] if snapshot.exists() else []


def _place(version) -> Path:
    return archives.unpacked(version.config.code) / f"{version.config.handler if _of_its_own(version) else 'shared'}.aot"


def _of_its_own(version) -> bool:
    return version.id.qualifier != "$LATEST"


def _take(version, snapshot: Path) -> None:
    api = RuntimeApi()
    log = Path(os.environ["DOUBLE11_LOGS"]) / f"{version.id.function_name}-{version.id.region}-snapshot.log"
    process = jvm.start(version, api, _variables(version), log, f"-XX:AOTCacheOutput={snapshot}")
    api.ready.wait(LONGEST_SECONDS)
    # It writes the snapshot while it ends.
    process.terminate()
    with contextlib.suppress(subprocess.TimeoutExpired):
        process.wait(LONGEST_SECONDS)
    process.kill()
    if not snapshot.exists():
        LOG.warning("there is no snapshot of %s (log: %s)", version.id.function_name, log)


def _variables(version) -> dict[str, str]:
    return {
        **(version.config.environment or {}),
        "AWS_ACCESS_KEY_ID": version.id.account,
        "AWS_SECRET_ACCESS_KEY": "snapshot",
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{config.GATEWAY_LISTEN[0].port}",
        "AWS_REGION": version.id.region,
        "AWS_LAMBDA_FUNCTION_NAME": version.id.function_name,
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": version.config.memory_size,
        "AWS_LAMBDA_FUNCTION_VERSION": version.id.qualifier,
        "AWS_LAMBDA_INITIALIZATION_TYPE": "snap-start" if _of_its_own(version) else "on-demand",
    }
