"""Sends exchanges of the history again, to another target: what it would come to, and doing it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Sequence
from dataclasses import dataclass, replace

from trackscope.capture.exchange import Exchange, Origin
from trackscope.capture.found import carried
from trackscope.session.draft import Document
from trackscope.session.sending import REQUEST_ID
from trackscope.session.target import Target, is_loopback, with_base
from trackscope.wire import json_splice
from trackscope.wire.decoding import Decoded, decode, text_pointer
from trackscope.wire.editing import with_payload
from trackscope.wire.era import HOUR_S, RuleBook
from trackscope.wire.request import TrackRequest
from trackscope.wire.rules import judge

MOST_FORESEEN = 5_000
"""Exchanges that are looked at before sending; of more it is said."""

LOADED_AT_ONCE = 50
"""Exchanges that are read from the history at a time."""

_TOO_OLD = "time.too-old"

Load = Callable[[int], Exchange]
"""Reads an exchange of the history by its id; called in a thread."""


@dataclass(frozen=True, slots=True)
class Foresight:
    """What sending would come to: of `seen` of the `requests`, `too_old` are refused for the time
    of an event; together these carry `events`.
    """

    requests: int
    seen: int
    events: int
    too_old: int


def foresee(ids: Sequence[int], load: Load, book: RuleBook, now: float) -> Foresight:
    """Judge what would be sent at `now` (seconds since 1970), at most `MOST_FORESEEN` of it."""
    events = too_old = 0
    looked_at = ids[:MOST_FORESEEN]
    for id_ in looked_at:
        verdict = judge(load(id_).request, book, now)
        events += len(verdict.decoded.events or ())
        too_old += any(each.rule == _TOO_OLD for each in verdict.findings)
    return Foresight(len(ids), len(looked_at), events, too_old)


def question(foresight: Foresight, target: Target) -> str:
    """What is about to be sent where, as a question."""
    requests = _counted(foresight.requests, "request")
    events = _counted(foresight.events, "event")
    more = " or more" if foresight.seen < foresight.requests else ""
    return f"Send {requests} with {events}{more} to {target.label}?"


def warning(foresight: Foresight, target: Target, book: RuleBook) -> str:
    """What speaks against it: that it leaves the machine, that events are too old; or nothing."""
    parts = []
    if not is_loopback(target.base):
        parts.append("This leaves your machine, and what it logs there stays there.")
    if foresight.too_old:
        of = "the first " if foresight.seen < foresight.requests else ""
        are = "is" if foresight.too_old == 1 else "are"
        parts.append(
            f"{foresight.too_old:,} of {of}{foresight.seen:,} {are} older than "
            f"{book.era.window_s // HOUR_S} hours: they will be answered 0."
        )
    return " ".join(parts)


async def documents(
    ids: Sequence[int],
    load: Load,
    target: Target,
    *,
    book: RuleBook,
    now: Callable[[], float] | None = None,
) -> AsyncGenerator[Document, None]:
    """What is sent, in the order of the ids, read a few at a time.

    With `now`, events that are too old get that time (seconds since 1970) instead of their own.
    """
    moment = None if now is None else now()

    def read(part: Sequence[int]) -> list[Document]:
        found = [Document(resent(_request(load(id_)), target.base)) for id_ in part]
        if moment is not None:
            found = [Document(with_time(each.request, book, moment)) for each in found]
        # Read here rather than in the loop, which the window runs in.
        return [each for each in found if each.decoded is not None]

    for start in range(0, len(ids), LOADED_AT_ONCE):
        for document in await asyncio.to_thread(read, ids[start : start + LOADED_AT_ONCE]):
            yield document


def _request(exchange: Exchange) -> TrackRequest:
    is_received = exchange.origin is Origin.RECEIVED
    return as_sent(exchange.request) if is_received else exchange.request


def resent(request: TrackRequest, base: str) -> TrackRequest:
    """The request to another base, byte for byte but for headers that belong to a connection."""
    headers, _ = carried(request.headers)
    kept = tuple(pair for pair in headers if pair[0].lower() != REQUEST_ID.lower())
    return replace(with_base(request, base), headers=kept)


def as_sent(request: TrackRequest) -> TrackRequest:
    """A received request for the sender, which writes headers as UTF-8: they are kept as Latin-1.

    >>> as_sent(TrackRequest("GET", "/", (("X", "caf\u00c3\u00a9"),))).header("x") == "caf\u00e9"
    True
    """
    headers = tuple((name, _as_utf8(value)) for name, value in request.headers)
    return replace(request, headers=headers)


def _as_utf8(value: str) -> str:
    try:
        return value.encode("latin-1").decode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        return value


def with_time(request: TrackRequest, book: RuleBook, now: float) -> TrackRequest:
    """The request with `now` as the time of those of its events that are too old."""
    decoded = decode(request)
    findings = judge(request, book, now, decoded).findings
    old = [each.at for each in findings if each.rule == _TOO_OLD]
    return _with_values(request, decoded, old, str(int(now))) if old else request


def _with_values(
    request: TrackRequest, decoded: Decoded, pointers: list[str], json: str
) -> TrackRequest:
    assert decoded.json_text is not None
    wanted = [text_pointer(each, is_batch=decoded.is_batch) for each in pointers]
    text = json_splice.all_replaced(decoded.json_text, wanted, json)
    return with_payload(request, text, decoded)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'' if count == 1 else 's'}"
