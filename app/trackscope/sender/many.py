"""Sends many requests at a steady rate, a few at once, and tallies the answers."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, AsyncIterator, Callable, Iterable
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import TypeVar

from trackscope.errors import SendError
from trackscope.sender.sender import Received, Sender
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

T = TypeVar("T")

CONCURRENCY = 10
"""Requests under way at once: more makes httpx slower, not faster."""

Values = Callable[[TrackRequest, Reply], int | None]
"""What an answer means: 1, 0, or None where it says neither."""


@dataclass(frozen=True, slots=True)
class Tally:
    """What has come back so far; `sent` is the sum of the others, `took_s` since the start.

    `others` were answered neither 1 nor 0, `failed` not at all.
    """

    sent: int = 0
    ones: int = 0
    zeros: int = 0
    others: int = 0
    failed: int = 0
    took_s: float = 0.0


@dataclass(frozen=True, slots=True)
class SendResult:
    """One of many requests, what it came to, and the tally with it counted.

    `index` is its place among the requests, from 0; they end in any order. One of `received`
    and `failure` is None.
    """

    index: int
    request: TrackRequest
    received: Received | None
    failure: SendError | None
    value: int | None
    tally: Tally


async def send_many(
    sender: Sender,
    requests: Iterable[TrackRequest] | AsyncIterable[TrackRequest],
    *,
    value_of: Values,
    on_result: Callable[[SendResult], None],
    rate_per_s: float | None = None,
    concurrency: int = CONCURRENCY,
    timeout_s: float = 10.0,
) -> Tally:
    """Send each request once, at most `concurrency` at once, and give the final tally.

    Each request is taken from `requests` when its turn comes, so that generated values are
    fresh and a million copies need no memory. `rate_per_s` bounds how many begin in a second
    (None: as fast as they are answered); time lost to slow answers is not made up for by a
    burst. A request without an answer is counted, and the rest goes on.

    To stop, cancel the task: the connections are closed, what was under way is not counted,
    and the tally of the last `on_result` stands.
    """
    run = _Run(sender, value_of, on_result, timeout_s)
    async with aclosing(one_by_one(requests)) as each, asyncio.TaskGroup() as workers:
        turns = _Turns(each, rate_per_s)
        for _ in range(concurrency):
            workers.create_task(run.work(turns))
    return run.tally()


class _Turns:
    """Hands out the requests one by one, each when its time has come."""

    def __init__(self, requests: AsyncIterator[TrackRequest], rate_per_s: float | None) -> None:
        self._requests = requests
        self._pause_s = 1 / rate_per_s if rate_per_s else 0.0
        self._due = 0.0
        self._lock = asyncio.Lock()
        self._count = 0

    async def next(self) -> tuple[int, TrackRequest] | None:
        """The next request and its index, or None when there are no more."""
        async with self._lock:
            await self._until_due()
            request = await anext(self._requests, None)
            if request is None:
                return None
            self._count += 1
            return self._count - 1, request

    async def _until_due(self) -> None:
        if not self._pause_s:
            return
        now = time.monotonic()
        if self._due > now:
            await asyncio.sleep(self._due - now)
        self._due = max(self._due, now) + self._pause_s


class _Run:
    """Counts what the workers bring back."""

    def __init__(
        self,
        sender: Sender,
        value_of: Values,
        on_result: Callable[[SendResult], None],
        timeout_s: float,
    ) -> None:
        self._sender = sender
        self._value_of = value_of
        self._on_result = on_result
        self._timeout_s = timeout_s
        self._started = time.monotonic()
        self._counts = Tally()

    def tally(self) -> Tally:
        """The counts now."""
        return replace(self._counts, took_s=time.monotonic() - self._started)

    async def work(self, turns: _Turns) -> None:
        """Send one request after the other until there are no more."""
        while (turn := await turns.next()) is not None:
            await self._send(*turn)
            # a request that fails before it is sent never waits: let the window have its turn
            await asyncio.sleep(0)

    async def _send(self, index: int, request: TrackRequest) -> None:
        try:
            received = await self._sender.send(request, timeout_s=self._timeout_s)
        except SendError as failure:
            self._counts = _counted(self._counts, None, is_failure=True)
            result = SendResult(index, request, None, failure, None, self.tally())
        else:
            value = self._value_of(request, received.reply)
            self._counts = _counted(self._counts, value)
            result = SendResult(index, request, received, None, value, self.tally())
        self._on_result(result)


def _counted(tally: Tally, value: int | None, *, is_failure: bool = False) -> Tally:
    tally = replace(tally, sent=tally.sent + 1)
    if is_failure:
        return replace(tally, failed=tally.failed + 1)
    if value == 1:
        return replace(tally, ones=tally.ones + 1)
    if value == 0:
        return replace(tally, zeros=tally.zeros + 1)
    return replace(tally, others=tally.others + 1)


async def one_by_one(items: Iterable[T] | AsyncIterable[T]) -> AsyncGenerator[T, None]:
    """The items of either kind of iterable, taken one at a time."""
    if isinstance(items, AsyncIterable):
        async for item in items:
            yield item
    else:
        for item in items:
            yield item
