"""A process that ends with its parent."""

from __future__ import annotations

import asyncio
import os

from trackscope.collector.change import MAX_LINE
from trackscope.collector.parent import parent_gone


async def test_the_end_of_the_pipe_is_the_end_of_the_parent():
    read_end, write_end = os.pipe()
    with open(read_end, "rb", buffering=0) as source:  # noqa: ASYNC230 (a pipe, not a file)
        gone = asyncio.create_task(parent_gone(source))
        os.write(write_end, b"anything")
        await asyncio.sleep(0)
        assert not gone.done()
        os.close(write_end)
        await gone


async def test_each_line_of_the_parent_is_heard_however_it_is_cut():
    read_end, write_end = os.pipe()
    heard: list[bytes] = []
    with open(read_end, "rb", buffering=0) as source:  # noqa: ASYNC230 (a pipe, not a file)
        gone = asyncio.create_task(parent_gone(source, heard.append))
        long_line = b"x" * (3 * MAX_LINE)
        for part in (b"one\ntw", b"o\n\n", long_line, b"\nfour\nunended"):
            await asyncio.to_thread(os.write, write_end, part)
        os.close(write_end)
        await gone
    assert heard == [b"one", b"two", b"", long_line[: MAX_LINE + 1], b"four"]


async def test_a_parent_that_cannot_be_answered_is_gone():
    def fail(line: bytes) -> None:
        raise BrokenPipeError

    read_end, write_end = os.pipe()
    with open(read_end, "rb", buffering=0) as source:  # noqa: ASYNC230 (a pipe, not a file)
        os.write(write_end, b"line\n")
        await parent_gone(source, fail)
        os.close(write_end)
