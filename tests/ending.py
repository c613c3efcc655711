"""Work that has to come to an end: a guard for hostile input, not a measurement."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from contextlib import contextmanager

LIMIT_S = 30.0
"""Processor time, many times what any of this takes: only work without bounds gets there."""


@contextmanager
def ends(limit_s: float = LIMIT_S) -> Iterator[None]:
    """Fail where what is done inside does not come to an end.

    The load of the machine does not matter: processor time is what counts. Systems without such a
    timer go without the guard.
    """
    if not hasattr(signal, "setitimer"):
        yield
        return

    def stop(*_: object) -> None:
        raise AssertionError(f"this does not end within {limit_s:g} s of processor time")

    before = signal.signal(signal.SIGVTALRM, stop)
    signal.setitimer(signal.ITIMER_VIRTUAL, limit_s)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_VIRTUAL, 0)
        signal.signal(signal.SIGVTALRM, before)
