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
