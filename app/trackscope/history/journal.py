"""Writes what the collector receives: every exchange is on disk before its `append` returns."""

from __future__ import annotations

import asyncio
import sqlite3
import threading
from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any, TypeVar

from trackscope.capture.exchange import Exchange, StoredForm
from trackscope.errors import HistoryError
from trackscope.history import forwarding, writing
from trackscope.history.file import as_history_error, connect
from trackscope.history.rows import Columns, stored_columns, to_columns
from trackscope.history.statements import transaction

MAX_COMMIT = 1024
"""Entries in one commit, so that none waits long for the others and no other writer for all."""

MAX_COMMIT_BYTES = 8 * 1024 * 1024
MAX_QUEUED_BYTES = 64 * 1024 * 1024
STORED_S = 0.005
"""How long stored forms wait for exchanges to be committed with; nobody waits for them."""

ROW_BYTES = 1024
"""What a row weighs beside its body: with it, one limit bounds both number and size."""


T = TypeVar("T")

Change = Callable[[sqlite3.Connection], T]
"""Writes something inside the transaction of a commit."""


class _Kind(Enum):
    EXCHANGE = auto()
    STORED = auto()
    CHANGE = auto()


@dataclass(frozen=True, slots=True, eq=False)
class _Entry:
    """Something to write: columns or a change, and the future that gets what comes of it."""

    kind: _Kind
    content: Any
    weight: int
    done: asyncio.Future[Any]


class Journal:
    """Group commit: a thread writes all that waits in one transaction, while more gathers.

    Nothing is waited for on purpose: while one commit reaches the disk, the next fills. The thread
    gets what one turn of the event loop has brought as a whole, so that commits are few; stored
    forms, which hold nobody up, go with the next exchanges, or alone after STORED_S. When more
    waits than MAX_QUEUED_BYTES, `append` waits for room. A failed commit fails the appends in it;
    the next one is tried afresh, so that writing goes on once the disk has room again. To be used
    from one event loop.

    With a number in `forward_target`, whatever is received is put into the queue for that target
    in the commit that makes it durable; `when_queued` is called after it.
    """

    def __init__(self, connection: sqlite3.Connection, name: str = "the history") -> None:
        """Take over a connection made by `trackscope.history.file.connect`."""
        self.forward_target: int | None = None
        self.when_queued: Callable[[], None] | None = None
        self._connection = connection
        self._name = name
        self._gathered: list[_Entry] = []
        self._is_handing_over = False
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
        size = len(exchange.request.body) + len(exchange.request.url)
        return int(await self._put(_Kind.EXCHANGE, to_columns(exchange), size))

    async def add_stored(self, forms: Sequence[StoredForm]) -> None:
        """Write what the records of exchanges became, all in one commit."""
        rows = [stored_columns(*form) for form in forms]
        await self._put(_Kind.STORED, rows, sum(len(row[2]) + ROW_BYTES for row in rows))

    async def change(self, change: Change[T]) -> T:
        """Make a change in the next commit; what it returned, once that is on disk."""
        result: T = await self._put(_Kind.CHANGE, change, 0)
        return result

    async def close(self) -> None:
        """Write what still waits, and close the file; anything that comes later is refused."""
        self._is_closed = True
        self._hand_over()
        await asyncio.to_thread(self._thread.join)

    async def _put(self, kind: _Kind, content: Any, size: int) -> Any:
        while self._queued_bytes > MAX_QUEUED_BYTES:
            self._has_room.clear()
            await self._has_room.wait()
        if self._is_closed:
            raise HistoryError(f"{self._name} is closed.", "Start the collector again.")
        loop = asyncio.get_running_loop()
        if kind is not _Kind.STORED and not self._is_handing_over:
            self._is_handing_over = True
            loop.call_soon(self._hand_over)
        elif not self._gathered:
            loop.call_later(STORED_S, self._hand_over)
        entry = _Entry(kind, content, size + ROW_BYTES, loop.create_future())
        self._queued_bytes += entry.weight
        self._gathered.append(entry)
        return await entry.done

    def _hand_over(self) -> None:
        """Give the thread all that one turn of the event loop has brought."""
        self._is_handing_over = False
        self._queue.extend(self._gathered)
        self._gathered.clear()
        self._wake.set()

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
        results: list[Any] = []
        problem: HistoryError | None = None
        try:
            with transaction(self._connection):
                results = self._write(batch)
        except sqlite3.Error as error:
            problem = as_history_error(error, self._name)
        except (OverflowError, MemoryError) as error:
            problem = HistoryError(f"{self._name} cannot take this exchange ({error}).")
        loop = batch[0].done.get_loop()
        try:
            loop.call_soon_threadsafe(self._report, batch, results, problem)
        except RuntimeError:
            # the loop was closed: nobody waits for these any more
            return

    def _write(self, batch: list[_Entry]) -> list[Any]:
        """Write all of it; what comes of each: an exchange's id, what a change returned."""
        ids = iter(self._insert([each.content for each in batch if each.kind is _Kind.EXCHANGE]))
        stored = [row for each in batch if each.kind is _Kind.STORED for row in each.content]
        if stored:
            writing.insert_stored(self._connection, stored)
        results: list[Any] = []
        for each in batch:
            if each.kind is _Kind.CHANGE:
                results.append(self._changed(each.content))
            else:
                results.append(next(ids) if each.kind is _Kind.EXCHANGE else None)
        return results

    def _changed(self, change: Change[Any]) -> Any:
        """What the change returns; or why it failed, which leaves what it stands beside alone."""
        self._connection.execute("SAVEPOINT change")
        try:
            result = change(self._connection)
        except sqlite3.Error as error:
            if not self._connection.in_transaction:
                raise  # a full disk, say, has undone all of it
            result = as_history_error(error, self._name)
        except (ArithmeticError, LookupError, TypeError, ValueError) as error:
            result = HistoryError(f"{self._name} cannot take this change ({error}).")
        if isinstance(result, HistoryError):
            self._connection.execute("ROLLBACK TO change")
        self._connection.execute("RELEASE change")
        return result

    def _insert(self, exchanges: list[Columns]) -> range:
        if not exchanges:
            return range(0)
        first_id = writing.insert(self._connection, exchanges)
        if self.forward_target is not None:
            forwarding.enqueue(self._connection, first_id, self.forward_target)
        return range(first_id, first_id + len(exchanges))

    # In the event loop again

    def _report(
        self, batch: list[_Entry], results: list[Any], problem: HistoryError | None
    ) -> None:
        for index, entry in enumerate(batch):
            self._queued_bytes -= entry.weight
            if entry.done.done():
                continue  # cancelled: it is on disk all the same
            result = results[index] if problem is None else problem
            if isinstance(result, HistoryError):
                entry.done.set_exception(result)
            else:
                entry.done.set_result(result)
        if self._queued_bytes <= MAX_QUEUED_BYTES:
            self._has_room.set()
        if self.when_queued is not None and any(e.kind is _Kind.EXCHANGE for e in batch):
            self.when_queued()
