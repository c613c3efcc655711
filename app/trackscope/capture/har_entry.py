"""An entry of a HAR file to a captured request, whatever exporters leave out or get wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from trackscope.capture.found import Captured, carried
from trackscope.capture.har_body import Bodies, Body, answered, sent
from trackscope.capture.har_entries import Entry
from trackscope.wire.reply import Reply
from trackscope.wire.request import TrackRequest

Headers = tuple[tuple[str, str], ...]

_COOKIES = frozenset(("set-cookie", "set-cookie2"))
_DOTNET_DATE = re.compile(r"/Date\((-?\d{1,15})")
_MILLISECONDS_FROM = 1e11
"""A number of a date that is larger counts milliseconds: as seconds it is the year 5138."""

_MAX_DATE = 253_402_300_800
"""The year 10000, in seconds since 1970."""


def why_none(entry: Mapping[str, Any]) -> str:
    """Why the entry holds no request that could be read; empty where it does."""
    request = entry.get("request")
    if not isinstance(request, dict):
        return "an entry without a request"
    url = request.get("url")
    return "" if isinstance(url, str) and url else "an entry without a URL"


def captured(entry: Entry, pages: Mapping[str, str], bodies: Bodies) -> Captured:
    """The request of an entry that has one; `pages` gives a page's name by its id."""
    value = entry.value
    asked = value["request"]
    post = asked.get("postData")
    body = sent(post, bodies)
    method = asked.get("method")
    if not isinstance(method, str) or not method:
        method = "POST" if post else "GET"
    headers, notes = carried(_headers(asked.get("headers")))
    headers, more = _without_encoding(headers, body)
    request = TrackRequest(method, asked["url"], headers, body.content)
    reply, told = _reply(value.get("response"), bodies)
    page = value.get("pageref")
    page = page if isinstance(page, str) else ""
    return Captured(
        request,
        f"entry {entry.index}",
        notes=(*notes, *body.notes, *more, *told, *((entry.note,) if entry.note else ())),
        at=_date(value.get("startedDateTime")),
        reply=reply,
        took_ms=_duration(value.get("time")),
        page=pages.get(page, page),
        problem=body.problem or _missing(asked, body),
    )


def _headers(value: Any) -> Headers:
    if isinstance(value, dict):
        value = [{"name": name, "value": each} for name, each in value.items()]
    if not isinstance(value, list):
        return ()
    pairs = ((each.get("name"), each.get("value")) for each in value if isinstance(each, dict))
    return tuple(
        (name, str(content))
        for name, content in pairs
        if isinstance(name, str) and name and isinstance(content, (str, int, float))
    )


def _header(headers: Headers, name: str) -> str:
    return next((value for key, value in headers if key.lower() == name), "")


def _without_encoding(headers: Headers, body: Body) -> tuple[Headers, tuple[str, ...]]:
    """The headers without a Content-Encoding that the body, as the capture has it, belies."""
    if not (body.is_unpacked and _header(headers, "content-encoding")):
        return headers, ()
    kept = tuple(pair for pair in headers if pair[0].lower() != "content-encoding")
    return kept, ("Content-Encoding is left out: the capture holds the body unpacked",)


def _missing(asked: Mapping[str, Any], body: Body) -> str:
    """A sentence where the body is not there, or not all of it; empty otherwise."""
    headers = _headers(asked.get("headers"))
    length = _header(headers, "content-length").strip()
    declared = int(length) if length.isascii() and length.isdigit() and len(length) < 16 else 0
    size = asked.get("bodySize")
    if not body.content:
        expected = max(declared, size if isinstance(size, int) else 0)
        has_data = "data=" in asked["url"]
        if expected or (asked.get("method") == "POST" and not has_data and length != "0"):
            return "The capture does not hold the body of this request."
        return ""
    is_as_sent = not (body.notes or _header(headers, "content-encoding"))
    if is_as_sent and len(body.content) < declared:
        return (
            f"The capture holds {len(body.content):,} of the {declared:,} bytes of the body: "
            "the rest is missing."
        )
    return ""


def _reply(response: Any, bodies: Bodies) -> tuple[Reply | None, tuple[str, ...]]:
    """The answer, or None and a note why there was none."""
    if not isinstance(response, dict):
        return None, ("the capture holds no answer",)
    status = response.get("status")
    if isinstance(status, str) and status.isascii() and status.isdigit():
        status = int(status[:9])
    error = response.get("_error") or response.get("_failureText")
    if error or not isinstance(status, (int, float)) or not 0 < status < 1000:
        why = f": {error[:200]}" if isinstance(error, str) else ""
        return None, (f"no answer came{why}",)
    headers = _headers(response.get("headers"))
    kept = tuple(pair for pair in headers if pair[0].lower() not in _COOKIES)
    body = answered(
        response.get("content"), _header(headers, "content-encoding").strip().lower(), bodies
    )
    notes = body.notes
    if len(kept) < len(headers):
        notes = ("Set-Cookie is left out: it is a secret", *notes)
    return Reply(int(status), kept, body.content), notes


def _date(value: Any) -> float | None:
    """Seconds since 1970 of an ISO 8601 date (UTC if it does not say), a number, or HTTP's date.

    >>> _date("2026-11-23T15:04:13.757Z"), _date(1795446253757), _date("soon")
    (1795446253.757, 1795446253.757, None)
    """
    seconds: float | None = None
    if isinstance(value, str):
        match = _DOTNET_DATE.match(value)
        seconds = int(match[1]) / 1000 if match else _seconds(value.strip()[:64])
    elif isinstance(value, (int, float)) and 0 < value < _MAX_DATE * 1000 and value is not True:
        seconds = value / 1000 if value >= _MILLISECONDS_FROM else float(value)
    return seconds if seconds is not None and 0 <= seconds < _MAX_DATE else None


def _seconds(text: str) -> float | None:
    for read in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = read(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp()
    return None


def _duration(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return None
    return float(value) if 0 <= value < _MAX_DATE * 1000 else None
