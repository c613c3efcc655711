"""Lets a process end with the one that started it, and hear from it until then."""

from __future__ import annotations

import asyncio
import sys
import threading
from collections.abc import Callable, Iterator
from typing import BinaryIO

from trackscope.collector.change import MAX_LINE

_PART = 4096


async def parent_gone(
    stdin: BinaryIO | None = None, on_line: Callable[[bytes], None] | None = None
) -> None:
    """Come back when standard input ends: the parent holds the other end of that pipe.

    A pipe closes however its holder ends, so this works on every system and for `kill -9`.
    `on_line` is told, in a thread of its own, of each line without its end; while it is busy,
    nothing more is read.
    """
    source = stdin or sys.stdin.buffer
    loop = asyncio.get_running_loop()
    gone = asyncio.Event()
    # a daemon: a read that blocks for ever must not keep the process from ending
    threading.Thread(
        target=_listen, args=(source, loop, gone, on_line), name="parent-watch", daemon=True
    ).start()
    await gone.wait()


def _listen(
    source: BinaryIO,
    loop: asyncio.AbstractEventLoop,
    gone: asyncio.Event,
    on_line: Callable[[bytes], None] | None,
) -> None:
    try:
        for line in _lines(source):
            if on_line is not None:
                on_line(line)
    except (OSError, ValueError):
        pass  # a pipe that cannot be read, or answered to, has no parent either
    if not loop.is_closed():
        loop.call_soon_threadsafe(gone.set)


def _lines(source: BinaryIO) -> Iterator[bytes]:
    """Each line; of one that is too long only so much that this can be seen."""
    line = b""
    while part := source.read(_PART):
        *ended, rest = part.split(b"\n")
        for end in ended:
            yield (line + end)[: MAX_LINE + 1]
            line = b""
        line = (line + rest)[: MAX_LINE + 1]
