"""How a JVM is started; that of a function, with AWS's own runtime interface client."""

import functools
import os
import platform
import subprocess
import threading
import zipfile
from pathlib import Path

from double11_localstack import archives
from double11_localstack.runtime_api import RuntimeApi

# The JVM stays in its first compiler: most functions here live for a minute, and two cores serve them all.
FLAGS = ["-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-XX:-UsePerfData"]
HEAP_SHARE = 0.8
ENTRY_POINT = "com.amazonaws.services.lambda.runtime.api.client.AWSLambda"
NATIVE_LIBRARY = "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI"


def start(version, api: RuntimeApi, variables: dict[str, str], log: Path, *flags: str) -> subprocess.Popen:
    """Starts a version of a function, to take its calls from this runtime API, which is told when the process ends."""
    folder = archives.unpacked(version.config.code)
    classpath = os.pathsep.join(str(jar) for jar in [*archives.jars(folder), *_runtime_client()])
    heap = max(64, int(version.config.memory_size * HEAP_SHARE))
    environment = {"PATH": os.environ.get("PATH", ""), "LANG": "en_US.UTF-8", "DOUBLE11_STACK": os.environ.get("DOUBLE11_STACK", "")}
    environment.update({name: str(value) for name, value in variables.items()})
    environment.update(AWS_LAMBDA_RUNTIME_API=api.address, LAMBDA_TASK_ROOT=str(folder))
    with log.open("wb") as written:
        process = subprocess.Popen(
            [java(), *FLAGS, *flags, *_native_library(), f"-Xmx{heap}m", "-cp", classpath, ENTRY_POINT, version.config.handler],
            env=environment, cwd=folder, stdout=written, stderr=written, stdin=subprocess.DEVNULL,
        )
    threading.Thread(target=lambda: api.exited(process.wait()), daemon=True, name=f"watch-{log.stem}").start()
    return process


def java() -> str:
    """The program that every JVM here runs, the database's as well."""
    return str(Path(os.environ["DOUBLE11_JAVA_HOME"]) / "bin" / "java")


@functools.cache
def _runtime_client() -> list[Path]:
    return sorted(Path(os.environ["DOUBLE11_RUNTIME_CLIENT"]).glob("*.jar"))


@functools.cache
def _native_library() -> list[str]:
    """Flag that names the runtime client's native library, unpacked once: left alone, each start unpacks it over the others' copy in /tmp."""
    jar = next(Path(os.environ["DOUBLE11_RUNTIME_CLIENT"]).glob("aws-lambda-java-runtime-interface-client-*.jar"))
    machine = {"arm64": "aarch_64", "aarch64": "aarch_64"}.get(platform.machine(), platform.machine())
    name = f"libaws-lambda-jni.linux{'' if platform.libc_ver()[0] == 'glibc' else '_musl'}-{machine}.so"
    with zipfile.ZipFile(jar) as archive:
        return [f"-D{NATIVE_LIBRARY}={archive.extract(f'jni/{name}', Path(os.environ['DOUBLE11_STACK']))}"]
