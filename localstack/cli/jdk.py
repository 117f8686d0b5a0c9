"""Finds a JDK 25 wherever a machine may keep one."""

import glob
import os
import re
import shutil
import subprocess
from pathlib import Path

from cli.shell import Failure

PLACES = [
    "/usr/lib/jvm/*",
    "~/.sdkman/candidates/java/*",
    "~/.jdks/*",
    "/opt/*",
    "/opt/java/*",
    "/Library/Java/JavaVirtualMachines/*/Contents/Home",
    "~/Library/Java/JavaVirtualMachines/*/Contents/Home",
]


def version_of(home: Path) -> str | None:
    """The version in a JDK's own release file, or what its java says; None where there is no compiler."""
    if not (home / "bin" / "javac").exists():
        return None
    release = home / "release"
    if release.exists():
        found = re.search(r'^JAVA_VERSION="([^"]+)"', release.read_text(errors="replace"), re.M)
        if found:
            return found.group(1)
    said = subprocess.run([home / "bin" / "javac", "-version"], capture_output=True, text=True, timeout=20)
    found = re.search(r"javac (\S+)", said.stdout + said.stderr)
    return found.group(1) if found else None


def candidates() -> list[Path]:
    """Homes to look at, the user's own choice first."""
    homes = [os.environ[name] for name in ("JAVA_HOME", "JAVA_25_HOME", "JAVA_HOME_25_X64") if os.environ.get(name)]
    java = shutil.which("java")
    if java:
        homes.append(str(Path(java).resolve().parent.parent))
    for place in PLACES:
        homes += sorted(glob.glob(os.path.expanduser(place)))
    return [Path(home) for home in dict.fromkeys(homes)]


def find_jdk() -> Path:
    """The home of a JDK 25, or a failure that says what was looked at."""
    seen = []
    for home in candidates():
        version = version_of(home)
        if version and version.split(".")[0] == "25":
            return home
        if version:
            seen.append(f"{home} ({version})")
    raise Failure(
        "no JDK 25 found. Set JAVA_HOME to one. Looked at JAVA_HOME, JAVA_25_HOME, java on the PATH, "
        + ", ".join(PLACES) + "; found " + (", ".join(seen) or "no JDK at all")
    )
