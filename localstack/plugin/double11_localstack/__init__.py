"""LocalStack without containers."""

import _thread
import threading

if not isinstance(threading.Lock, type):
    # Before Python 3.13 Lock is a function, and an annotation in LocalStack that joins it with None fails at import.
    threading.Lock = type("Lock", (), {"__new__": lambda cls: _thread.allocate_lock()})
