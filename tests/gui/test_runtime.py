"""The program's life: its loop."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator


async def test_a_generator_that_nobody_reads_to_its_end_is_closed() -> None:
    closed = asyncio.Event()

    async def numbers() -> AsyncIterator[int]:
        try:
            yield 1
            yield 2
        finally:
            closed.set()

    async for _ in numbers():
        break
    async with asyncio.timeout(10):
        await closed.wait()
