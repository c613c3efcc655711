"""Writes what the collector receives: every exchange is on disk before its `append` returns."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import writing
from trackscope.history.file import as_history_error, connect
from trackscope.history.rows import Columns, stored_columns, to_columns
from trackscope.history.statements import transaction
from trackscope.wire.finding import Finding

MAX_COMMIT = 1024
"""Rows in one commit, so that none waits long for the others and no other writer for all."""

MAX_COMMIT_BYTES = 8 * 1024 * 1024
MAX_QUEUED_BYTES = 64 * 1024 * 1024
ROW_BYTES = 1024
"""What a row weighs beside its body: with it, one limit bounds both number and size."""


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """Something to write, and the future that gets its id (0 for a row of `stored`)."""

    columns: Columns
    is_stored: bool
    weight: int
    done: asyncio.Future[int]


class Journal:
    """Group commit: a thread writes all that waits in one transaction, while more gathers.

    Nothing is waited for on purpose: while one commit reaches the disk, the next fills. When more
    waits than MAX_QUEUED_BYTES, `append` waits for room. A failed commit fails the appends in it;
    the next one is tried afresh, so that writing goes on once the disk has room again. To be used
    from one event loop.
    """

    def __init__(self, connection: sqlite3.Connection, name: str = "the history") -> None:
        """Take over a connection made by `trackscope.history.file.connect`."""
        self._connection = connection
        self._name = name
        self._queue: deque[_Entry] = deque()
        self._wake = threading.Event()
        self._is_closed = False
        self._queued_bytes = 0
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._thread = threading.Thread(target=self._run, name="journal", daemon=True)
        self._thread.start()

    @classmethod
    def open(cls, path: Path) -> Journal:
        """A journal for the history at `path`, made if there is none; errors as `History.open`."""
        return cls(connect(path), str(path))

    async def append(self, exchange: Exchange) -> int:
        """Write an exchange; its id, once it would survive the end of the process or the power.

        Raises HistoryError when it could not be written; nothing of it is then kept.
        """
        request = exchange.request
        return await self._put(to_columns(exchange), False, len(request.body) + len(request.url))

    async def add_stored(
        self,
        exchange_id: int,
        stored: Sequence[dict[str, Any]],
        findings: Sequence[Finding] = (),
    ) -> None:
        """Write what an exchange's events became, and what was found on the way."""
        columns = stored_columns(exchange_id, stored, findings)
        await self._put(columns, True, len(columns[2]))

    async def close(self) -> None:
        """Write what still waits, and close the file; anything that comes later is refused."""
        self._is_closed = True
        self._wake.set()
        await asyncio.to_thread(self._thread.join)

    async def _put(self, columns: Columns, is_stored: bool, size: int) -> int:
        while self._queued_bytes > MAX_QUEUED_BYTES:
            self._has_room.clear()
            await self._has_room.wait()
        if self._is_closed:
            raise HistoryError(f"{self._name} is closed.", "Start the collector again.")
        entry = _Entry(
            columns, is_stored, size + ROW_BYTES, asyncio.get_running_loop().create_future()
        )
        self._queued_bytes += entry.weight
        self._queue.append(entry)
        if not self._wake.is_set():
            self._wake.set()
        return await entry.done

    # In the thread

    def _run(self) -> None:
        is_last = False
        while not is_last:
            self._wake.wait()
            self._wake.clear()
            is_last = self._is_closed  # what was queued before it is still written below
            while batch := self._next_batch():
                self._commit(batch)
        self._connection.close()

    def _next_batch(self) -> list[_Entry]:
        batch: list[_Entry] = []
        weight = 0
        while self._queue and len(batch) < MAX_COMMIT and weight < MAX_COMMIT_BYTES:
            entry = self._queue.popleft()
            batch.append(entry)
            weight += entry.weight
        return batch

    def _commit(self, batch: list[_Entry]) -> None:
        exchanges = [entry for entry in batch if not entry.is_stored]
        stored = [entry for entry in batch if entry.is_stored]
        first_id = 0
        problem: HistoryError | None = None
        try:
            with transaction(self._connection):
                if exchanges:
                    first_id = writing.insert(
                        self._connection, [entry.columns for entry in exchanges]
                    )
                if stored:
                    writing.insert_stored(self._connection, [entry.columns for entry in stored])
        except sqlite3.Error as error:
            problem = as_history_error(error, self._name)
        except (OverflowError, MemoryError) as error:
            problem = HistoryError(f"{self._name} cannot take this exchange ({error}).")
        loop = batch[0].done.get_loop()
        try:
            loop.call_soon_threadsafe(self._report, exchanges, stored, first_id, problem)
        except RuntimeError:
            # the loop was closed: nobody waits for these any more
            return

    # In the event loop again

    def _report(
        self,
        exchanges: list[_Entry],
        stored: list[_Entry],
        first_id: int,
        problem: HistoryError | None,
    ) -> None:
        for id_, entry in enumerate(exchanges, first_id):
            self._tell(entry, id_, problem)
        for entry in stored:
            self._tell(entry, 0, problem)
        if self._queued_bytes <= MAX_QUEUED_BYTES:
            self._has_room.set()

    def _tell(self, entry: _Entry, id_: int, problem: HistoryError | None) -> None:
        self._queued_bytes -= entry.weight
        if entry.done.done():
            return  # cancelled: the exchange is on disk all the same
        if problem is None:
            entry.done.set_result(id_)
        else:
            entry.done.set_exception(problem)
