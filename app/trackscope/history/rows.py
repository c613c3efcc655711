"""An exchange as a row of the history, and back."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from trackscope.capture.exchange import Exchange, Origin
from trackscope.errors import DamagedHistoryError
from trackscope.wire.finding import Face, Finding, Place, Severity
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest, host_of

Columns = tuple[Any, ...]

COLUMNS = (
    "at", "origin", "twin", "verdict", "predicted", "status", "took_ms", "events", "method",
    "title", "names", "target", "failure", "remark", "note", "words", "era", "strict", "peer",
    "request_id", "source", "position", "findings", "url", "headers", "body", "reply_headers",
    "reply_body", "page",
)  # fmt: skip
"""The columns of `exchange` after its id, in the order of `to_columns`."""

REQUEST_ID = COLUMNS.index("request_id")

MAX_TITLE_NAMES = 20
MAX_TITLE_NAME = 200
MAX_REMARK = 500
"""Characters that are kept for a list; nothing is cut from the exchange."""

_encoded = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@dataclass(frozen=True, slots=True)
class Row:
    """An exchange as a list shows it.

    `names` are the first names of its `events` events, shortened. `status` is the answer's, None
    where there was none; then `failure` says why. `is_image`: the answer was a picture. `worst` is
    the severity of the gravest finding, `remark` the failure, the first error or else the first
    warning. `page` is the navigation that it belongs to, `position` its place in `source`.
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
    worst: Severity | None
    host: str
    peer: str
    source: str
    position: str
    page: str


def _has(severity: Severity) -> str:
    # `findings_json` writes the severity second; no text inside a finding has these quotes bare
    inside = f"""'","{severity}","'"""
    return f"(instr(exchange.findings, {inside}) OR coalesce(instr(stored.findings, {inside}), 0))"


ROW_COLUMNS = (
    "exchange.id, at, origin, method, coalesce(title, names), exchange.events, verdict, predicted, "
    "status, coalesce(instr(lower(substr(reply_headers, 1, 2000)), '\"image/'), 0) > 0, "
    "substr(coalesce(failure, ''), 1, 500), took_ms, substr(target, 1, 300), remark, "
    "substr(note, 1, 500), "
    f"CASE WHEN {_has(Severity.ERROR)} THEN 'error' WHEN {_has(Severity.WARNING)} THEN 'warning' "
    f"WHEN {_has(Severity.NOTE)} THEN 'note' END, "
    "substr(url, 1, 300), peer, substr(source, 1, 500), substr(position, 1, 100), "
    "substr(page, 1, 500)"
)
"""What `to_row` reads from `exchange LEFT JOIN stored`."""


def to_columns(exchange: Exchange) -> Columns:
    """The values for COLUMNS."""
    request, reply = exchange.request, exchange.reply
    names, title = _names(exchange.names)
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
        sql_text(remark_of(exchange)),
        sql_text(exchange.note),
        "",
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
        sql_text(exchange.page),
    )


def _names(names: tuple[str, ...]) -> tuple[str | bytes, str | bytes | None]:
    full = sql_text(_to_json(names))
    if len(full) <= MAX_TITLE_NAME:
        return full, None
    first = [name[:MAX_TITLE_NAME] for name in names[:MAX_TITLE_NAMES]]
    return full, sql_text(_to_json(first))


def remark_of(exchange: Exchange) -> str:
    """One sentence for the list: why there was no answer, or the first error, or warning."""
    if exchange.failure is not None:
        return exchange.failure[:MAX_REMARK]
    for severity in (Severity.ERROR, Severity.WARNING):
        for finding in exchange.findings:
            if finding.severity is severity:
                return finding.message[:MAX_REMARK]
    return ""


def stored_columns(
    exchange_id: int, events: Sequence[dict[str, Any]], findings: Sequence[Finding]
) -> Columns:
    """The values of a row of `stored`."""
    found = findings_json(findings) if findings else "[]"
    return exchange_id, "", sql_text(_to_json(events)), found


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


