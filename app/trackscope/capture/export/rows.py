"""Events as the rows of a table, for spreadsheets and query engines."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import isfinite
from typing import Any

from trackscope.capture.exchange import Exchange
from trackscope.capture.export.instant import instant, instant_of
from trackscope.errors import UsageError
from trackscope.wire.decoding import decode
from trackscope.wire.json_text import dumps
from trackscope.wire.request import endpoint_of, host_of

COLUMNS = (
    "exchange_id", "at", "origin", "verdict", "predicted", "status", "method", "host", "endpoint",
    "transport", "event", "token", "distinct_id", "time", "time_raw", "insert_id", "properties",
    "findings", "source", "position", "note",
)  # fmt: skip
"""The columns of every table, in order; those the user names follow."""

_HALF = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Row:
    """One event of an exchange; an exchange without one that can be read has a row all the same.

    `properties` are all of the event's as JSON text (of a profile or group: the whole record),
    `time_raw` the `time` as it was sent, `findings` the rules that found something in this event
    or in the whole request, `extra` the values of the columns that the user named. None: it is
    not there. No text holds halves of character pairs, which UTF-8 does not have.
    """

    exchange_id: int | None
    at: datetime | None
    origin: str
    verdict: int | None
    predicted: int | None
    status: int | None
    method: str
    host: str
    endpoint: str
    transport: str
    event: str | None
    token: str | None
    distinct_id: str | None
    time: datetime | None
    time_raw: str | None
    insert_id: str | None
    properties: str | None
    findings: tuple[str, ...]
    source: str
    position: str
    note: str
    url: str
    extra: tuple[str | None, ...]


def check_columns(names: Sequence[str]) -> None:
    """UsageError where one of the names that the user gave is a column already, or comes twice."""
    taken = {*COLUMNS, "url"}
    for name in names:
        if name in taken:
            raise UsageError(
                f"There is a column {whole(name)} already.", "Name each other property once."
            )
        taken.add(name)


def rows(exchanges: Iterable[Exchange], extra: Sequence[str] = ()) -> Iterator[Row]:
    """The rows of all exchanges, in order; `extra` are properties with columns of their own."""
    for exchange in exchanges:
        decoded = decode(exchange.request)
        for index, event in enumerate(decoded.events or (None,)):
            yield _row(exchange, decoded.transport, index, event, extra)


def _row(exchange: Exchange, transport: str, index: int, event: Any, extra: Sequence[str]) -> Row:
    record = event if isinstance(event, dict) else {}
    inner = record.get("properties")
    is_event = isinstance(inner, dict)
    found = inner if isinstance(inner, dict) else record
    mark = "" if is_event else "$"
    return Row(
        exchange_id=exchange.id,
        at=instant(exchange.at),
        origin=str(exchange.origin),
        verdict=exchange.verdict,
        predicted=exchange.predicted,
        status=None if exchange.reply is None else exchange.reply.status,
        method=whole(exchange.request.method),
        host=whole(host_of(exchange.request)),
        endpoint=whole(endpoint_of(exchange.request)),
        transport=transport,
        event=text_of(record.get("event")),
        token=text_of(found.get(f"{mark}token")),
        distinct_id=text_of(found.get(f"{mark}distinct_id")),
        time=instant_of(found.get(f"{mark}time")),
        time_raw=text_of(found.get(f"{mark}time")),
        insert_id=text_of(found.get("$insert_id")),
        properties=None if event is None else _json(found if record else event),
        findings=tuple(_rules(exchange, index)),
        source=whole(exchange.source),
        position=whole(exchange.position),
        note=whole(exchange.note),
        url=whole(exchange.request.url),
        extra=tuple(text_of(found.get(name)) for name in extra),
    )


def _rules(exchange: Exchange, index: int) -> Iterator[str]:
    """The rules of the findings in the event of that index, or in what all events share."""
    found = {
        whole(each.rule): None
        for each in exchange.findings
        if not each.at.startswith("/") or each.at.split("/")[1] == str(index)
    }
    return iter(found)


def text_of(value: Any) -> str | None:
    """A value in a cell: a text as it is, anything else as JSON.

    >>> text_of("a"), text_of(True), text_of(None)
    ('a', 'true', None)
    """
    if value is None:
        return None
    return whole(value) if isinstance(value, str) else _json(value)


def whole(text: str) -> str:
    """The text with halves of pairs, and what stood for odd bytes, as the replacement mark."""
    return text if text.isascii() else _HALF.sub("\ufffd", text)


def _json(value: Any) -> str:
    """JSON text that every engine reads: no halves of pairs, and no NaN or Infinity."""
    return dumps(_plain(value))


def _plain(value: Any) -> Any:
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, float):
        return value if isfinite(value) else None
    if isinstance(value, dict):
        return {whole(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value
