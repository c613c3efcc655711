"""A process that ends with its parent."""

from __future__ import annotations

import asyncio
import os

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
