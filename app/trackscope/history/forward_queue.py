"""The queue of one target: taken from by one process at a time, every step of it on disk."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self, TypeVar

from trackscope.capture.exchange import Exchange
from trackscope.errors import HistoryError
from trackscope.history import forwarding
from trackscope.history.forwarding import Forward, Outcome
from trackscope.history.journal import Journal
from trackscope.history.lock import Lock
from trackscope.history.reading import Reader

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Queued:
    """An exchange in the queue and how often it was tried; without `exchange`, why it is none."""

    id: int
    tries: int
    exchange: Exchange | None
    problem: str = ""


class ForwardQueue:
    """What the collector of a journal receives, on its way to one target.

    The journal puts it into the queue in the commit that makes it durable, and writes all that
    becomes of it as well, so that nobody ever waits for a lock. Every method may raise
    HistoryError.
    """

    def __init__(self, journal: Journal, reader: Reader, target: int, lock: Lock) -> None:
        self._journal = journal
        self._reader = reader
        self._target = target
        self._lock = lock

    @classmethod
    async def open(cls, journal: Journal, reader: Reader, path: Path, url: str) -> Self:
        """The queue for the target at `url`, in the history of both that lies at `path`.

        HistoryError where another process forwards from there to the same target.
        """
        target = await journal.change(lambda connection: forwarding.target_id(connection, url))
        lock = Lock(path, f"forward-{target}")
        if not lock.acquire():
            raise HistoryError(
                f"Another program already forwards what is received in {path} to {url}.",
                "End it, or use another history file.",
            )
        queue = cls(journal, reader, target, lock)
        await queue._change(forwarding.retry_at_once)
        journal.forward_target = target
        return queue

    def close(self) -> None:
        """Let the journal put nothing more into the queue; what is in it stays."""
        self._journal.forward_target = None
        self._journal.when_queued = None
        self._lock.release()

    def when_queued(self, callback: Callable[[], None]) -> None:
        """Call this whenever there may be something new in the queue."""
        self._journal.when_queued = callback

    async def due(self, now: float, limit: int) -> list[Queued]:
        """Up to `limit` of what is to be sent by `now`, what waited longest for it first."""
        return await self._queued(lambda c: forwarding.due(c, self._target, now, limit))

    async def next_due_at(self) -> float | None:
        """When the next one is to be sent (seconds since 1970); None where nothing waits."""
        return await asyncio.to_thread(
            self._reader.read, lambda c: forwarding.next_due_at(c, self._target)
        )

    async def interrupted(self) -> list[Queued]:
        """What was under way when an earlier process ended."""
        return await self._queued(lambda c: forwarding.interrupted(c, self._target))

    async def mark_sending(self, ids: Sequence[int], at: float) -> None:
        """Note that these are about to go out; once it comes back that is on disk."""
        await self._journal.change(lambda c: forwarding.mark_sending(c, ids, at))

    async def record(self, exchange_id: int, outcome: Outcome) -> None:
        """Note what became of one; once it comes back that is on disk."""
        await self._journal.change(lambda c: forwarding.record(c, exchange_id, outcome))

    async def drop(self, exchange_id: int) -> None:
        """Take out one that was not meant to be forwarded."""
        await self._journal.change(lambda c: forwarding.drop(c, exchange_id))

    async def send_again(self) -> int:
        """Let what may have arrived, and what was given up, wait once more; how many these are."""
        return await self._change(forwarding.send_again)

    async def _change(self, change: Callable[[sqlite3.Connection, int], T]) -> T:
        return await self._journal.change(lambda connection: change(connection, self._target))

    async def _queued(self, find: Callable[[sqlite3.Connection], list[Forward]]) -> list[Queued]:
        def load() -> list[Queued]:
            return [self._load(each) for each in self._reader.read(find)]

        return await asyncio.to_thread(load)

    def _load(self, forward: Forward) -> Queued:
        id_, tries = forward.exchange_id, forward.tries
        try:
            return Queued(id_, tries, self._reader.load(id_))
        except HistoryError as problem:
            return Queued(id_, tries, None, str(problem))
