"""What the machine must have, and what is installed privately beside the project."""

import json
import re
import shutil
import subprocess
import sys
from pathlib import Path

from cli import places
from cli.jdk import find_jdk
from cli.shell import Failure, Stamp, hash_of, run, say


def doctor() -> list[str]:
    """Everything that is missing, each in a line."""
    missing = []
    try:
        say(f"✓ JDK 25: {find_jdk()}")
    except Failure as failure:
        missing.append(str(failure))
    say(f"✓ Python {sys.version.split()[0]}")
    for name, least, pattern in (("mvn", (3, 8), r"Apache Maven (\d+)\.(\d+)"), ("node", (20, 0), r"v(\d+)\.(\d+)")):
        found = _version(name, pattern)
        wanted = ".".join(map(str, least))
        if found is None:
            missing.append(f"{name} {wanted} or later is not on the PATH")
        elif found < least:
            missing.append(f"{name} {wanted} or later is needed; found {'.'.join(map(str, found))} at {shutil.which(name)}")
        else:
            say(f"✓ {name} {'.'.join(map(str, found))}: {shutil.which(name)}")
    return missing


def require_tools() -> None:
    missing = []
    try:
        find_jdk()
    except Failure as failure:
        missing.append(str(failure))
    missing += [f"{name} is not on the PATH" for name in ("mvn", "node", "npm") if shutil.which(name) is None]
    if missing:
        raise Failure("this machine lacks something", "\n".join(missing))


def java_environment() -> dict[str, str]:
    """JAVA_HOME and a PATH on which `java` is the JDK 25."""
    import os

    home = find_jdk()
    return {"JAVA_HOME": str(home), "PATH": f"{home}/bin{os.pathsep}{os.environ.get('PATH', '')}"}


def install(dev: bool = False) -> None:
    """The virtual environment with LocalStack and our plugin, the jars it runs on, and the CDK command line."""
    _install_python(dev)
    _install_jars()
    install_npm(places.ROOT / "cdk")


def install_npm(folder: Path) -> None:
    lock = folder / "package-lock.json"
    stamp = Stamp(f"npm-{folder.name}")
    digest = hash_of([lock])
    if not stamp.matches(digest) or not (folder / "node_modules").exists():
        run(f"install npm packages of {folder.name}", ["npm", "ci", "--no-audit", "--no-fund"], cwd=folder)
        stamp.set(digest)


def _install_python(dev: bool) -> None:
    plugin = places.LOCALSTACK_DIR / "plugin"
    pins = [places.LOCALSTACK_DIR / "requirements.txt"] + ([places.LOCALSTACK_DIR / "requirements-dev.txt"] if dev else [])
    for file in pins:
        _install_pins(file.stem, file, places.VENV)
    _link_plugin(plugin)


def install_training() -> Path:
    """The Python of the virtual environment that trains and measures the risk models; made at first use."""
    return _install_pins("training", places.TRAINING / "requirements.txt", places.TRAINING_VENV)


def _install_pins(name: str, file: Path, venv: Path) -> Path:
    python = venv / "bin" / "python"
    stamp = Stamp(name)
    digest = hash_of([file], sys.version, str(venv))
    if not stamp.matches(digest) or not python.exists():
        if not python.exists():
            run("make a virtual environment", [sys.executable, "-m", "venv", venv])
        run(f"install {name}", [python, "-m", "pip", "install", "--no-deps", "--disable-pip-version-check", "-r", file])
        stamp.set(digest)
    return python


def _link_plugin(plugin: Path) -> None:
    """Puts the plugin on the environment's path with its entry points: a link, so that an edit is in effect at the next start."""
    site = next((places.VENV / "lib").glob("python3*/site-packages"))
    (site / "double11_localstack.pth").write_text(f"{plugin}\n")
    info = site / "double11_localstack-1.0.0.dist-info"
    info.mkdir(exist_ok=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: double11-localstack\nVersion: 1.0.0\n")
    (info / "RECORD").write_text("")
    lines = []
    for section, entries in _entry_points(plugin / "pyproject.toml").items():
        lines += [f"[{section}]"] + [f"{name} = {value}" for name, value in entries.items()]
    text = "\n".join(lines) + "\n"
    points = info / "entry_points.txt"
    if not points.exists() or points.read_text() != text:
        points.write_text(text)


def _entry_points(pyproject: Path) -> dict[str, dict[str, str]]:
    import tomllib

    return tomllib.loads(pyproject.read_text())["project"]["entry-points"]


def _install_jars() -> None:
    pom = places.LOCALSTACK_DIR / "pom.xml"
    stamp = Stamp("jars")
    digest = hash_of([pom])
    profiles = ("runtime-client", "dynamodb-local", "jsonata")
    if stamp.matches(digest) and all((places.JAVA_LIBS / profile).exists() for profile in profiles):
        return
    for profile in profiles:
        run(
            f"fetch {profile}",
            ["mvn", "-B", "-ntp", "-q", "-f", pom, "-P", profile, "dependency:copy-dependencies", f"-DoutputDirectory={places.JAVA_LIBS / profile}"],
            env=java_environment(),
        )
    stamp.set(digest)


def _version(name: str, pattern: str) -> tuple[int, int] | None:
    path = shutil.which(name)
    if path is None:
        return None
    said = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=60)
    found = re.search(pattern, said.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else None


def read_json(path: Path) -> dict:
    try:
        return json.loads(path.read_text())
    except (OSError, json.JSONDecodeError):
        return {}
