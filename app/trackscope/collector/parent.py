"""Lets a process end with the one that started it."""

from __future__ import annotations

import asyncio
import sys
import threading
from typing import BinaryIO


async def parent_gone(stdin: BinaryIO | None = None) -> None:
    """Come back when standard input ends: the parent holds the other end of that pipe.

    A pipe closes however its holder ends, so this works on every system and for `kill -9`.
    """
    source = stdin or sys.stdin.buffer
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    # a daemon: a read that blocks for ever must not keep the process from ending
    threading.Thread(
        target=_wait_for_end, args=(source, loop, gone), name="parent-watch", daemon=True
    ).start()
    await gone.wait()


def _wait_for_end(source: BinaryIO, loop: asyncio.AbstractEventLoop, gone: asyncio.Event) -> None:
    try:
        while source.read(4096):
            pass
    except (OSError, ValueError):
        pass  # a pipe that cannot be read has no parent either
    if not loop.is_closed():
        loop.call_soon_threadsafe(gone.set)
