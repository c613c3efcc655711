"""Sends the composed request and makes an exchange of it: predicted, answered, explained, kept."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Protocol

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import SendError
from trackscope.sender.sender import Received
from trackscope.session.batch import names
from trackscope.session.draft import Document
from trackscope.session.explanation import Explanation, explain
from trackscope.session.target import COLLECTOR, Target
from trackscope.wire.era import RuleBook
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

REQUEST_ID = "X-Request-Id"
"""Links what was sent to what the built-in collector received; sent to that one only."""

STOPPED = "You stopped it before the answer came."


class SendsRequests(Protocol):
    """What brings a request to a server: `trackscope.sender.Sender`."""

    async def send(self, request: TrackRequest, *, timeout_s: float = 10.0) -> Received:
        """Send the request; what came back, or a SendError."""


class KeepsExchanges(Protocol):
    """Where exchanges are kept: `trackscope.history.History`."""

    def append(self, exchange: Exchange) -> int:
        """Keep an exchange; its id."""

    def received_for(self, request_id: str) -> Exchange | None:
        """What the collector received of a request that was sent with this id."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """A sent request with what it came to."""

    exchange: Exchange
    explanation: Explanation


async def send_document(
    document: Document,
    target: Target,
    *,
    sender: SendsRequests,
    history: KeepsExchanges,
    book: RuleBook,
    clock: Callable[[], float],
    timeout_s: float = 10.0,
) -> Outcome:
    """Send a document, keep the exchange, explain it; a request without an answer is kept too.

    `clock` gives seconds since 1970. The document's generated values must be filled already.
    When the task is cancelled, the exchange is kept as interrupted and the cancellation goes on.
    """
    exchange = predicted(document, target, book, clock())
    try:
        received = await sender.send(identified(exchange), timeout_s=timeout_s)
    except SendError as error:
        failed = replace(exchange, failure=str(error))
        return await _kept(failed, history)
    except asyncio.CancelledError:
        await _kept(replace(exchange, failure=STOPPED), history)
        raise
    answered = replace(exchange, reply=received.reply, took_ms=received.took_ms)
    return await _kept(await judged_by_server(answered, history), history)


def predicted(document: Document, target: Target, book: RuleBook, now: float) -> Exchange:
    """The exchange before it is sent: what the rules say of it."""
    verdict = judge(document.request, book, now, document.decoded)
    return Exchange(
        document.request,
        Origin.SENT,
        now,
        target=target.label,
        predicted=verdict.value,
        findings=verdict.findings,
        era=book.era.name,
        strict=book.is_strict,
        request_id=str(uuid.uuid4()) if target.label == COLLECTOR else None,
        names=names(document),
    )


def identified(exchange: Exchange) -> TrackRequest:
    """The exchange's request as it is sent: with its id, where it has one."""
    request = exchange.request
    if exchange.request_id is None:
        return request
    return replace(request, headers=(*request.headers, (REQUEST_ID, exchange.request_id)))


async def judged_by_server(exchange: Exchange, history: KeepsExchanges) -> Exchange:
    """The exchange with the verdict that was answered, and the collector's own findings."""
    if exchange.request_id is not None:
        own = await asyncio.to_thread(history.received_for, exchange.request_id)
        if own is not None:
            return replace(exchange, verdict=own.verdict, findings=own.findings, stored=own.stored)
    return replace(exchange, verdict=explain(exchange).value)


async def _kept(exchange: Exchange, history: KeepsExchanges) -> Outcome:
    id_ = await asyncio.to_thread(history.append, exchange)
    exchange = replace(exchange, id=id_)
    return Outcome(exchange, explain(exchange))
