"""An exchange as a row of the history, and back."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import DamagedHistoryError
from trackscope.wire.decoding import decode
from trackscope.wire.finding import Face, Finding, Place, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

Columns = tuple[Any, ...]

COLUMNS = (
    "at", "origin", "twin", "verdict", "predicted", "status", "took_ms", "events", "method",
    "title", "names", "target", "failure", "remark", "note", "words", "era", "strict", "peer",
    "request_id", "source", "position", "findings", "url", "headers", "body", "reply_headers",
    "reply_body",
)  # fmt: skip
"""The columns of `exchange` after its id, in the order of `to_columns`."""

REQUEST_ID = COLUMNS.index("request_id")

MAX_TITLE_NAMES = 20
MAX_TITLE_NAME = 200
MAX_REMARK = 500
MAX_WORDS = 4_000
MAX_DECODED = 1024 * 1024
"""Characters that are kept for a list or for the search; nothing is cut from the exchange."""

_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Row:
    """An exchange as a list shows it.

    `names` are the first names of its `events` events, shortened. `status` is the answer's, None
    where there was none; then `failure` says why. `is_image`: the answer was a picture. `remark`
    is the failure or the first error.
    """

    id: int
    at: float
    origin: Origin
    method: str
    names: tuple[str, ...]
    events: int
    verdict: int | None
    predicted: int | None
    status: int | None
    is_image: bool
    failure: str
    took_ms: float | None
    target: str
    remark: str
    note: str


ROW_COLUMNS = (
    "id, at, origin, method, coalesce(title, names), events, verdict, predicted, status, "
    "coalesce(instr(lower(substr(reply_headers, 1, 2000)), '\"image/'), 0) > 0, "
    "substr(coalesce(failure, ''), 1, 500), took_ms, substr(target, 1, 300), remark, "
    "substr(note, 1, 500)"
)
"""What `to_row` reads."""


def to_columns(exchange: Exchange, words: str | None = None) -> Columns:
    """The values for COLUMNS. `words` are what the search finds it by, `words_of` by default."""
    request, reply = exchange.request, exchange.reply
    names, title = _names(exchange.names)
    remark = remark_of(exchange)
    return (
        exchange.at,
        exchange.origin.value,
        0,
        exchange.verdict,
        exchange.predicted,
        None if reply is None else reply.status,
        exchange.took_ms,
        len(exchange.names),
        sql_text(request.method),
        title,
        names,
        sql_text(exchange.target),
        None if exchange.failure is None else sql_text(exchange.failure),
        sql_text(remark),
        sql_text(exchange.note),
        sql_text(words_of(exchange) if words is None else words),
        sql_text(exchange.era),
        exchange.strict,
        sql_text(exchange.peer),
        None if exchange.request_id is None else sql_text(exchange.request_id),
        sql_text(exchange.source),
        sql_text(exchange.position),
        findings_json(exchange.findings) if exchange.findings else "[]",
        sql_text(request.url),
        sql_text(_to_json(request.headers)),
        request.body,
        None if reply is None else sql_text(_to_json(reply.headers)),
        None if reply is None else reply.body,
    )


def _names(names: tuple[str, ...]) -> tuple[str | bytes, str | bytes | None]:
    full = sql_text(_to_json(names))
    if len(full) <= MAX_TITLE_NAME:
        return full, None
    first = [name[:MAX_TITLE_NAME] for name in names[:MAX_TITLE_NAMES]]
    return full, sql_text(_to_json(first))


def remark_of(exchange: Exchange) -> str:
    """One sentence for the list: why there was no answer, or else the first error."""
    if exchange.failure is not None:
        return exchange.failure[:MAX_REMARK]
    for finding in exchange.findings:
        if finding.severity is Severity.ERROR:
            return finding.message[:MAX_REMARK]
    return ""


def words_of(exchange: Exchange) -> str:
    """What an exchange is found by without decoding it: names, address, target, remark, note."""
    address = exchange.request.url.partition("?")[0]
    parts = (
        exchange.note, *exchange.names, address, exchange.target, remark_of(exchange),
        exchange.source,
    )  # fmt: skip
    return " ".join(parts)[:MAX_WORDS].casefold()


def all_words_of(exchange: Exchange) -> str:
    """What an exchange is found by, with the tokens and users in its payload."""
    request = exchange.request
    if len(request.url) + len(request.body) > MAX_DECODED:
        return words_of(exchange)
    events = decode(request).events or ()
    return f"{words_of(exchange)} {event_words(events)}"


def note_columns(exchange: Exchange, note: str) -> tuple[str | bytes, str | bytes]:
    """The values of `words` and `note` for an exchange with another note."""
    return sql_text(all_words_of(replace(exchange, note=note))), sql_text(note)


def event_words(events: Iterable[Any]) -> str:
    """The tokens and users of events, each once."""
    found: dict[str, None] = {}
    for event in events:
        properties = event.get("properties") if isinstance(event, dict) else None
        if isinstance(properties, dict):
            for key in ("token", "distinct_id"):
                value = properties.get(key)
                if isinstance(value, str):
                    found[value] = None
    return " ".join(found)[:MAX_WORDS].casefold()


def stored_columns(
    exchange_id: int, events: Sequence[dict[str, Any]], findings: Sequence[Finding]
) -> Columns:
    """The values of a row of `stored`."""
    words = sql_text(event_words(events))
    return exchange_id, words, sql_text(_to_json(events)), findings_json(findings)


def findings_json(findings: Sequence[Finding]) -> str | bytes:
    """Findings as a JSON text without their fixes, which are worked out again when needed."""
    return sql_text(
        _to_json(
            [
                (each.rule, each.severity, each.at, each.message)
                + ((each.place.face, each.place.offset) if each.place else ())
                for each in findings
            ]
        )
    )


def sql_text(text: str) -> str | bytes:
    """The text as SQLite takes it: text with lone surrogates goes in as bytes."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def _text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, bytes):
        try:
            return value.decode("utf-8", "surrogatepass")
        except UnicodeDecodeError:
            return value.decode("utf-8", "replace")
    raise TypeError(f"text expected, {type(value).__name__} found")


