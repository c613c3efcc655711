"""Gives memory back to the system that was freed, where the C library would keep it."""

from __future__ import annotations

import ctypes
import sys
from collections.abc import Callable
from functools import cache


def give_back() -> None:
    """Give back what was freed, in some milliseconds: call it in a thread, after much was read.

    glibc keeps what lies below anything that is still in use: tens of MB after a long list was
    read and sorted. Elsewhere nothing is done.
    """
    trim = _trim()
    if trim is not None:
        trim(0)


@cache
def _trim() -> Callable[[int], object] | None:
    if sys.platform != "linux":
        return None
    return getattr(ctypes.CDLL(None), "malloc_trim", None)  # another C library may not have it
