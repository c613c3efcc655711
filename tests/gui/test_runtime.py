"""The program's life: its loop, and the history it opens or does without."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from trackscope.gui.runtime import open_history


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


def test_a_history_that_cannot_be_opened_is_replaced_by_one_in_memory(tmp_path: Path) -> None:
    path = tmp_path / "history.trackscope"
    path.write_bytes(b"this is no database, and shall stay as it is" * 100)
    before = path.read_bytes()
    files, problem = open_history(path)
    assert "nothing is kept" in problem
    assert files.history.count() == 0
    assert files.watched() == files.watched()
    files.history.close()
    assert path.read_bytes() == before


def test_a_history_is_watched_by_a_connection_of_its_own(tmp_path: Path) -> None:
    files, problem = open_history(tmp_path / "history.trackscope")
    assert problem == ""
    before = files.watched()
    files.history.clear()
    assert files.watched() >= before
    files.history.close()