def _bytes(value: object) -> bytes:
    if isinstance(value, bytes):
        return value
    raise TypeError(f"bytes expected, {type(value).__name__} found")


def _optional_text(value: object) -> str | None:
    return None if value is None else _text(value)


def _optional_int(value: object) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"a number expected, {type(value).__name__} found")


def _optional_float(value: object) -> float | None:
    if value is None or isinstance(value, float):
        return value
    raise TypeError(f"a number expected, {type(value).__name__} found")


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(_text, json.loads(_text(value))))


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((_text(name), _text(text)) for name, text in json.loads(_text(value)))


def _findings(value: object) -> tuple[Finding, ...]:
    return tuple(_finding(*fields) for fields in json.loads(_text(value)))


def _finding(
    rule: str, severity: str, at: str, message: str, face: str | None = None, offset: int = 0
) -> Finding:
    place = Place(Face(face), int(offset)) if face else None
    return Finding(_text(rule), Severity(severity), _text(at), _text(message), place)


def to_row(values: Columns) -> Row:
    """The row of a list, out of ROW_COLUMNS; DamagedHistoryError if it cannot be one."""
    (id_, at, origin, method, names, events, verdict, predicted, status, is_image, failure, took_ms,
     target, remark, note) = values  # fmt: skip
    try:
        return Row(
            id_,
            float(at),
            Origin(origin),
            _text(method),
            _texts(names),
            int(events),
            _optional_int(verdict),
            _optional_int(predicted),
            _optional_int(status),
            bool(is_image),
            _text(failure),
            _optional_float(took_ms),
            _text(target),
            _text(remark),
            _text(note),
        )
    except (TypeError, ValueError, RecursionError) as problem:
        raise _unreadable(id_, problem) from problem


EXCHANGE_COLUMNS = (
    "exchange.id, "
    + ", ".join(f"exchange.{column}" for column in COLUMNS)
    + ", stored.events, stored.findings"
)
"""What `to_exchange` reads from `exchange LEFT JOIN stored`."""


def to_exchange(values: Columns) -> Exchange:
    """The exchange, out of EXCHANGE_COLUMNS; DamagedHistoryError if it cannot be one."""
    id_ = values[0]
    get = dict(zip((*COLUMNS, "stored", "stored_findings"), values[1:], strict=True)).__getitem__
    try:
        status, stored, later = get("status"), get("stored"), get("stored_findings")
        return Exchange(
            TrackRequest(
                _text(get("method")),
                _text(get("url")),
                _headers(get("headers")),
                _bytes(get("body")),
            ),
            Origin(get("origin")),
            float(get("at")),
            None
            if status is None
            else Reply(int(status), _headers(get("reply_headers")), _bytes(get("reply_body"))),
            id=int(id_),
            target=_text(get("target")),
            took_ms=_optional_float(get("took_ms")),
            failure=_optional_text(get("failure")),
            verdict=_optional_int(get("verdict")),
            predicted=_optional_int(get("predicted")),
            findings=_findings(get("findings")) + (_findings(later) if later else ()),
            era=_text(get("era")),
            strict=bool(get("strict")),
            peer=_text(get("peer")),
            request_id=_optional_text(get("request_id")),
            names=_texts(get("names")),
            stored=None if stored is None else tuple(json.loads(_text(stored))),
            note=_text(get("note")),
            source=_text(get("source")),
            position=_text(get("position")),
        )
    except (TypeError, ValueError, RecursionError) as problem:
        raise _unreadable(id_, problem) from problem


def _unreadable(exchange_id: object, problem: Exception) -> DamagedHistoryError:
    return DamagedHistoryError(
        f"Exchange {exchange_id} of the history cannot be read ({problem}).",
        "The others are not affected.",
    )