def _to_json(value: Any) -> str:
    """A JSON text that `json.loads` makes an equal value of."""
    try:
        text = orjson.dumps(value)
    except TypeError:
        return _encoded(value)  # lone surrogates, and integers beyond 64 bits
    return _encoded(value) if b"null" in text else text.decode()  # it may have been NaN


def sql_text(text: str) -> str | bytes:
    """The text as SQLite takes it: text with lone surrogates goes in as bytes."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-8", "surrogatepass")
    return text


def text_of(value: object) -> str:
    """What `sql_text` was given; what is no Unicode in a damaged file is replaced."""
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
    return None if value is None else text_of(value)


def _optional_int(value: object) -> int | None:
    if value is None or isinstance(value, int):
        return value
    raise TypeError(f"a number expected, {type(value).__name__} found")


def _optional_float(value: object) -> float | None:
    if value is None or isinstance(value, float):
        return value
    raise TypeError(f"a number expected, {type(value).__name__} found")


def _plain_json(value: object) -> Any:
    """The lists of texts in a JSON text; for numbers the library would not do."""
    text = text_of(value)
    try:
        return orjson.loads(text)
    except ValueError:
        return json.loads(text)  # lone surrogates, which it refuses


def _texts(value: object) -> tuple[str, ...]:
    return tuple(map(text_of, _plain_json(value)))


def _headers(value: object) -> tuple[tuple[str, str], ...]:
    return tuple((text_of(name), text_of(text)) for name, text in _plain_json(value))


def _findings(value: object) -> tuple[Finding, ...]:
    return tuple(_finding(*fields) for fields in json.loads(text_of(value)))


def _finding(
    rule: str, severity: str, at: str, message: str, face: str | None = None, offset: int = 0
) -> Finding:
    place = Place(Face(face), int(offset)) if face else None
    return Finding(text_of(rule), Severity(severity), text_of(at), text_of(message), place)


def host_at(url: str) -> str:
    """The host of a URL; its beginning alone is looked at, which nearly always was met before."""
    return host_of(TrackRequest("", url.partition("?")[0]))


def to_row(values: Columns) -> Row:
    """The row of a list, out of ROW_COLUMNS; DamagedHistoryError if it cannot be one."""
    (id_, at, origin, method, names, events, verdict, predicted, status, is_image, failure, took_ms,
     target, remark, note, worst, url, *places) = values  # fmt: skip
    try:
        return Row(
            id_,
            float(at),
            Origin(origin),
            text_of(method),
            _texts(names),
            int(events),
            _optional_int(verdict),
            _optional_int(predicted),
            _optional_int(status),
            bool(is_image),
            text_of(failure),
            _optional_float(took_ms),
            text_of(target),
            text_of(remark),
            text_of(note),
            None if worst is None else Severity(worst),
            host_at(text_of(url)),
            *map(text_of, places),
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
                text_of(get("method")),
                text_of(get("url")),
                _headers(get("headers")),
                _bytes(get("body")),
            ),
            Origin(get("origin")),
            float(get("at")),
            None
            if status is None
            else Reply(int(status), _headers(get("reply_headers")), _bytes(get("reply_body"))),
            id=int(id_),
            target=text_of(get("target")),
            took_ms=_optional_float(get("took_ms")),
            failure=_optional_text(get("failure")),
            verdict=_optional_int(get("verdict")),
            predicted=_optional_int(get("predicted")),
            findings=_findings(get("findings")) + (_findings(later) if later else ()),
            era=text_of(get("era")),
            strict=bool(get("strict")),
            peer=text_of(get("peer")),
            request_id=_optional_text(get("request_id")),
            names=_texts(get("names")),
            stored=None if stored is None else tuple(json.loads(text_of(stored))),
            note=text_of(get("note")),
            source=text_of(get("source")),
            position=text_of(get("position")),
            page=text_of(get("page")),
        )
    except (TypeError, ValueError, RecursionError) as problem:
        raise _unreadable(id_, problem) from problem


def _unreadable(exchange_id: object, problem: Exception) -> DamagedHistoryError:
    return DamagedHistoryError(
        f"Exchange {exchange_id} of the history cannot be read ({problem}).",
        "The others are not affected.",
    )
