"""Receives a request to /track: judges it, stores it, and only then says 1 or 0."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.answers import Headers
from trackscope.collector.processing import Processor
from trackscope.collector.store import Store
from trackscope.errors import TrackscopeError
from trackscope.wire.answering import answer
from trackscope.wire.decoding import Decoded
from trackscope.wire.era import RuleBook
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict, judge

LARGE = 64 * 1024
"""Bytes from which a request is judged in a thread, so that the others are served meanwhile."""

MAX_REQUEST_ID = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to give and the exchange as it was stored (None: it could not be).

    `logged` are the indexes of the records that were.
    """

    reply: Reply
    decoded: Decoded
    exchange: Exchange | None
    logged: tuple[int, ...] = ()


class Receiver:
    """Judges by one rule book and keeps everything, refused requests too, in the store.

    `clock` gives seconds since 1970: the 48-hour rule asks it. `on_exchange` is told of every
    exchange that was stored.
    """

    def __init__(
        self,
        store: Store,
        processor: Processor,
        book: RuleBook,
        *,
        clock: Callable[[], float] = time.time,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self._store = store
        self._processor = processor
        self._book = book
        self._clock = clock
        self._on_exchange = on_exchange

    async def receive(self, request: TrackRequest, peer: str, headers: Headers) -> Receipt:
        """Judge and store a request; `headers` are added to its answer.

        It comes back once the exchange is durable: a 1 may leave then. Where the store fails, the
        answer is 0 with the reason, whatever the request deserved.
        """
        await self._processor.room()
        started = time.perf_counter()
        at = self._clock()
        verdict = await self._judge(request, at)
        decoded = verdict.decoded
        reply = _with(answer(request, verdict, self._book), headers)
        request_id = request.header("x-request-id")
        exchange = Exchange(
            request,
            Origin.RECEIVED,
            at,
            reply,
            took_ms=(time.perf_counter() - started) * 1000,
            verdict=verdict.value,
            findings=verdict.findings,
            era=self._book.era.name,
            strict=self._book.is_strict,
            peer=peer,
            request_id=request_id and request_id[:MAX_REQUEST_ID],
            names=_names(decoded),
        )
        try:
            exchange_id = await self._store.append(exchange)
        except TrackscopeError as problem:
            failed = f"the event could not be stored: {problem.message}"
            refused = answer(request, verdict, self._book, failed)
            return Receipt(_with(refused, headers), decoded, None)
        return Receipt(reply, decoded, replace(exchange, id=exchange_id), verdict.logged)

    def answered(self, receipt: Receipt) -> None:
        """The answer is out: process what was logged, and tell who follows."""
        exchange = receipt.exchange
        if exchange is None:
            return
        if receipt.logged:
            self._processor.add(exchange, receipt.decoded, receipt.logged)
        if self._on_exchange is not None:
            self._on_exchange(exchange)

    async def _judge(self, request: TrackRequest, at: float) -> Verdict:
        is_packed = request.body[:2] == b"\x1f\x8b"
        if is_packed or len(request.body) + len(request.url) > LARGE:
            return await asyncio.to_thread(judge, request, self._book, at)
        return judge(request, self._book, at)


def _names(decoded: Decoded) -> tuple[str, ...]:
    """The events' names, each once, in order of appearance."""
    found = (event.get("event") for event in decoded.events or () if isinstance(event, dict))
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def _with(reply: Reply, headers: Headers) -> Reply:
    return replace(reply, headers=(*reply.headers, *headers))
