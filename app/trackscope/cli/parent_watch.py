"""Lets a command that the window started end with it: standard input closes with the window."""

from __future__ import annotations

import sys
import threading


def parent_ended() -> threading.Event:
    """An event that is set once standard input ends, however the process at its other end did."""
    ended = threading.Event()

    def wait() -> None:
        sys.stdin.buffer.read()
        ended.set()

    # a daemon: a read that blocks for ever must not keep the process from ending
    threading.Thread(target=wait, name="parent", daemon=True).start()
    return ended
