"""Sends many copies of a document, each with its own generated values, and keeps them all."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, AsyncIterable, Callable, Iterable, Sequence
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Protocol

from trackscope.capture.exchange import Exchange
from trackscope.sender.many import SendResult, Tally, one_by_one, send_many
from trackscope.sender.sender import Sender
from trackscope.session.draft import Document
from trackscope.session.sending import identified, predicted
from trackscope.session.target import Target
from trackscope.wire.decoding import decode
from trackscope.wire.era import RuleBook
from trackscope.wire.reply import Reply, understand
from trackscope.wire.request import TrackRequest

MAX_COPIES = 100_000
KEPT_AT_ONCE = 200
"""Exchanges that go into the history in one transaction."""


class KeepsMany(Protocol):
    """Where exchanges are kept: `trackscope.history.History`."""

    def append_many(self, exchanges: Sequence[Exchange]) -> range:
        """Keep exchanges in one transaction; their ids."""


@dataclass(frozen=True, slots=True)
class Repetition:
    """How many copies to send, and how many a second (None: as fast as they are answered)."""

    count: int
    rate_per_s: float | None = None


class Copies:
    """One run of many sends. `tally` is up to date at any time, also after a cancellation."""

    def __init__(
        self,
        documents: Iterable[Document] | AsyncIterable[Document],
        target: Target,
        *,
        book: RuleBook,
        clock: Callable[[], float],
        history: KeepsMany,
    ) -> None:
        self.tally = Tally()
        self._documents = documents
        self._target = target
        self._book = book
        self._clock = clock
        self._history = history
        self._under_way: dict[int, Exchange] = {}
        self._answered: list[Exchange] = []

    async def send(
        self,
        sender: Sender,
        *,
        rate_per_s: float | None = None,
        timeout_s: float = 10.0,
        on_tally: Callable[[Tally], None] = lambda tally: None,
    ) -> Tally:
        """Send every copy once; to stop, cancel the task: what was answered is kept."""

        def on_result(result: SendResult) -> None:
            self._take(result)
            on_tally(self.tally)

        try:
            await send_many(
                sender,
                self._requests(),
                value_of=value_of,
                on_result=on_result,
                rate_per_s=rate_per_s,
                timeout_s=timeout_s,
            )
        finally:
            await self._keep()
        return self.tally

    async def _requests(self) -> AsyncGenerator[TrackRequest, None]:
        index = 0
        async with aclosing(one_by_one(self._documents)) as documents:
            async for document in documents:
                if len(self._answered) >= KEPT_AT_ONCE:
                    await self._keep()
                exchange = predicted(document, self._target, self._book, self._clock())
                self._under_way[index] = exchange
                index += 1
                yield identified(exchange)

    def _take(self, result: SendResult) -> None:
        self.tally = result.tally
        exchange = self._under_way.pop(result.index)
        if result.received is None:
            exchange = replace(exchange, failure=str(result.failure))
        else:
            exchange = replace(
                exchange,
                reply=result.received.reply,
                took_ms=result.received.took_ms,
                verdict=result.value,
            )
        self._answered.append(exchange)

    async def _keep(self) -> None:
        answered, self._answered = self._answered, []
        if answered:
            await asyncio.to_thread(self._history.append_many, answered)


def value_of(request: TrackRequest, reply: Reply) -> int | None:
    """What an answer says: 1, 0, or neither."""
    return understand(decode(request), reply).value


def tally_text(tally: Tally) -> str:
    """A tally in words: `120 sent · 118 × 1 · 2 × 0`."""
    parts = [f"{tally.sent:,} sent", f"{tally.ones:,} × 1", f"{tally.zeros:,} × 0"]
    if tally.others:
        parts.append(f"{tally.others:,} neither")
    if tally.failed:
        parts.append(f"{tally.failed:,} without an answer")
    if tally.took_s >= 1:
        parts.append(f"{tally.sent / tally.took_s:,.0f} a second")
    return " · ".join(parts)
