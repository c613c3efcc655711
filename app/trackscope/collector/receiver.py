"""Receives a request: judges it, stores it, and only then says 1 or 0."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from trackscope.capture.exchange import Exchange, Origin
from trackscope.collector.answers import Headers
from trackscope.collector.faults import Faults, spoiled
from trackscope.collector.processing import Processor
from trackscope.collector.store import Store
from trackscope.errors import TrackscopeError
from trackscope.wire.answering import answer
from trackscope.wire.decoding import Decoded
from trackscope.wire.era import RuleBook
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import Verdict, judge
from trackscope.wire.rules.sdk_answer import answer_findings

LARGE = 64 * 1024
"""Bytes from which a request is judged in a thread, so that the others are served meanwhile."""

MAX_REQUEST_ID = 64


@dataclass(frozen=True, slots=True)
class Receipt:
    """The answer to give and the exchange as it was stored (None: it could not be).

    Without a reply the connection is cut; `delay_s` is how late the reply leaves. `logged` are the
    indexes of the records that were.
    """

    reply: Reply | None
    decoded: Decoded
    exchange: Exchange | None
    delay_s: float = 0.0
    logged: tuple[int, ...] = ()


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
        verdict = await self._judge(request, book, at)
        decoded = verdict.decoded
        reply = _with(answer(request, verdict, book), headers)
        request_id = request.header("x-request-id")
        exchange = Exchange(
            request,
            Origin.RECEIVED,
            at,
            reply,
            took_ms=(time.perf_counter() - started) * 1000,
            verdict=verdict.value,
            findings=verdict.findings,
            era=book.era.name,
            strict=book.is_strict,
            peer=peer,
            request_id=request_id and request_id[:MAX_REQUEST_ID],
            names=_names(decoded),
        )

        def refused(error: str) -> Reply:
            return _with(answer(request, verdict, book, error), headers)

        fault = self.faults.next_for(decoded.events or ()) if self.faults else None
        if fault is not None:
            exchange = spoiled(exchange, fault, refused)
        if fault is not None or not verdict.value:
            exchange = _as_sdks_take_it(exchange, decoded, book)
        try:
            exchange_id = await self._store.append(exchange)
        except TrackscopeError as problem:
            failed = f"the event could not be stored: {problem.message}"
            return Receipt(refused(failed), decoded, None)
        kept = replace(exchange, id=exchange_id)
        if fault is None:
            return Receipt(kept.reply, decoded, kept, logged=verdict.logged)
        logged = verdict.logged if fault.is_logging else ()
        return Receipt(kept.reply, decoded, kept, fault.delay_s, logged)

    def answered(self, receipt: Receipt) -> None:
        """The answer is out: process what was logged, and tell who follows."""
        exchange = receipt.exchange
        if exchange is None:
            return
        if receipt.logged:
            self._processor.add(exchange, receipt.decoded, receipt.logged)
        if self._on_exchange is not None:
            self._on_exchange(exchange)

    async def _judge(self, request: TrackRequest, book: RuleBook, at: float) -> Verdict:
        is_packed = request.body[:2] == b"\x1f\x8b"
        if is_packed or len(request.body) + len(request.url) > LARGE:
            return await asyncio.to_thread(judge, request, book, at)
        return judge(request, book, at)


def _as_sdks_take_it(exchange: Exchange, decoded: Decoded, book: RuleBook) -> Exchange:
    """The exchange with what a known SDK makes of its answer: an honest 1 suits them all."""
    if exchange.reply is None:
        return exchange
    told = answer_findings(exchange.request, decoded, exchange.reply, book)
    return replace(exchange, findings=exchange.findings + told)


def _names(decoded: Decoded) -> tuple[str, ...]:
    """The events' names, each once, in order of appearance."""
    found = (event.get("event") for event in decoded.events or () if isinstance(event, dict))
    return tuple(dict.fromkeys(name for name in found if isinstance(name, str)))


def _with(reply: Reply, headers: Headers) -> Reply:
    return replace(reply, headers=(*reply.headers, *headers))
