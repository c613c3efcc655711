"""Receives a request: judges it, stores it, and only then says 1 or 0."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.answers import Headers
from trackscope.collector.faults import Faults, spoiled
from trackscope.collector.judging import Judgement, Logged, judgement
from trackscope.collector.processing import Processor
from trackscope.collector.store import Store
from trackscope.errors import TrackscopeError
from trackscope.wire.decoding import decode
from trackscope.wire.era import RuleBook
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules.sdk_answer import answer_findings

LARGE = 64 * 1024
"""Bytes from which a request is judged in a thread, so that the others are served meanwhile."""

MAX_REQUEST_ID = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to give and the exchange as it was stored (None: it could not be).

    Without a reply the connection is cut; `delay_s` is how late the reply leaves. `logged` is what
    is to be processed, None if that is nothing.
    """

    reply: Reply | None
    exchange: Exchange | None
    delay_s: float = 0.0
    logged: Logged | None = None


class Receiver:
    """Judges by one rule book and keeps everything, refused requests too, in the store.

    `clock` gives seconds since 1970: the 48-hour rule asks it. `on_exchange` is told of every
    exchange that was stored. `book` and `faults` may be set at any time, for what comes then.
    """

    def __init__(
        self,
        store: Store,
        processor: Processor,
        book: RuleBook,
        *,
        faults: Faults | None = None,
        clock: Callable[[], float] = time.time,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        self.book = book
        self.faults = faults or Faults()
        self._store = store
        self._processor = processor
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
        book = self.book
        judged = await self._judge(request, book, at)
        request_id = request.header("x-request-id")
        exchange = Exchange(
            request,
            Origin.RECEIVED,
            at,
            _with(judged.reply, headers),
            took_ms=(time.perf_counter() - started) * 1000,
            verdict=judged.value,
            findings=judged.findings,
            era=book.era.name,
            strict=book.is_strict,
            peer=peer,
            request_id=request_id and request_id[:MAX_REQUEST_ID],
            names=judged.names,
        )

        def refused(error: str) -> Reply:
            return _with(judged.refused(error), headers)

        fault = self.faults.next_for(judged.logged.records) if self.faults else None
        if fault is not None:
            exchange = spoiled(exchange, fault, refused)
        if fault is not None or not judged.value:
            exchange = await _told(exchange, book)
        try:
            exchange_id = await self._store.append(exchange)
        except TrackscopeError as problem:
            return Receipt(refused(f"the event could not be stored: {problem.message}"), None)
        kept = replace(exchange, id=exchange_id)
        if fault is None:
            return Receipt(kept.reply, kept, logged=judged.logged)
        logged = judged.logged if fault.is_logging else None
        return Receipt(kept.reply, kept, fault.delay_s, logged)

    def answered(self, receipt: Receipt) -> None:
        """The answer is out: process what was logged, and tell who follows."""
        exchange = receipt.exchange
        if exchange is None:
            return
        if receipt.logged is not None and receipt.logged.indexes:
            self._processor.add(exchange, receipt.logged)
        if self._on_exchange is not None:
            self._on_exchange(exchange)

    async def _judge(self, request: TrackRequest, book: RuleBook, at: float) -> Judgement:
        if _is_long_work(request):
            return await asyncio.to_thread(judgement, request, book, at)
        return judgement(request, book, at)


async def _told(exchange: Exchange, book: RuleBook) -> Exchange:
    """The exchange with what a known SDK makes of its answer: an honest 1 suits them all."""
    if exchange.reply is None:
        return exchange
    if _is_long_work(exchange.request):
        return await asyncio.to_thread(_as_sdks_take_it, exchange, exchange.reply, book)
    return _as_sdks_take_it(exchange, exchange.reply, book)


def _is_long_work(request: TrackRequest) -> bool:
    """Whether to decode a request takes so long that the others are to be served meanwhile."""
    is_packed = request.body[:2] == b"\x1f\x8b"
    return is_packed or len(request.body) + len(request.url) > LARGE


def _as_sdks_take_it(exchange: Exchange, reply: Reply, book: RuleBook) -> Exchange:
    told = answer_findings(exchange.request, decode(exchange.request), reply, book)
    return replace(exchange, findings=exchange.findings + told)


def _with(reply: Reply, headers: Headers) -> Reply:
    return Reply(reply.status, (*reply.headers, *headers), reply.body)
