"""Unpacks an archive of code once, however many functions in however many Regions run it."""

import base64
import collections
import tempfile
import threading
import zipfile
from pathlib import Path

CLASSES = "classes.jar"

_locks: dict[Path, threading.Lock] = collections.defaultdict(threading.Lock)


def unpacked(code) -> Path:
    """The folder of an archive's jars. The classes at its root become one more jar: a snapshot holds only what comes out of jars."""
    folder = Path(tempfile.gettempdir()) / "code" / base64.b64decode(code.code_sha256).hex()
    with _locks[folder]:
        if not folder.exists():
            _unpack(code, folder)
    return folder


def jars(folder: Path) -> list[Path]:
    """What a folder's functions are loaded from, always in the same order."""
    return [folder / CLASSES, *sorted(folder.glob("lib/*.jar"))]


def _unpack(code, folder: Path) -> None:
    folder.parent.mkdir(parents=True, exist_ok=True)
    partial = Path(tempfile.mkdtemp(dir=folder.parent))
    with tempfile.TemporaryFile() as file:
        code._download_archive_to_file(file)
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(partial / CLASSES, "w") as classes:
            for entry in archive.infolist():
                if entry.filename.startswith("lib/"):
                    archive.extract(entry, partial)
                elif not entry.is_dir():
                    classes.writestr(entry.filename, archive.read(entry))
    partial.rename(folder)
