"""Python's garbage collector stops everything that LocalStack serves: it is kept from looking through what stays for good."""

import gc
import logging
import time

LOG = logging.getLogger(__name__)
LONG_SECONDS = 1


def rest() -> int:
    """Collects once, and spares from then on what is there now; answers how many objects that are."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(100_000, 50, 50)
    return gc.get_freeze_count()


def spare_survivors() -> None:
    """Whatever survives a full collection is not looked through by the next one.

    Each collection of the JVM that evaluates JSONata brings a full one of Python with it, every half minute under load, and histories of
    executions only grow: that was two seconds each time. What becomes a cycle of garbage later is lost for as long as the stack lives.
    """
    began = 0.0

    def collected(phase: str, info: dict) -> None:
        nonlocal began
        if phase == "start":
            began = time.monotonic()
            return
        if info["generation"] == 2:
            gc.freeze()
        seconds = time.monotonic() - began
        if seconds > LONG_SECONDS:
            LOG.warning("everything stood still for %.1f s: generation %d was collected", seconds, info["generation"])

    gc.callbacks.append(collected)
