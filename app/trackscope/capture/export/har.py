"""Exchanges as a HAR 1.2 file, as browsers' developer tools open it."""

from __future__ import annotations

import base64
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from http import HTTPStatus
from math import isfinite
from typing import Any, BinaryIO
from urllib.parse import quote_from_bytes

from trackscope import __version__
from trackscope.capture.exchange import Exchange
from trackscope.capture.export.instant import instant, iso
from trackscope.wire.reply import Reply
from trackscope.wire.request import Carrier, TrackRequest, params

MAX_PAGES = 100_000
"""Pages that are told apart; what belongs to others stands in the file without its page."""

_NO_MOMENT = "1970-01-01T00:00:00.000Z"
_ENCODE = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


def write(exchanges: Iterable[Exchange], file: BinaryIO) -> Counter[str]:
    """Write the exchanges as one HAR; nothing is left out.

    Bodies that are no UTF-8 stand in Base64, of a request as of an answer. A page is known by its
    own title, and the pages stand after the entries, so that nothing has to be read twice.
    """
    pages: dict[str, str] = {}
    creator = _ENCODE({"name": "Trackscope", "version": __version__})
    file.write(f'{{"log":{{"version":"1.2","creator":{creator},"entries":['.encode())
    for number, exchange in enumerate(exchanges):
        if exchange.page and (exchange.page in pages or len(pages) < MAX_PAGES):
            pages.setdefault(exchange.page, _started(exchange))
        separator = ",\n" if number else "\n"
        is_known = exchange.page in pages
        file.write((separator + _ENCODE(_entry(exchange, is_known=is_known))).encode())
    file.write(('\n],"pages":' + _ENCODE(list(map(_page, pages.items()))) + "}}\n").encode())
    return Counter()


def _page(known: tuple[str, str]) -> dict[str, Any]:
    title, started = known
    return {"startedDateTime": started, "id": title, "title": title, "pageTimings": {}}


def _entry(exchange: Exchange, *, is_known: bool) -> dict[str, Any]:
    took_ms = exchange.took_ms or 0.0
    took_ms = took_ms if isfinite(took_ms) and took_ms > 0 else 0.0
    entry: dict[str, Any] = {
        "startedDateTime": _started(exchange),
        "time": took_ms,
        "request": _request(exchange.request),
        "response": _response(exchange.reply),
        "cache": {},
        "timings": {"send": 0, "wait": took_ms, "receive": 0},
    }
    if is_known:
        entry["pageref"] = exchange.page
    if exchange.note:
        entry["comment"] = exchange.note
    if exchange.failure is not None:
        entry["response"]["_error"] = exchange.failure
    return entry


def _started(exchange: Exchange) -> str:
    return iso(instant(exchange.at)) or _NO_MOMENT


def _request(request: TrackRequest) -> dict[str, Any]:
    found: dict[str, Any] = {
        "method": request.method,
        "url": _url(request.url),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": list(_headers(request.headers)),
        "queryString": [
            {"name": _readable(each.name), "value": _readable(each.value)}
            for each in params(request)
            if each.carrier is Carrier.QUERY
        ],
        "headersSize": -1,
        "bodySize": len(request.body),
    }
    if request.body:
        kind = request.header("Content-Type") or ""
        found["postData"] = {"mimeType": kind, "params": [], **_content(request.body)}
    return found


def _response(reply: Reply | None) -> dict[str, Any]:
    """An answer; one of status 0 where there was none, as browsers write it."""
    reply = reply or Reply(0)
    kind = reply.header("Content-Type") or "x-unknown"
    return {
        "status": reply.status,
        "statusText": _phrase(reply.status),
        "httpVersion": "HTTP/1.1",
        "cookies": [],
        "headers": list(_headers(reply.headers)),
        "content": {"size": len(reply.body), "mimeType": kind, **_content(reply.body)},
        "redirectURL": reply.header("Location") or "",
        "headersSize": -1,
        "bodySize": len(reply.body),
    }


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return ""


def _headers(headers: tuple[tuple[str, str], ...]) -> Iterator[dict[str, str]]:
    return ({"name": name, "value": value} for name, value in headers)


def _content(body: bytes) -> dict[str, str]:
    try:
        return {"text": body.decode("utf-8")}
    except UnicodeDecodeError:
        return {"text": base64.b64encode(body).decode("ascii"), "encoding": "base64"}


def _url(url: str) -> str:
    """The literal URL; bytes that are no UTF-8, which JSON cannot hold, as the `%XX` they mean."""
    if _readable(url) == url:
        return url
    raw = url.encode("utf-8", "surrogateescape")
    return quote_from_bytes(raw, safe="".join(map(chr, range(0x21, 0x7F))))


def _readable(text: str) -> str:
    return text.encode("utf-8", "surrogateescape").decode("utf-8", "replace")
