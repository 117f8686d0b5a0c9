"""Python's garbage collector stops everything that LocalStack serves: it is kept from looking through what stays for good."""

import functools
import gc
import logging
import time

import _jpype
import jpype

LOG = logging.getLogger(__name__)
JVM_FLAGS = ["-Xmx256m", "-XX:+UseSerialGC"]
LONG_SECONDS = 1


def rest() -> int:
    """Collects once, and spares from then on what is there now; answers how many objects that are."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    return gc.get_freeze_count()


def tell_of_long_ones() -> None:
    """Whoever wonders why everything stood still for a moment finds it in the log."""
    began = 0.0

    def collected(phase: str, info: dict) -> None:
        nonlocal began
        if phase == "start":
            began = time.monotonic()
        elif (seconds := time.monotonic() - began) > LONG_SECONDS:
            LOG.warning("everything stood still for %.1f s: generation %d was collected", seconds, info["generation"])

    gc.callbacks.append(collected)


def start_jvm_apart() -> None:
    """Has the JVM that evaluates JSONata and Python collect each its own garbage.

    JPype binds them: after each collection of Python it measures the whole process, and where that has grown has the JVM make a full
    collection, which wakes a full one of Python. Histories of executions only grow, so that under load everything stood still for one to two
    seconds several times a minute. What Python holds of Java's it lets go of by counting references.
    """
    start = jpype.startJVM

    @functools.wraps(start)
    def start_jvm(*arguments, **options):
        start(*arguments, *JVM_FLAGS, **options)
        gc.callbacks[:] = [callback for callback in gc.callbacks if callback != _jpype._collect]

    jpype.startJVM = start_jvm
